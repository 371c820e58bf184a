//! The archived history: records, pieces, segments and where objects lie in them.

use crate::{BlockNumber, Hash, HistorySize, PieceIndex, SegmentIndex, hash_parts, tag};
use parity_scale_codec::{Decode, Encode};
use std::fmt;

/// Raw bytes that one scalar carries; 31 bytes are always below the field's order.
pub const SAFE_SCALAR_BYTES: usize = 31;
/// Bytes of one scalar of the BLS12-381 field, big-endian.
pub const SCALAR_BYTES: usize = 32;
/// Source scalars of a record: the size of the Ethereum ceremony.
pub const CHUNKS_PER_RECORD: usize = 4096;
/// Positions of an extended record (rate 1/2), each an s-bucket of a sector.
pub const S_BUCKETS: usize = 2 * CHUNKS_PER_RECORD;
/// Raw history bytes of a record.
pub const RAW_RECORD_BYTES: usize = CHUNKS_PER_RECORD * SAFE_SCALAR_BYTES;
/// Bytes of a record as scalars.
pub const RECORD_BYTES: usize = CHUNKS_PER_RECORD * SCALAR_BYTES;
/// Bytes of a piece: record, commitment, witness.
pub const PIECE_BYTES: usize = RECORD_BYTES + 2 * Commitment::BYTES;

/// A scalar of the BLS12-381 field in its canonical big-endian form, or bytes that claim to be one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct ScalarBytes(pub [u8; SCALAR_BYTES]);

impl fmt::Debug for ScalarBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScalarBytes({})", hex::encode(self.0))
    }
}

/// A compressed point of the BLS12-381 group G1 that commits to a polynomial, or bytes that claim to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Commitment(pub [u8; Self::BYTES]);

impl Commitment {
    /// Length in bytes.
    pub const BYTES: usize = 48;
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Commitment({self})")
    }
}

/// A compressed point of G1 that proves one value of a committed polynomial, or bytes that claim to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Witness(pub [u8; 48]);

impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Witness({})", hex::encode(self.0))
    }
}

/// One piece of a segment, as farmers plot and peers exchange it.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// The record's scalars in source order, each canonical big-endian; `RECORD_BYTES` long.
    pub record: Vec<u8>,
    /// Commitment to the record.
    pub commitment: Commitment,
    /// Proves the commitment at the piece's position in its segment.
    pub witness: Witness,
}

impl Piece {
    /// The piece as `PIECE_BYTES` bytes: record, commitment, witness.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.record.as_slice(), &self.commitment.0, &self.witness.0].concat()
    }

    /// A piece out of exactly `PIECE_BYTES` bytes; its content is not checked here.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != PIECE_BYTES {
            return None;
        }
        let (record, rest) = bytes.split_at(RECORD_BYTES);
        let (commitment, witness) = rest.split_at(Commitment::BYTES);
        Some(Self {
            record: record.to_vec(),
            commitment: Commitment(commitment.try_into().ok()?),
            witness: Witness(witness.try_into().ok()?),
        })
    }
}

impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Piece").field("commitment", &self.commitment).finish_non_exhaustive()
    }
}

/// The last block in a segment, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub struct LastArchivedBlock {
    /// Height of the block.
    pub number: BlockNumber,
    /// Bytes of its encoding that are archived; `None` when all are.
    pub partial_bytes: Option<u32>,
}

/// The header of a segment: a link of the chain of archived history.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
pub struct SegmentHeader {
    /// Position of the segment.
    pub index: SegmentIndex,
    /// Commitment to the commitments of the segment's records.
    pub commitment: Commitment,
    /// Hash of the header before; zero for segment zero.
    pub previous_hash: Hash,
    /// Where the segment ends in the chain.
    pub last_archived_block: LastArchivedBlock,
}

impl SegmentHeader {
    /// Hash that the next header links to.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash_parts(tag::SEGMENT_HEADER, &[&self.encode()])
    }

    /// Length of the history once this segment is part of it; `None` at the end of the number range.
    #[must_use]
    pub fn history_size(&self) -> Option<HistorySize> {
        HistorySize::new(self.index.0.checked_add(1)?)
    }
}

/// Where an object lies in the encoding of its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct BlockObject {
    /// Content hash of the object.
    pub hash: Hash,
    /// Offset in bytes of the object's `u32` length, which its bytes follow.
    pub offset: u32,
}

/// Where an object lies in the archived history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct GlobalObject {
    /// Content hash of the object.
    pub hash: Hash,
    /// The source piece in which the object's `u32` length starts.
    pub piece_index: PieceIndex,
    /// Offset in bytes inside that piece's raw record.
    pub offset: u32,
}
