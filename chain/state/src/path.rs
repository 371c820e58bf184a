//! Where a key lies in the tree.

use auto_core::{Hash, hash_parts, tag};

/// The 256 bits that lead from the root to a key, most significant bit of the first byte first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path(pub(crate) [u8; 32]);

impl Path {
    /// The path of a key.
    pub(crate) fn of(key: &[u8]) -> Self {
        let Hash(bytes) = hash_parts(tag::STATE_KEY, &[key]);
        Self(bytes)
    }

    /// The bit at `depth`: whether to go right there.
    pub(crate) fn bit(&self, depth: u8) -> bool {
        (self.0[usize::from(depth / 8)] >> (7 - depth % 8)) & 1 == 1
    }

    /// Number of leading bits that two paths share; 256 when they are equal.
    pub(crate) fn common(&self, other: &Self) -> u16 {
        let mut bits = 0;
        for (mine, theirs) in self.0.iter().zip(&other.0) {
            let differ = mine ^ theirs;
            if differ != 0 {
                // At most 7, beside at most 31 whole bytes.
                return bits + u16::try_from(differ.leading_zeros()).unwrap_or(7);
            }
            bits += 8;
        }
        bits
    }

    /// Whether the first `bits` bits of two paths are the same.
    pub(crate) fn shares(&self, other: &Self, bits: u8) -> bool {
        self.common(other) >= u16::from(bits)
    }

    /// The path with all but its first `bits` bits cleared.
    pub(crate) fn prefix(&self, bits: u8) -> Self {
        let mut prefix = [0; 32];
        let whole = usize::from(bits / 8);
        prefix[..whole].copy_from_slice(&self.0[..whole]);
        prefix[whole] = self.0[whole] & !(0xff >> (bits % 8));
        Self(prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_prefixes_and_shared_bits_agree() {
        let path = Path::of(b"a");
        for bits in 0..=255u8 {
            let prefix = path.prefix(bits);
            assert!(prefix.shares(&path, bits));
            let mut other = path;
            other.0[usize::from(bits / 8)] ^= 0x80 >> (bits % 8);
            assert_eq!(path.common(&other), u16::from(bits));
            assert_ne!(path.bit(bits), other.bit(bits));
            assert_eq!(other.prefix(bits), prefix);
        }
        assert_eq!(path.common(&path), 256);
    }
}
