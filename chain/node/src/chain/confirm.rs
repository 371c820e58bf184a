//! Blocks that can no longer be reverted: archiving, pruning, forgetting dead branches.

use super::{Chain, index::Staged};
use crate::records::{
    Records, SegmentRecord, StateJournal, TIPS, Tips, cut_key, events_key, journal_key, number_key, put,
};
use crate::{BlockId, Imported, NodeError, Standing};
use auto_archiver::{ArchivedSegment, Archiver};
use auto_consensus::ChainState;
use auto_core::{BlockNumber, Hash, List, PieceIndex, ProtocolParams, SegmentIndex};
use auto_store::{Batch, Column, StateNodes, StateStage};
use parity_scale_codec::Encode;

/// The archiver as it was when the store was last written.
pub(super) fn resume(
    records: &Records<'_>,
    params: &ProtocolParams,
    tips: &Tips,
) -> Result<Archiver, NodeError> {
    let mut last = records.segment(SegmentIndex(0))?;
    let mut next = 1;
    while let Some(record) = records.segment(SegmentIndex(next))? {
        last = Some(record);
        next = next.saturating_add(1);
    }
    let last = last.ok_or(NodeError::Missing { what: "segment", key: "0".to_owned() })?.header;
    let place = last.last_archived_block;
    // A block that is only partly archived comes first, for its rest.
    let first = place.number.0.saturating_add(u64::from(place.partial_bytes.is_none()));
    let mut blocks = Vec::new();
    for number in first..=tips.confirmed_number.0 {
        let missing = |what| move || NodeError::Missing { what, key: number.to_string() };
        let hash = records.canonical(BlockNumber(number))?.ok_or_else(missing("height"))?;
        let header = records.block(&hash)?.ok_or_else(missing("block"))?.header;
        let block = records.body(&hash)?.ok_or_else(missing("body"))?.into_block(header);
        let objects = auto_ledger::block_objects(&block);
        blocks.push((BlockNumber(number), block.encode(), objects));
    }
    let (archiver, segments) = Archiver::resume(params, last, blocks).map_err(NodeError::Archive)?;
    match segments.first() {
        None => Ok(archiver),
        // Every segment was stored with the block that completed it.
        Some(segment) => Err(NodeError::Missing { what: "segment", key: segment.header.index.to_string() }),
    }
}

impl Chain {
    /// Archives ahead of the best chain where a longer, lighter branch needs it.
    ///
    /// The child of a block announces the segments that came of the block `confirmation depth` below it.
    /// That block is confirmed by the branch even if the best chain is shorter, so long as it is on both.
    pub(super) fn archive_for(&mut self, parent: &ChainState) -> Result<Vec<SegmentIndex>, NodeError> {
        let Some(needed) = parent.number().0.checked_sub(self.rules.params.confirmation_depth) else {
            return Ok(Vec::new());
        };
        if needed <= self.tips.confirmed_number.0 {
            return Ok(Vec::new());
        }
        let mut at = parent.hash();
        for _ in 0..self.rules.params.confirmation_depth {
            at = self.record(&at)?.header.parent_hash;
        }
        if self.records().canonical(BlockNumber(needed))? != Some(at) {
            return Err(NodeError::ForkTooDeep {
                number: parent.number(),
                depth: self.rules.params.confirmation_depth,
            });
        }
        let store = std::sync::Arc::clone(&self.store);
        let mut batch = Batch::new();
        let mut staged = Staged::new(&*store);
        let mut stage = StateNodes(&*store).stage();
        let mut imported = Imported {
            standing: Standing::Known,
            segments: Vec::new(),
            confirmed: None,
            included: Vec::new(),
            returned: Vec::new(),
            included_submissions: Vec::new(),
            returned_submissions: Vec::new(),
        };
        self.confirm(&mut batch, &mut staged, &mut stage, at, &mut imported)?;
        put(&mut batch, Column::Meta, TIPS, &self.tips);
        stage.finish(&mut batch)?;
        store.write(batch)?;
        Ok(imported.segments)
    }

    /// Confirms a block of the best chain and its ancestors: archives them, forgets dead branches.
    pub(super) fn confirm(
        &mut self,
        batch: &mut Batch,
        staged: &mut Staged<'_>,
        stage: &mut StateStage<'_>,
        target: Hash,
        imported: &mut Imported,
    ) -> Result<(), NodeError> {
        let old = self.tips.confirmed_number;
        let number = self
            .tree
            .number(&target)
            .ok_or_else(|| NodeError::Missing { what: "block", key: target.to_string() })?;
        let discarded = self.tree.confirm(&target).map_err(NodeError::Consensus)?;
        for height in old.0.saturating_add(1)..=number.0 {
            let hash = staged.canonical(BlockNumber(height))?;
            let hash = hash.ok_or_else(|| NodeError::Missing { what: "height", key: height.to_string() })?;
            self.archive(batch, staged, BlockNumber(height), &hash, imported)?;
        }
        for hash in &discarded {
            if let Some(journal) = self.journal(hash)? {
                stage.stage_release(&journal.fresh);
            }
            batch.delete(Column::Index, journal_key(hash));
            batch.delete(Column::Index, events_key(hash));
            batch.delete(Column::Blocks, hash.0);
            batch.delete(Column::Bodies, hash.0);
        }
        self.close_rows(batch, &discarded, number)?;
        self.tips.confirmed = target;
        self.tips.confirmed_number = number;
        self.release_states(batch, staged, stage)?;
        imported.confirmed = Some(BlockId { number, hash: target });
        Ok(())
    }

    /// Takes the rows of blocks that are no longer above the confirmed one out of the list of open blocks.
    fn close_rows(
        &self,
        batch: &mut Batch,
        discarded: &[Hash],
        confirmed: BlockNumber,
    ) -> Result<(), NodeError> {
        for (arrival, hash) in self.records().open_blocks()? {
            let settled = match self.records().block(&hash)? {
                Some(record) => record.header.number <= confirmed,
                None => false,
            };
            if settled || discarded.contains(&hash) {
                batch.delete(Column::Index, crate::records::open_key(arrival));
            }
        }
        Ok(())
    }

    fn journal(&self, hash: &Hash) -> Result<Option<StateJournal>, NodeError> {
        self.records().read(Column::Index, &journal_key(hash))
    }

    /// Lets go of states that are older than the retention, and that every follower was told of.
    fn release_states(
        &mut self,
        batch: &mut Batch,
        staged: &Staged<'_>,
        stage: &mut StateStage<'_>,
    ) -> Result<(), NodeError> {
        let Some(kept) = self.retention.states else { return Ok(()) };
        let oldest = self.tips.confirmed_number.0.saturating_sub(kept);
        let oldest = self.untold.map_or(oldest, |untold| untold.0.min(oldest));
        while self.tips.oldest_state.0 < oldest {
            // The child of a block made stale what only the states up to that block need.
            let child = BlockNumber(self.tips.oldest_state.0.saturating_add(1));
            if let Some(hash) = staged.canonical(child)?
                && let Some(journal) = self.journal(&hash)?
            {
                stage.stage_release(&journal.stale);
                batch.delete(Column::Index, journal_key(&hash));
            }
            self.tips.oldest_state = child;
        }
        Ok(())
    }

    fn archive(
        &mut self,
        batch: &mut Batch,
        staged: &mut Staged<'_>,
        number: BlockNumber,
        hash: &Hash,
        imported: &mut Imported,
    ) -> Result<(), NodeError> {
        let block = self.full_block(hash)?;
        let objects = auto_ledger::block_objects(&block);
        let segments =
            self.archiver.add_block(number, block.encode(), objects).map_err(NodeError::Archive)?;
        let mut cut = Vec::new();
        for segment in segments {
            cut.push(segment.header.index);
            self.store_segment(batch, staged, number, segment)?;
        }
        if !cut.is_empty() {
            imported.segments.extend(&cut);
            put(batch, Column::Index, cut_key(number), &List::<_, 64>::new(cut).unwrap_or_default());
        }
        Ok(())
    }

    fn store_segment(
        &self,
        batch: &mut Batch,
        staged: &mut Staged<'_>,
        cut_by: BlockNumber,
        segment: ArchivedSegment,
    ) -> Result<(), NodeError> {
        let ArchivedSegment { header, pieces, objects, .. } = segment;
        let first = header.index.0.saturating_mul(self.rules.params.pieces_per_segment());
        for (position, piece) in pieces.iter().enumerate() {
            let index = PieceIndex(first.saturating_add(u64::try_from(position).unwrap_or(u64::MAX)));
            batch.put(Column::Pieces, number_key(index.0), piece.to_bytes());
        }
        for object in objects {
            if let Some(mut record) = staged.object(&object.hash)?
                && record.archived.is_none()
            {
                record.archived = Some(object);
                staged.set_object(batch, object.hash, record);
            }
        }
        put(batch, Column::Segments, number_key(header.index.0), &SegmentRecord { header, cut_by });
        Ok(())
    }
}
