//! Running one step over a witness.

use super::{Claim, FraudError, exact, over_witness};
use crate::derive::{Step, step};
use crate::fraud::Phase;
use auto_core::{Hash, MerkleProof, OpaqueExtrinsic, extrinsic_hash};
use auto_module::CheckedExtrinsic;
use auto_state::{Recorder, Snapshot, Witness};

pub(super) fn state_transition(
    claim: &Claim<'_>,
    phase: &Phase,
    witness: &Witness,
) -> Result<(), FraudError> {
    match phase {
        Phase::Initialize => {
            let stated = root_at(claim, 0)?;
            differs(claim, Step::Initialize, claim.parent.state_root, stated, witness)
        }
        Phase::Apply { extrinsic, proof } => {
            let (before, stated) = roots_around(claim, proof)?;
            let checked = included(claim, extrinsic, proof)?;
            differs(claim, Step::Apply(&checked), before, stated, witness)
        }
        Phase::Finalize => {
            let last = claim.receipt.trace.len().saturating_sub(1);
            let before = root_at(claim, last.saturating_sub(1))?;
            differs(claim, Step::Finalize, before, root_at(claim, last)?, witness)
        }
    }
}

fn root_at(claim: &Claim<'_>, index: usize) -> Result<Hash, FraudError> {
    let trace = &claim.receipt.trace;
    let missing =
        || FraudError::TraceIndex { index: u32::try_from(index).unwrap_or(u32::MAX), roots: trace.len() };
    trace.get(index).copied().ok_or_else(missing)
}

/// The roots before and after the extrinsic of `proof`. The first and the last root of a trace follow from no
/// extrinsic.
fn roots_around(claim: &Claim<'_>, proof: &MerkleProof) -> Result<(Hash, Hash), FraudError> {
    let roots = claim.receipt.trace.len();
    let refused = FraudError::TraceIndex { index: proof.index, roots };
    let after = usize::try_from(proof.index).ok().filter(|index| index.saturating_add(1) < roots);
    let before = after.and_then(|index| index.checked_sub(1));
    match (before, after) {
        (Some(before), Some(after)) => Ok((root_at(claim, before)?, root_at(claim, after)?)),
        _ => Err(refused),
    }
}

/// The extrinsic that the block runs at the place of `proof`.
fn included(
    claim: &Claim<'_>,
    extrinsic: &OpaqueExtrinsic,
    proof: &MerkleProof,
) -> Result<CheckedExtrinsic, FraudError> {
    if !proof.verify(&claim.receipt.extrinsics_root, &extrinsic_hash(extrinsic)) {
        return Err(FraudError::NotIncluded);
    }
    let decoded = claim.rules.domain.decode(extrinsic);
    let checked = decoded.and_then(|decoded| claim.rules.domain.check(claim.rules.environment, decoded));
    // Extrinsics of valid bundles pass the check, so one that does not shows the root or a verdict wrong.
    checked.map_err(|_| FraudError::UnsoundBody(proof.index))
}

/// Accepts when the step leads from `before` to another root than `stated`.
fn differs(
    claim: &Claim<'_>,
    next: Step<'_>,
    before: Hash,
    stated: Hash,
    witness: &Witness,
) -> Result<(), FraudError> {
    let recorder = Recorder::new(witness);
    let state = Snapshot::new(&recorder, before);
    let (changes, _) = step(&claim.rules, next, &state).map_err(over_witness)?;
    let root = state.commit(&changes).map_err(FraudError::Witness)?.root;
    exact(recorder, witness)?;
    if root == stated { Err(FraudError::ReceiptIsRight) } else { Ok(()) }
}
