//! Roots, hashes and sums that a receipt states.

use super::{Claim, FraudError};
use crate::derive::{execute::extrinsic_leaves, order, order::BundleEntries, order::bundle_digest};
use auto_core::{
    BlockFees, BundleVerdict, DomainHeader, Hash, MerkleProof, Transfers, decode_strict, merkle_root,
};
use auto_module::bank;
use auto_state::{StateProof, VALUE_BYTES_MAX};
use parity_scale_codec::Decode;

pub(super) fn trace_length(claim: &Claim<'_>, inherent: &MerkleProof) -> Result<(), FraudError> {
    let leaf = claim.rules.block.inherent.hash();
    if inherent.index != 0 || !inherent.verify(&claim.receipt.extrinsics_root, &leaf) {
        return Err(FraudError::NotIncluded);
    }
    // The inherent stands for initialization; finalization comes beside it.
    let steps = u64::from(inherent.leaves).saturating_add(1);
    unless(u64::try_from(claim.receipt.trace.len()) == Ok(steps))
}

pub(super) fn extrinsics_root(claim: &Claim<'_>, bundles: &[BundleEntries]) -> Result<(), FraudError> {
    let valid: Vec<Hash> = claim
        .receipt
        .bundles
        .iter()
        .filter_map(|bundle| match bundle.verdict {
            BundleVerdict::Valid(digest) => Some(digest),
            BundleVerdict::Invalid(_) => None,
        })
        .collect();
    if valid.len() != bundles.len() {
        return Err(FraudError::DigestCount { expected: valid.len(), actual: bundles.len() });
    }
    if let Some(at) = valid.iter().zip(bundles).position(|(digest, list)| bundle_digest(list) != *digest) {
        return Err(FraudError::DigestMismatch(at));
    }
    let entries = bundles.iter().flat_map(|list| list.iter().copied()).collect();
    let ordered = order(&claim.rules.block.seed, entries);
    let leaves = extrinsic_leaves(&claim.rules, ordered.iter().map(|entry| entry.hash));
    unless(merkle_root(&leaves) == claim.receipt.extrinsics_root)
}

pub(super) fn block_hash(claim: &Claim<'_>) -> Result<(), FraudError> {
    let receipt = claim.receipt;
    let header = DomainHeader {
        domain: receipt.domain,
        number: receipt.number,
        parent_hash: claim.parent.block_hash,
        extrinsics_root: receipt.extrinsics_root,
        state_root: receipt.final_state_root,
    };
    unless(header.hash() == receipt.block_hash)
}

pub(super) fn fees(claim: &Claim<'_>, proof: &StateProof) -> Result<(), FraudError> {
    let stored: BlockFees = value(claim, proof, &bank::FEES.key())?;
    unless(stored == claim.receipt.fees)
}

pub(super) fn transfers(claim: &Claim<'_>, proof: &StateProof) -> Result<(), FraudError> {
    let stored: Transfers = value(claim, proof, &bank::TRANSFERS.key())?;
    unless(stored == claim.receipt.transfers)
}

/// The value of a key in the state after the block; that of a key which is not there is the default, as in a
/// receipt.
fn value<T: Decode + Default>(claim: &Claim<'_>, proof: &StateProof, key: &[u8]) -> Result<T, FraudError> {
    match proof.verify(&claim.receipt.final_state_root, key).map_err(FraudError::Value)? {
        Some(bytes) => decode_strict(&bytes, VALUE_BYTES_MAX).map_err(|_| FraudError::DamagedValue),
        None => Ok(T::default()),
    }
}

fn unless(right: bool) -> Result<(), FraudError> {
    if right { Err(FraudError::ReceiptIsRight) } else { Ok(()) }
}
