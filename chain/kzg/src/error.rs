//! Failures of this crate.

use auto_core::{ErrorCode, ErrorEntry};

/// Why a commitment, an opening or a recovery failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KzgError {
    /// A record does not have the length of a record.
    #[error("record has {actual} bytes")]
    RecordLength {
        /// The bytes it has.
        actual: usize,
    },
    /// A number is not below the order of the field.
    #[error("scalar {index} is not canonical")]
    Scalar {
        /// Which of the given scalars it is.
        index: usize,
    },
    /// An s-bucket beyond the positions of an extended record.
    #[error("s-bucket {bucket} does not exist")]
    SBucket {
        /// The s-bucket asked for.
        bucket: u16,
    },
    /// Bytes that are not the canonical encoding of a member of the group.
    #[error("{what} is not a point of the group")]
    Point {
        /// What the bytes were given as.
        what: &'static str,
    },
    /// The openings do not hold.
    #[error("opening does not match its commitment")]
    Opening,
    /// A count that is no power of two within the limits.
    #[error("{count} is no valid count of records")]
    Count {
        /// The count.
        count: u64,
    },
    /// A position beyond the pieces of a segment.
    #[error("position {position} is not below {pieces}")]
    Position {
        /// The position asked for.
        position: u64,
        /// The pieces of the segment.
        pieces: u64,
    },
    /// Fewer known elements than recovery needs.
    #[error("{known} known elements, {needed} needed")]
    NotEnough {
        /// How many are known.
        known: usize,
        /// How many are needed.
        needed: usize,
    },
    /// The known elements contradict one another, so one of them is corrupted.
    #[error("known elements contradict one another")]
    Contradiction,
}

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &[
    ErrorEntry {
        code: "KZG-0001",
        what: "A record has the wrong length.",
        why: "A record is exactly 4096 scalars of 32 bytes.",
        hint: "Pass the whole record; raw history bytes are turned into a record first.",
    },
    ErrorEntry {
        code: "KZG-0002",
        what: "A scalar is not canonical.",
        why: "A scalar is a big-endian number below the order of the BLS12-381 scalar field.",
        hint: "The data is corrupted or was made by other software; fetch it again from another peer.",
    },
    ErrorEntry {
        code: "KZG-0003",
        what: "An s-bucket does not exist.",
        why: "An extended record has 8192 positions.",
        hint: "Use an s-bucket from 0 to 8191.",
    },
    ErrorEntry {
        code: "KZG-0004",
        what: "A commitment or witness is not a point of the group.",
        why: "It is off the curve, outside the subgroup, or not in the canonical compressed form.",
        hint: "The data is corrupted or forged; fetch it again from another peer.",
    },
    ErrorEntry {
        code: "KZG-0005",
        what: "An opening does not hold.",
        why: "The value, position, commitment and witness do not belong together.",
        hint: "The data is corrupted or forged; fetch it again from another peer.",
    },
    ErrorEntry {
        code: "KZG-0006",
        what: "A segment has an impossible count of records.",
        why: "A segment has a power of two from 4 to 256 pieces, half of them source records.",
        hint: "Pass all records of the segment.",
    },
    ErrorEntry {
        code: "KZG-0007",
        what: "A position is beyond the segment.",
        why: "Positions count from zero to the number of pieces less one.",
        hint: "Use the piece's position inside its own segment.",
    },
    ErrorEntry {
        code: "KZG-0008",
        what: "Too few elements are known to recover the rest.",
        why: "Half of all positions must be known.",
        hint: "Fetch more pieces or chunks and try again.",
    },
    ErrorEntry {
        code: "KZG-0009",
        what: "The known elements contradict one another.",
        why: "At least one of them is corrupted.",
        hint: "Check each element against its commitment, drop what fails, and try again.",
    },
];

impl ErrorCode for KzgError {
    fn code(&self) -> &'static str {
        match self {
            Self::RecordLength { .. } => "KZG-0001",
            Self::Scalar { .. } => "KZG-0002",
            Self::SBucket { .. } => "KZG-0003",
            Self::Point { .. } => "KZG-0004",
            Self::Opening => "KZG-0005",
            Self::Count { .. } => "KZG-0006",
            Self::Position { .. } => "KZG-0007",
            Self::NotEnough { .. } => "KZG-0008",
            Self::Contradiction => "KZG-0009",
        }
    }
}
