//! Auditing: what a slot reads, and how many sectors a second can be audited.

use super::plotted::{note, plot};
use super::{Figures, figures, median, whole};
use crate::error::CliError;
use auto_core::{Preset, ProtocolParams, RECORD_BYTES, SolutionRange, hash};
use serde_json::json;

const PIECES: u16 = 256;
const SECTORS: u32 = 2;
const AUDITS: u32 = 400;

pub(super) fn measure() -> Result<Figures, CliError> {
    let plotted = plot(PIECES, SECTORS)?;
    let mut seconds = Vec::new();
    let mut bytes = 0u64;
    for slot in 0..AUDITS {
        let report = plotted.farm.audit(&hash(&slot.to_le_bytes()), SolutionRange(0));
        bytes = bytes.saturating_add(report.bytes_read);
        seconds.push(report.elapsed.as_secs_f64());
    }
    let record = u64::try_from(RECORD_BYTES).unwrap_or(u64::MAX);
    let held = u64::from(SECTORS).saturating_mul(u64::from(PIECES)).saturating_mul(record);
    // Per GiB of history that the plot holds.
    let per_gib = u128::from(bytes) * (1 << 30) / u128::from(AUDITS) / u128::from(held.max(1));
    // An audit of a full sector hashes as many times more chunks; opening the sector costs the same, so
    // this is less than what full sectors give.
    let full = f64::from(ProtocolParams::preset(Preset::Production).pieces_in_sector) / f64::from(PIECES);
    Ok(figures([
        ("bytes_read_per_plotted_gib", json!(u64::try_from(per_gib).unwrap_or(u64::MAX))),
        ("sectors_per_second", whole(f64::from(SECTORS) / median(seconds) / full)),
        (
            "note",
            json!(format!(
                "{}; {AUDITS} audits of a plot in the disk cache; sectors counted as full ones of 8000 pieces",
                note(PIECES, SECTORS)
            )),
        ),
    ]))
}
