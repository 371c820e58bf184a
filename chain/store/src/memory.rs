//! The store without a disk, for tests and for networks that are thrown away.

use crate::range::KeyRange;
use crate::{Batch, Column, Direction, Operation, Store, StoreError};
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::ops::Bound;

type Columns = BTreeMap<Column, BTreeMap<Vec<u8>, Vec<u8>>>;

/// A store in memory that answers every call as [`crate::RocksStore`] does.
#[derive(Debug, Default)]
pub struct MemoryStore {
    columns: RwLock<Columns>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Store for MemoryStore {
    fn get(&self, column: Column, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.columns.read().get(&column).and_then(|pairs| pairs.get(key)).cloned())
    }

    fn scan(
        &self,
        column: Column,
        prefix: &[u8],
        from: Option<&[u8]>,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        let Some(range) = KeyRange::of_scan(prefix, from, direction) else { return Ok(Vec::new()) };
        let columns = self.columns.read();
        let Some(pairs) = columns.get(&column) else { return Ok(Vec::new()) };
        let upper = range.upper.map_or(Bound::Unbounded, Bound::Excluded);
        let found = pairs.range((Bound::Included(range.lower), upper));
        let owned = |(key, value): (&Vec<u8>, &Vec<u8>)| (key.clone(), value.clone());
        Ok(match direction {
            Direction::Forward => found.take(limit).map(owned).collect(),
            Direction::Reverse => found.rev().take(limit).map(owned).collect(),
        })
    }

    fn write(&self, batch: Batch) -> Result<(), StoreError> {
        let mut columns = self.columns.write();
        for operation in batch.into_operations() {
            match operation {
                Operation::Put { column, key, value } => {
                    columns.entry(column).or_default().insert(key, value);
                }
                Operation::Delete { column, key } => {
                    if let Some(pairs) = columns.get_mut(&column) {
                        pairs.remove(&key);
                    }
                }
            }
        }
        Ok(())
    }
}
