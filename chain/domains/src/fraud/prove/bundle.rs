//! Proving a verdict wrong.

use super::Evidence;
use crate::derive::verdict;
use crate::fraud::{BundleData, Claim, FraudError, FraudKind};
use crate::state::InboxEntry;
use auto_core::{BundleVerdict, Hash, InvalidBundle, List, MerkleProof, OpaqueExtrinsic, extrinsic_hash};
use auto_state::{NodeSource, Recorder, Snapshot};

/// Proves the first verdict that differs.
pub(super) fn difference<S: NodeSource>(
    claim: &Claim<'_>,
    evidence: &Evidence<'_, S>,
) -> Result<Option<FraudKind>, FraudError> {
    let own = evidence.derived.receipt.bundles.iter().map(|bundle| bundle.verdict);
    let stated = claim.receipt.bundles.iter().map(|bundle| bundle.verdict);
    let first = own.zip(stated).enumerate().find(|(_, (own, stated))| own != stated);
    let Some((at, (own, stated))) = first else { return Ok(None) };
    let entry = claim.rules.block.inbox.get(at);
    let body = evidence.bundles.get(at).copied();
    let missing = FraudError::BundleIndex { index: position(at), bundles: evidence.bundles.len() };
    let (entry, body) = entry.zip(body).ok_or(missing)?;
    let (reason, is_true) = match (own, stated) {
        (BundleVerdict::Valid(_), BundleVerdict::Valid(_)) => {
            let extrinsics = whole(body)?;
            return Ok(Some(FraudKind::ValidBundle { bundle: position(at), extrinsics }));
        }
        (BundleVerdict::Invalid(own), BundleVerdict::Valid(_)) => (own, true),
        (BundleVerdict::Invalid(own), BundleVerdict::Invalid(stated)) if own.order() < stated.order() => {
            (own, true)
        }
        (_, BundleVerdict::Invalid(stated)) => (stated, false),
    };
    let data = data(claim, evidence, entry, body, reason)?;
    Ok(Some(FraudKind::InvalidBundle { bundle: position(at), reason, is_true, data }))
}

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn whole<const MAX: usize>(body: &[OpaqueExtrinsic]) -> Result<List<OpaqueExtrinsic, MAX>, FraudError> {
    List::new(body.to_vec()).map_err(|_| crate::derive::DeriveError::TooLarge.into())
}

/// What shows whether the bundle breaks the rule of `reason`.
fn data<S: NodeSource>(
    claim: &Claim<'_>,
    evidence: &Evidence<'_, S>,
    entry: &InboxEntry,
    body: &[OpaqueExtrinsic],
    reason: InvalidBundle,
) -> Result<BundleData, FraudError> {
    let Some(index) = reason.extrinsic() else { return Ok(BundleData::Body(whole(body)?)) };
    let at = usize::try_from(index).unwrap_or(usize::MAX);
    let Some(extrinsic) = body.get(at) else { return Ok(BundleData::Absent) };
    let hashes: Vec<Hash> = body.iter().map(|bytes| extrinsic_hash(bytes)).collect();
    let proof = MerkleProof::new(&hashes, at).ok_or(FraudError::NotIncluded)?;
    let recorder = Recorder::new(&evidence.source);
    let parent = Snapshot::new(&recorder, claim.parent.state_root);
    // Whether it breaks a rule is known; judging it again shows what that reads.
    let _judged = verdict::extrinsic(&claim.rules, &entry.vrf, index, extrinsic, &parent)?;
    Ok(BundleData::Extrinsic { extrinsic: extrinsic.clone(), proof, witness: recorder.into_witness() })
}
