//! Scrubbing: reading everything back and comparing it with its checksums.

use crate::{Farm, FarmError, Part};
use auto_core::SectorIndex;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a scrub found.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct ScrubReport {
    /// Plotted sectors that were read.
    pub checked: u32,
    /// Bytes that were read.
    pub bytes_read: u64,
    /// Damaged sectors with the first damaged part of each.
    pub damaged: Vec<(SectorIndex, Part)>,
    /// Sectors that the disk failed to read; they are not touched, since the disk may recover.
    pub unreadable: Vec<SectorIndex>,
    /// Whether the damaged sectors were quarantined.
    pub quarantined: bool,
    /// Whether it was stopped before the last sector.
    pub stopped: bool,
}

impl Farm {
    /// Reads every plotted sector and compares all of it with its checksums.
    ///
    /// Damaged sectors are quarantined, to be plotted anew, unless it is a dry run. Nothing is ever
    /// deleted, and farming goes on meanwhile. A set `stop` ends it after the sector at hand.
    ///
    /// # Errors
    /// When a damaged sector cannot be quarantined.
    pub fn scrub(&self, dry_run: bool, stop: &AtomicBool) -> Result<ScrubReport, FarmError> {
        let mut report = ScrubReport { quarantined: !dry_run, ..ScrubReport::default() };
        for plotted in self.plotted() {
            if stop.load(Ordering::Relaxed) {
                report.stopped = true;
                break;
            }
            let verified = self.page_matches(&plotted).and_then(|()| self.reader(&plotted).verify());
            if self.plotted_sector(plotted.sector).map_or(true, |now| now.digest != plotted.digest) {
                // It was replaced meanwhile, which says nothing about either.
                continue;
            }
            report.checked += 1;
            report.bytes_read = report.bytes_read.saturating_add(self.layout.sector_bytes());
            if matches!(verified, Err(FarmError::Io { .. })) {
                report.unreadable.push(plotted.sector);
                continue;
            }
            let verified = if dry_run { verified } else { self.guard(&plotted, verified) };
            match verified {
                Ok(()) | Err(FarmError::Stale(_)) => {}
                Err(FarmError::Damaged { sector, part }) => report.damaged.push((sector, part)),
                Err(error) => return Err(error),
            }
        }
        Ok(report)
    }

    /// Whether a sector's page on disk still says what memory says.
    fn page_matches(&self, plotted: &crate::farm::Plotted) -> Result<(), FarmError> {
        use crate::header::SectorHeader;
        let reader = self.reader(plotted);
        let mut page = vec![0; usize::try_from(crate::layout::PAGE).unwrap_or_default()];
        reader.read(&mut page, 0)?;
        let expected = SectorHeader::Plotted { history_size: plotted.history_size, digest: plotted.digest };
        if SectorHeader::from_page(&page, &self.identity, plotted.sector) == expected {
            Ok(())
        } else {
            Err(reader.damaged(Part::Header))
        }
    }

    /// Sets a sector aside by hand, to be plotted anew; its bytes stay until then.
    ///
    /// # Errors
    /// When the sector is not plotted or the disk fails.
    pub fn quarantine(&self, sector: SectorIndex) -> Result<(), FarmError> {
        let plotted = self.plotted_sector(sector)?;
        self.set_header(plotted.slot, crate::header::SectorHeader::Quarantined { part: Part::Record })
    }
}
