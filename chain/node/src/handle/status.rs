//! The node at a glance.

use super::NodeHandle;
use crate::records::{Records, number_key};
use crate::{BlockId, NodeError, NodePhase, NodeStatus, SegmentView};
use auto_core::{PIECE_BYTES, SegmentIndex, range_to_pieces};
use auto_store::{Column, Direction};
use std::sync::atomic::Ordering;

impl NodeHandle {
    /// The node at a glance.
    ///
    /// # Errors
    /// When the store fails.
    pub fn status(&self) -> Result<NodeStatus, NodeError> {
        let shared = &self.shared;
        let tips = self.tips()?;
        let head = self.record(&tips.head)?;
        let state = self.state(&head);
        let issuance = auto_ledger::issuance(&state).map_err(NodeError::Ledger)?;
        let fees = auto_ledger::byte_fees(&state).map_err(NodeError::Ledger)?;
        let (peers, pool, reorgs, own_blocks_refused, head_at, target) = {
            let machine = shared.machine.lock();
            (
                machine.peer_count(),
                machine.pool().len(),
                machine.reverted(),
                machine.refused(),
                machine.head_at(),
                machine.sync_target(),
            )
        };
        let range = head.state.solution_range();
        let pieces = range_to_pieces(self.params(), range);
        let piece_bytes = u64::try_from(PIECE_BYTES).unwrap_or(u64::MAX);
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(NodeStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            genesis: self.genesis(),
            params_hash: self.params().hash(),
            phase: target.map_or(NodePhase::Running, |target| NodePhase::Syncing { target }),
            head: BlockId { number: head.header.number, hash: tips.head },
            confirmed: BlockId { number: tips.confirmed_number, hash: tips.confirmed },
            slot: auto_core::Slot(shared.slot.load(Ordering::Relaxed)),
            history_size: head.state.history_size(),
            solution_range: range,
            pledged_bytes: pieces.saturating_mul(piece_bytes),
            byte_fee: fees.next,
            issuance: issuance.total,
            peers: count(peers),
            pool: count(pool),
            head_age_s: shared.now().0.saturating_sub(head_at.0) / 1000,
            reorgs,
            own_blocks_refused,
        })
    }

    /// Archived segments, the newest first, below `before`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn segments(
        &self,
        before: Option<SegmentIndex>,
        limit: usize,
    ) -> Result<Vec<SegmentView>, NodeError> {
        let records: Records<'_> = self.records();
        let from = match before {
            Some(SegmentIndex(0)) => return Ok(Vec::new()),
            Some(index) => Some(number_key(index.0.saturating_sub(1))),
            None => None,
        };
        let from = from.as_ref().map(<[u8; 8]>::as_slice);
        let rows = self.shared.store.scan(Column::Segments, &[], from, Direction::Reverse, limit)?;
        let newest = records.segment(SegmentIndex(0))?.map(|_| self.shared.retriever.history_size());
        let coverage: Vec<_> = newest
            .map(|size| self.shared.farms.iter().filter_map(|farming| farming.farm.coverage(size)).collect())
            .unwrap_or_default();
        let mut segments = Vec::new();
        for (key, _) in rows {
            let Some(index) = key.first_chunk::<8>().map(|bytes| SegmentIndex(u64::from_be_bytes(*bytes)))
            else {
                continue;
            };
            let Some(record) = records.segment(index)? else { continue };
            let pieces = self.params().pieces_per_segment();
            let first = usize::try_from(index.0.saturating_mul(pieces)).unwrap_or(usize::MAX);
            let count = usize::try_from(pieces).unwrap_or(usize::MAX);
            let is_plotted = |at: usize| {
                coverage.iter().any(|coverage: &auto_farmer::Coverage| {
                    coverage.copies.get(at).is_some_and(|copies| *copies > 0)
                })
            };
            let plotted = (first..first.saturating_add(count)).filter(|at| is_plotted(*at)).count();
            segments.push(SegmentView {
                index,
                commitment: crate::Commitment48(record.header.commitment),
                last_block: record.header.last_archived_block.number,
                pieces,
                plotted_pieces: u64::try_from(plotted).unwrap_or(u64::MAX),
            });
        }
        Ok(segments)
    }
}
