//! Work on a stopped node's store.

use crate::NodeError;
use crate::follower::operator as follower;
use crate::records::Records;
use auto_core::{BlockNumber, SegmentIndex};
use auto_store::{Batch, Column, Direction, Store};

/// What was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Dropped {
    /// Bodies of archived blocks.
    pub bodies: u64,
    /// Cached pieces.
    pub pieces: u64,
}

/// Pieces deleted in one batch.
const PIECES_PER_BATCH: usize = 64;

/// Deletes every cached piece and the body of every block that is archived as a whole.
///
/// What is left is enough to go on; the history then lives in plots alone. The genesis body stays: the
/// next start reads it. So do the bodies of blocks that operators over this store have yet to follow.
///
/// # Errors
/// When the store fails.
pub fn drop_archived_copies(store: &dyn Store) -> Result<Dropped, NodeError> {
    let records = Records(store);
    let mut dropped = Dropped::default();
    let (mut last, mut next) = (0, 0);
    while let Some(record) = records.segment(SegmentIndex(next))? {
        let place = record.header.last_archived_block;
        let whole = place.number.0.checked_sub(u64::from(place.partial_bytes.is_some()));
        last = whole.unwrap_or(0);
        next = next.saturating_add(1);
    }
    if let Some(followed) = auto_operator::followed(store).map_err(follower::failed)? {
        last = last.min(followed.0);
    }
    let mut batch = Batch::synced();
    for number in 1..=last {
        if let Some(hash) = records.canonical(BlockNumber(number))?
            && records.body(&hash)?.is_some()
        {
            batch.delete(Column::Bodies, hash.0);
            dropped.bodies = dropped.bodies.saturating_add(1);
        }
    }
    store.write(batch)?;
    loop {
        let rows = store.scan(Column::Pieces, &[], None, Direction::Forward, PIECES_PER_BATCH)?;
        if rows.is_empty() {
            return Ok(dropped);
        }
        let mut batch = Batch::synced();
        for (key, _) in rows {
            batch.delete(Column::Pieces, key);
            dropped.pieces = dropped.pieces.saturating_add(1);
        }
        store.write(batch)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_store::MemoryStore;

    #[test]
    fn an_empty_store_loses_nothing() {
        assert_eq!(
            drop_archived_copies(&MemoryStore::new()).expect("a memory store works"),
            Dropped::default()
        );
    }
}
