//! The pages of a plot on a disk that may hold anything.

#![no_main]

use auto_core::{Hash, Preset, ProtocolParams, PublicKey, SectorIndex, hash};
use auto_farmer::{Farm, FarmConfig, Layout, PAGE, PlotFile};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Result};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};

const SECTORS: u32 = 2;

/// A disk of zeros but for some pages.
#[derive(Debug, Clone, Default)]
struct Pages(Arc<Mutex<(u64, BTreeMap<u64, Vec<u8>>)>>);

impl PlotFile for Pages {
    fn len(&self) -> Result<u64> {
        Ok(self.0.lock().expect("no panic").0)
    }

    fn read_at(&self, buffer: &mut [u8], position: u64) -> Result<()> {
        let disk = self.0.lock().expect("no panic");
        if position + buffer.len() as u64 > disk.0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        for (at, byte) in (position..).zip(buffer) {
            *byte = disk.1.get(&(at / PAGE)).map_or(0, |page| page[(at % PAGE) as usize]);
        }
        Ok(())
    }

    fn write_at(&self, bytes: &[u8], position: u64) -> Result<()> {
        let mut disk = self.0.lock().expect("no panic");
        for (at, byte) in (position..).zip(bytes) {
            disk.1.entry(at / PAGE).or_insert_with(|| vec![0; PAGE as usize])[(at % PAGE) as usize] = *byte;
        }
        Ok(())
    }

    fn sync(&self) -> Result<()> {
        Ok(())
    }

    fn reserve(&self, length: u64) -> Result<()> {
        let mut disk = self.0.lock().expect("no panic");
        if length > capacity() {
            return Err(Error::from(ErrorKind::StorageFull));
        }
        disk.0 = length;
        Ok(())
    }
}

static LAYOUT: LazyLock<Layout> =
    LazyLock::new(|| Layout::new(&ProtocolParams::preset(Preset::Test)).expect("a valid preset"));

fn capacity() -> u64 {
    LAYOUT.file_bytes(SECTORS).expect("small")
}

fn config() -> FarmConfig {
    FarmConfig {
        path: PathBuf::from("nowhere"),
        size: None,
        public_key: PublicKey([7; 32]),
        genesis: hash(b"genesis"),
        params: ProtocolParams::preset(Preset::Test),
        first_sector: SectorIndex(0),
        threads: 1,
        directory_memory: 1 << 20,
    }
}

/// A plot as it was made: headers, and pages of sectors that say that nothing is plotted.
static NEW: LazyLock<BTreeMap<u64, Vec<u8>>> = LazyLock::new(|| {
    let disk = Pages::default();
    let farm = Farm::with_file(&FarmConfig { size: Some(capacity()), ..config() }, Box::new(disk.clone()));
    let farm = farm.expect("a new farm");
    for slot in 0..SECTORS {
        // Gives the sector a page.
        let _ = farm.quarantine(SectorIndex(slot));
    }
    disk.0.lock().expect("no panic").1.clone()
});

/// Sets the checksum of a page to what its content needs, so that what lies behind it is reached.
fn seal(page: &mut [u8]) {
    let length = u32::from_le_bytes(page[12..16].try_into().expect("four bytes")) as usize;
    let Some(end) = length.checked_add(16).filter(|end| *end <= page.len() - 32) else { return };
    let checksum: Hash = hash(&page[..end]);
    page[end..end + 32].copy_from_slice(checksum.as_ref());
}

/// A plot with any bytes of its pages changed is opened, or refused, and then lists every sector.
fn check(bytes: &[u8]) {
    let mut pages = NEW.clone();
    let mut numbers: Vec<u64> = pages.keys().copied().collect();
    numbers.push(LAYOUT.staging_at() / PAGE);
    let Some((sealed, changes)) = bytes.split_first() else { return };
    for change in changes.chunks_exact(4) {
        let number = numbers[usize::from(change[0]) % numbers.len()];
        let page = pages.entry(number).or_insert_with(|| vec![0; PAGE as usize]);
        page[usize::from(u16::from_le_bytes([change[1], change[2]])) % PAGE as usize] = change[3];
    }
    if sealed % 2 == 0 {
        pages.values_mut().for_each(|page| seal(page));
    }
    let disk = Pages(Arc::new(Mutex::new((capacity(), pages))));
    if let Ok(farm) = Farm::with_file(&config(), Box::new(disk)) {
        assert_eq!(farm.status().sectors.len(), farm.sectors_total() as usize);
        assert!(farm.sectors_total() <= SECTORS);
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
