//! What a block can be found guilty of.

use crate::Failure;

/// Why a module does not pass.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HarnessError {
    /// Something that must hold after every block does not.
    #[error("the invariant \"{name}\" is broken: {what}")]
    InvariantBroken {
        /// The invariant.
        name: &'static str,
        /// What is wrong.
        what: String,
    },
    /// Deriving the block twice gave two results.
    #[error("deriving the block twice gave two results: a module depends on more than its state")]
    Fickle,
    /// A lie about the block cannot be proven.
    #[error("no proof that {lie} is wrong: {what}")]
    Unproven {
        /// The lie.
        lie: String,
        /// What stands in the way.
        what: String,
    },
    /// A proof that a lie is wrong is not accepted, or not what it should be.
    #[error("the proof that {lie} is wrong is refused: {what}")]
    Refused {
        /// The lie.
        lie: String,
        /// Why.
        what: String,
    },
    /// A proof made against a lie counts against the truth.
    #[error("the proof that {lie} is wrong counts against the right receipt")]
    CountsAgainstTruth {
        /// The lie.
        lie: String,
    },
    /// The domain or the chain below cannot go on.
    #[error("the block cannot be made: {0}")]
    Stuck(#[from] Failure),
}
