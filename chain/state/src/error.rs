//! What can go wrong with the state.

use auto_core::{ErrorCode, ErrorEntry, Hash};

/// A failure to read, change or prove the state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The source does not hold a node that the tree refers to.
    #[error("state node {0} is missing")]
    Missing(Hash),
    /// The source gives bytes for a node that are not that node.
    #[error("state node {0} is damaged")]
    Damaged(Hash),
    /// The source itself fails.
    #[error("state storage failed: {0}")]
    Source(String),
    /// A key is longer than a key may be.
    #[error("state key of {actual} bytes is over the limit of {limit}")]
    KeyTooLong {
        /// Length of the key in bytes.
        actual: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// A value is longer than a value may be.
    #[error("state value of {actual} bytes is over the limit of {limit}")]
    ValueTooLong {
        /// Length of the value in bytes.
        actual: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// A proof is not in the one form in which a proof for its key can be.
    #[error("state proof is malformed: {0}")]
    ProofMalformed(&'static str),
    /// A proof leads to another root.
    #[error("state proof leads to root {found} instead of {wanted}")]
    ProofMismatch {
        /// The root that was asked about.
        wanted: Hash,
        /// The root that the proof leads to.
        found: Hash,
    },
}

impl ErrorCode for StateError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "STA-0001",
            Self::Damaged(_) => "STA-0002",
            Self::Source(_) => "STA-0003",
            Self::KeyTooLong { .. } => "STA-0004",
            Self::ValueTooLong { .. } => "STA-0005",
            Self::ProofMalformed(_) => "STA-0006",
            Self::ProofMismatch { .. } => "STA-0007",
        }
    }
}

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &[
    ErrorEntry {
        code: "STA-0001",
        what: "A node of the state tree is missing.",
        why: "The state of that block was pruned, or a witness does not hold everything that was read.",
        hint: "Ask about a newer block, or ask a node that keeps all states.",
    },
    ErrorEntry {
        code: "STA-0002",
        what: "A node of the state tree is damaged.",
        why: "The stored bytes do not hash to the name they are stored under: the disk or a peer changed them.",
        hint: "Check the disk, then remove the node's data folder and synchronize again.",
    },
    ErrorEntry {
        code: "STA-0003",
        what: "The storage below the state failed.",
        why: "The database reported an error; its message is part of this one.",
        hint: "Check free space and permissions of the data folder.",
    },
    ErrorEntry {
        code: "STA-0004",
        what: "A state key is too long.",
        why: "A module built a key over the limit.",
        hint: "Report it: no call should be able to cause this.",
    },
    ErrorEntry {
        code: "STA-0005",
        what: "A state value is too long.",
        why: "A module built a value over the limit.",
        hint: "Report it: no call should be able to cause this.",
    },
    ErrorEntry {
        code: "STA-0006",
        what: "A state proof is malformed.",
        why: "The proof is for another key, or was cut, extended or reordered.",
        hint: "Ask for the proof again; if it persists, distrust the node that gave it.",
    },
    ErrorEntry {
        code: "STA-0007",
        what: "A state proof does not match the root.",
        why: "The proof was made for another block, or its value was changed.",
        hint: "Verify against the state root of the block that the proof was made for.",
    },
];
