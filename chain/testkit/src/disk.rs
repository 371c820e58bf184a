//! A store that can refuse a write, as a machine that dies in the middle of one.

use auto_store::{Batch, Column, Direction, MemoryStore, Store, StoreError};
use parking_lot::Mutex;
use std::sync::Arc;

/// A node's disk: it outlives the node.
#[derive(Debug)]
pub struct Disk {
    rows: Arc<MemoryStore>,
    /// Writes until one is refused.
    refuses_in: Mutex<Option<u64>>,
}

impl Disk {
    /// A disk with these rows.
    #[must_use]
    pub fn new(rows: Arc<MemoryStore>) -> Self {
        Self { rows, refuses_in: Mutex::new(None) }
    }

    /// Refuses the write after `writes` more.
    pub fn refuse_after(&self, writes: u64) {
        *self.refuses_in.lock() = Some(writes);
    }

    /// Refuses nothing any more.
    pub fn accept_all(&self) {
        *self.refuses_in.lock() = None;
    }
}

impl Store for Disk {
    fn get(&self, column: Column, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.rows.get(column, key)
    }

    fn scan(
        &self,
        column: Column,
        prefix: &[u8],
        from: Option<&[u8]>,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        self.rows.scan(column, prefix, from, direction, limit)
    }

    fn write(&self, batch: Batch) -> Result<(), StoreError> {
        let mut refuses_in = self.refuses_in.lock();
        match refuses_in.as_mut() {
            Some(0) => {
                *refuses_in = None;
                return Err(refused());
            }
            Some(left) => *left = left.saturating_sub(1),
            None => {}
        }
        drop(refuses_in);
        self.rows.write(batch)
    }
}

/// What the system says of a disk that is gone.
fn refused() -> StoreError {
    StoreError::Io { path: "disk of the simulation".into(), detail: "the write was refused".to_owned() }
}
