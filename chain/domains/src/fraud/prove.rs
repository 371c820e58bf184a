//! Making fraud proofs out of an own derivation.

use super::{Claim, FraudError, FraudKind, FraudProof};
use crate::derive::Derived;
use auto_core::{ExecutionReceipt, OpaqueExtrinsic};
use auto_module::bank;
use auto_state::{MemoryNodes, NodeSource, Snapshot, StateError};

mod bundle;
mod root;
mod transition;

/// What a proof is made from: the block as it was derived, and what it was derived from.
#[derive(Debug)]
pub struct Evidence<'a, S> {
    /// The bundles of the block, in the order of the inbox.
    pub bundles: &'a [&'a [OpaqueExtrinsic]],
    /// What they gave.
    pub derived: &'a Derived,
    /// The nodes of the state after the parent block.
    pub source: S,
}

/// Compares the receipt of `claim` with an own derivation of its block, and proves the first difference;
/// `None` when there is none.
///
/// The order is that of the table of [`crate::fraud`]: what a proof stands on is right when it is made.
///
/// # Errors
/// When the state cannot be read, or the receipt differs in what the consensus chain would not have taken.
pub fn prove<S: NodeSource + Sync>(
    claim: &Claim<'_>,
    evidence: &Evidence<'_, S>,
) -> Result<Option<FraudProof>, FraudError> {
    let (own, bad) = (&evidence.derived.receipt, claim.receipt);
    if own == bad {
        return Ok(None);
    }
    refuse_what_no_chain_takes(own, bad)?;
    let kind = match bundle::difference(claim, evidence)? {
        Some(kind) => kind,
        None => root::difference(claim, evidence)?,
    };
    Ok(Some(FraudProof { domain: claim.rules.environment.domain, bad_receipt: bad.hash(), kind }))
}

/// Fields that are compared with what the consensus chain itself knows when a receipt is submitted.
fn refuse_what_no_chain_takes(own: &ExecutionReceipt, bad: &ExecutionReceipt) -> Result<(), FraudError> {
    let bundles = own.bundles.iter().map(|bundle| bundle.extrinsics_root);
    let last = bad.trace.last();
    let fields = [
        ("domain", own.domain == bad.domain),
        ("number", own.number == bad.number),
        ("parent_receipt", own.parent_receipt == bad.parent_receipt),
        ("consensus_number", own.consensus_number == bad.consensus_number),
        ("consensus_hash", own.consensus_hash == bad.consensus_hash),
        ("bundles", bundles.eq(bad.bundles.iter().map(|bundle| bundle.extrinsics_root))),
        ("trace", bad.trace.len() >= 2),
        ("trace_root", auto_core::merkle_root(&bad.trace) == bad.trace_root),
        ("final_state_root", last == Some(&bad.final_state_root)),
    ];
    match fields.iter().find(|(_, right)| !right) {
        Some((field, _)) => Err(FraudError::RefusedAtTheDoor(field)),
        None => Ok(()),
    }
}

/// Nodes of one state in memory over those of another.
#[derive(Debug)]
struct Layered<'a, S> {
    fresh: MemoryNodes,
    below: &'a S,
}

impl<S: NodeSource> NodeSource for Layered<'_, S> {
    fn node(&self, hash: &auto_core::Hash) -> Result<Option<Vec<u8>>, StateError> {
        match self.fresh.get(hash) {
            Some(bytes) => Ok(Some(bytes.clone())),
            None => self.below.node(hash),
        }
    }
}

/// Proves a value of the state after the block.
fn final_value<S: NodeSource>(
    evidence: &Evidence<'_, S>,
    key: &[u8],
) -> Result<auto_state::StateProof, FraudError> {
    let commit = &evidence.derived.commit;
    let fresh = commit.fresh.iter().cloned().collect();
    let source = Layered { fresh, below: &evidence.source };
    Snapshot::new(&source, commit.root).prove(key).map_err(FraudError::Value)
}

/// The last fields of the table: sums in the state after the block.
fn sums<S: NodeSource>(claim: &Claim<'_>, evidence: &Evidence<'_, S>) -> Result<FraudKind, FraudError> {
    let (own, bad) = (&evidence.derived.receipt, claim.receipt);
    if own.fees != bad.fees {
        return Ok(FraudKind::Fees { proof: final_value(evidence, &bank::FEES.key())? });
    }
    Ok(FraudKind::Transfers { proof: final_value(evidence, &bank::TRANSFERS.key())? })
}
