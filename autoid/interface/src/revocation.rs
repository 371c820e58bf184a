//! Which grants of an issuer are revoked.

use autoid_core::AutoId;
use parity_scale_codec::{Decode, Encode};

/// Grants that one list tells apart.
pub const LIST_BITS: u32 = autoid_core::grant::REVOCATION_LIST_BITS;
/// Bytes of a list.
pub const LIST_BYTES: usize = 1_024;

/// One bit for each of [`LIST_BITS`] grants of an issuer; a bit that is set stays set.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RevocationList([u8; LIST_BYTES]);

impl Default for RevocationList {
    fn default() -> Self {
        Self([0; LIST_BYTES])
    }
}

/// The byte of an index and the mask of its bit: the first index is the most significant bit, as in the
/// Bitstring Status List of the W3C.
fn place(index: u32) -> Option<(usize, u8)> {
    let byte = usize::try_from(index / 8).ok().filter(|byte| *byte < LIST_BYTES)?;
    Some((byte, 0x80 >> (index % 8)))
}

impl RevocationList {
    /// Whether the grant at `index` is revoked. What lies beyond the list counts as revoked.
    #[must_use]
    pub fn contains(&self, index: u32) -> bool {
        match place(index).and_then(|(byte, mask)| Some((self.0.get(byte)?, mask))) {
            Some((byte, mask)) => byte & mask != 0,
            None => true,
        }
    }

    /// Revokes the grant at `index`; tells whether that changed anything.
    pub fn insert(&mut self, index: u32) -> bool {
        let Some((byte, mask)) = place(index) else { return false };
        let Some(byte) = self.0.get_mut(byte) else { return false };
        let fresh = *byte & mask == 0;
        *byte |= mask;
        fresh
    }

    /// Number of revoked grants.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.0.iter().map(|byte| byte.count_ones()).sum()
    }

    /// Whether nothing is revoked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether everything that `older` revokes is revoked here too.
    #[must_use]
    pub fn includes(&self, older: &Self) -> bool {
        self.0.iter().zip(&older.0).all(|(new, old)| new & old == *old)
    }

    /// The bits, the first index first, as status lists publish them.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; LIST_BYTES] {
        &self.0
    }
}

/// A list: its issuer, and its number among the issuer's lists.
///
/// Every issuer has lists of its own, so nobody can take another's place in a list, and no list has to be
/// asked for before a grant is signed.
pub type ListKey = (AutoId, u32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_is_set_once_and_stays() {
        let mut list = RevocationList::default();
        for index in [0, 7, 8, LIST_BITS - 1] {
            assert!(!list.contains(index) && list.insert(index) && list.contains(index));
            assert!(!list.insert(index));
        }
        assert_eq!((list.len(), list.as_bytes()[0], list.as_bytes()[1]), (4, 0x81, 0x80));
        assert!(list.includes(&RevocationList::default()) && !RevocationList::default().includes(&list));
    }

    #[test]
    fn what_lies_beyond_a_list_is_revoked_and_cannot_be_set() {
        let mut list = RevocationList::default();
        assert!(list.contains(LIST_BITS) && list.contains(u32::MAX) && !list.insert(LIST_BITS));
        assert!(list.is_empty());
    }
}
