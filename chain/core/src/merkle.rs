//! Binary Merkle trees over lists of hashes.
//!
//! Leaves and nodes are tagged apart, and a node without a sibling moves up unhashed, so a root with
//! its number of leaves stands for one list only. The number of leaves goes into the root.

use crate::{Hash, List, hash_parts, tag};
use parity_scale_codec::{Decode, Encode};

/// Levels that a proof may have: enough for `u32::MAX` leaves.
const LEVELS_MAX: usize = 32;

/// The root over `leaves`, in order.
#[must_use]
pub fn merkle_root(leaves: &[Hash]) -> Hash {
    let mut level: Vec<Hash> = leaves.iter().map(leaf).collect();
    while level.len() > 1 {
        level = parents(&level);
    }
    finish(leaves.len(), &level.first().copied().unwrap_or(Hash::ZERO))
}

fn leaf(hash: &Hash) -> Hash {
    hash_parts(tag::MERKLE_LEAF, &[hash.as_ref()])
}

fn node(left: &Hash, right: &Hash) -> Hash {
    hash_parts(tag::MERKLE_NODE, &[left.as_ref(), right.as_ref()])
}

fn finish(count: usize, top: &Hash) -> Hash {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    hash_parts(tag::MERKLE_NODE, &[&count.to_le_bytes(), top.as_ref()])
}

fn parents(level: &[Hash]) -> Vec<Hash> {
    level
        .chunks(2)
        .map(|pair| match pair {
            [left, right] => node(left, right),
            [single] => *single,
            _ => Hash::ZERO,
        })
        .collect()
}

/// Proves that a hash is the leaf at one index under a root.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MerkleProof {
    /// Position of the leaf.
    pub index: u32,
    /// Number of leaves.
    pub leaves: u32,
    /// Siblings from the leaf up, where there are any.
    pub siblings: List<Hash, LEVELS_MAX>,
}

impl MerkleProof {
    /// Proves `leaves[index]`; `None` when there is no such leaf.
    #[must_use]
    pub fn new(leaves: &[Hash], index: usize) -> Option<Self> {
        leaves.get(index)?;
        let mut level: Vec<Hash> = leaves.iter().map(leaf).collect();
        let (mut at, mut siblings) = (index, Vec::new());
        while level.len() > 1 {
            siblings.extend(level.get(at ^ 1));
            level = parents(&level);
            at /= 2;
        }
        Some(Self {
            index: u32::try_from(index).ok()?,
            leaves: u32::try_from(leaves.len()).ok()?,
            siblings: List::new(siblings).ok()?,
        })
    }

    /// Whether `hash` is the leaf at this proof's index under `root`.
    #[must_use]
    pub fn verify(&self, root: &Hash, hash: &Hash) -> bool {
        if self.index >= self.leaves {
            return false;
        }
        let (mut at, mut width, mut top) = (self.index, self.leaves, leaf(hash));
        let mut siblings = self.siblings.iter();
        while width > 1 {
            if at % 2 == 1 || at + 1 < width {
                let Some(sibling) = siblings.next() else { return false };
                top = if at % 2 == 1 { node(sibling, &top) } else { node(&top, sibling) };
            }
            at /= 2;
            width = width.div_ceil(2);
        }
        siblings.next().is_none() && finish(usize::try_from(self.leaves).unwrap_or(usize::MAX), &top) == *root
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_is_provable_and_no_other_hash_is() {
        for count in 1..=17u8 {
            let leaves: Vec<Hash> = (0..count).map(|byte| Hash([byte; 32])).collect();
            let root = merkle_root(&leaves);
            for (index, leaf) in leaves.iter().enumerate() {
                let proof = MerkleProof::new(&leaves, index).expect("the leaf exists");
                assert!(proof.verify(&root, leaf));
                assert!(!proof.verify(&root, &Hash([99; 32])));
                let moved = MerkleProof { index: (proof.index + 1) % proof.leaves, ..proof.clone() };
                assert!(count == 1 || !moved.verify(&root, leaf));
            }
        }
    }

    #[test]
    fn lists_of_other_lengths_have_other_roots() {
        let roots: std::collections::BTreeSet<Hash> =
            (0..9).map(|count| merkle_root(&vec![Hash([5; 32]); count])).collect();
        assert_eq!(roots.len(), 9);
    }
}
