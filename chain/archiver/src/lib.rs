//! Blocks to segments, records and pieces, and back to blocks and objects.
//!
//! # Specification
//! The archived history is a chain of segments, each of `records_per_segment` raw records of
//! `RAW_RECORD_BYTES`. The bytes of a segment are items, each `kind: u8`, `length: u32` little-endian and
//! `length` bytes:
//!
//! | kind | item | bytes |
//! |---|---|---|
//! | 0 | padding | zeros up to the segment's end; only last |
//! | 1 | block | a whole block |
//! | 2 | block start | the first bytes of a block, up to the segment's end; only last |
//! | 3 | block continuation | further bytes of the block that the segment before did not finish |
//! | 4 | parent segment header | the header of the segment before; first in every segment but the first |
//!
//! * **One padding rule.** Where fewer than six bytes are left, no item can hold anything: they are zeros.
//!   Where more are left at a cut, one padding item fills them. Item lengths have a fixed width, so what
//!   an item says never moves it.
//! * **Cut.** A segment ends when it is full; when it holds the end of `segment_blocks_max` blocks (zero
//!   for never); and behind the genesis block.
//! * **Split.** A block that does not fit fills the segment to the last byte; its next bytes follow the
//!   parent segment header of the next segment as a continuation. Both are all that a reader must skip.
//! * **Pieces.** Source record `i` is piece `2 i` of its segment and parity record `i` piece `2 i + 1`.
//! * **Objects.** An object is a `u32` little-endian length and its bytes inside a block. A mapping names
//!   the source piece and the offset in its raw record at which the length starts.
//!
//! # Guarantees
//! * The same blocks give the same segments, whenever the archiver was stopped and resumed in between.
//! * Records are committed to as soon as their bytes are there, so a cut costs only coding and witnesses.
//! * Reconstruction returns exactly the pieces that the header commits to, or an error; corrupted pieces
//!   are named, and left out as long as enough others are given.
//! * Readers allocate no more than the given bound and refuse every byte that breaks the format.
//!
//! # Deviations from the production protocol of the paper
//! * Fixed-width lengths instead of compact ones: object offsets are exact and padding never ambiguous.
//! * The genesis block is followed by zeros instead of being filled with pseudo-random data.
//! * Small networks close segments by number of blocks, so that objects become retrievable soon.

mod archiver;
mod error;
mod geometry;
mod item;
mod layout;
mod object;
mod piece;
mod reader;
mod reconstruct;

pub use archiver::{ArchivedSegment, Archiver};
pub use error::{ArchiveError, ERRORS};
pub use item::{ITEM_HEADER_BYTES, SegmentItem, parse_segment};
pub use object::ObjectReader;
pub use piece::{piece_to_raw, verify_piece, verify_piece_witness};
pub use reader::SegmentReader;
pub use reconstruct::{join_source_pieces, reconstruct_segment};
