//! Why a call is refused.

use auto_core::{ErrorCode, ErrorEntry};
use auto_module::StoredError;

/// A failure of the module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum __Name__Error {
    /// A note without a byte.
    #[error("the note is empty")]
    EmptyNote,
    /// The state cannot be used.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl ErrorCode for __Name__Error {
    fn code(&self) -> &'static str {
        match self {
            Self::EmptyNote => "__CODE__-0001",
            Self::Stored(error) => error.code(),
        }
    }
}

/// Every code of the module.
pub const ERRORS: &[ErrorEntry] = &[ErrorEntry {
    code: "__CODE__-0001",
    what: "The note is empty.",
    why: "A note has at least one byte.",
    hint: "Write something.",
}];
