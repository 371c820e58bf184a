//! The seam for what follows the chain inside the node: operators of domains.

pub(crate) mod operator;

pub use operator::OperatorFollower;

use crate::chain::FollowedParts;
use crate::{BlockId, NodeError, NodeEvent};
use auto_core::{DomainId, Hash, Header, PotOutput, SignedTransaction, Slot, Submission};
use auto_ledger::BlockContext;
use auto_operator::DomainsHandle;
use auto_state::StateRead;

/// A block that joined the best chain, after it was stored.
pub struct FollowedBlock<'a> {
    /// Height and hash.
    pub id: BlockId,
    /// Hash of the parent.
    pub parent_hash: Hash,
    /// The header.
    pub header: &'a Header,
    /// What operators submitted, in order.
    pub submissions: &'a [Submission],
    /// Its transactions, in order.
    pub transactions: &'a [SignedTransaction],
    /// What the ledger was told of the block.
    pub context: &'a BlockContext,
    /// The state after the block.
    pub state: &'a dyn StateRead,
}

/// The best block while a slot is told of.
pub struct FollowedHead<'a> {
    /// Height and hash.
    pub id: BlockId,
    /// The header.
    pub header: &'a Header,
    /// The slot in which the block was authored.
    pub future_slot: Slot,
    /// The last block that can no longer be reverted.
    pub confirmed: BlockId,
    /// The state after the block.
    pub state: &'a dyn StateRead,
}

impl std::fmt::Debug for FollowedBlock<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FollowedBlock").field("id", &self.id).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for FollowedHead<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FollowedHead").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<'a> FollowedBlock<'a> {
    pub(crate) fn new(parts: &'a FollowedParts, state: &'a dyn StateRead) -> Self {
        Self {
            id: parts.id,
            parent_hash: parts.header.parent_hash,
            header: &parts.header,
            submissions: &parts.submissions,
            transactions: &parts.transactions,
            context: &parts.context,
            state,
        }
    }
}

/// What a follower wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowerEffect {
    /// Into this node's pool, and to its peers.
    Submit(Box<Submission>),
    /// Into this node's pool, and to its peers; a transaction of a domain goes to the followers.
    SubmitTransaction(Box<SignedTransaction>),
    /// Something that users may want to know.
    Notify(NodeEvent),
}

/// Follows the best chain: what an operator does on a node.
///
/// Everything is called from the node's machine, one call at a time. An error that is fatal
/// ([`NodeError::is_fatal`]) stops the node; any other is told to users, and the call counts as not made.
///
/// The node keeps the states of blocks that a follower has yet to be told of, however long that takes. One that
/// comes to a node which let go of a state that it needs cannot follow there ([`NodeError::FollowerTooLate`]): it
/// takes a node that starts with an empty folder.
pub trait Follower: Send {
    /// Whether transactions of this domain are the follower's.
    fn wants(&self, domain: DomainId) -> bool;

    /// The last block that it knows; `None` before the first. It decides what is told next: the block
    /// after this one where it is on the best chain, else the block after its last ancestor there.
    fn last(&self) -> Option<BlockId>;

    /// A block joined the best chain; blocks come by rising height, without gaps. Where the parent is not
    /// the last block, everything after the parent was reverted.
    ///
    /// A block that was told before may be told again: when the node was stopped in between, or when
    /// the follower's last block was discarded for good and its ancestors can no longer be told.
    ///
    /// # Errors
    /// When it cannot be followed; it is told again later.
    fn imported(&mut self, block: &FollowedBlock<'_>) -> Result<Vec<FollowerEffect>, NodeError>;

    /// A slot after the head's future slot is proven. Only a follower that knows the head is told. A slot
    /// may come again with another output, when the best chain changed.
    ///
    /// # Errors
    /// When something fails.
    fn slot(
        &mut self,
        slot: Slot,
        output: &PotOutput,
        head: &FollowedHead<'_>,
    ) -> Result<Vec<FollowerEffect>, NodeError>;

    /// Takes a transaction of a domain that it wants, and gives the hash by which it is known there.
    ///
    /// # Errors
    /// Why it is refused.
    fn transaction(&mut self, transaction: &SignedTransaction) -> Result<Hash, NodeError>;

    /// A transaction that it submitted is refused, and does not wait here.
    fn refused(&mut self, _: &SignedTransaction) {}

    /// What others read of the domains that it follows, if it shows them.
    fn domains(&self) -> Option<DomainsHandle> {
        None
    }
}
