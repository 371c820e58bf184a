//! Nodes of the state tree and how often each is in use.
//!
//! Forks share nodes, so a node is kept with a count: one for every commit that made it, less one for
//! every release. A block's commit adds its fresh nodes. When the block is final, the nodes that it
//! made stale are released; when the block is discarded instead, its own fresh nodes are.

use crate::{Batch, Column, Store, StoreError};
use auto_core::Hash;
use auto_state::{Commit, NodeSource, StateError};
use std::collections::BTreeMap;
use std::fmt;

/// Bytes of the count in front of a node: a little-endian `u32`.
const COUNT_BYTES: usize = 4;

/// The state nodes in a store.
#[derive(Clone, Copy)]
pub struct StateNodes<'a>(pub &'a dyn Store);

impl fmt::Debug for StateNodes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateNodes")
    }
}

impl<'a> StateNodes<'a> {
    /// Starts to stage changes of counts.
    #[must_use]
    pub fn stage(self) -> StateStage<'a> {
        StateStage { nodes: self, changes: BTreeMap::new() }
    }

    /// How often the node is in use; zero when it is not stored.
    ///
    /// # Errors
    /// When the store fails or the value is malformed.
    pub fn count(self, hash: &Hash) -> Result<u32, StoreError> {
        Ok(self.entry(hash)?.map_or(0, |(count, _)| count))
    }

    fn entry(self, hash: &Hash) -> Result<Option<(u32, Vec<u8>)>, StoreError> {
        let Some(mut value) = self.0.get(Column::State, hash.as_ref())? else { return Ok(None) };
        let count = value.first_chunk::<COUNT_BYTES>().map(|bytes| u32::from_le_bytes(*bytes));
        match count {
            Some(count) if count > 0 => {
                value.drain(..COUNT_BYTES);
                Ok(Some((count, value)))
            }
            _ => Err(StoreError::MalformedNode { node: *hash }),
        }
    }
}

impl NodeSource for StateNodes<'_> {
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
        let entry = self.entry(hash).map_err(|error| StateError::Source(error.to_string()))?;
        Ok(entry.map(|(_, bytes)| bytes))
    }
}

#[derive(Default)]
struct Change {
    added: u32,
    removed: u32,
    bytes: Option<Vec<u8>>,
}

/// Changes of counts that go into one batch together, so that the same node may occur in several.
///
/// The order of the calls does not matter: a node goes only when all of them together leave no use.
pub struct StateStage<'a> {
    nodes: StateNodes<'a>,
    changes: BTreeMap<Hash, Change>,
}

impl fmt::Debug for StateStage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateStage").field("nodes", &self.changes.len()).finish_non_exhaustive()
    }
}

impl StateStage<'_> {
    /// Adds one use of every fresh node of `commit`. Its stale nodes stay until they are released.
    pub fn stage_commit(&mut self, commit: &Commit) {
        for (hash, bytes) in &commit.fresh {
            let change = self.changes.entry(*hash).or_default();
            change.added = change.added.saturating_add(1);
            change.bytes.get_or_insert_with(|| bytes.clone());
        }
    }

    /// Takes one use of every node of `nodes` away.
    pub fn stage_release<'h>(&mut self, nodes: impl IntoIterator<Item = &'h Hash>) {
        for hash in nodes {
            let change = self.changes.entry(*hash).or_default();
            change.removed = change.removed.saturating_add(1);
        }
    }

    /// Puts the changes into `batch`. Until that is written, no other stage may be finished.
    ///
    /// # Errors
    /// When the store fails, or a node would be released more often than committed; then `batch` is
    /// as before.
    pub fn finish(self, batch: &mut Batch) -> Result<(), StoreError> {
        let mut staged = Batch::new();
        for (hash, change) in self.changes {
            let stored = self.nodes.entry(&hash)?;
            let (count, bytes) = match stored {
                Some((count, bytes)) => (count, Some(bytes)),
                None => (0, change.bytes),
            };
            let after = count
                .checked_add(change.added)
                .and_then(|sum| sum.checked_sub(change.removed))
                .ok_or(StoreError::ReleasedTooOften { node: hash })?;
            match bytes {
                Some(bytes) if after > 0 => {
                    staged.put(Column::State, hash.0, [after.to_le_bytes().as_slice(), &bytes].concat());
                }
                _ if after == 0 => staged.delete(Column::State, hash.0),
                _ => return Err(StoreError::MalformedNode { node: hash }),
            }
        }
        batch.extend(staged);
        Ok(())
    }
}
