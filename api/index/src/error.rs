//! Why the index cannot do what it is asked for.

use auto_core::{BlockNumber, ErrorCode, ErrorEntry};
use auto_module::StoredError;

/// Why the index cannot do what it is asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// The file cannot be read or written.
    #[error("the index cannot be read or written: {0}")]
    Database(#[from] rusqlite::Error),
    /// The file is of another version, or no index.
    #[error("the file has index format {found}, this program has format {expected}")]
    Format {
        /// What the file says.
        found: i64,
        /// What this program reads and writes.
        expected: i64,
    },
    /// A block does not follow the newest one.
    #[error("block {number} does not follow block {newest}, the newest in the index")]
    NotNext {
        /// The block.
        number: BlockNumber,
        /// The newest in the index.
        newest: BlockNumber,
    },
    /// The chain is not in the index.
    #[error("the index has no block of this chain yet")]
    Empty,
    /// The height is not reached yet.
    #[error("block {asked} is not in the index yet, the newest is {newest}")]
    Ahead {
        /// What was asked for.
        asked: BlockNumber,
        /// The newest in the index.
        newest: BlockNumber,
    },
    /// The height is too old.
    #[error("block {asked} is forgotten, the oldest that is kept is {oldest}")]
    Forgotten {
        /// What was asked for.
        asked: BlockNumber,
        /// The oldest that is kept.
        oldest: BlockNumber,
    },
    /// The place in an order is none.
    #[error("the cursor is not one that this index gave")]
    Cursor,
    /// The question is too long.
    #[error("too much is asked for at once: {0}")]
    TooMuch(&'static str),
    /// What a module said or keeps does not decode.
    #[error("what `{0}` says of block {1} does not decode")]
    Foreign(&'static str, BlockNumber),
    /// The state after the block cannot be read.
    #[error(transparent)]
    Stored(#[from] StoredError),
    /// What the index keeps does not decode.
    #[error("the index is damaged: {0}")]
    Damaged(&'static str),
}

impl ErrorCode for IndexError {
    fn code(&self) -> &'static str {
        match self {
            Self::Database(_) => "IXD-0001",
            Self::Format { .. } => "IXD-0002",
            Self::NotNext { .. } => "IXD-0003",
            Self::Empty => "IXD-0004",
            Self::Ahead { .. } => "IXD-0005",
            Self::Forgotten { .. } => "IXD-0006",
            Self::Cursor => "IXD-0007",
            Self::TooMuch(_) => "IXD-0008",
            Self::Foreign(..) => "IXD-0009",
            Self::Damaged(_) => "IXD-0010",
            Self::Stored(error) => error.code(),
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of the index.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "IXD-0001",
        "The index cannot be read or written.",
        "Its file is locked by another program, damaged, or the disk is full.",
        "Look at the message; stop the node, delete the index file and start again to build it anew.",
    ),
    entry(
        "IXD-0002",
        "The index file has another format.",
        "It was written by another version of this program, or is no index.",
        "Delete the file and start again: the index is built anew from the chain.",
    ),
    entry(
        "IXD-0003",
        "The block does not follow the newest block of the index.",
        "Blocks come one after the other; after a fork the index is first taken back to the common block.",
        "Rewind the index to the block before, or give the blocks that are missing.",
    ),
    entry(
        "IXD-0004",
        "The index has no block of this chain.",
        "It was just begun, or the node does not follow this domain.",
        "Wait until the first block is there; check the number of the domain.",
    ),
    entry(
        "IXD-0005",
        "The block is not in the index yet.",
        "The index follows the chain and has not reached this height.",
        "Ask again in a moment, or without a height.",
    ),
    entry(
        "IXD-0006",
        "The index does not remember this height any more.",
        "Questions at past heights are answered for a limited number of blocks, so that the index stays small.",
        "Begin again at the newest height; for older states ask an archive with proofs.",
    ),
    entry(
        "IXD-0007",
        "The cursor is malformed.",
        "It is not one that a page of this list gave.",
        "Use the cursor of a page as it is.",
    ),
    entry(
        "IXD-0008",
        "The question is too long.",
        "Pages, words and capabilities of one question are bounded.",
        "Ask for less at once.",
    ),
    entry(
        "IXD-0009",
        "An event of a module does not decode.",
        "The domain runs a version of the module that this program does not know.",
        "Update the program.",
    ),
    entry(
        "IXD-0010",
        "The index file is damaged.",
        "What it holds does not decode.",
        "Stop the node, delete the index file and start again to build it anew.",
    ),
];
