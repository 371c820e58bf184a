//! What operators submit.

use super::ConsensusChain;
use auto_core::{
    Bundle, BundleHeader, DomainId, ExecutionReceipt, Hash, List, OpaqueExtrinsic, OperatorId,
    OperatorSignature, ProofOfElection, SealedReceipt, Slot, Submission, extrinsic_hash, merkle_root, tag,
};
use auto_domains::election::{OperatorPair, is_elected, verify_draw};
use auto_domains::state::{DOMAIN, EPOCH};
use auto_module::{Domain, Environment};
use std::sync::Arc;

/// An operator with its key.
#[derive(Debug, Clone)]
pub struct Operator {
    /// Its number.
    pub id: OperatorId,
    /// Its domain.
    pub domain: DomainId,
    /// Its key.
    pub pair: Arc<OperatorPair>,
}

impl Operator {
    /// The key of the operator of this number; a test's operators differ in nothing else.
    #[must_use]
    pub fn pair_of(number: u64) -> OperatorPair {
        let Hash(secret) = auto_core::hash_parts(b"auto/v1/testkit/operator\0", &[&number.to_le_bytes()]);
        OperatorPair::from_secret(&secret)
    }

    /// The operator of this number, of a domain.
    #[must_use]
    pub fn new(number: u64, domain: DomainId) -> Self {
        Self { id: OperatorId(number), domain, pair: Arc::new(Self::pair_of(number)) }
    }
}

/// Weight of extrinsics together, as a bundle's header states it; what does not pass the check has none.
#[must_use]
pub fn weight(domain: &dyn Domain, environment: &Environment, extrinsics: &[OpaqueExtrinsic]) -> u64 {
    let checked = extrinsics
        .iter()
        .filter_map(|bytes| domain.decode(bytes).and_then(|decoded| domain.check(environment, decoded)).ok());
    checked.fold(0, |sum: u64, extrinsic| sum.saturating_add(extrinsic.weight().0))
}

impl ConsensusChain {
    /// What an operator draws in a slot, elected or not.
    #[must_use]
    pub fn draw(&self, operator: &Operator, slot: Slot) -> ProofOfElection {
        let Operator { id, domain, pair } = operator;
        let proof_of_time = Self::output(slot);
        let vrf = pair.draw(&self.rules.genesis, *domain, slot, &proof_of_time);
        ProofOfElection { domain: *domain, operator: *id, slot, proof_of_time, vrf }
    }

    /// Whether an operator is elected with this draw.
    #[must_use]
    pub fn is_elected(&self, operator: &Operator, right: &ProofOfElection) -> bool {
        let epoch = EPOCH.get(&self.contents, &right.domain).ok().flatten();
        let record = DOMAIN.get(&self.contents, &right.domain).ok().flatten();
        let (Some(epoch), Some(record)) = (epoch, record) else { return false };
        let Some(stake) = epoch.stake_of(right.operator) else { return false };
        let drawn = verify_draw(&operator.pair.key(), &self.rules.genesis, right);
        drawn.is_ok_and(|drawn| is_elected(&epoch, record.config.bundle_probability, stake, drawn))
    }

    /// An operator's right to submit in the next block: in the first of its slots after `claimed` in which the
    /// operator is elected.
    #[must_use]
    pub fn right(&self, operator: &Operator, claimed: Slot) -> Option<ProofOfElection> {
        let epoch = EPOCH.get(&self.contents, &operator.domain).ok().flatten()?;
        epoch.stake_of(operator.id)?;
        let slots = self.new_slots().filter(|slot| *slot > claimed);
        slots.map(|slot| self.draw(operator, slot)).find(|right| self.is_elected(operator, right))
    }

    /// A bundle, signed.
    ///
    /// # Panics
    /// When there are more extrinsics than a bundle holds.
    #[must_use]
    pub fn bundle(
        &self,
        operator: &Operator,
        election: ProofOfElection,
        receipt: ExecutionReceipt,
        weight: u64,
        extrinsics: &[OpaqueExtrinsic],
    ) -> Submission {
        let hashes: Vec<Hash> = extrinsics.iter().map(|bytes| extrinsic_hash(bytes)).collect();
        let header = BundleHeader { election, receipt, weight, extrinsics_root: merkle_root(&hashes) };
        let hash = header.hash();
        let signature = operator.pair.sign(tag::BUNDLE_SIGNATURE, &self.rules.genesis, hash.as_ref());
        let extrinsics =
            List::new(extrinsics.to_vec()).expect("holds because a test's bundles are within the limit");
        Submission::Bundle(Box::new(Bundle { header, signature, extrinsics }))
    }

    /// A receipt alone, signed.
    #[must_use]
    pub fn sealed_receipt(
        &self,
        operator: &Operator,
        election: ProofOfElection,
        receipt: ExecutionReceipt,
    ) -> Submission {
        let mut sealed = SealedReceipt { election, receipt, signature: OperatorSignature([0; 64]) };
        let hash = sealed.hash();
        sealed.signature = operator.pair.sign(tag::BUNDLE_SIGNATURE, &self.rules.genesis, hash.as_ref());
        Submission::Receipt(Box::new(sealed))
    }
}
