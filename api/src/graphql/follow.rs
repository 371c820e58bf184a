//! Following the chain and a transaction.
//!
//! Both machines derive each notice from what the chain holds now and from the last notice, never from a
//! queue: a missed event cannot lose a notice, and a cursor is all that a resumption needs.

use super::Node;
use super::domain::transaction::Stage as DomainStage;
use crate::{ApiError, BackendError};
use auto_core::{BlockNumber, CodecError, DomainId, Hash, SignedTransaction, extrinsic_hash};
use auto_module::Extrinsic;
use auto_node::{BlockId, BlockView, TransactionStage, TransactionView};
use auto_operator::{DomainsHandle, TransactionStatus};
use parity_scale_codec::Encode;

/// Decodes only far enough to name the transaction.
fn hash_of(encoded: &[u8]) -> Result<Hash, CodecError> {
    let transaction: SignedTransaction = auto_core::decode_strict(encoded, encoded.len())?;
    Ok(transaction.hash())
}

/// Takes a transaction into the pool; one that is known already is not an error.
pub(crate) fn submit(node: &Node, encoded: &[u8]) -> Result<Hash, ApiError> {
    if let Ok(signed) = decode(encoded)
        && signed.transaction.domain != DomainId::CONSENSUS
        && let Some(domains) = node.domains()
    {
        return submit_to_domain(node, &domains, &signed, encoded);
    }
    if let Ok(hash) = hash_of(encoded)
        && let Some(known) = node.transaction(&hash)?
        && known.stage != TransactionStage::Dropped
    {
        return Ok(hash);
    }
    Ok(node.submit(encoded)?)
}

/// A signed transaction out of its encoding.
pub(crate) fn decode(encoded: &[u8]) -> Result<SignedTransaction, ApiError> {
    let malformed = |error| ApiError::BadValue(format!("the bytes are no signed transaction: {error}"));
    auto_core::decode_strict(encoded, encoded.len()).map_err(malformed)
}

/// Takes a transaction of a domain into its pool; one that is known already is not an error.
pub(crate) fn submit_to_domain(
    node: &Node,
    domains: &DomainsHandle,
    signed: &SignedTransaction,
    encoded: &[u8],
) -> Result<Hash, ApiError> {
    let domain = signed.transaction.domain;
    let extrinsic = Extrinsic::Signed(Box::new(signed.clone()));
    let hash = extrinsic_hash(&extrinsic.encode());
    let known = domains.transaction(domain, &hash).map_err(BackendError::from)?;
    match known {
        None | Some(TransactionStatus::Dropped { .. }) => Ok(node.submit(encoded)?),
        Some(_) => Ok(hash),
    }
}

/// A change of the best chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// The block joined the best chain.
    Added(BlockView),
    /// The block left the best chain.
    Reverted(BlockView),
}

impl Change {
    /// The tip of the follower's chain after this change.
    pub(crate) fn tip(&self) -> BlockId {
        match self {
            Self::Added(block) => block.id,
            Self::Reverted(block) => {
                BlockId { number: BlockNumber(block.id.number.0.saturating_sub(1)), hash: block.parent_hash }
            }
        }
    }
}

/// The next change for a follower whose chain ends in `tip`; none when it is up to date.
pub(crate) fn next_change(node: &Node, tip: BlockId) -> Result<Option<Change>, ApiError> {
    let block = node.block_by_hash(&tip.hash)?.ok_or(ApiError::CursorUnknown(tip.hash))?;
    if !block.canonical {
        return Ok(Some(Change::Reverted(block)));
    }
    let Some(number) = block.id.number.checked_add(1) else { return Ok(None) };
    match node.block(number)? {
        Some(next) if next.parent_hash == tip.hash => Ok(Some(Change::Added(next))),
        // The chain turned between the two reads; an event follows.
        _ => Ok(None),
    }
}

/// What a follower of a transaction was last told: zero for nothing.
fn rank(stage: TransactionStage) -> u8 {
    match stage {
        TransactionStage::Accepted => 1,
        TransactionStage::InBlock => 2,
        TransactionStage::Confirmed => 3,
        TransactionStage::Dropped => 4,
    }
}

/// A follower of one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StageFollower {
    pub(crate) hash: Hash,
    /// Rank of the last stage told.
    pub(crate) told: u8,
}

/// A stage as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StageNotice {
    pub(crate) stage: TransactionStage,
    pub(crate) view: Option<TransactionView>,
    /// Why it was dropped.
    pub(crate) code: Option<String>,
}

impl StageFollower {
    /// Whether the last stage told is final.
    pub(crate) fn done(self) -> bool {
        self.told >= rank(TransactionStage::Confirmed)
    }

    /// The next stage to tell; none when the follower is up to date.
    ///
    /// Stages are told in order, none left out; one that falls back with a reverted block is told anew.
    pub(crate) fn next(
        &mut self,
        view: Option<TransactionView>,
        dropped: Option<&str>,
    ) -> Option<StageNotice> {
        use TransactionStage::{Accepted, Confirmed, Dropped, InBlock};
        if self.done() {
            return None;
        }
        let now = match (&view, dropped) {
            (Some(view), _) if view.stage != Dropped => view.stage,
            (Some(_), _) | (None, Some(_)) => Dropped,
            (None, None) => return None,
        };
        let stage = match (self.told, now) {
            (_, Dropped) => Dropped,
            (0, _) => Accepted,
            (1, InBlock | Confirmed) => InBlock,
            (2, Confirmed) => Confirmed,
            (2, Accepted) => Accepted,
            _ => return None,
        };
        self.told = rank(stage);
        let code = (stage == Dropped).then(|| dropped.unwrap_or("API-0301").to_owned());
        Some(StageNotice { stage, view, code })
    }
}

/// What a follower of a transaction of a domain was last told: zero for nothing.
const fn domain_rank(stage: DomainStage) -> u8 {
    match stage {
        DomainStage::Accepted => 1,
        DomainStage::InBlock => 2,
        DomainStage::Executed => 3,
        DomainStage::Confirmed => 4,
        DomainStage::Dropped => 5,
    }
}

/// A follower of one transaction of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DomainFollower {
    pub(crate) domain: DomainId,
    pub(crate) hash: Hash,
    /// Rank of the last stage told.
    pub(crate) told: u8,
}

impl DomainFollower {
    /// Whether the last stage told is final.
    pub(crate) const fn done(self) -> bool {
        self.told >= domain_rank(DomainStage::Confirmed)
    }

    /// The next stage to tell, where the transaction is at `now`; none when the follower is up to date.
    ///
    /// Stages are told in order, none left out; one that falls back with a reverted block is told anew.
    pub(crate) fn next(&mut self, now: Option<DomainStage>) -> Option<DomainStage> {
        use DomainStage::{Accepted, Confirmed, Dropped, Executed, InBlock};
        if self.done() {
            return None;
        }
        let stage = match (self.told, now?) {
            (_, Dropped) => Dropped,
            (0, _) => Accepted,
            (1, InBlock | Executed | Confirmed) => InBlock,
            (2, Executed | Confirmed) => Executed,
            (3, Confirmed) => Confirmed,
            (2 | 3, Accepted) => Accepted,
            _ => return None,
        };
        self.told = domain_rank(stage);
        Some(stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DomainStage::{Accepted, Confirmed, Dropped, Executed, InBlock};

    fn follower() -> DomainFollower {
        DomainFollower { domain: DomainId(1), hash: Hash::ZERO, told: 0 }
    }

    fn told(follower: &mut DomainFollower, now: Option<DomainStage>) -> Vec<DomainStage> {
        std::iter::from_fn(|| follower.next(now)).collect()
    }

    #[test]
    fn no_stage_of_a_domain_transaction_is_left_out() {
        let mut late = follower();
        assert_eq!(told(&mut late, Some(Confirmed)), [Accepted, InBlock, Executed, Confirmed]);
        assert!(late.done() && late.next(Some(Accepted)).is_none());
        let mut live = follower();
        assert_eq!(told(&mut live, None), []);
        assert_eq!(told(&mut live, Some(Accepted)), [Accepted]);
        assert_eq!(told(&mut live, Some(Executed)), [InBlock, Executed]);
        assert_eq!(told(&mut live, Some(Executed)), []);
        assert_eq!(told(&mut live, Some(Confirmed)), [Confirmed]);
    }

    #[test]
    fn what_a_reverted_block_takes_back_is_told_anew() {
        let mut follower = follower();
        assert_eq!(told(&mut follower, Some(Executed)), [Accepted, InBlock, Executed]);
        assert_eq!(told(&mut follower, Some(Accepted)), [Accepted]);
        assert_eq!(told(&mut follower, Some(Executed)), [InBlock, Executed]);
    }

    #[test]
    fn a_dropped_domain_transaction_ends_the_stream() {
        let mut follower = follower();
        assert_eq!(told(&mut follower, Some(Accepted)), [Accepted]);
        assert_eq!(told(&mut follower, Some(Dropped)), [Dropped]);
        assert!(follower.done());
    }
}
