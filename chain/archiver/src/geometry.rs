//! How records lie in segments and pieces in the history.

use auto_core::{PieceIndex, ProtocolParams, RAW_RECORD_BYTES, SegmentIndex};

/// The sizes that decide where a byte lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Geometry {
    /// Source records of a segment.
    pub(crate) records: usize,
    /// Bytes of a raw record.
    pub(crate) record_bytes: usize,
}

impl Geometry {
    pub(crate) fn new(params: &ProtocolParams) -> Self {
        Self { records: usize::from(params.records_per_segment), record_bytes: RAW_RECORD_BYTES }
    }

    /// Bytes of a segment.
    pub(crate) const fn segment_bytes(self) -> usize {
        self.records.saturating_mul(self.record_bytes)
    }

    /// The piece that holds source record `record` of a segment; `None` beyond the number range.
    pub(crate) fn source_piece(self, segment: SegmentIndex, record: usize) -> Option<PieceIndex> {
        let pieces = u64::try_from(self.records).ok()?.checked_mul(2)?;
        let position = u64::try_from(record).ok()?.checked_mul(2)?;
        segment.0.checked_mul(pieces)?.checked_add(position).map(PieceIndex)
    }

    /// The segment and the source record that a piece holds; `None` for a parity piece.
    pub(crate) fn source_record(self, piece: PieceIndex) -> Option<(SegmentIndex, usize)> {
        let pieces = u64::try_from(self.records).ok()?.checked_mul(2)?;
        let position = piece.position(pieces)?;
        if position % 2 == 1 {
            return None;
        }
        Some((piece.segment(pieces)?, usize::try_from(position / 2).ok()?))
    }

    /// The source piece behind `piece`; `None` for a parity piece or beyond the number range.
    pub(crate) fn next_source(self, piece: PieceIndex) -> Option<PieceIndex> {
        self.source_record(piece)?;
        // Parity stands at the odd positions, and a segment ends with one.
        piece.checked_add(2)
    }
}
