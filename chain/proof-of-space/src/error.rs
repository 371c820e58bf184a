//! Why a proof or a parameter is refused.

use auto_core::{ErrorCode, ErrorEntry, SBucket};

/// Why a proof or a parameter is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpaceError {
    /// The table parameter is outside the bounds of the protocol.
    #[error("table parameter {k} is not from 14 to 20")]
    Parameter {
        /// The parameter asked for.
        k: u8,
    },
    /// A record has no such s-bucket.
    #[error("s-bucket {bucket} is over 8191")]
    Bucket {
        /// The s-bucket asked for.
        bucket: SBucket,
    },
    /// The proof was made for tables of another parameter.
    #[error("proof for tables of parameter {actual}, not {expected}")]
    ProofParameter {
        /// Parameter of the chain.
        expected: u8,
        /// Parameter of the proof.
        actual: u8,
    },
    /// The 64 values of a proof are not distinct.
    #[error("value {x} occurs twice")]
    Repeated {
        /// The value that occurs twice.
        x: u32,
    },
    /// Two entries that the proof pairs do not match, or stand in the wrong order.
    #[error("pair {pair} does not match in table {table}")]
    Mismatch {
        /// The table whose entry the pair would make (2 to 7).
        table: u8,
        /// Position of the pair, from zero.
        pair: u8,
    },
    /// The proof is sound but answers another challenge.
    #[error("proof answers challenge {actual}, not {expected}")]
    Challenge {
        /// Challenge of the s-bucket.
        expected: u32,
        /// Challenge that the proof answers.
        actual: u32,
    },
}

impl ErrorCode for SpaceError {
    fn code(&self) -> &'static str {
        match self {
            Self::Parameter { .. } => "POS-0001",
            Self::Bucket { .. } => "POS-0002",
            Self::ProofParameter { .. } => "POS-0003",
            Self::Repeated { .. } => "POS-0004",
            Self::Mismatch { .. } => "POS-0005",
            Self::Challenge { .. } => "POS-0006",
        }
    }
}

/// Every code of this crate, for `auto explain`.
pub const ERRORS: &[ErrorEntry] = &[
    ErrorEntry {
        code: "POS-0001",
        what: "The proof-of-space table parameter is out of range.",
        why: "Tables exist for parameters 14 to 20; others are too small to prove space or too large to build in time.",
        hint: "Check space_k in the protocol parameters.",
    },
    ErrorEntry {
        code: "POS-0002",
        what: "The s-bucket does not exist.",
        why: "An extended record has 8192 chunks, so s-buckets are 0 to 8191.",
        hint: "Derive the s-bucket from the sector's challenge.",
    },
    ErrorEntry {
        code: "POS-0003",
        what: "The proof of space is for tables of another parameter.",
        why: "Its values are longer or shorter than the chain's space_k; a truncated proof looks like this too.",
        hint: "Plot with the parameters of the chain that you farm on.",
    },
    ErrorEntry {
        code: "POS-0004",
        what: "A value occurs twice in the proof of space.",
        why: "A proof is 64 distinct values; tables skip entries that repeat one.",
        hint: "Build the proof from freshly generated tables.",
    },
    ErrorEntry {
        code: "POS-0005",
        what: "Two halves of the proof of space do not match.",
        why: "A value was changed, values were reordered, or the seed is not the one that the proof was made for.",
        hint: "Check sector identifier and piece offset; re-plot the sector if its contents fail a scrub.",
    },
    ErrorEntry {
        code: "POS-0006",
        what: "The proof of space answers another s-bucket.",
        why: "The first K bits of its last table's value are not the challenge of the s-bucket.",
        hint: "Ask the tables for the proof of the s-bucket that was audited.",
    },
];
