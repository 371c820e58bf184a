//! Plotting at production hardness.

use super::plotted::{note, plot};
use super::{Figures, figures, mib, rounded};
use crate::error::CliError;
use auto_core::{CHUNKS_PER_RECORD, RECORD_BYTES};
use serde_json::json;

const PIECES: u16 = 16;
const SECTORS: u32 = 4;

pub(super) fn measure() -> Result<Figures, CliError> {
    let plotted = plot(PIECES, SECTORS)?;
    // The first sector also warms everything up.
    let best = plotted.seconds.iter().copied().fold(f64::INFINITY, f64::min);
    let sector = mib(RECORD_BYTES * usize::from(PIECES));
    let entries = (1usize << plotted.params.space_k) / CHUNKS_PER_RECORD;
    Ok(figures([
        ("plot_mib_per_s", rounded(sector / best)),
        ("table_entries_per_chunk", json!(entries)),
        ("piece_ms", rounded(best * 1e3 / f64::from(PIECES))),
        ("note", json!(format!("{}; fastest sector", note(PIECES, SECTORS)))),
    ]))
}
