//! Draws and thresholds.

use super::keys::point;
use crate::BundleError;
use crate::ratio::mul_div;
use crate::state::Epoch;
use auto_core::{Amount, DomainId, Hash, OperatorId, OperatorKey, PotOutput, ProofOfElection, Slot, tag};
use schnorrkel::context::SigningTranscript;
use schnorrkel::signing_context;
use schnorrkel::vrf::{VRFInOut, VRFPreOut, VRFProof};

/// An availability factor of one: see [`Epoch::availability_factor`].
pub const FACTOR_ONE: u32 = 1024;
/// The largest availability factor: four.
pub const FACTOR_MAX: u32 = 4096;

impl Epoch {
    /// The stake with which an operator takes part in the epoch; `None` when it does not.
    #[must_use]
    pub fn stake_of(&self, id: OperatorId) -> Option<Amount> {
        let at = self.stakes.binary_search_by_key(&id, |(member, _)| *member).ok()?;
        self.stakes.get(at).map(|(_, stake)| *stake)
    }
}

/// What a draw is over: genesis, domain and slot in little-endian bytes, and the slot's output.
#[must_use]
pub fn draw_message(genesis: &Hash, domain: DomainId, slot: Slot, output: &PotOutput) -> Vec<u8> {
    let (domain, slot) = (domain.0.to_le_bytes(), slot.0.to_le_bytes());
    [genesis.as_ref(), domain.as_slice(), slot.as_slice(), &output.0].concat()
}

/// The transcript of a draw: [`draw_message`] in the signing context of the election's tag.
pub(super) fn transcript(
    genesis: &Hash,
    domain: DomainId,
    slot: Slot,
    output: &PotOutput,
) -> impl SigningTranscript + Clone + use<> {
    signing_context(tag::ELECTION).bytes(&draw_message(genesis, domain, slot, output))
}

/// The number that an operator drew, once the draw is verified.
///
/// The number is hashed out of input and output of the function, so that it is uniform and no other key can
/// be made to draw a related one.
///
/// # Errors
/// [`BundleError::BadDraw`] when the draw is for another slot, output, domain or chain, or by another key.
pub fn verify_draw(
    key: &OperatorKey,
    genesis: &Hash,
    election: &ProofOfElection,
) -> Result<u128, BundleError> {
    let point = point(key).ok_or(BundleError::BadDraw)?;
    let vrf = &election.vrf;
    let output = VRFPreOut::from_bytes(&vrf.pre_output).map_err(|_| BundleError::BadDraw)?;
    let proof = VRFProof::from_bytes(&vrf.proof).map_err(|_| BundleError::BadDraw)?;
    let transcript = transcript(genesis, election.domain, election.slot, &election.proof_of_time);
    let (drawn, _) = point.vrf_verify(transcript, &output, &proof).map_err(|_| BundleError::BadDraw)?;
    Ok(number(&drawn))
}

/// The number of a draw.
pub(super) fn number(drawn: &VRFInOut) -> u128 {
    u128::from_le_bytes(drawn.make_bytes(tag::ELECTION))
}

/// The number below which an operator with `stake` is elected:
/// `2^128 * probability * factor * stake / total`, rounded down twice, first the share of the stake.
/// Nobody is elected where nothing is staked.
#[must_use]
pub fn threshold(epoch: &Epoch, probability: (u32, u32), stake: Amount) -> u128 {
    let total = epoch.total.base_units();
    let share = match mul_div(u128::MAX, stake.base_units().min(total), total) {
        Some(share) => share,
        None => return 0,
    };
    let factor = epoch.availability_factor.clamp(FACTOR_ONE, FACTOR_MAX);
    let numerator = u128::from(probability.0) * u128::from(factor);
    let denominator = u128::from(probability.1) * u128::from(FACTOR_ONE);
    if denominator == 0 {
        return 0;
    }
    mul_div(share, numerator, denominator).unwrap_or(u128::MAX)
}

/// Whether a verified draw elects an operator with `stake`.
#[must_use]
pub fn is_elected(epoch: &Epoch, probability: (u32, u32), stake: Amount, drawn: u128) -> bool {
    drawn < threshold(epoch, probability, stake)
}
