//! Opening, making, growing and removing farms.

use super::{PLOT_FILE, Sector};
use crate::disk::PlotFile;
use crate::header::{PlotHeader, SectorHeader};
use crate::layout::{Layout, PAGE};
use crate::lock::{FolderLock, LOCK_FILE};
use crate::{Farm, FarmConfig, FarmError, Part};
use parking_lot::{Mutex, RwLock};
use std::fs::File;
use std::path::Path;

impl Farm {
    /// Opens the farm in a folder, or makes one there; grows it if the size allows more sectors.
    ///
    /// All space is reserved at once. Sectors that a damaged or truncated file has lost are
    /// quarantined; the others farm on.
    ///
    /// # Errors
    /// When the folder cannot be used, is in use, is too small or on a full disk, or holds the plot
    /// of another chain, key, parameters or format.
    pub fn open_or_create(config: &FarmConfig) -> Result<Self, FarmError> {
        std::fs::create_dir_all(&config.path)
            .map_err(|error| FarmError::io("create", &config.path, error))?;
        let lock = FolderLock::acquire(&config.path)?;
        let path = config.path.join(PLOT_FILE);
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(&path).map_err(|error| FarmError::io("open", &path, error))?;
        match Self::attach(config, Box::new(file), Some(&config.path)) {
            Ok(farm) => Ok(Self { _lock: Some(lock), ..farm }),
            Err(error) => {
                if path.metadata().is_ok_and(|data| data.len() == 0) {
                    // A farm that could not be made leaves nothing behind; the lock is still held.
                    let _ = std::fs::remove_file(&path);
                }
                Err(error)
            }
        }
    }

    /// Opens or makes a farm on a file that the caller brings; nothing locks it.
    ///
    /// # Errors
    /// As [`Farm::open_or_create`].
    pub fn with_file(config: &FarmConfig, file: Box<dyn PlotFile>) -> Result<Self, FarmError> {
        Self::attach(config, file, None)
    }

    /// `folder` is where the free space can be asked for.
    fn attach(
        config: &FarmConfig,
        file: Box<dyn PlotFile>,
        folder: Option<&Path>,
    ) -> Result<Self, FarmError> {
        let layout = Layout::new(&config.params)?;
        let path = config.path.join(PLOT_FILE);
        let header = match read_header(file.as_ref(), &path)? {
            Some(found) => found.checked(config, &path)?,
            None => PlotHeader {
                generation: 0,
                genesis: config.genesis,
                public_key: config.public_key,
                first_sector: config.first_sector,
                sectors: 0,
                params: config.params.clone(),
            },
        };
        let identity = header.identity();
        let mut farm = Self {
            path,
            file,
            layout,
            header,
            identity,
            sectors: RwLock::default(),
            history: RwLock::default(),
            plotting: Mutex::default(),
            plot_threads: threads(config.threads, "plot")?,
            audit_threads: threads(config.threads, "audit")?,
            recorder: Mutex::default(),
            directory_memory: config.directory_memory,
            _lock: None,
        };
        let found = farm.file.len().map_err(|error| farm.failed("measure", error))?;
        farm.fit(config, folder)?;
        farm.read_sectors(found)?;
        Ok(farm)
    }

    /// Makes the file as long as its sectors need, with as many sectors as the size allows.
    fn fit(&mut self, config: &FarmConfig, folder: Option<&Path>) -> Result<(), FarmError> {
        let existing = self.header.sectors;
        let minimum = self.layout.file_bytes(1).unwrap_or(u64::MAX);
        let too_small = |given| FarmError::TooSmall { given, minimum };
        let wanted = match config.size {
            Some(size) => self.layout.sectors_in(size),
            None => existing,
        };
        if wanted == 0 {
            return Err(too_small(config.size.unwrap_or_default()));
        }
        if wanted < existing {
            return Err(FarmError::Shrink { path: config.path.clone(), existing, wanted });
        }
        let room = u32::MAX - self.header.first_sector.0;
        let wanted = wanted.min(room);
        let length = self.layout.file_bytes(wanted).ok_or_else(|| too_small(u64::MAX))?;
        self.reserve(&config.path, folder, length)?;
        if wanted == existing {
            return Ok(());
        }
        self.header.sectors = wanted;
        self.header.generation = self.header.generation.saturating_add(1);
        let page = self.header.to_page()?;
        // One copy after the other, so that a valid one exists at every moment.
        for position in [PAGE, 0] {
            self.file.write_at(&page, position).map_err(|error| self.failed("write", error))?;
            self.sync()?;
        }
        Ok(())
    }

    fn reserve(&self, path: &Path, folder: Option<&Path>, length: u64) -> Result<(), FarmError> {
        let before = self.file.len().map_err(|error| self.failed("measure", error))?;
        let needed = length.saturating_sub(before);
        if needed == 0 {
            return Ok(());
        }
        let full = |free| FarmError::DiskFull { path: path.to_owned(), needed, free };
        let free = folder.and_then(free_bytes);
        if let Some(free) = free.filter(|free| *free < needed) {
            return Err(full(free));
        }
        self.file.reserve(length).map_err(|error| match error.kind() {
            std::io::ErrorKind::StorageFull
            | std::io::ErrorKind::QuotaExceeded
            | std::io::ErrorKind::FileTooLarge => full(free.unwrap_or_default()),
            _ => self.failed("reserve space for", error),
        })
    }

    /// Reads every sector's page; `length` is how long the file was found.
    fn read_sectors(&mut self, length: u64) -> Result<(), FarmError> {
        let mut page = vec![0; usize::try_from(PAGE).unwrap_or_default()];
        let mut cut = Vec::new();
        for slot in 0..self.header.sectors {
            let at = self.layout.sector_at(slot);
            let header = match self.file.read_at(&mut page, at) {
                Ok(()) => SectorHeader::from_page(&page, &self.identity, self.sector_number(slot)),
                // A page that the disk has lost takes one sector out of use, not the farm.
                Err(_) => SectorHeader::Quarantined { part: Part::Header },
            };
            if matches!(header, SectorHeader::Plotted { .. }) && length < at + self.layout.sector_bytes() {
                cut.push(slot);
            }
            self.sectors.get_mut().push(Sector { header, expires: None, directory: None });
        }
        for slot in cut {
            self.set_header(slot, SectorHeader::Quarantined { part: Part::Missing })?;
        }
        let mut plotted = self.plotted();
        let each = self.layout.directory_bytes();
        plotted.truncate(self.directory_memory / each);
        for sector in plotted {
            // A failure is met again, and dealt with, when the sector is audited.
            let _ = self.load_directory(&sector);
        }
        Ok(())
    }

    /// Removes the plot from a folder, if `confirmed`. Other files of the folder stay.
    ///
    /// # Errors
    /// When it is not confirmed, the farm is in use, or the system refuses.
    pub fn wipe(folder: &Path, confirmed: bool) -> Result<(), FarmError> {
        if !confirmed {
            return Err(FarmError::WipeUnconfirmed { path: folder.to_owned() });
        }
        let lock = FolderLock::acquire(folder)?;
        let plot = folder.join(PLOT_FILE);
        match std::fs::remove_file(&plot) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(FarmError::io("remove", &plot, error)),
        }
        // Removed while it is held, so that nobody takes a lock that is about to vanish.
        let path = folder.join(LOCK_FILE);
        std::fs::remove_file(&path).map_err(|error| FarmError::io("remove", &path, error))?;
        drop(lock);
        Ok(())
    }
}

impl PlotHeader {
    /// Compares a plot with what it is opened with, and names what differs.
    fn checked(self, config: &FarmConfig, path: &Path) -> Result<Self, FarmError> {
        let field = if self.genesis != config.genesis {
            Some("chain (the genesis hash differs)".to_owned())
        } else if let Some(field) = self.params.first_difference(&config.params) {
            Some(format!("protocol parameter `{field}`"))
        } else if self.public_key != config.public_key {
            Some("farmer key".to_owned())
        } else if self.first_sector != config.first_sector {
            Some(format!("first sector ({} instead of {})", self.first_sector, config.first_sector))
        } else {
            None
        };
        match field {
            Some(field) => Err(FarmError::Mismatch { path: path.to_owned(), field }),
            None => Ok(self),
        }
    }
}

fn read_header(file: &dyn PlotFile, path: &Path) -> Result<Option<PlotHeader>, FarmError> {
    let length = file.len().map_err(|error| FarmError::io("measure", path, error))?;
    if length == 0 {
        return Ok(None);
    }
    if length < 2 * PAGE {
        return Err(FarmError::NotAPlot { path: path.to_owned(), reason: "it is too short" });
    }
    let mut pages = vec![0; usize::try_from(2 * PAGE).unwrap_or_default()];
    file.read_at(&mut pages, 0).map_err(|error| FarmError::io("read", path, error))?;
    PlotHeader::from_pages(&pages, path)
}

fn threads(count: usize, name: &'static str) -> Result<rayon::ThreadPool, FarmError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(count)
        .thread_name(move |number| format!("farm-{name}-{number}"))
        .build()
        .map_err(|error| FarmError::Threads(error.to_string()))
}

/// Bytes that a user may still write below `path`, where the system tells.
pub(crate) fn free_bytes(path: &Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(path).ok()?;
    stat.f_bavail.checked_mul(stat.f_frsize)
}
