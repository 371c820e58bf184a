//! Writes that happen together.

use crate::Column;

/// One write of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// Sets a key, whether it exists or not.
    Put {
        /// Key space.
        column: Column,
        /// Key inside the column.
        key: Vec<u8>,
        /// Its new value.
        value: Vec<u8>,
    },
    /// Removes a key; nothing happens when it does not exist.
    Delete {
        /// Key space.
        column: Column,
        /// Key inside the column.
        key: Vec<u8>,
    },
}

/// Writes that are applied in order, and together or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// Whether the batch, and every one before it, must be on the disk when the write returns.
    pub sync: bool,
    operations: Vec<Operation>,
}

impl Batch {
    /// An empty batch that is not synced.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty batch that is on the disk when its write returns.
    #[must_use]
    pub fn synced() -> Self {
        Self { sync: true, operations: Vec::new() }
    }

    /// Sets `key`; a later operation on the same key wins.
    pub fn put(&mut self, column: Column, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) {
        self.operations.push(Operation::Put { column, key: key.into(), value: value.into() });
    }

    /// Removes `key`; a later operation on the same key wins.
    pub fn delete(&mut self, column: Column, key: impl Into<Vec<u8>>) {
        self.operations.push(Operation::Delete { column, key: key.into() });
    }

    /// Appends the operations of `other`; the result is synced when either was.
    pub fn extend(&mut self, other: Self) {
        self.sync |= other.sync;
        self.operations.extend(other.operations);
    }

    /// The operations, in order.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The number of operations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.operations.len()
    }

    /// Whether there is no operation.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    pub(crate) fn into_operations(self) -> Vec<Operation> {
        self.operations
    }
}
