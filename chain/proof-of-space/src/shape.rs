//! Constants of the function family and the widths that follow from `K`.

use crate::SpaceError;
use auto_core::{SPACE_K_MAX, SPACE_K_MIN};

/// Extra bits of `y` behind its `K` bits.
pub(crate) const EXT: u8 = 6;
/// Rows of a bucket.
pub(crate) const B: u32 = 119;
/// Columns of a bucket.
pub(crate) const C: u32 = 127;
/// Values of `y` in a bucket.
pub(crate) const BC: u32 = B * C;
/// Right values that a left value matches, and bits of the mask `m`.
pub(crate) const M: u32 = 64;
/// Values of `x` in a proof.
pub(crate) const PROOF_VALUES: usize = 64;
/// `u32` words that hold the metadata of an entry, most significant bit first.
pub(crate) const META_WORDS: usize = 3;
/// Metadata of an entry, left-aligned: its first bit is the top bit of the first word.
pub(crate) type Meta = [u32; META_WORDS];

/// Index into memory; a position in a table always fits.
#[inline(always)]
pub(crate) fn at(position: u32) -> usize {
    usize::try_from(position).expect("holds because the address space has at least 32 bits")
}

/// Number of entries of a table.
pub(crate) fn length<T>(entries: &[T]) -> u32 {
    u32::try_from(entries.len()).expect("holds because tables have about 2^20 entries at most")
}

/// The table parameter, known to be within the bounds of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) k: u8,
}

impl Shape {
    pub(crate) fn new(k: u8) -> Result<Self, SpaceError> {
        if (SPACE_K_MIN..=SPACE_K_MAX).contains(&k) {
            Ok(Self { k })
        } else {
            Err(SpaceError::Parameter { k })
        }
    }

    /// Bits of `y` (20 to 26).
    pub(crate) fn y_bits(self) -> u32 {
        u32::from(self.k) + u32::from(EXT)
    }

    /// Number of values of `x`, and expected number of entries of a table.
    pub(crate) fn values(self) -> u32 {
        1 << self.k
    }

    /// How entries of `table` (2 to 7) follow from pairs of the table before.
    pub(crate) fn step(self, table: u8) -> Step {
        let k = u32::from(self.k);
        // Metadata of tables 1 to 7, in units of K bits.
        let units = |table: u8| match table {
            1 => 1,
            2 => 2,
            3 | 4 => 4,
            5 => 3,
            6 => 2,
            _ => 0,
        };
        let parent_bits = k * units(table.saturating_sub(1));
        Step {
            y_bits: self.y_bits(),
            parent_bits,
            meta_bits: k * units(table),
            concatenates: table < 4,
            input_bytes: (self.y_bits() + 2 * parent_bits).div_ceil(8),
        }
    }
}

/// How entries of one table follow from pairs of the table before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// Bits of `y`.
    pub(crate) y_bits: u32,
    /// Bits of metadata of an entry of the table before.
    pub(crate) parent_bits: u32,
    /// Bits of metadata of an entry of this table.
    pub(crate) meta_bits: u32,
    /// Whether metadata is the concatenation of the pair's metadata; otherwise it is taken from the hash.
    pub(crate) concatenates: bool,
    /// Bytes that are hashed.
    pub(crate) input_bytes: u32,
}
