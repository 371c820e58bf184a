//! Why a domain block cannot be derived.

use auto_core::{ErrorCode, ErrorEntry};
use auto_module::{DomainError, StoredError};
use auto_state::StateError;

/// A failure to derive a block: trouble of the one who derives, never of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeriveError {
    /// The domain's state, or the witness in its place, cannot be read.
    #[error(transparent)]
    State(#[from] StateError),
    /// A value of the domain's state does not decode.
    #[error(transparent)]
    Stored(#[from] StoredError),
    /// The block itself cannot begin, go on, or end.
    #[error("block cannot be executed: {0}")]
    Domain(#[from] DomainError),
    /// The bundles are not those that the consensus chain counted.
    #[error("bundle {0} is not the one that the consensus block holds at its place")]
    ForeignBundle(usize),
    /// There are more or fewer bundles than the consensus chain counted.
    #[error("{actual} bundles instead of {expected}")]
    BundleCount {
        /// Bundles that the consensus chain counted.
        expected: usize,
        /// Bundles that were given.
        actual: usize,
    },
    /// The block holds more than a receipt can list.
    #[error("block is larger than a receipt can state")]
    TooLarge,
}

impl ErrorCode for DeriveError {
    fn code(&self) -> &'static str {
        match self {
            Self::State(error) => error.code(),
            Self::Stored(error) => error.code(),
            Self::Domain(error) => error.code(),
            Self::ForeignBundle(_) => "FRP-0101",
            Self::BundleCount { .. } => "FRP-0102",
            Self::TooLarge => "FRP-0103",
        }
    }
}

/// The codes of deriving blocks.
pub const ERRORS: [ErrorEntry; 4] = [
    ErrorEntry {
        code: "FRP-0101",
        what: "A bundle is not the one that the consensus block holds.",
        why: "The block's bundles were read from another block, or in another order.",
        hint: "Report it: the operator reads bundles and inbox from one block.",
    },
    ErrorEntry {
        code: "FRP-0102",
        what: "The number of bundles is wrong.",
        why: "The block's bundles were read from another block than its inbox.",
        hint: "Report it: the operator reads bundles and inbox from one block.",
    },
    ErrorEntry {
        code: "FRP-0103",
        what: "A domain block is larger than a receipt can state.",
        why: "The consensus chain took more bundles or extrinsics for one block than its limits allow.",
        hint: "Report it: the limits are checked when bundles are submitted.",
    },
    ErrorEntry {
        code: "FRP-0104",
        what: "The transaction would touch too much of the state.",
        why: "A lie about it could not be proven within the limit of a fraud proof, so it has no effect.",
        hint: "Split it into several transactions.",
    },
];
