//! What can go wrong while archiving and reading the archive.

use auto_core::{BlockNumber, ErrorCode, ErrorEntry, Hash, PieceIndex, SegmentIndex};
use auto_kzg::KzgError;

/// A failure of archiving or of reading what was archived.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// Another block is due.
    #[error("block {given} cannot be archived now, block {expected} is due")]
    BlockOrder {
        /// The block that is due.
        expected: BlockNumber,
        /// The block that was given.
        given: BlockNumber,
    },
    /// A block without bytes, or longer than a `u32` can say.
    #[error("block {number} has {bytes} bytes, which cannot be archived")]
    BlockLength {
        /// The block.
        number: BlockNumber,
        /// Bytes of its encoding.
        bytes: usize,
    },
    /// An object that does not lie in its block.
    #[error("object at offset {offset} does not lie inside block {number}")]
    ObjectOutsideBlock {
        /// The block.
        number: BlockNumber,
        /// Offset of the object in it.
        offset: u32,
    },
    /// A resumed archiver was not given what its last segment left unfinished.
    #[error("resuming needs the whole of block {number} first, inside which the last segment ends")]
    ResumeBlock {
        /// The last archived block.
        number: BlockNumber,
    },
    /// A number of the history is beyond its range.
    #[error("the history is longer than its numbers")]
    Overflow,
    /// The bytes of a segment break the format.
    #[error("segment is malformed at byte {at}: {rule}")]
    Malformed {
        /// Offset in the segment's bytes.
        at: usize,
        /// What should hold there.
        rule: &'static str,
    },
    /// Two segments do not follow one another, or a segment ends elsewhere than its header says.
    #[error("segment {index} does not continue the history: {rule}")]
    Discontinuous {
        /// The segment.
        index: SegmentIndex,
        /// What should hold.
        rule: &'static str,
    },
    /// A piece that is not part of the segment.
    #[error("piece {piece} is not part of segment {segment}")]
    ForeignPiece {
        /// The piece.
        piece: PieceIndex,
        /// The segment.
        segment: SegmentIndex,
    },
    /// A piece whose commitment is not that of its record.
    #[error("piece {0} does not hold the record that it commits to")]
    RecordMismatch(PieceIndex),
    /// A piece whose commitment is not in the segment at its position.
    #[error("the segment does not commit to piece {0}")]
    WitnessMismatch(PieceIndex),
    /// A list of pieces that is not as long as a segment.
    #[error("{given} pieces given for a segment of {expected}")]
    PieceCount {
        /// Pieces of a segment.
        expected: usize,
        /// Entries of the list.
        given: usize,
    },
    /// Too few good pieces.
    #[error("{good} good pieces, {needed} needed; positions {bad:?} were corrupted")]
    NotEnoughPieces {
        /// Pieces that verified.
        good: usize,
        /// Pieces that reconstruction needs.
        needed: usize,
        /// Positions of the pieces that did not verify.
        bad: Vec<usize>,
    },
    /// Good pieces that do not make the segment: the archive itself is inconsistent.
    #[error("the pieces of segment {0} do not make what its header commits to")]
    SegmentMismatch(SegmentIndex),
    /// A mapping that points to no source record.
    #[error("object mapping points to piece {piece} at offset {offset}, where no object can start")]
    Mapping {
        /// The piece.
        piece: PieceIndex,
        /// The offset.
        offset: u32,
    },
    /// An object longer than the reader accepts.
    #[error("object of {bytes} bytes is over the limit of {limit}")]
    ObjectTooLong {
        /// Length of the object.
        bytes: u32,
        /// The limit.
        limit: u32,
    },
    /// A record that was not asked for, or that is not a raw record.
    #[error("record of piece {piece} with {bytes} bytes was not asked for")]
    UnexpectedRecord {
        /// The piece.
        piece: PieceIndex,
        /// Bytes of the record.
        bytes: usize,
    },
    /// The object is not complete yet.
    #[error("object is incomplete, piece {0} is still needed")]
    ObjectIncomplete(PieceIndex),
    /// Other bytes than the mapping's hash stands for.
    #[error("object has hash {found} instead of {expected}")]
    ObjectHash {
        /// Hash in the mapping.
        expected: Hash,
        /// Hash of the bytes.
        found: Hash,
    },
    /// A failure of commitments or recovery.
    #[error(transparent)]
    Kzg(#[from] KzgError),
}

impl ErrorCode for ArchiveError {
    fn code(&self) -> &'static str {
        match self {
            Self::BlockOrder { .. } => "ARC-0001",
            Self::BlockLength { .. } => "ARC-0002",
            Self::ObjectOutsideBlock { .. } => "ARC-0003",
            Self::ResumeBlock { .. } => "ARC-0004",
            Self::Overflow => "ARC-0005",
            Self::Malformed { .. } => "ARC-0006",
            Self::Discontinuous { .. } => "ARC-0007",
            Self::ForeignPiece { .. } => "ARC-0008",
            Self::RecordMismatch(_) => "ARC-0009",
            Self::WitnessMismatch(_) => "ARC-0010",
            Self::PieceCount { .. } => "ARC-0011",
            Self::NotEnoughPieces { .. } => "ARC-0012",
            Self::SegmentMismatch(_) => "ARC-0013",
            Self::Mapping { .. } => "ARC-0014",
            Self::ObjectTooLong { .. } => "ARC-0015",
            Self::UnexpectedRecord { .. } => "ARC-0016",
            Self::ObjectIncomplete(_) => "ARC-0017",
            Self::ObjectHash { .. } => "ARC-0018",
            Self::Kzg(error) => error.code(),
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

const REPORT: &str = "a defect of the program; please report it with the message";
const OTHER_PEER: &str = "ask another peer; who sent it should be avoided";
const OTHER_MAPPING: &str = "look the object up again, at another index if there is one";

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &[
    entry("ARC-0001", "a block was archived out of order", "blocks are archived by height", REPORT),
    entry("ARC-0002", "a block is empty or too long to archive", "lengths are 32 bits wide", REPORT),
    entry("ARC-0003", "an object does not lie inside its block", "its offset or length is wrong", REPORT),
    entry(
        "ARC-0004",
        "the archiver was resumed with the wrong block",
        "the last segment may end inside a block, and only then that block is needed",
        "start again; if it persists, let the node fetch its data again",
    ),
    entry("ARC-0005", "the history is longer than its numbers", "an index over 64 bits", REPORT),
    entry("ARC-0006", "a segment is malformed", "its bytes break the format", OTHER_PEER),
    entry(
        "ARC-0007",
        "a segment does not continue the history",
        "it follows another segment, or ends elsewhere than its header says",
        OTHER_PEER,
    ),
    entry("ARC-0008", "a piece is not part of the segment", "its index lies elsewhere", OTHER_PEER),
    entry("ARC-0009", "a piece does not hold its record", "its bytes were changed", OTHER_PEER),
    entry("ARC-0010", "a piece is not in the segment", "its witness does not hold", OTHER_PEER),
    entry("ARC-0011", "the wrong number of pieces for a segment", "a list has another length", REPORT),
    entry(
        "ARC-0012",
        "too few good pieces to reconstruct a segment",
        "half of the pieces are needed; too many are missing or corrupted",
        "connect to more peers and try again",
    ),
    entry(
        "ARC-0013",
        "good pieces do not make the segment",
        "whoever archived the segment did not follow the rules",
        "report the segment; its history cannot be reconstructed",
    ),
    entry("ARC-0014", "a mapping points where no object can start", "the mapping is wrong", OTHER_MAPPING),
    entry(
        "ARC-0015",
        "an object is longer than allowed",
        "the mapping is wrong, or the limit too small",
        "raise the limit if such a large object is expected",
    ),
    entry("ARC-0016", "a record was not asked for", "another piece or length came in", OTHER_PEER),
    entry("ARC-0017", "an object is incomplete", "not all of its pieces were read", "read the named piece"),
    entry("ARC-0018", "an object has another hash", "the mapping or a piece is wrong", OTHER_MAPPING),
];
