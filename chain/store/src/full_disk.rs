//! A store whose disk fills up on demand, for tests of what lies above it.

use crate::{Batch, Column, Direction, Store, StoreError};
use parking_lot::Mutex;
use std::fmt;
use std::path::PathBuf;

/// A test double: a store over another one, with room for a chosen number of writes.
///
/// A write for which there is no room is refused with [`StoreError::DiskFull`] and leaves nothing behind,
/// as do all after it until there is room again; reading always goes on. Dropping what was above it and
/// opening it anew over the same store is what a crash in the middle of a write looks like.
pub struct FullDisk<S> {
    inner: S,
    path: PathBuf,
    /// Writes that still fit; `None` when all do.
    room: Mutex<Option<u64>>,
}

impl<S: Store> FullDisk<S> {
    /// A disk over `inner` with room for everything. `path` is what its refusals name.
    pub fn new(inner: S, path: impl Into<PathBuf>) -> Self {
        Self { inner, path: path.into(), room: Mutex::new(None) }
    }

    /// Leaves room for `writes` more batches.
    pub fn leave_room(&self, writes: u64) {
        *self.room.lock() = Some(writes);
    }

    /// Makes room for everything.
    pub fn make_room(&self) {
        *self.room.lock() = None;
    }
}

impl<S> fmt::Debug for FullDisk<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FullDisk").field("path", &self.path).field("room", &self.room).finish_non_exhaustive()
    }
}

impl<S: Store> Store for FullDisk<S> {
    fn get(&self, column: Column, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.inner.get(column, key)
    }

    fn scan(
        &self,
        column: Column,
        prefix: &[u8],
        from: Option<&[u8]>,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        self.inner.scan(column, prefix, from, direction, limit)
    }

    fn write(&self, batch: Batch) -> Result<(), StoreError> {
        let mut room = self.room.lock();
        if let Some(writes) = room.as_mut() {
            *writes =
                writes.checked_sub(1).ok_or_else(|| StoreError::DiskFull { path: self.path.clone() })?;
        }
        drop(room);
        self.inner.write(batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryStore;
    use std::sync::Arc;

    #[test]
    fn there_is_room_for_as_many_writes_as_were_said() {
        let inner = Arc::new(MemoryStore::new());
        let disk = FullDisk::new(Arc::clone(&inner), "/data");
        let put = |key: u8| {
            let mut batch = Batch::new();
            batch.put(Column::Meta, [key], [key]);
            disk.write(batch)
        };
        let keys =
            || inner.scan(Column::Meta, b"", None, Direction::Forward, 99).expect("memory reads").len();
        put(0).expect("there is room for everything");
        disk.leave_room(2);
        for key in 1..=2 {
            put(key).expect("there is room");
        }
        for key in 3..=4 {
            let error = put(key).expect_err("there is none");
            assert!(error.to_string().contains("/data"), "{error}");
            assert_eq!(keys(), 3);
        }
        assert_eq!(disk.get(Column::Meta, &[2]).expect("reading goes on"), Some(vec![2]));
        disk.make_room();
        put(5).expect("there is room again");
        assert_eq!(keys(), 4);
    }
}
