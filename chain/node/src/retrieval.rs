//! Pieces and objects of the archived history, from wherever they still are.
//!
//! The order is the node's cache, then plotted sectors, then any half of the segment's other pieces.

use crate::records::{ObjectRecord, Records};
use crate::{NodeError, Withheld};
use auto_archiver::{ObjectReader, piece_to_raw, reconstruct_segment, verify_piece};
use auto_core::{
    Commitment, Hash, HistorySize, PIECE_BYTES, Piece, PieceIndex, ProtocolParams, SegmentIndex,
};
use auto_farmer::Farm;
use auto_store::{Column, Direction, Store};
use parity_scale_codec::Encode;
use parking_lot::{Mutex, RwLock};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes of reconstructed segments that are kept for each way of retrieval, for the pieces that are asked
/// for next.
const KEPT_BYTES: u64 = 64 << 20;

/// Segments put together last. The lock is never held while one is made: a thread that waits for others
/// to help may be given work that asks for the same segment.
type Reconstructed = Mutex<BTreeMap<SegmentIndex, Arc<Vec<Piece>>>>;

/// Gets pieces and objects.
pub(crate) struct Retriever {
    params: ProtocolParams,
    store: Arc<dyn Store>,
    farms: RwLock<Vec<Arc<Farm>>>,
    /// One for each way of retrieval, since what one of them may use another must not.
    reconstructed: [Reconstructed; 3],
}

impl std::fmt::Debug for Retriever {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Retriever")
    }
}

impl Retriever {
    pub(crate) fn new(params: ProtocolParams, store: Arc<dyn Store>) -> Self {
        Self { params, store, farms: RwLock::new(Vec::new()), reconstructed: Default::default() }
    }

    pub(crate) fn add_farm(&self, farm: Arc<Farm>) {
        self.farms.write().push(farm);
    }

    /// Length of the history whose segments are in the store.
    pub(crate) fn history_size(&self) -> HistorySize {
        let records = Records(&*self.store);
        let tips = records.tips().ok().flatten();
        let head = tips.and_then(|tips| records.block(&tips.head).ok().flatten());
        head.map_or(HistorySize::ONE, |record| record.state.history_size())
    }

    /// Number of segments in the store, those included that no block has announced yet.
    pub(crate) fn stored_segments(&self) -> Result<u64, NodeError> {
        let newest = self.store.scan(Column::Segments, &[], None, Direction::Reverse, 1)?;
        let last = newest.first().and_then(|(key, _)| key.first_chunk::<8>().copied());
        Ok(last.map_or(0, |bytes| u64::from_be_bytes(bytes).saturating_add(1)))
    }

    pub(crate) fn commitment(&self, index: SegmentIndex) -> Option<Commitment> {
        Records(&*self.store).segment(index).ok().flatten().map(|record| record.header.commitment)
    }

    /// A verified piece; `None` when it cannot be had now.
    pub(crate) fn piece(&self, index: PieceIndex) -> Result<Option<Piece>, NodeError> {
        self.piece_without(index, Withheld::Nothing)
    }

    fn piece_without(&self, index: PieceIndex, without: Withheld) -> Result<Option<Piece>, NodeError> {
        if let Some(piece) = self.at_hand(index, without)? {
            return Ok(Some(piece));
        }
        self.reconstruct(index, without)
    }

    /// A piece as it is somewhere, without putting it together from others.
    fn at_hand(&self, index: PieceIndex, without: Withheld) -> Result<Option<Piece>, NodeError> {
        // Source pieces are at even positions, and a segment has an even number of pieces.
        if without == Withheld::SourcePieces && index.0.is_multiple_of(2) {
            return Ok(None);
        }
        let Some(segment) = index.segment(self.params.pieces_per_segment()) else { return Ok(None) };
        let Some(record) = Records(&*self.store).segment(segment)? else { return Ok(None) };
        let is_good = |piece: &Piece| verify_piece(&self.params, &record.header, index, piece).is_ok();
        // This node archived it itself, and the store checks its own checksums.
        if without == Withheld::Nothing
            && let Some(bytes) = Records(&*self.store).piece(index)?
            && let Some(piece) = Piece::from_bytes(&bytes)
        {
            return Ok(Some(piece));
        }
        let farms = self.farms.read().clone();
        for farm in farms {
            if let Some((sector, offset)) = farm.locate(index)
                && let Ok(piece) = farm.read_piece(sector, offset)
                && is_good(&piece)
            {
                return Ok(Some(piece));
            }
        }
        Ok(None)
    }

    /// Puts a segment together from any half of its pieces.
    fn reconstruct(&self, index: PieceIndex, without: Withheld) -> Result<Option<Piece>, NodeError> {
        let count = self.params.pieces_per_segment();
        let (Some(segment), Some(position)) = (index.segment(count), index.position(count)) else {
            return Ok(None);
        };
        let Some(record) = Records(&*self.store).segment(segment)? else { return Ok(None) };
        let [nothing, cache, source] = &self.reconstructed;
        let kept = match without {
            Withheld::Nothing => nothing,
            Withheld::Cache => cache,
            Withheld::SourcePieces => source,
        };
        let pick = |pieces: &[Piece]| usize::try_from(position).ok().and_then(|at| pieces.get(at)).cloned();
        let known = kept.lock().get(&segment).map(Arc::clone);
        if let Some(pieces) = known {
            return Ok(pick(&pieces));
        }
        let Some(pieces) = self.half_of(segment, count, without)? else { return Ok(None) };
        let pieces =
            reconstruct_segment(&self.params, &record.header, &pieces).map_err(NodeError::Archive)?;
        let piece = pick(&pieces);
        let bytes = u64::try_from(PIECE_BYTES).unwrap_or(u64::MAX).saturating_mul(count).max(1);
        let mut kept = kept.lock();
        while !kept.is_empty() && u64::try_from(kept.len()).unwrap_or(u64::MAX) >= KEPT_BYTES / bytes {
            kept.pop_first();
        }
        kept.insert(segment, Arc::new(pieces));
        Ok(piece)
    }

    /// Any half of a segment's pieces, by position; `None` when less is at hand.
    fn half_of(
        &self,
        segment: SegmentIndex,
        count: u64,
        without: Withheld,
    ) -> Result<Option<Vec<Option<Piece>>>, NodeError> {
        let first = segment.0.saturating_mul(count);
        let needed = usize::try_from(count / 2).unwrap_or(usize::MAX);
        let mut pieces: Vec<Option<Piece>> = Vec::new();
        let mut next = 0;
        while next < count {
            // Reading a plotted piece takes a core a while, so as many are read at once as are missing.
            let missing = needed.saturating_sub(pieces.iter().flatten().count());
            let end = next.saturating_add(u64::try_from(missing).unwrap_or(u64::MAX)).min(count);
            if missing == 0 {
                break;
            }
            let read = |offset| self.at_hand(PieceIndex(first.saturating_add(offset)), without);
            let batch: Result<Vec<_>, _> = (next..end).into_par_iter().map(read).collect();
            pieces.extend(batch?);
            next = end;
        }
        if pieces.iter().flatten().count() < needed {
            return Ok(None);
        }
        pieces.resize(usize::try_from(count).unwrap_or(usize::MAX), None);
        Ok(Some(pieces))
    }

    /// The bytes of an object; `None` when the best chain has none of this hash.
    pub(crate) fn object(&self, hash: &Hash, without: Withheld) -> Result<Option<Vec<u8>>, NodeError> {
        let records = Records(&*self.store);
        let Some(record) = records.object(hash)? else { return Ok(None) };
        if without == Withheld::Nothing
            && let Some(body) = records.body(&record.block)?
            && let Some(block) = records.block(&record.block)?
        {
            return Ok(from_block(&body.into_block(block.header).encode(), &record));
        }
        let unretrievable = |reason: String| NodeError::Unretrievable { hash: *hash, reason };
        let Some(mapping) = record.archived else {
            return Err(unretrievable(format!("block {} is not archived yet", record.number)));
        };
        let mut reader =
            ObjectReader::new(&self.params, &mapping, record.size).map_err(NodeError::Archive)?;
        loop {
            let needs = reader.needs();
            if needs.is_empty() {
                break;
            }
            for index in needs {
                let piece = self.piece_without(index, without)?;
                let piece = piece.ok_or_else(|| {
                    unretrievable(format!("piece {index} is not at hand, nor half of its segment"))
                })?;
                let raw = piece_to_raw(index, &piece).map_err(NodeError::Archive)?;
                reader.feed(index, &raw).map_err(NodeError::Archive)?;
            }
        }
        reader.finish().map(Some).map_err(NodeError::Archive)
    }
}

fn from_block(encoded: &[u8], record: &ObjectRecord) -> Option<Vec<u8>> {
    let start = usize::try_from(record.offset).ok()?.checked_add(4)?;
    let end = start.checked_add(usize::try_from(record.size).ok()?)?;
    encoded.get(start..end).map(<[u8]>::to_vec)
}
