//! Archiving: one production segment from blocks to pieces, parity and witnesses included.

use super::{Figures, figures, mib, rounded, timed};
use crate::error::{CliError, internal};
use auto_archiver::Archiver;
use auto_core::{BlockNumber, Preset, ProtocolParams};
use auto_kzg::Kzg;
use serde_json::json;

pub(super) fn measure() -> Result<Figures, CliError> {
    // Loading the ceremony happens once in the life of a process.
    Kzg::ceremony();
    let params = ProtocolParams::preset(Preset::Production);
    let mut block = vec![0; 1 << 20];
    blake3_fill(&mut block);
    let mut archiver = Archiver::new(&params);
    let (seconds, segments) = timed(|| -> Result<usize, CliError> {
        let mut number = 0;
        loop {
            let segments =
                archiver.add_block(BlockNumber(number), block.clone(), Vec::new()).map_err(internal)?;
            number += 1;
            if !segments.is_empty() {
                return Ok(segments.len());
            }
        }
    });
    let archived = mib(params.segment_bytes()) * f64::from(u32::try_from(segments?).unwrap_or(1));
    Ok(figures([
        ("archive_mib_per_s", rounded(archived / seconds)),
        ("segment_mib", rounded(mib(params.segment_bytes()))),
        ("segment_s", rounded(seconds)),
        (
            "note",
            json!("one segment of 128 source and 128 parity pieces, all commitments and witnesses included"),
        ),
    ]))
}

/// Bytes that do not compress.
fn blake3_fill(bytes: &mut [u8]) {
    for (part, at) in bytes.chunks_mut(32).zip(0u32..) {
        let hash = auto_core::hash(&at.to_le_bytes());
        part.copy_from_slice(hash.0.get(..part.len()).unwrap_or(&[]));
    }
}
