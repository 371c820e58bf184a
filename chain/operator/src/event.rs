//! What an operator is told, and what it wants done.

use auto_core::{BlockNumber, DomainId, Hash, OperatorId, SignedTransaction, Slot, Submission};
use auto_ledger::ParentBlock;
use auto_state::StateRead;

/// A consensus block that joined the best chain, after it and its state were stored.
#[derive(Clone, Copy)]
pub struct ConsensusBlock<'a> {
    /// Its height.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// The block before.
    pub parent: ParentBlock,
    /// Its header's root of the mountain range over all blocks before it.
    pub mmr_root: Hash,
    /// Root of the state after it.
    pub state_root: Hash,
    /// What operators submitted, in order.
    pub submissions: &'a [Submission],
    /// Its transactions, as far as they are known: they say what new domains start from, which cannot be
    /// followed otherwise.
    pub transactions: &'a [SignedTransaction],
    /// The state after it.
    pub state: &'a dyn StateRead,
}

/// The head of the consensus chain while a slot is told of.
#[derive(Clone, Copy)]
pub struct ConsensusHead<'a> {
    /// Its height.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// The slot in which it was authored.
    pub future_slot: Slot,
    /// The state after it.
    pub state: &'a dyn StateRead,
}

impl std::fmt::Debug for ConsensusBlock<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsensusBlock")
            .field("number", &self.number)
            .field("hash", &self.hash)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ConsensusHead<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConsensusHead")
            .field("number", &self.number)
            .field("hash", &self.hash)
            .finish_non_exhaustive()
    }
}

/// What an operator wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A bundle or receipt, for the next consensus block.
    Submit(Box<Submission>),
    /// A transaction of the consensus chain; it comes with every block until it is included or has no use.
    SubmitTransaction(Box<SignedTransaction>),
    /// Something that users may want to know.
    Notify(Notice),
}

/// Something that users may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// A receipt differs from what deriving its block gives.
    BadReceipt {
        /// The domain.
        domain: DomainId,
        /// Height of the domain block.
        number: BlockNumber,
        /// The receipt.
        receipt: Hash,
        /// Whether a proof of it was made and is on its way.
        proven: bool,
    },
    /// A receipt that differs is confirmed: nobody proved it wrong in time.
    Diverged {
        /// The domain.
        domain: DomainId,
        /// Height of the domain block.
        number: BlockNumber,
    },
    /// An extrinsic left the pool without being executed.
    Dropped {
        /// The domain.
        domain: DomainId,
        /// The extrinsic.
        hash: Hash,
        /// Stable code of the reason.
        code: String,
        /// The reason, for people.
        reason: String,
    },
    /// An own operator was elected and offers a bundle or a receipt.
    Offered {
        /// The operator.
        operator: OperatorId,
        /// The domain.
        domain: DomainId,
        /// The slot.
        slot: Slot,
        /// Identity of the submission.
        submission: Hash,
        /// Extrinsics of the bundle; none for a lone receipt.
        extrinsics: usize,
    },
}
