//! Any file of a store cut anywhere: opening gives back everything that was synced, or refuses.

use auto_core::ErrorCode;
use auto_store::{Batch, Column, Direction, RocksStore, Store, StoreError, StoreOptions};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

const FOLDER: &str = "AUTO_STORE_TRUNCATED_FOLDER";
const BATCHES: u64 = 60;
const COLUMNS: [Column; 4] = [Column::Blocks, Column::Pieces, Column::State, Column::Index];

/// Write buffers so small that tables are written, and logs left behind, all the time.
fn options() -> StoreOptions {
    StoreOptions { cache_bytes: 1 << 20, write_buffer_bytes: 256 << 10, ..StoreOptions::default() }
}

fn value(number: u64, column: Column) -> Vec<u8> {
    // The columns fill at different speeds, so that a log outlives the tables of some of them. Values
    // that do not compress make tables and logs of a size.
    let words = match column {
        Column::Pieces => 1500,
        Column::Blocks => 200,
        _ => 3,
    };
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()
    };
    (0..words).flat_map(|_| word()).collect()
}

fn fill(store: &RocksStore, numbers: std::ops::Range<u64>) {
    for number in numbers {
        let mut batch = Batch::synced();
        for column in COLUMNS {
            batch.put(column, number.to_be_bytes(), value(number, column));
        }
        store.write(batch).expect("writes");
    }
}

/// Whether the store holds everything; an error of reading it otherwise.
fn read(folder: &Path) -> Result<bool, StoreError> {
    let store = RocksStore::open_with(folder, options())?;
    for column in COLUMNS {
        let pairs = store.scan(column, b"", None, Direction::Forward, usize::MAX)?;
        let expected = (0..BATCHES).map(|number| (number.to_be_bytes().to_vec(), value(number, column)));
        if !pairs.into_iter().eq(expected) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("lists").map(|entry| entry.expect("an entry"));
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().into_string().expect("plain")).collect();
    names.sort();
    names
}

/// Files of data are shared, as nothing writes into them once they are left; the others are copied.
fn copy(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().expect("a folder");
    for name in names(from) {
        let (from, to) = (from.join(&name), to.path().join(&name));
        if name.ends_with(".sst") || name.ends_with(".blob") || name.ends_with(".log") {
            std::fs::hard_link(from, to).expect("links");
        } else {
            std::fs::copy(from, to).expect("copies");
        }
    }
    to
}

/// Where the records of a RocksDB log end: blocks of 32 KiB hold fragments behind a header of a checksum
/// (4 bytes), a length (2) and a kind (1); the kinds from 5 to 8 have four bytes more.
fn record_ends(bytes: &[u8]) -> BTreeSet<usize> {
    const BLOCK: usize = 32 << 10;
    let (mut ends, mut at) = (BTreeSet::new(), 0);
    while at + 7 <= bytes.len() {
        let kind = bytes[at + 6];
        if BLOCK - at % BLOCK < 7 || kind == 0 {
            at = (at / BLOCK + 1) * BLOCK;
            continue;
        }
        let header = if (5..=8).contains(&kind) { 11 } else { 7 };
        at += header + usize::from(u16::from_le_bytes([bytes[at + 4], bytes[at + 5]]));
        ends.insert(at);
    }
    ends
}

/// Lengths to which a file is cut: all that matter for its kind, and the whole file never.
fn cuts(name: &str, bytes: &[u8]) -> BTreeSet<usize> {
    let length = bytes.len();
    let mut cuts = BTreeSet::from([0, 1, length / 3, length / 2, length.saturating_sub(1)]);
    if name.starts_with("MANIFEST") {
        cuts.extend(record_ends(bytes));
        cuts.extend(record_ends(bytes).into_iter().map(|end| end - 3));
    } else if name.ends_with(".log") {
        let ends = record_ends(bytes);
        let steps = (ends.len() / 6).max(1);
        cuts.extend(ends.iter().step_by(steps));
        cuts.extend(ends.iter().rev().take(3));
    } else if length <= 1024 {
        cuts.extend((0..length).step_by(5));
    }
    cuts.retain(|cut| *cut < length);
    cuts
}

fn every_cut_is_noticed_or_harmless(folder: &Path) {
    assert!(read(copy(folder).path()).expect("opens"), "the store as it was left is whole");
    let mut noticed = 0;
    let mut silent = Vec::new();
    for name in names(folder) {
        let bytes = std::fs::read(folder.join(&name)).expect("reads");
        let removed = (name != "HOLDER").then_some(usize::MAX);
        for cut in cuts(&name, &bytes).into_iter().chain(removed) {
            let damaged = copy(folder);
            let path = damaged.path().join(&name);
            std::fs::remove_file(&path).expect("removes");
            if let Some(rest) = bytes.get(..cut) {
                std::fs::write(&path, rest).expect("writes");
            }
            // Refused once is refused always: opening must not make the damage look whole.
            for attempt in 0..2 {
                match read(damaged.path()) {
                    Ok(true) => break,
                    Ok(false) => silent.push(format!("{name} cut to {cut}, attempt {attempt}")),
                    Err(error) => {
                        assert_eq!(error.code(), "STO-0005", "{name} cut to {cut}: {error}");
                        noticed += 1;
                    }
                }
            }
        }
    }
    assert!(silent.is_empty(), "passed for a smaller store: {silent:#?}");
    assert!(noticed > 100, "only {noticed} cuts were noticed");
}

fn count(folder: &Path, ending: &str) -> usize {
    names(folder).iter().filter(|name| name.ends_with(ending)).count()
}

/// Not a test of its own: what the child process of the test below runs.
#[test]
fn writer() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        fill(&RocksStore::open_with(folder, options()).expect("opens"), 0..BATCHES);
        // The end of the process, not of the store: nothing is closed.
        std::process::abort();
    }
}

fn killed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let status = Command::new(std::env::current_exe().expect("the test's own path"))
        .args(["--exact", "writer", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("starts");
    assert!(!status.success());
    folder
}

#[test]
fn a_cut_of_a_closed_store_is_never_silent() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(&RocksStore::open_with(folder.path(), options()).expect("opens"), 0..BATCHES);
    assert!(count(folder.path(), ".sst") > 3 && count(folder.path(), ".log") > 0);
    every_cut_is_noticed_or_harmless(folder.path());
}

#[test]
fn a_cut_of_a_store_whose_process_died_is_never_silent() {
    let folder = killed();
    assert!(count(folder.path(), ".sst") > 3 && count(folder.path(), ".log") > 0);
    every_cut_is_noticed_or_harmless(folder.path());
}

#[test]
fn a_cut_of_a_store_that_was_opened_again_is_never_silent() {
    // Opening turns the log into tables and removes it, so only the list of files still knows of them,
    // while later writes stand in a log that no cut of the list touches.
    let folder = tempfile::tempdir().expect("a folder");
    for third in 0..3 {
        let numbers = third * BATCHES / 3..(third + 1) * BATCHES / 3;
        fill(&RocksStore::open(folder.path()).expect("opens"), numbers);
    }
    assert!(count(folder.path(), ".sst") > 3 && count(folder.path(), ".log") > 0);
    every_cut_is_noticed_or_harmless(folder.path());
}
