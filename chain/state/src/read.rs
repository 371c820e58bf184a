//! The seams of the state: where nodes come from, and who may read and write values.

use crate::StateError;
use auto_core::Hash;
use std::collections::BTreeMap;

/// Where the nodes of the tree are kept, each under its hash.
pub trait NodeSource {
    /// The stored bytes of a node; `None` when the source does not hold it.
    ///
    /// # Errors
    /// When the source fails.
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError>;
}

/// Nodes in memory, for tests, tools and blocks that are not stored yet.
pub type MemoryNodes = BTreeMap<Hash, Vec<u8>>;

impl NodeSource for MemoryNodes {
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
        Ok(self.get(hash).cloned())
    }
}

impl<S: NodeSource + ?Sized> NodeSource for &S {
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
        (**self).node(hash)
    }
}

/// Reading values.
pub trait StateRead {
    /// The value of a key; `None` when there is none.
    ///
    /// # Errors
    /// When the storage below fails or is damaged.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError>;
}

/// Reading and writing values.
pub trait StateWrite: StateRead {
    /// Sets the value of a key.
    fn put(&mut self, key: &[u8], value: Vec<u8>);
    /// Removes a key; without effect when there is none.
    fn delete(&mut self, key: &[u8]);
}

impl<R: StateRead + ?Sized> StateRead for &R {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        (**self).get(key)
    }
}

impl StateRead for BTreeMap<Vec<u8>, Vec<u8>> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        Ok(BTreeMap::get(self, key).cloned())
    }
}
