//! Applying a batch of changes to the tree.

use crate::{
    EMPTY_ROOT, NodeSource, Snapshot, StateError,
    node::{Branch, Node, leaf_bytes, leaf_hash},
    path::Path,
};
use auto_core::{Hash, hash};
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// New values by key; `None` removes the key.
pub type Changes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// What a batch of changes does to the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The new root.
    pub root: Hash,
    /// The nodes of the new tree that the old one does not have, with their bytes.
    pub fresh: Vec<(Hash, Vec<u8>)>,
    /// The nodes of the old tree that the new one does not have.
    pub stale: Vec<Hash>,
}

impl<S: NodeSource> Snapshot<S> {
    /// Applies `changes` and gives the new root and the nodes in which the trees differ.
    ///
    /// Nothing is written: the source needs [`Commit::fresh`] before the new root can be read.
    ///
    /// # Errors
    /// When a node is missing or damaged, the source fails, or a key or value is over its limit.
    pub fn commit(&self, changes: &Changes) -> Result<Commit, StateError> {
        let mut sorted: Vec<Change<'_>> = changes
            .iter()
            .map(|(key, value)| Change { path: Path::of(key), key, value: value.as_deref() })
            .collect();
        sorted.sort_unstable_by_key(|change| change.path);
        let mut walk = Walk { snapshot: self, fresh: Vec::new(), stale: Vec::new() };
        let old = Some(self.root()).filter(|root| *root != EMPTY_ROOT);
        let root = walk.update(old, &sorted)?.unwrap_or(EMPTY_ROOT);
        Ok(Commit { root, fresh: walk.fresh, stale: walk.stale })
    }
}

struct Change<'a> {
    path: Path,
    key: &'a [u8],
    value: Option<&'a [u8]>,
}

/// A subtree to be placed: one that exists, or a leaf to be made.
enum Item<'a> {
    Kept(Path, Hash),
    Put(Path, &'a [u8], &'a [u8]),
}

impl Item<'_> {
    const fn path(&self) -> &Path {
        match self {
            Self::Kept(path, _) | Self::Put(path, ..) => path,
        }
    }
}

struct Walk<'a, S> {
    snapshot: &'a Snapshot<S>,
    fresh: Vec<(Hash, Vec<u8>)>,
    stale: Vec<Hash>,
}

fn puts<'a>(changes: &[Change<'a>]) -> impl Iterator<Item = Item<'a>> {
    changes.iter().filter_map(|change| Some(Item::Put(change.path, change.key, change.value?)))
}

impl<S: NodeSource> Walk<'_, S> {
    /// The subtree that `changes`, sorted by path, make of the one at `at`.
    fn update(&mut self, at: Option<Hash>, changes: &[Change<'_>]) -> Result<Option<Hash>, StateError> {
        let Some(hash) = at.filter(|_| !changes.is_empty()) else {
            return if changes.is_empty() { Ok(at) } else { self.build(&puts(changes).collect::<Vec<_>>()) };
        };
        match self.snapshot.load(&hash)? {
            Node::Leaf { path, .. } => self.update_leaf(hash, path, changes),
            Node::Branch(branch) => self.update_branch(hash, &branch, changes),
        }
    }

    fn update_leaf(
        &mut self,
        old: Hash,
        path: Path,
        changes: &[Change<'_>],
    ) -> Result<Option<Hash>, StateError> {
        let place = changes.partition_point(|change| change.path < path);
        let own = changes.get(place).filter(|change| change.path == path);
        let kept = match own {
            None => true,
            Some(change) => change.value.is_some_and(|value| leaf_hash(&path, &hash(value)) == old),
        };
        if !kept {
            self.stale.push(old);
            return self.build(&puts(changes).collect::<Vec<_>>());
        }
        let (before, after) = changes.split_at(place);
        let after = &after[usize::from(own.is_some())..];
        let items: Vec<Item<'_>> = puts(before).chain([Item::Kept(path, old)]).chain(puts(after)).collect();
        self.build(&items)
    }

    fn update_branch(
        &mut self,
        old: Hash,
        branch: &Branch,
        changes: &[Change<'_>],
    ) -> Result<Option<Hash>, StateError> {
        let inside = |change: &Change<'_>| branch.prefix.shares(&change.path, branch.depth);
        let start = changes.partition_point(|change| change.path < branch.prefix);
        let (before, rest) = changes.split_at(start);
        let (within, after) = rest.split_at(rest.partition_point(inside));
        let (left, right) = within.split_at(within.partition_point(|c| !c.path.bit(branch.depth)));
        let new_left = self.update(Some(branch.left), left)?;
        let new_right = self.update(Some(branch.right), right)?;
        let new = if new_left == Some(branch.left) && new_right == Some(branch.right) {
            Some(old)
        } else {
            self.stale.push(old);
            match (new_left, new_right) {
                (Some(left), Some(right)) => Some(self.make(Branch { left, right, ..*branch })),
                (one, None) | (None, one) => one,
            }
        };
        let kept = new.map(|hash| Item::Kept(branch.prefix, hash));
        let items: Vec<Item<'_>> = puts(before).chain(kept).chain(puts(after)).collect();
        self.build(&items)
    }

    fn make(&mut self, branch: Branch) -> Hash {
        let (hash, bytes) = branch.seal();
        self.fresh.push((hash, bytes));
        hash
    }

    /// The tree over items whose paths rise and differ.
    fn build(&mut self, items: &[Item<'_>]) -> Result<Option<Hash>, StateError> {
        let (first, last) = match items {
            [] => return Ok(None),
            [Item::Kept(_, hash)] => return Ok(Some(*hash)),
            [Item::Put(path, key, value)] => {
                let bytes = leaf_bytes(key, value)?;
                let hash = leaf_hash(path, &hash(value));
                self.fresh.push((hash, bytes));
                return Ok(Some(hash));
            }
            [first, .., last] => (first.path(), last.path()),
        };
        // Paths of distinct keys are equal only if BLAKE3 collides; a subtree never shares all bits with
        // a path outside it.
        let depth = u8::try_from(first.common(last)).map_err(|_| StateError::Damaged(Hash(first.0)))?;
        let (left, right) = items.split_at(items.partition_point(|item| !item.path().bit(depth)));
        let prefix = first.prefix(depth);
        match (self.build(left)?, self.build(right)?) {
            (Some(left), Some(right)) => Ok(Some(self.make(Branch { depth, prefix, left, right }))),
            (one, None) | (None, one) => Ok(one),
        }
    }
}
