//! Why a simulation ended early.

use auto_core::ErrorCode;

/// What went wrong in a simulation, with the moment and the node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub String);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

impl Failure {
    /// A failure from any error with a code.
    pub fn of(action: &str, error: &(impl ErrorCode + std::fmt::Display)) -> Self {
        Self(format!("{action}: {error} ({})", error.code()))
    }
}
