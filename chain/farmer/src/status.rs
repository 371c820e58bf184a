//! What a farm holds, as data for every surface.

use crate::header::SectorHeader;
use crate::plotter::piece_indexes;
use crate::{Farm, Part};
use auto_core::{HistorySize, ProtocolParams, SectorIndex};
use std::path::PathBuf;

/// What a sector is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum SectorState {
    /// Nothing is plotted.
    Unplotted,
    /// It farms.
    Plotted {
        /// Length of the history it was plotted with.
        history_size: HistorySize,
        /// At which length of the history it stops being valid, once that is known.
        expires: Option<HistorySize>,
    },
    /// The history has outgrown it; it waits to be plotted anew.
    Expired {
        /// Length of the history it was plotted with.
        history_size: HistorySize,
    },
    /// It is damaged and waits to be plotted anew.
    Quarantined {
        /// Where the damage was found.
        part: Part,
    },
}

/// Number of sectors by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct SectorCounts {
    /// Nothing is plotted.
    pub unplotted: u32,
    /// They farm.
    pub plotted: u32,
    /// The history has outgrown them.
    pub expired: u32,
    /// They are damaged.
    pub quarantined: u32,
}

/// What a farm holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FarmStatus {
    /// The plot file.
    pub path: PathBuf,
    /// Bytes reserved on disk.
    pub bytes: u64,
    /// Bytes of history that the farming sectors hold.
    pub plotted_bytes: u64,
    /// Number of sectors by state.
    pub counts: SectorCounts,
    /// Each sector, in order.
    pub sectors: Vec<(SectorIndex, SectorState)>,
    /// The next sector that expires and the length of the history at which it does.
    pub next_expiry: Option<(SectorIndex, HistorySize)>,
}

/// How often a farm holds each piece of the history.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Coverage {
    /// Copies by piece index; at most 255 are counted.
    pub copies: Vec<u8>,
}

impl Coverage {
    /// Different pieces that the farm holds.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.copies.iter().filter(|copies| **copies > 0).count()
    }

    /// Pieces of a segment, given its number, that the farm holds.
    #[must_use]
    pub fn in_segment(&self, params: &ProtocolParams, segment: u64) -> usize {
        let pieces = usize::try_from(params.pieces_per_segment()).unwrap_or(usize::MAX).max(1);
        let number = usize::try_from(segment).unwrap_or(usize::MAX);
        self.copies
            .chunks(pieces)
            .nth(number)
            .map_or(0, |segment| segment.iter().filter(|copies| **copies > 0).count())
    }
}

impl Farm {
    /// The state of every sector.
    #[must_use]
    pub fn status(&self) -> FarmStatus {
        let history = self.history_size();
        let mut counts = SectorCounts::default();
        let mut sectors = Vec::new();
        let mut next_expiry: Option<(SectorIndex, HistorySize)> = None;
        for (slot, sector) in (0..).zip(self.sectors.read().iter()) {
            let number = self.sector_number(slot);
            let state = match sector.header {
                SectorHeader::Unplotted => {
                    counts.unplotted += 1;
                    SectorState::Unplotted
                }
                SectorHeader::Quarantined { part } => {
                    counts.quarantined += 1;
                    SectorState::Quarantined { part }
                }
                SectorHeader::Plotted { history_size, .. } => {
                    let expires = sector.expires;
                    if expires.zip(history).is_some_and(|(expires, history)| expires <= history) {
                        counts.expired += 1;
                        SectorState::Expired { history_size }
                    } else {
                        counts.plotted += 1;
                        let sooner =
                            |expires: &HistorySize| next_expiry.is_none_or(|(_, next)| *expires < next);
                        if let Some(expires) = expires.filter(sooner) {
                            next_expiry = Some((number, expires));
                        }
                        SectorState::Plotted { history_size, expires }
                    }
                }
            };
            sectors.push((number, state));
        }
        let chunks = crate::layout::wide(self.layout.chunks() * auto_core::SCALAR_BYTES);
        FarmStatus {
            path: self.path.clone(),
            bytes: self.layout.file_bytes(self.header.sectors).unwrap_or(u64::MAX),
            plotted_bytes: chunks.saturating_mul(u64::from(counts.plotted)),
            counts,
            sectors,
            next_expiry,
        }
    }

    /// Number of plotted sectors, expired ones included.
    pub(crate) fn plotted_count(&self) -> u32 {
        let plotted = |sector: &&crate::farm::Sector| matches!(sector.header, SectorHeader::Plotted { .. });
        u32::try_from(self.sectors.read().iter().filter(plotted).count()).unwrap_or(u32::MAX)
    }

    /// How often the farm holds each piece of a history of `history_size`; `None` if that has more
    /// pieces than memory could hold.
    #[must_use]
    pub fn coverage(&self, history_size: HistorySize) -> Option<Coverage> {
        let pieces = history_size.pieces(self.header.params.pieces_per_segment())?;
        let pieces = usize::try_from(pieces).ok().filter(|pieces| *pieces <= 1 << 30)?;
        let mut copies: Vec<u8> = vec![0; pieces];
        for plotted in self.plotted() {
            for (_, index) in piece_indexes(self, &plotted.id, plotted.history_size) {
                let index = usize::try_from(index.0).unwrap_or(usize::MAX);
                if let Some(count) = copies.get_mut(index) {
                    *count = count.saturating_add(1);
                }
            }
        }
        Some(Coverage { copies })
    }
}
