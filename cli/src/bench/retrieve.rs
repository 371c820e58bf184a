//! Retrieval out of plots.

use super::plotted::{note, plot};
use super::{Figures, figures, median, mib, rounded, timed};
use crate::error::{CliError, internal};
use auto_archiver::verify_piece;
use auto_core::{PieceIndex, PieceOffset, RAW_RECORD_BYTES, SectorIndex};
use serde_json::json;

const PIECES: u16 = 16;
const SECTORS: u32 = 2;
const READS: u16 = 15;

pub(super) fn measure() -> Result<Figures, CliError> {
    let plotted = plot(PIECES, SECTORS)?;
    let mut read_s = Vec::new();
    let mut whole_s = Vec::new();
    for at in 0..plotted.segment.pieces.len().min(usize::from(READS) * 4) {
        let index = PieceIndex(u64::try_from(at).map_err(internal)?);
        let Some((sector, offset)) = plotted.farm.locate(index) else { continue };
        let (time, piece) = timed(|| plotted.farm.read_piece(sector, offset));
        let piece = piece?;
        read_s.push(time);
        // What an object costs: the piece is verified and turned into the bytes that it holds.
        let (more, raw) = timed(|| {
            let verified = verify_piece(&plotted.params, &plotted.segment.header, index, &piece);
            verified.map(|_| auto_kzg::record_to_raw(&piece.record))
        });
        raw.map_err(internal)?;
        whole_s.push(time + more);
    }
    if read_s.is_empty() {
        let (time, piece) = timed(|| plotted.farm.read_piece(SectorIndex(0), PieceOffset(0)));
        piece?;
        read_s.push(time);
        whole_s.push(time);
    }
    let count = whole_s.len();
    let per_piece = median(whole_s);
    Ok(figures([
        ("l1_ms_per_piece", rounded(median(read_s) * 1e3)),
        ("object_mib_per_s", rounded(mib(RAW_RECORD_BYTES) / per_piece)),
        (
            "note",
            json!(format!(
                "{}; median of {count} pieces; objects with each piece verified against its segment",
                note(PIECES, SECTORS)
            )),
        ),
    ]))
}
