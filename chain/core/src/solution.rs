//! A farmer's claim to a slot.

use crate::{Address, Commitment, HistorySize, PieceOffset, PublicKey, ScalarBytes, SectorIndex, Witness};
use parity_scale_codec::{Decode, Encode, Error, Input, Output};
use std::fmt;

/// Smallest table parameter that a chain may use.
pub const SPACE_K_MIN: u8 = 14;
/// Largest table parameter that a chain may use.
pub const SPACE_K_MAX: u8 = 20;

/// A proof of space: 64 values of `k` bits, packed big-endian; `8 * k` bytes behind one byte `k`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SpaceProof {
    k: u8,
    bytes: Vec<u8>,
}

impl SpaceProof {
    /// A proof for tables of parameter `k`; `None` when `k` is out of range or the length is not `8 * k`.
    #[must_use]
    pub fn new(k: u8, bytes: Vec<u8>) -> Option<Self> {
        let fits = (SPACE_K_MIN..=SPACE_K_MAX).contains(&k) && bytes.len() == Self::length(k);
        fits.then_some(Self { k, bytes })
    }

    /// Bytes of a proof for tables of parameter `k`.
    #[must_use]
    pub fn length(k: u8) -> usize {
        8 * usize::from(k)
    }

    /// The table parameter.
    #[must_use]
    pub const fn k(&self) -> u8 {
        self.k
    }

    /// The packed values.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for SpaceProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SpaceProof(k={}, {})", self.k, hex::encode(&self.bytes))
    }
}

impl Encode for SpaceProof {
    fn encode_to<O: Output + ?Sized>(&self, dest: &mut O) {
        dest.push_byte(self.k);
        dest.write(&self.bytes);
    }
}

impl Decode for SpaceProof {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let k = input.read_byte()?;
        if !(SPACE_K_MIN..=SPACE_K_MAX).contains(&k) {
            return Err(Error::from("table parameter out of range"));
        }
        let mut bytes = vec![0; Self::length(k)];
        input.read(&mut bytes)?;
        Ok(Self { k, bytes })
    }
}

/// A farmer's claim to a slot: a chunk of archived history that it stores, close to the challenge.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Encode, Decode)]
pub struct Solution {
    /// The farmer's key; the block must be sealed with it.
    pub public_key: PublicKey,
    /// Who is paid for the block.
    pub reward_address: Address,
    /// The sector that holds the chunk.
    pub sector_index: SectorIndex,
    /// Length of the history when the sector was plotted.
    pub history_size: HistorySize,
    /// The piece inside the sector.
    pub piece_offset: PieceOffset,
    /// Commitment to the piece's record.
    pub record_commitment: Commitment,
    /// Proves the record's commitment in its segment.
    pub record_witness: Witness,
    /// The chunk, unmasked.
    pub chunk: ScalarBytes,
    /// Proves the chunk in its record.
    pub chunk_witness: Witness,
    /// The proof whose hash masked the chunk on disk.
    pub proof_of_space: SpaceProof,
}
