//! Judging the verdict on a bundle.

use super::{Claim, FraudError, exact, over_witness};
use crate::derive::{DigestEntry, bundle_digest, verdict};
use crate::fraud::BundleData;
use crate::state::InboxEntry;
use auto_core::{
    BundleVerdict, Hash, InvalidBundle, List, MerkleProof, OpaqueExtrinsic, extrinsic_hash, merkle_root,
};
use auto_module::CheckedExtrinsic;
use auto_state::{Recorder, Snapshot, Witness};
use rayon::prelude::*;

/// The bundle at a position: what the chain knows of it, and what the receipt states.
fn bundle<'a>(claim: &'a Claim<'_>, index: u32) -> Result<(&'a InboxEntry, BundleVerdict), FraudError> {
    let at = usize::try_from(index).unwrap_or(usize::MAX);
    let entry = claim.rules.block.inbox.get(at);
    let stated = claim.receipt.bundles.get(at);
    let missing = FraudError::BundleIndex { index, bundles: claim.rules.block.inbox.len() };
    entry.zip(stated.map(|bundle| bundle.verdict)).ok_or(missing)
}

/// A bundle that the receipt calls valid has another digest than it states.
pub(super) fn valid(claim: &Claim<'_>, index: u32, body: &[OpaqueExtrinsic]) -> Result<(), FraudError> {
    let (entry, stated) = bundle(claim, index)?;
    let BundleVerdict::Valid(digest) = stated else { return Err(FraudError::NotContradicted(stated)) };
    whole(entry, index, body)?;
    let entries = (0..).zip(body).map(|(at, bytes)| {
        let decoded = claim.rules.domain.decode(bytes).ok();
        let entry = decoded.and_then(|extrinsic| DigestEntry::of(&extrinsic, bytes));
        entry.ok_or(FraudError::UnsoundBody(at))
    });
    let entries =
        List::new(entries.collect::<Result<_, _>>()?).map_err(|_| FraudError::ForeignBody(index))?;
    if bundle_digest(&entries) == digest { Err(FraudError::ReceiptIsRight) } else { Ok(()) }
}

/// A bundle breaks, or does not break, the rule of `reason`.
///
/// The right verdict is the first rule, in the order of checking, that some extrinsic breaks first. So a
/// receipt is wrong if an extrinsic first breaks a rule that comes before the verdict, and it is wrong if the
/// extrinsic it names does not first break the rule it names.
pub(super) fn invalid(
    claim: &Claim<'_>,
    index: u32,
    reason: InvalidBundle,
    is_true: bool,
    data: &BundleData,
) -> Result<(), FraudError> {
    let (entry, stated) = bundle(claim, index)?;
    let contradicts = match stated {
        BundleVerdict::Valid(_) => is_true,
        BundleVerdict::Invalid(other) if is_true => reason.order() < other.order(),
        BundleVerdict::Invalid(other) => reason == other,
    };
    if !contradicts {
        return Err(FraudError::NotContradicted(stated));
    }
    let found = match (reason.extrinsic(), data) {
        (Some(at), BundleData::Absent) if at >= entry.extrinsics => None,
        (Some(at), BundleData::Extrinsic { extrinsic, proof, witness }) => {
            included(entry, at, extrinsic, proof)?;
            first_broken(claim, entry, at, extrinsic, witness)?
        }
        (None, BundleData::Body(body)) => {
            whole(entry, index, body)?;
            (body_weight(claim, body)? != entry.weight).then_some(InvalidBundle::InvalidWeight)
        }
        _ => return Err(FraudError::WrongData(reason)),
    };
    if (found == Some(reason)) == is_true {
        Ok(())
    } else {
        Err(FraudError::OtherReason { claimed: reason, found })
    }
}

fn included(
    entry: &InboxEntry,
    at: u32,
    extrinsic: &OpaqueExtrinsic,
    proof: &MerkleProof,
) -> Result<(), FraudError> {
    let holds = proof.index == at && proof.verify(&entry.extrinsics_root, &extrinsic_hash(extrinsic));
    if holds { Ok(()) } else { Err(FraudError::NotIncluded) }
}

/// The first rule that the extrinsic breaks, by itself.
fn first_broken(
    claim: &Claim<'_>,
    entry: &InboxEntry,
    at: u32,
    extrinsic: &OpaqueExtrinsic,
    witness: &Witness,
) -> Result<Option<InvalidBundle>, FraudError> {
    let recorder = Recorder::new(witness);
    let parent = Snapshot::new(&recorder, claim.parent.state_root);
    let judged = verdict::extrinsic(&claim.rules, &entry.vrf, at, extrinsic, &parent);
    let found = judged.map_err(over_witness)?.err();
    exact(recorder, witness)?;
    Ok(found)
}

/// That `body` is all of the bundle.
fn whole(entry: &InboxEntry, index: u32, body: &[OpaqueExtrinsic]) -> Result<(), FraudError> {
    let hashes: Vec<Hash> = body.iter().map(|bytes| extrinsic_hash(bytes)).collect();
    let right = merkle_root(&hashes) == entry.extrinsics_root;
    if right { Ok(()) } else { Err(FraudError::ForeignBody(index)) }
}

/// The weight of a body whose extrinsics all pass the check without state.
fn body_weight(claim: &Claim<'_>, body: &[OpaqueExtrinsic]) -> Result<u64, FraudError> {
    let check = |(at, bytes): (usize, &OpaqueExtrinsic)| {
        let decoded = claim.rules.domain.decode(bytes);
        let checked = decoded.and_then(|decoded| claim.rules.domain.check(claim.rules.environment, decoded));
        checked.map_err(|_| FraudError::UnsoundBody(u32::try_from(at).unwrap_or(u32::MAX)))
    };
    // Collected before the first error is looked for, so that the error is the same on every machine.
    let checked: Vec<Result<CheckedExtrinsic, FraudError>> = body.par_iter().enumerate().map(check).collect();
    Ok(verdict::weight(&checked.into_iter().collect::<Result<Vec<_>, _>>()?))
}
