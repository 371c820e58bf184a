//! The Merkle mountain range over blocks: leaf `n` stands for block `n`.
//!
//! The same range serves whoever keeps a log that only grows: [`Mmr::append_hash`] and [`MmrProof::verify_hash`]
//! take the hash of any leaf, made under a tag of its own so that no leaf of one log is one of another.
//!
//! A node of height `h` and index `i` covers the leaves `i * 2^h` to `(i + 1) * 2^h - 1`. The peaks are the
//! largest complete subtrees from left to right, one per bit of the number of leaves, and the root hashes
//! that number and the peaks. [`Mmr`] is what a node keeps beside every block: at most 64 peaks.
//!
//! | hash | preimage |
//! |---|---|
//! | leaf | `MMR_LEAF`, number, block hash, state root |
//! | node | `MMR_NODE`, left, right |
//! | root | `MMR_ROOT`, number of leaves, peaks from the highest down |

use auto_core::{BlockNumber, Hash, List, hash_parts, tag};
use parity_scale_codec::{Decode, Encode, Error, Input};

/// Peaks or levels that there can be.
const LEVELS_MAX: usize = 64;

/// What the range says about one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct MmrLeaf {
    /// Height of the block, and position of the leaf.
    pub number: BlockNumber,
    /// Hash of the block.
    pub block_hash: Hash,
    /// Root of the state after the block.
    pub state_root: Hash,
}

impl MmrLeaf {
    /// The leaf's hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let number = self.number.0.to_le_bytes();
        hash_parts(tag::MMR_LEAF, &[&number, self.block_hash.as_ref(), self.state_root.as_ref()])
    }
}

fn node(left: &Hash, right: &Hash) -> Hash {
    hash_parts(tag::MMR_NODE, &[left.as_ref(), right.as_ref()])
}

fn bag<'a>(leaves: u64, peaks: impl Iterator<Item = &'a Hash>) -> Hash {
    let peaks: Vec<u8> = peaks.flat_map(|peak| peak.0).collect();
    hash_parts(tag::MMR_ROOT, &[&leaves.to_le_bytes(), &peaks])
}

/// Heights of the peaks over `leaves` leaves, from the highest down.
fn heights(leaves: u64) -> impl Iterator<Item = u32> {
    (0..u64::BITS).rev().filter(move |height| (leaves >> height) & 1 == 1)
}

/// Where the hashes of leaves, and of nodes if they are kept, come from.
pub trait MmrSource {
    /// Hash of the leaf at a position; `None` when it is not known.
    fn leaf(&self, index: u64) -> Option<Hash>;

    /// Hash of the node of a height and index; by default computed from its leaves.
    ///
    /// A source that keeps what [`Mmr::append`] returns answers at once.
    fn node(&self, height: u32, index: u64) -> Option<Hash> {
        let Some(below) = height.checked_sub(1) else { return self.leaf(index) };
        let left = index.checked_mul(2)?;
        Some(node(&self.node(below, left)?, &self.node(below, left.checked_add(1)?)?))
    }
}

/// A node that an append completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MmrNode {
    /// Height above the leaves.
    pub height: u32,
    /// Position among the nodes of that height.
    pub index: u64,
    /// Its hash.
    pub hash: Hash,
}

/// The peaks: enough to append and to compute the root.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode)]
pub struct Mmr {
    leaves: u64,
    peaks: List<Hash, LEVELS_MAX>,
}

impl Decode for Mmr {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let (leaves, peaks) = <(u64, List<Hash, LEVELS_MAX>)>::decode(input)?;
        if u32::try_from(peaks.len()) != Ok(leaves.count_ones()) {
            return Err(Error::from("number of peaks does not fit the number of leaves"));
        }
        Ok(Self { leaves, peaks })
    }
}

impl Mmr {
    /// Number of leaves.
    #[must_use]
    pub const fn leaves(&self) -> u64 {
        self.leaves
    }

    /// Appends the next block's leaf and gives the nodes that it completes, leaf first; `None`, and no
    /// change, when the leaf's number is not the number of leaves.
    pub fn append(&mut self, leaf: &MmrLeaf) -> Option<Vec<MmrNode>> {
        if leaf.number.0 == self.leaves { self.append_hash(leaf.hash()) } else { None }
    }

    /// Appends a leaf by its hash and gives the nodes that it completes, leaf first; `None`, and no change,
    /// when there are as many leaves as can be.
    pub fn append_hash(&mut self, leaf: Hash) -> Option<Vec<MmrNode>> {
        let leaves = self.leaves.checked_add(1)?;
        let mut peaks = self.peaks.to_vec();
        let mut completed = vec![MmrNode { height: 0, index: self.leaves, hash: leaf }];
        let (mut height, mut index, mut top) = (0u32, self.leaves, leaf);
        while index % 2 == 1 {
            top = node(&peaks.pop()?, &top);
            height = height.checked_add(1)?;
            index /= 2;
            completed.push(MmrNode { height, index, hash: top });
        }
        peaks.push(top);
        *self = Self { leaves, peaks: List::new(peaks).ok()? };
        Some(completed)
    }

    /// The root, which the header of the next block names.
    #[must_use]
    pub fn root(&self) -> Hash {
        bag(self.leaves, self.peaks.iter())
    }
}

/// Proves that a leaf is in the range of a root.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MmrProof {
    /// Number of leaves under the root.
    pub leaves: u64,
    /// Siblings from the leaf up to its peak.
    pub siblings: List<Hash, LEVELS_MAX>,
    /// The other peaks, from the highest down.
    pub peaks: List<Hash, LEVELS_MAX>,
}

/// Height of the peak over a leaf, its position among the peaks, and the first leaf it covers.
fn peak_over(leaves: u64, leaf: u64) -> Option<(u32, usize, u64)> {
    let mut first = 0u64;
    for (position, height) in heights(leaves).enumerate() {
        let next = first.checked_add(1u64 << height)?;
        if leaf < next {
            return Some((height, position, first));
        }
        first = next;
    }
    None
}

impl MmrProof {
    /// Proves leaf `index` in the range of the first `leaves` leaves; `None` when there is no such leaf or
    /// the source lacks a hash.
    pub fn new(source: &(impl MmrSource + ?Sized), leaves: u64, index: u64) -> Option<Self> {
        let (height, ..) = peak_over(leaves, index)?;
        let siblings: Option<Vec<Hash>> =
            (0..height).map(|level| source.node(level, (index >> level) ^ 1)).collect();
        let (_, own, _) = peak_over(leaves, index)?;
        let (mut peaks, mut first) = (Vec::new(), 0u64);
        for (position, height) in heights(leaves).enumerate() {
            if position != own {
                peaks.push(source.node(height, first >> height)?);
            }
            first = first.checked_add(1u64 << height)?;
        }
        Some(Self { leaves, siblings: List::new(siblings?).ok()?, peaks: List::new(peaks).ok()? })
    }

    /// Whether `leaf` is in the range of `root`, with no hash missing or to spare.
    #[must_use]
    pub fn verify(&self, root: &Hash, leaf: &MmrLeaf) -> bool {
        self.verify_hash(root, leaf.number.0, leaf.hash())
    }

    /// Whether the leaf of hash `leaf` is at position `index` in the range of `root`, with no hash missing or
    /// to spare.
    #[must_use]
    pub fn verify_hash(&self, root: &Hash, index: u64, leaf: Hash) -> bool {
        let Some((height, own, _)) = peak_over(self.leaves, index) else { return false };
        let others = self.leaves.count_ones().saturating_sub(1);
        let lengths = (u32::try_from(self.siblings.len()), u32::try_from(self.peaks.len()));
        if lengths != (Ok(height), Ok(others)) {
            return false;
        }
        let mut top = leaf;
        for (level, sibling) in self.siblings.iter().enumerate() {
            // The first leaf of a peak is a multiple of its width, so the low bits are the way up.
            let right = (index >> level) & 1 == 1;
            top = if right { node(sibling, &top) } else { node(&top, sibling) };
        }
        let Some((before, after)) = self.peaks.split_at_checked(own) else { return false };
        bag(self.leaves, before.iter().chain([&top]).chain(after)) == *root
    }
}
