//! Proofs that a key has a value, or none.

use crate::{
    EMPTY_ROOT, StateError, VALUE_BYTES_MAX,
    node::{Branch, Node, leaf_hash},
    path::Path,
};
use auto_core::{Blob, Hash, List, hash};
use parity_scale_codec::{Decode, Encode};

/// Proves against a root what the value of one key is, or that it has none.
///
/// It holds the branches from the root down as (depth, hash of the side not taken), and what the walk
/// ends at. 33 bytes a level; with a million keys about 700 bytes beside the value.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StateProof {
    /// Depth and untaken side of every branch, from the root down.
    steps: List<(u8, Hash), 256>,
    /// Where the walk ends.
    end: End,
}

/// What the walk towards a key ends at.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
enum End {
    /// The state is empty.
    #[codec(index = 0)]
    Empty,
    /// The key's own leaf, by its value.
    #[codec(index = 1)]
    Value(Blob<VALUE_BYTES_MAX>),
    /// The leaf of another key: path and hash of the value.
    #[codec(index = 2)]
    Leaf([u8; 32], Hash),
    /// A branch whose prefix the key does not share: depth, prefix, left, right.
    #[codec(index = 3)]
    Branch(u8, [u8; 32], Hash, Hash),
}

impl StateProof {
    /// Bytes of the longest encoding: 256 levels and the longest value.
    pub const BYTES_MAX: usize = 4 + 256 * 33 + 1 + 4 + VALUE_BYTES_MAX;

    /// The value of `key` in the state of `root`, when this proof holds; `None` when it proves that there
    /// is none.
    ///
    /// # Errors
    /// When the proof is not in the one form that a proof for this key has, or leads to another root.
    pub fn verify(&self, root: &Hash, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        let path = Path::of(key);
        if self.steps.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
            return Err(StateError::ProofMalformed("depths do not rise"));
        }
        let last = self.steps.last().map(|(depth, _)| *depth);
        let (mut top, value) = self.end_hash(&path, last)?;
        for (depth, sibling) in self.steps.iter().rev() {
            let (left, right) = if path.bit(*depth) { (*sibling, top) } else { (top, *sibling) };
            top = Branch { depth: *depth, prefix: path.prefix(*depth), left, right }.hash();
        }
        if top == *root { Ok(value) } else { Err(StateError::ProofMismatch { wanted: *root, found: top }) }
    }

    /// Hash of the node that the walk ends at, and the value if it is the key's own.
    fn end_hash(&self, path: &Path, last: Option<u8>) -> Result<(Hash, Option<Vec<u8>>), StateError> {
        // Every node below a branch shares the branch's prefix and the bit that was taken.
        let below = |other: &Path| last.is_none_or(|depth| path.common(other) > u16::from(depth));
        match &self.end {
            End::Empty if last.is_none() => Ok((EMPTY_ROOT, None)),
            End::Empty => Err(StateError::ProofMalformed("an empty state below a branch")),
            End::Value(value) => Ok((leaf_hash(path, &hash(value)), Some(value.to_vec()))),
            End::Leaf(other, value_hash) => {
                let other = Path(*other);
                if other == *path || !below(&other) {
                    return Err(StateError::ProofMalformed("the leaf cannot stand where the key would"));
                }
                Ok((leaf_hash(&other, value_hash), None))
            }
            End::Branch(depth, prefix, left, right) => {
                let prefix = Path(*prefix);
                let deeper = last.is_none_or(|last| last < *depth);
                let canonical = prefix.prefix(*depth) == prefix;
                if !deeper || !canonical || !below(&prefix) || prefix.shares(path, *depth) {
                    return Err(StateError::ProofMalformed("the branch cannot stand where the key would"));
                }
                Ok((Branch { depth: *depth, prefix, left: *left, right: *right }.hash(), None))
            }
        }
    }
}

/// Collects a proof while the tree is walked.
pub(crate) struct ProofBuilder {
    path: Path,
    steps: Vec<(u8, Hash)>,
    end: Result<End, StateError>,
}

impl ProofBuilder {
    pub(crate) const fn new(path: Path) -> Self {
        Self { path, steps: Vec::new(), end: Ok(End::Empty) }
    }

    pub(crate) fn visit(&mut self, node: &Node) {
        match node {
            Node::Branch(branch) if branch.prefix.shares(&self.path, branch.depth) => {
                self.steps.push((branch.depth, branch.child(!self.path.bit(branch.depth))));
            }
            Node::Branch(branch) => {
                self.end = Ok(End::Branch(branch.depth, branch.prefix.0, branch.left, branch.right));
            }
            Node::Leaf { path, value } if *path == self.path => {
                let limit = VALUE_BYTES_MAX;
                self.end = Blob::new(value.clone())
                    .map(End::Value)
                    .map_err(|value| StateError::ValueTooLong { actual: value.len(), limit });
            }
            Node::Leaf { path, value } => self.end = Ok(End::Leaf(path.0, hash(value))),
        }
    }

    pub(crate) fn finish(self) -> Result<StateProof, StateError> {
        let steps =
            List::new(self.steps).map_err(|_| StateError::ProofMalformed("more levels than a path has"))?;
        Ok(StateProof { steps, end: self.end? })
    }
}
