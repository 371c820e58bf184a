//! Proving a root, a hash or a sum wrong.

use super::{Evidence, sums, transition};
use crate::derive::{DeriveError, execute::extrinsic_leaves};
use crate::fraud::{Claim, FraudError, FraudKind};
use auto_core::{BundleVerdict, List, MerkleProof};
use auto_state::NodeSource;

/// Proves the first field after the verdicts that differs.
pub(super) fn difference<S: NodeSource>(
    claim: &Claim<'_>,
    evidence: &Evidence<'_, S>,
) -> Result<FraudKind, FraudError> {
    let (own, bad) = (&evidence.derived.receipt, claim.receipt);
    if own.extrinsics_root != bad.extrinsics_root {
        let lists = own.bundles.iter().zip(&evidence.derived.entries);
        let valid = lists.filter(|(bundle, _)| matches!(bundle.verdict, BundleVerdict::Valid(_)));
        let bundles = List::new(valid.map(|(_, list)| list.clone()).collect());
        return Ok(FraudKind::ExtrinsicsRoot { bundles: bundles.map_err(|_| DeriveError::TooLarge)? });
    }
    if own.trace.len() != bad.trace.len() {
        let inherent = inclusion(claim, evidence, 0)?;
        return Ok(FraudKind::TraceLength { inherent });
    }
    if let Some(at) = own.trace.iter().zip(bad.trace.iter()).position(|(own, bad)| own != bad) {
        return transition::wrong_root(claim, evidence, at);
    }
    if own.block_hash != bad.block_hash { Ok(FraudKind::BlockHash) } else { sums(claim, evidence) }
}

/// That the block runs the extrinsic at a place; the inherent has place zero.
pub(super) fn inclusion<S>(
    claim: &Claim<'_>,
    evidence: &Evidence<'_, S>,
    place: usize,
) -> Result<MerkleProof, FraudError> {
    let leaves = extrinsic_leaves(&claim.rules, evidence.derived.ordered.iter().map(|(hash, _)| *hash));
    MerkleProof::new(&leaves, place).ok_or(FraudError::NotIncluded)
}
