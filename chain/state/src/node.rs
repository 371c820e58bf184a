//! Nodes of the tree, their bytes and their hashes.

use crate::{StateError, path::Path};
use auto_core::{Hash, hash, hash_parts, tag};

/// The root of the state that holds nothing.
pub const EMPTY_ROOT: Hash = Hash::ZERO;
/// Bytes that a key may have.
pub const KEY_BYTES_MAX: usize = 512;
/// Bytes that a value may have.
pub const VALUE_BYTES_MAX: usize = 1 << 20;

const LEAF: u8 = 0;
const BRANCH: u8 = 1;

/// A node as it is walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    Leaf { path: Path, value: Vec<u8> },
    Branch(Branch),
}

/// Two subtrees whose paths share `depth` bits and differ in the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Branch {
    pub(crate) depth: u8,
    /// The shared bits; the others are zero.
    pub(crate) prefix: Path,
    pub(crate) left: Hash,
    pub(crate) right: Hash,
}

impl Branch {
    /// The bytes behind the kind.
    fn body(&self) -> Vec<u8> {
        let prefix = &self.prefix.0[..usize::from(self.depth).div_ceil(8)];
        [&[self.depth], prefix, self.left.as_ref(), self.right.as_ref()].concat()
    }

    /// The branch's hash.
    pub(crate) fn hash(&self) -> Hash {
        hash_parts(tag::STATE_NODE, &[&self.body()])
    }

    /// The branch's hash and stored bytes.
    pub(crate) fn seal(&self) -> (Hash, Vec<u8>) {
        let body = self.body();
        let hash = hash_parts(tag::STATE_NODE, &[&body]);
        (hash, [&[BRANCH], body.as_slice()].concat())
    }

    /// The child on the side of a bit.
    pub(crate) const fn child(&self, right: bool) -> Hash {
        if right { self.right } else { self.left }
    }

    fn decode(body: &[u8]) -> Option<Self> {
        let (&depth, rest) = body.split_first()?;
        let (prefix_bytes, rest) = rest.split_at_checked(usize::from(depth).div_ceil(8))?;
        let (left, right) = rest.split_at_checked(32)?;
        let mut prefix = [0; 32];
        prefix[..prefix_bytes.len()].copy_from_slice(prefix_bytes);
        let prefix = Path(prefix);
        let branch =
            Self { depth, prefix, left: Hash(left.try_into().ok()?), right: Hash(right.try_into().ok()?) };
        (prefix.prefix(depth) == prefix).then_some(branch)
    }
}

/// The hash of a leaf.
pub(crate) fn leaf_hash(path: &Path, value_hash: &Hash) -> Hash {
    hash_parts(tag::STATE_LEAF, &[&path.0, value_hash.as_ref()])
}

/// The stored bytes of a leaf.
pub(crate) fn leaf_bytes(key: &[u8], value: &[u8]) -> Result<Vec<u8>, StateError> {
    let key_length = u32::try_from(key.len()).ok().filter(|_| key.len() <= KEY_BYTES_MAX);
    let key_length = key_length.ok_or(StateError::KeyTooLong { actual: key.len(), limit: KEY_BYTES_MAX })?;
    let value_length = u32::try_from(value.len()).ok().filter(|_| value.len() <= VALUE_BYTES_MAX);
    let value_length =
        value_length.ok_or(StateError::ValueTooLong { actual: value.len(), limit: VALUE_BYTES_MAX })?;
    Ok([&[LEAF], &key_length.to_le_bytes()[..], key, &value_length.to_le_bytes(), value].concat())
}

fn blob(bytes: &[u8], limit: usize) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    if length > limit { None } else { rest.split_at_checked(length) }
}

impl Node {
    fn parse(bytes: &[u8]) -> Option<(Hash, Self)> {
        match bytes.split_first()? {
            (&LEAF, body) => {
                let (key, rest) = blob(body, KEY_BYTES_MAX)?;
                let (value, rest) = blob(rest, VALUE_BYTES_MAX)?;
                let path = Path::of(key);
                let node = Self::Leaf { path, value: value.to_vec() };
                rest.is_empty().then(|| (leaf_hash(&path, &hash(value)), node))
            }
            (&BRANCH, body) => {
                let branch = Branch::decode(body)?;
                Some((hash_parts(tag::STATE_NODE, &[body]), Self::Branch(branch)))
            }
            _ => None,
        }
    }

    /// The node of `expected` hash out of its stored bytes.
    pub(crate) fn open(expected: &Hash, bytes: &[u8]) -> Result<Self, StateError> {
        match Self::parse(bytes) {
            Some((hash, node)) if hash == *expected => Ok(node),
            _ => Err(StateError::Damaged(*expected)),
        }
    }

    /// The hash of stored bytes; `None` when they are no node.
    pub(crate) fn hash_of(bytes: &[u8]) -> Option<Hash> {
        Self::parse(bytes).map(|(hash, _)| hash)
    }
}

/// The children of a stored node: two for a branch, `None` for a leaf.
///
/// Walking from a root over its children visits every node of that state once.
///
/// # Errors
/// When `bytes` are not the node of that hash.
pub fn children(hash: &Hash, bytes: &[u8]) -> Result<Option<(Hash, Hash)>, StateError> {
    match Node::open(hash, bytes)? {
        Node::Leaf { .. } => Ok(None),
        Node::Branch(branch) => Ok(Some((branch.left, branch.right))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_bit_is_damage() {
        let leaf = leaf_bytes(b"key", b"value").expect("short");
        let branch = Branch {
            depth: 9,
            prefix: Path::of(b"key").prefix(9),
            left: Hash([1; 32]),
            right: Hash([2; 32]),
        };
        let (branch_hash, branch) = branch.seal();
        for (hash, bytes) in [(Node::hash_of(&leaf).expect("a leaf"), leaf), (branch_hash, branch)] {
            assert!(Node::open(&hash, &bytes).is_ok());
            for bit in 0..bytes.len() * 8 {
                let mut wrong = bytes.clone();
                wrong[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(Node::open(&hash, &wrong), Err(StateError::Damaged(hash)), "bit {bit}");
            }
            assert!(Node::open(&hash, &[bytes.as_slice(), &[0]].concat()).is_err());
            assert!(Node::open(&hash, &bytes[..bytes.len() - 1]).is_err());
        }
    }

    #[test]
    fn limits_are_met_exactly() {
        assert!(leaf_bytes(&[0; KEY_BYTES_MAX], &vec![0; VALUE_BYTES_MAX]).is_ok());
        let key = leaf_bytes(&[0; KEY_BYTES_MAX + 1], b"");
        assert_eq!(key, Err(StateError::KeyTooLong { actual: 513, limit: 512 }));
        let value = leaf_bytes(b"", &vec![0; VALUE_BYTES_MAX + 1]);
        assert_eq!(value, Err(StateError::ValueTooLong { actual: (1 << 20) + 1, limit: 1 << 20 }));
    }
}
