//! A process that is killed while it writes leaves whole batches, and all that were synced.

use auto_store::{Batch, Column, RocksStore, Store};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const FOLDER: &str = "AUTO_STORE_CRASH_FOLDER";
const KILLS: u64 = 20;
/// Keys of each batch, spread over several columns.
const KEYS: u64 = 24;
const SYNC_EVERY: u64 = 4;
const COLUMNS: [Column; 4] = [Column::Blocks, Column::Pieces, Column::State, Column::Index];

fn number_of(store: &dyn Store) -> u64 {
    let tip = store.get(Column::Meta, b"tip").expect("reads");
    tip.map_or(0, |bytes| u64::from_le_bytes(bytes.try_into().expect("eight bytes")))
}

/// Each batch overwrites the keys of the one before, so a torn batch would leave two numbers.
fn write_until_killed(folder: &Path) {
    let store = RocksStore::open(folder).expect("opens after any crash");
    let mut number = number_of(&store);
    let mut out = std::io::stdout();
    loop {
        number += 1;
        let mut batch = if number.is_multiple_of(SYNC_EVERY) { Batch::synced() } else { Batch::new() };
        let value = number.to_le_bytes().repeat(usize::try_from(number % 700 + 1).expect("small"));
        for (key, column) in (0..KEYS).zip(COLUMNS.into_iter().cycle()) {
            batch.put(column, key.to_be_bytes(), value.clone());
        }
        batch.delete(Column::Canonical, (number - 1).to_be_bytes());
        batch.put(Column::Canonical, number.to_be_bytes(), Vec::new());
        batch.put(Column::Meta, b"tip".as_slice(), number.to_le_bytes());
        let synced = batch.sync;
        store.write(batch).expect("writes");
        if synced && writeln!(out, "synced {number}").and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}

fn start(folder: &Path) -> Child {
    Command::new(std::env::current_exe().expect("the test's own path"))
        .args(["--exact", "writer", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts")
}

/// Not a test of its own: what the child process of the test below runs.
#[test]
fn writer() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        write_until_killed(Path::new(&folder));
    }
}

#[test]
fn a_killed_process_leaves_whole_batches_and_all_synced_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut before = 0;
    for round in 0..KILLS {
        let mut child = start(folder.path());
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut synced = 0;
        let mut seen = 0;
        // A different number of batches each time; the child goes on writing while it is killed.
        while seen < 1 + round * 7 % 31 {
            let line = lines.next().expect("the child writes until it is killed").expect("text");
            if let Some(number) = line.split("synced ").nth(1) {
                synced = number.parse().expect("a number");
                seen += 1;
            }
        }
        child.kill().expect("kills");
        for line in lines.map_while(Result::ok) {
            synced = line.split("synced ").nth(1).and_then(|text| text.parse().ok()).unwrap_or(synced);
        }
        child.wait().expect("ends");

        let store = RocksStore::open(folder.path()).expect("opens after the crash");
        let number = number_of(&store);
        assert!(number >= synced, "batch {synced} was synced, the store is at {number}");
        assert!(number > before, "each round writes something");
        let value = number.to_le_bytes().repeat(usize::try_from(number % 700 + 1).expect("small"));
        for (key, column) in (0..KEYS).zip(COLUMNS.into_iter().cycle()) {
            assert_eq!(store.get(column, &key.to_be_bytes()).expect("reads").as_ref(), Some(&value));
        }
        let canonical = store.scan(Column::Canonical, b"", None, auto_store::Direction::Forward, 9);
        assert_eq!(canonical.expect("scans"), [(number.to_be_bytes().to_vec(), Vec::new())]);
        before = number;
    }
}
