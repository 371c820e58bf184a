//! What a node tells while it runs.

use crate::BlockId;
use auto_core::{DomainId, Hash, SegmentIndex, Slot};
use serde::Serialize;

/// Something that happened, in the order it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum NodeEvent {
    /// A block became part of the best chain.
    BlockAdded {
        /// The block.
        block: BlockId,
    },
    /// A block is no longer part of the best chain.
    BlockReverted {
        /// The block.
        block: BlockId,
    },
    /// The confirmed block moved.
    Confirmed {
        /// The block.
        block: BlockId,
    },
    /// A segment joined the archived history.
    SegmentArchived {
        /// The segment.
        index: SegmentIndex,
    },
    /// A block that this node built does not pass its own verification.
    OwnBlockRefused {
        /// The slot that the block claimed.
        slot: Slot,
        /// Code of the failure.
        code: String,
        /// What is wrong with the block.
        reason: String,
    },
    /// A submission of an operator entered the pool.
    SubmissionAccepted {
        /// Its hash.
        hash: Hash,
    },
    /// A submission left the pool without having been included.
    SubmissionDropped {
        /// Its hash.
        hash: Hash,
        /// Code of the reason.
        code: String,
    },
    /// What follows the chain is in trouble; it is told again, and users once.
    FollowerFailed {
        /// Code of the failure.
        code: String,
        /// What happened.
        reason: String,
    },
    /// A follower tells something about its domain.
    Domain {
        /// The domain.
        domain: DomainId,
        /// What happened, as one word.
        name: String,
        /// What there is to say about it.
        detail: String,
    },
    /// A transaction entered the pool.
    TransactionAccepted {
        /// Its hash.
        hash: Hash,
    },
    /// A transaction left the pool without having been included.
    TransactionDropped {
        /// Its hash.
        hash: Hash,
        /// Code of the reason.
        code: String,
    },
}
