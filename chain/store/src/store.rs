//! The one trait behind which every store lies.

use crate::{Batch, Column, StoreError};
use std::sync::Arc;

/// In which order a scan goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From small keys to large ones.
    Forward,
    /// From large keys to small ones.
    Reverse,
}

/// A key-value store with columns and atomic batches. Keys are ordered byte by byte.
pub trait Store: Send + Sync {
    /// The value of `key`; `None` when there is none.
    ///
    /// # Errors
    /// When the value cannot be read or is damaged.
    fn get(&self, column: Column, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// At most `limit` pairs whose key starts with `prefix`, in `direction`.
    ///
    /// The scan starts at `from`, a whole key and part of the result if it exists; without it, at the
    /// first key of the prefix in that direction. A `from` that lies before the prefix in the scan's
    /// direction changes nothing, one behind it leaves no result.
    ///
    /// # Errors
    /// When a pair cannot be read or is damaged.
    #[expect(clippy::type_complexity, reason = "a list of pairs says more than a name for it would")]
    fn scan(
        &self,
        column: Column,
        prefix: &[u8],
        from: Option<&[u8]>,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError>;

    /// Applies `batch`: all of it or nothing; on disk at return when [`Batch::sync`] is set.
    ///
    /// # Errors
    /// When it could not be written; then nothing of it is visible.
    fn write(&self, batch: Batch) -> Result<(), StoreError>;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn get(&self, column: Column, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).get(column, key)
    }

    fn scan(
        &self,
        column: Column,
        prefix: &[u8],
        from: Option<&[u8]>,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        (**self).scan(column, prefix, from, direction, limit)
    }

    fn write(&self, batch: Batch) -> Result<(), StoreError> {
        (**self).write(batch)
    }
}
