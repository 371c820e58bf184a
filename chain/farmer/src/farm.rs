//! A farm: a folder with a plot in it.

use crate::FarmError;
use crate::disk::PlotFile;
use crate::header::{PlotHeader, SectorHeader};
use crate::layout::Layout;
use crate::lock::FolderLock;
use crate::sector::SectorReader;
use crate::stats::{FarmStats, Recorder};
use auto_core::{
    Commitment, Hash, HistorySize, ProtocolParams, PublicKey, SectorIndex, SegmentIndex,
    expiration_history_size, sector_id,
};
use parking_lot::{Mutex, RwLock};
use std::path::PathBuf;
use std::sync::Arc;

mod opening;

pub(crate) use opening::free_bytes;

/// Name of the plot in a farm's folder.
pub const PLOT_FILE: &str = "plot.bin";

/// What a farm is opened or created with.
#[derive(Debug, Clone)]
pub struct FarmConfig {
    /// The folder; made if it does not exist.
    pub path: PathBuf,
    /// Most bytes on disk. `None` takes an existing plot as large as it is.
    pub size: Option<u64>,
    /// The farmer's key.
    pub public_key: PublicKey,
    /// Hash of the chain's genesis block.
    pub genesis: Hash,
    /// The chain's parameters.
    pub params: ProtocolParams,
    /// Number of the farm's first sector. Farms of one key must not share numbers: two sectors of
    /// one number hold the same pieces.
    pub first_sector: SectorIndex,
    /// Threads that encode pieces, and as many again that audit; zero for one per core.
    pub threads: usize,
    /// Bytes of memory for directories of sectors, which spare each audit a small read. Those that
    /// do not fit are read from disk.
    pub directory_memory: usize,
}

impl FarmConfig {
    /// The memory for directories that suits a laptop, in bytes: enough for 256 GiB of production
    /// sectors or 4 GiB of dev sectors.
    pub const DIRECTORY_MEMORY: usize = 64 << 20;
}

#[derive(Debug, Clone)]
pub(crate) struct Sector {
    pub(crate) header: SectorHeader,
    /// At which length of the history it stops being valid, once that is known.
    pub(crate) expires: Option<HistorySize>,
    pub(crate) directory: Option<Arc<[u32]>>,
}

/// A plotted sector at one moment; the digest tells whether it is still the same later.
#[derive(Debug, Clone)]
pub(crate) struct Plotted {
    pub(crate) slot: u32,
    pub(crate) sector: SectorIndex,
    pub(crate) id: Hash,
    pub(crate) history_size: HistorySize,
    pub(crate) digest: Hash,
    pub(crate) expires: Option<HistorySize>,
    pub(crate) directory: Option<Arc<[u32]>>,
}

/// A farm. All methods take `&self`, so one farm serves the threads that plot, audit and answer peers.
#[derive(Debug)]
pub struct Farm {
    pub(crate) path: PathBuf,
    pub(crate) file: Box<dyn PlotFile>,
    pub(crate) layout: Layout,
    pub(crate) header: PlotHeader,
    pub(crate) identity: Hash,
    pub(crate) sectors: RwLock<Vec<Sector>>,
    pub(crate) history: RwLock<Option<HistorySize>>,
    /// Held while a sector is plotted: there is one staging area.
    pub(crate) plotting: Mutex<()>,
    pub(crate) plot_threads: rayon::ThreadPool,
    pub(crate) audit_threads: rayon::ThreadPool,
    pub(crate) recorder: Mutex<Recorder>,
    directory_memory: usize,
    _lock: Option<FolderLock>,
}

impl Farm {
    pub(crate) fn failed(&self, action: &'static str, error: std::io::Error) -> FarmError {
        FarmError::io(action, &self.path, error)
    }

    fn load_directory(&self, plotted: &Plotted) -> Result<(), FarmError> {
        let reader = self.reader(plotted);
        let read = reader.checksums().and_then(|checksums| reader.directory(&checksums));
        let directory = self.guard(plotted, read)?;
        self.with_sector(plotted, |sector| sector.directory = Some(directory.into()));
        Ok(())
    }

    /// Keeps the directory of a sector in memory if the budget allows.
    pub(crate) fn cache_directory(&self, plotted: &Plotted) -> Result<(), FarmError> {
        let held = self.sectors.read().iter().filter(|sector| sector.directory.is_some()).count();
        if held < self.directory_memory / self.layout.directory_bytes() {
            self.load_directory(plotted)?;
        }
        Ok(())
    }

    pub(crate) fn sync(&self) -> Result<(), FarmError> {
        self.file.sync().map_err(|error| self.failed("sync", error))
    }

    pub(crate) fn sector_number(&self, slot: u32) -> SectorIndex {
        SectorIndex(self.header.first_sector.0.saturating_add(slot))
    }

    pub(crate) fn slot(&self, sector: SectorIndex) -> Result<u32, FarmError> {
        let slot = sector.0.checked_sub(self.header.first_sector.0);
        slot.filter(|slot| *slot < self.header.sectors).ok_or(FarmError::UnknownSector(sector))
    }

    /// Writes a sector's page, waits for the disk, and only then acts on it.
    pub(crate) fn set_header(&self, slot: u32, header: SectorHeader) -> Result<(), FarmError> {
        let page = header.to_page(&self.identity, self.sector_number(slot))?;
        if !matches!(header, SectorHeader::Plotted { .. }) {
            // Stops every use before the disk has it: a sector may only be used while both agree.
            self.replace(slot, header);
        }
        self.file
            .write_at(&page, self.layout.sector_at(slot))
            .map_err(|error| self.failed("write", error))?;
        self.sync()?;
        self.replace(slot, header);
        Ok(())
    }

    fn replace(&self, slot: u32, header: SectorHeader) {
        let index = usize::try_from(slot).unwrap_or(usize::MAX);
        if let Some(sector) = self.sectors.write().get_mut(index) {
            *sector = Sector { header, expires: None, directory: None };
        }
    }

    /// Acts on a sector if it is still the one that was looked at.
    fn with_sector(&self, plotted: &Plotted, act: impl FnOnce(&mut Sector)) -> bool {
        let index = usize::try_from(plotted.slot).unwrap_or(usize::MAX);
        let mut sectors = self.sectors.write();
        let same = |sector: &&mut Sector| matches!(sector.header, SectorHeader::Plotted { digest, .. } if digest == plotted.digest);
        sectors.get_mut(index).filter(same).map(act).is_some()
    }

    fn view(&self, slot: u32, sector: &Sector) -> Option<Plotted> {
        let SectorHeader::Plotted { history_size, digest } = sector.header else { return None };
        let number = self.sector_number(slot);
        Some(Plotted {
            slot,
            sector: number,
            id: sector_id(&self.header.public_key, number, history_size),
            history_size,
            digest,
            expires: sector.expires,
            directory: sector.directory.clone(),
        })
    }

    /// All plotted sectors, expired ones included.
    pub(crate) fn plotted(&self) -> Vec<Plotted> {
        (0..).zip(self.sectors.read().iter()).filter_map(|(slot, sector)| self.view(slot, sector)).collect()
    }

    pub(crate) fn plotted_sector(&self, sector: SectorIndex) -> Result<Plotted, FarmError> {
        let slot = self.slot(sector)?;
        let index = usize::try_from(slot).unwrap_or(usize::MAX);
        let sectors = self.sectors.read();
        let view = sectors.get(index).and_then(|entry| self.view(slot, entry));
        view.ok_or(FarmError::NotPlotted(sector))
    }

    pub(crate) fn reader(&self, plotted: &Plotted) -> SectorReader<'_> {
        SectorReader {
            file: self.file.as_ref(),
            path: &self.path,
            layout: &self.layout,
            sector: plotted.sector,
            base: self.layout.sector_at(plotted.slot),
            digest: plotted.digest,
        }
    }

    /// Quarantines the sector if `result` says that it is damaged. What was read while the sector was
    /// being replaced says nothing about it and is reported as stale.
    pub(crate) fn guard<T>(&self, plotted: &Plotted, result: Result<T, FarmError>) -> Result<T, FarmError> {
        if let Err(FarmError::Damaged { part, .. }) = result {
            let quarantined = SectorHeader::Quarantined { part };
            let same = self.with_sector(plotted, |sector| {
                *sector = Sector { header: quarantined, expires: None, directory: None };
            });
            if !same {
                return Err(FarmError::Stale(plotted.sector));
            }
            self.set_header(plotted.slot, quarantined)?;
        }
        result
    }

    /// Tells the farm how long the history is, which decides what has expired.
    ///
    /// `commitment` gives the commitment of a segment of that history.
    pub fn update_history(
        &self,
        history_size: HistorySize,
        commitment: &dyn Fn(SegmentIndex) -> Option<Commitment>,
    ) {
        *self.history.write() = Some(history_size);
        let lifetime = self.header.params.min_sector_lifetime;
        for plotted in self.plotted().iter().filter(|plotted| plotted.expires.is_none()) {
            let decides = plotted.history_size.segments().checked_add(lifetime.saturating_sub(1));
            let decides = decides.filter(|index| *index < history_size.segments());
            let Some(commitment) = decides.and_then(|index| commitment(SegmentIndex(index))) else {
                continue;
            };
            let expires = expiration_history_size(&plotted.id, plotted.history_size, &commitment, lifetime);
            self.with_sector(plotted, |sector| sector.expires = Some(expires));
        }
    }

    /// The length of the history as last told.
    #[must_use]
    pub fn history_size(&self) -> Option<HistorySize> {
        *self.history.read()
    }

    /// Whether a sector may no longer be farmed: its expiration is at most the length of the history.
    pub(crate) fn has_expired(&self, plotted: &Plotted) -> bool {
        plotted.expires.zip(self.history_size()).is_some_and(|(expires, history)| expires <= history)
    }

    /// The farmer's key.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.header.public_key
    }

    /// The chain's parameters.
    #[must_use]
    pub const fn params(&self) -> &ProtocolParams {
        &self.header.params
    }

    /// The plot's layout.
    #[must_use]
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Number of sectors.
    #[must_use]
    pub const fn sectors_total(&self) -> u32 {
        self.header.sectors
    }

    /// What became of this farm's solutions since it was opened.
    #[must_use]
    pub fn stats(&self) -> FarmStats {
        self.recorder.lock().stats()
    }
}
