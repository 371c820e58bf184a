//! Why a receipt is refused at the door.

use auto_core::{BlockNumber, DomainId, ErrorCode, ErrorEntry};
use auto_module::StoredError;

/// Why a receipt is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiptError {
    /// A receipt before it is missing, or its block does not exist yet.
    #[error("receipt of block {number} comes too early: block {next} is next")]
    InFuture {
        /// Height of the receipt.
        number: BlockNumber,
        /// The height that has no receipt yet.
        next: BlockNumber,
    },
    /// The consensus block already holds a new receipt of the domain.
    #[error("the block already holds a new receipt of the domain, of height {0}")]
    SecondNewHead(BlockNumber),
    /// The receipt is known, and newer ones are too.
    #[error("receipt of block {number} is old: receipts are known up to block {head}")]
    Stale {
        /// Height of the receipt.
        number: BlockNumber,
        /// The newest height with a receipt.
        head: BlockNumber,
    },
    /// The height is confirmed.
    #[error("block {number} is settled: blocks are confirmed up to {confirmed}")]
    Pruned {
        /// Height of the receipt.
        number: BlockNumber,
        /// The newest confirmed height.
        confirmed: BlockNumber,
    },
    /// Another receipt of the height is known.
    #[error("another receipt of block {0} is known: prove that one wrong first")]
    NewBranch(BlockNumber),
    /// The receipt was proven wrong.
    #[error("this receipt of block {0} was proven wrong")]
    ProvenWrong(BlockNumber),
    /// The parent is not the receipt before.
    #[error("parent of the receipt of block {0} is not the receipt before")]
    UnknownParent(BlockNumber),
    /// The consensus block is not the one that the domain block is derived from.
    #[error("receipt of block {0} names another consensus block")]
    WrongConsensusBlock(BlockNumber),
    /// The bundles are not those of the consensus block.
    #[error("receipt of block {0} names other bundles than the consensus block holds")]
    WrongInbox(BlockNumber),
    /// The trace has fewer roots than any block gives.
    #[error("trace of {0} roots: a block gives at least two")]
    TraceTooShort(usize),
    /// The trace does not have the root that is stated.
    #[error("trace does not have the stated root")]
    WrongTraceRoot,
    /// The final root is not the last of the trace.
    #[error("final state root is not the last root of the trace")]
    WrongFinalRoot,
    /// A list of transfers is out of order or names a chain twice.
    #[error("transfers are not listed by rising chain")]
    TransfersUnsorted,
    /// The block spends or accepts what does not exist.
    #[error("receipt of block {number} of domain {domain} overdraws: {what}")]
    Overdrawn {
        /// The domain.
        domain: DomainId,
        /// Height of the receipt.
        number: BlockNumber,
        /// What is overdrawn.
        what: &'static str,
    },
    /// Too many operators vouch for the receipt.
    #[error("receipt of block {0} has as many submitters as it may")]
    TooManySubmitters(BlockNumber),
    /// The receipt is not among those that can be challenged.
    #[error("receipt of block {number} of domain {domain} is not open to challenge")]
    NotOpen {
        /// The domain.
        domain: DomainId,
        /// Height of the receipt.
        number: BlockNumber,
    },
    /// A number left its range.
    #[error("an amount or number overflows")]
    Overflow,
    /// What must be in the state is not.
    #[error("state of the domains is damaged: {0} is missing")]
    Missing(&'static str),
    /// The state cannot be read.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl ErrorCode for ReceiptError {
    fn code(&self) -> &'static str {
        match self {
            Self::InFuture { .. } => "RCP-0001",
            Self::SecondNewHead(_) => "RCP-0002",
            Self::Stale { .. } => "RCP-0003",
            Self::Pruned { .. } => "RCP-0004",
            Self::NewBranch(_) => "RCP-0005",
            Self::ProvenWrong(_) => "RCP-0006",
            Self::UnknownParent(_) => "RCP-0007",
            Self::WrongConsensusBlock(_) => "RCP-0008",
            Self::WrongInbox(_) => "RCP-0009",
            Self::TraceTooShort(_) => "RCP-0010",
            Self::WrongTraceRoot => "RCP-0011",
            Self::WrongFinalRoot => "RCP-0012",
            Self::TransfersUnsorted => "RCP-0013",
            Self::Overdrawn { .. } => "RCP-0014",
            Self::TooManySubmitters(_) => "RCP-0015",
            Self::NotOpen { .. } => "RCP-0016",
            Self::Overflow => "RCP-0017",
            Self::Missing(_) => "RCP-0018",
            Self::Stored(error) => error.code(),
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of receipts.
pub(crate) const ERRORS: &[ErrorEntry] = &[
    entry(
        "RCP-0001",
        "The receipt comes too early.",
        "Receipts are taken in order, and only of blocks that an earlier consensus block made.",
        "Submit the receipts before it first.",
    ),
    entry(
        "RCP-0002",
        "The block already has a new receipt of the domain.",
        "A consensus block extends the receipts of a domain by one at most.",
        "Submit it in a later block.",
    ),
    entry(
        "RCP-0003",
        "The receipt is old.",
        "It is known, and newer receipts are too.",
        "Submit the newest receipt.",
    ),
    entry(
        "RCP-0004",
        "The height is settled.",
        "The domain block is confirmed, so no receipt of it is taken any more.",
        "Submit the newest receipt.",
    ),
    entry(
        "RCP-0005",
        "Another receipt of the height is known.",
        "There are no branches of receipts: a wrong one has to be proven wrong first.",
        "Compare the two; if yours is right, submit a fraud proof.",
    ),
    entry(
        "RCP-0006",
        "The receipt was proven wrong.",
        "A fraud proof against this very receipt was accepted.",
        "Execute the block again with correct software.",
    ),
    entry(
        "RCP-0007",
        "The parent receipt is unknown.",
        "A receipt builds on the newest known receipt.",
        "Follow the consensus chain to its tip and build the receipt anew.",
    ),
    entry(
        "RCP-0008",
        "The consensus block is another one.",
        "Height or hash are not those of the block that holds the domain block's bundles.",
        "Follow the heaviest chain and build the receipt anew.",
    ),
    entry(
        "RCP-0009",
        "The bundles are others.",
        "A receipt names every bundle of its consensus block, in order, and no other.",
        "Build the receipt anew.",
    ),
    entry(
        "RCP-0010",
        "The trace is too short.",
        "Every block has a root after initialization and one after finalization.",
        "The operator runs faulty software.",
    ),
    entry(
        "RCP-0011",
        "The trace root is wrong.",
        "It is not the Merkle root over the roots that the receipt lists.",
        "The operator runs faulty software.",
    ),
    entry(
        "RCP-0012",
        "The final root is wrong.",
        "The state after a block is that after its last step.",
        "The operator runs faulty software.",
    ),
    entry(
        "RCP-0013",
        "The transfers are out of order.",
        "Each list names chains in rising order, each once.",
        "The operator runs faulty software.",
    ),
    entry(
        "RCP-0014",
        "The receipt overdraws.",
        "It would move money that its domain does not have, or accept what nobody sent.",
        "The receipt is wrong: a domain cannot make money.",
    ),
    entry(
        "RCP-0015",
        "The receipt has too many submitters.",
        "The number of operators that vouch for one receipt is limited.",
        "Wait for the next block of the domain.",
    ),
    entry(
        "RCP-0016",
        "The receipt cannot be challenged.",
        "It is the domain's first, confirmed, or no longer part of the chain.",
        "Nothing to do.",
    ),
    entry("RCP-0017", "A number overflows.", "An amount or height leaves its range.", "Report it."),
    entry(
        "RCP-0018",
        "The state of the domains is damaged.",
        "A record that must exist is missing.",
        "Check the disk, then remove the node's data folder and synchronize again.",
    ),
];
