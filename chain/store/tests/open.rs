//! What opening refuses, and how it says so.

use auto_core::ErrorCode;
use auto_store::{Batch, Column, Direction, FORMAT_VERSION, RocksStore, Store, StoreError};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FOLDER: &str = "AUTO_STORE_HOLD_FOLDER";

fn fill(folder: &Path, rounds: u32) {
    // Reopening turns the log into table files.
    for round in 0..rounds {
        let store = RocksStore::open(folder).expect("opens");
        let mut batch = Batch::synced();
        for number in 0..500u32 {
            let key = [round.to_be_bytes(), number.to_be_bytes()].concat();
            batch.put(Column::Blocks, key.clone(), [number.to_be_bytes(); 25].concat());
            batch.put(Column::Pieces, key, [number.to_be_bytes(); 2500].concat());
        }
        store.write(batch).expect("writes");
    }
}

fn files(folder: &Path, matches: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("lists")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| matches(&path.file_name().expect("a name").to_string_lossy()))
        .collect();
    found.sort();
    found
}

fn read_all(folder: &Path) -> Result<(), StoreError> {
    let store = RocksStore::open(folder)?;
    for column in [Column::Blocks, Column::Pieces] {
        let pairs = store.scan(column, b"", None, Direction::Forward, usize::MAX)?;
        assert_eq!(pairs.len(), 1500, "damage must not pass for a smaller store");
    }
    Ok(())
}

fn assert_damage_is_named(folder: &Path, file: &Path) {
    let error = read_all(folder).expect_err("the damage is noticed");
    assert_eq!(error.code(), "STO-0005", "{error}");
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    let text = error.to_string();
    assert!(text.contains(&name), "`{text}` does not name {name}");
    assert!(text.contains("move the folder away"), "{text}");
}

#[test]
fn damaged_files_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path(), 3);
    read_all(folder.path()).expect("intact");
    let tables = files(folder.path(), |name| name.ends_with(".sst"));
    let values = files(folder.path(), |name| name.ends_with(".blob"));
    let manifests = files(folder.path(), |name| name.starts_with("MANIFEST"));
    assert!(tables.len() >= 4 && !values.is_empty() && !manifests.is_empty());
    for file in tables.iter().chain(&values).chain(&manifests) {
        let intact = std::fs::read(file).expect("reads");
        // Cut in half, emptied, one bit flipped, removed.
        for damage in 0..4 {
            let mut bytes = intact.clone();
            match damage {
                0 => bytes.truncate(intact.len() / 2),
                1 => bytes.clear(),
                2 => bytes[intact.len() / 3] ^= 0x10,
                _ => {}
            }
            let copy = tempfile::tempdir().expect("a folder");
            for other in files(folder.path(), |_| true) {
                std::fs::copy(&other, copy.path().join(other.file_name().expect("a name"))).expect("copies");
            }
            let target = copy.path().join(file.file_name().expect("a name"));
            if damage == 3 {
                std::fs::remove_file(&target).expect("removes");
            } else {
                std::fs::write(&target, bytes).expect("writes");
            }
            // RocksDB does not say in which file of large values a checksum fails.
            let is_large = file.extension().is_some_and(|extension| extension == "blob");
            let named = if damage == 2 && is_large { copy.path() } else { file.as_path() };
            assert_damage_is_named(copy.path(), named);
        }
    }
}

#[test]
fn a_missing_current_file_is_damage_and_not_a_new_store() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path(), 3);
    std::fs::remove_file(folder.path().join("CURRENT")).expect("removes");
    assert_damage_is_named(folder.path(), Path::new("CURRENT"));
    std::fs::write(folder.path().join("CURRENT"), "garbage").expect("writes");
    assert_damage_is_named(folder.path(), Path::new("CURRENT"));
}

fn set_version(folder: &Path, version: &[u8]) {
    let store = RocksStore::open(folder).expect("opens");
    let mut batch = Batch::synced();
    batch.put(Column::Meta, b"format".as_slice(), version);
    store.write(batch).expect("writes");
}

#[test]
fn another_format_version_is_refused_with_both_versions() {
    for (found, code) in [(0u32, "STO-0002"), (FORMAT_VERSION + 1, "STO-0003"), (u32::MAX, "STO-0003")] {
        let folder = tempfile::tempdir().expect("a folder");
        set_version(folder.path(), &found.to_le_bytes());
        let error = RocksStore::open(folder.path()).expect_err("another version");
        assert_eq!(error.code(), code);
        let text = error.to_string();
        assert!(text.contains(&found.to_string()) && text.contains(&FORMAT_VERSION.to_string()), "{text}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    set_version(folder.path(), b"abc");
    assert_eq!(RocksStore::open(folder.path()).expect_err("another form").code(), "STO-0004");
}

#[test]
fn a_database_of_another_program_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = rocksdb::DB::open_default(folder.path()).expect("opens");
    database.put(b"theirs", b"value").expect("writes");
    drop(database);
    assert_eq!(RocksStore::open(folder.path()).expect_err("not ours").code(), "STO-0004");
    let database = rocksdb::DB::open_default(folder.path()).expect("still theirs");
    assert_eq!(database.get(b"theirs").expect("reads"), Some(b"value".to_vec()));
}

#[test]
fn creation_that_was_interrupted_is_completed() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut options = rocksdb::Options::default();
    options.create_if_missing(true);
    options.create_missing_column_families(true);
    drop(rocksdb::DB::open_cf(&options, folder.path(), ["meta", "blocks"]).expect("opens"));
    let store = RocksStore::open(folder.path()).expect("completes");
    assert_eq!(store.get(Column::Index, b"key").expect("reads"), None);
}

#[test]
fn creation_that_was_interrupted_before_the_seal_is_completed() {
    let folder = tempfile::tempdir().expect("a folder");
    for _ in 0..3 {
        drop(RocksStore::open(folder.path()).expect("opens"));
        std::fs::remove_file(folder.path().join("SEAL")).expect("removes");
    }
    let store = RocksStore::open(folder.path()).expect("completes");
    assert_eq!(store.get(Column::Index, b"key").expect("reads"), None);
}

#[test]
fn a_store_with_data_and_without_its_seal_is_damaged() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path(), 3);
    let seal = folder.path().join("SEAL");
    let intact = std::fs::read(&seal).expect("reads");
    std::fs::remove_file(&seal).expect("removes");
    assert_damage_is_named(folder.path(), &seal);
    assert!(!seal.exists(), "a refusal makes no seal");
    std::fs::write(&seal, &intact[1..]).expect("writes");
    assert_damage_is_named(folder.path(), &seal);
    std::fs::write(&seal, &intact).expect("writes");
    read_all(folder.path()).expect("intact");
}

#[test]
fn a_database_that_lost_its_list_of_files_is_not_a_new_store() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path(), 3);
    // Without the seal, too: a list that begins anew beside tables that it does not know.
    let other = tempfile::tempdir().expect("a folder");
    drop(rocksdb::DB::open_default(other.path()).expect("opens"));
    for name in ["SEAL", "CURRENT"] {
        std::fs::remove_file(folder.path().join(name)).expect("removes");
    }
    for file in files(folder.path(), |name| name.starts_with("MANIFEST") || name.ends_with(".log")) {
        std::fs::remove_file(file).expect("removes");
    }
    for file in files(other.path(), |name| name.starts_with("MANIFEST") || name == "CURRENT") {
        std::fs::copy(&file, folder.path().join(file.file_name().expect("a name"))).expect("copies");
    }
    assert_damage_is_named(folder.path(), &folder.path().join("SEAL"));
}

#[test]
fn a_column_that_is_gone_is_damage_and_not_made_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    fill(folder.path(), 1);
    let options = rocksdb::Options::default();
    for column in [Column::Index, Column::Meta] {
        let names = rocksdb::DB::list_cf(&options, folder.path()).expect("lists");
        let mut database = rocksdb::DB::open_cf(&options, folder.path(), names).expect("opens");
        database.drop_cf(column.name()).expect("drops");
        drop(database);
        let error = RocksStore::open(folder.path()).expect_err("a column is gone");
        assert_eq!(error.code(), "STO-0005", "{error}");
        assert!(error.to_string().contains(&format!("`{}`", Column::Index.name())), "{error}");
    }
}

#[test]
fn a_store_of_the_first_version_is_too_old() {
    let folder = tempfile::tempdir().expect("a folder");
    set_version(folder.path(), &1u32.to_le_bytes());
    std::fs::remove_file(folder.path().join("SEAL")).expect("removes");
    let error = RocksStore::open(folder.path()).expect_err("no seal yet in that version");
    assert_eq!(error.code(), "STO-0002", "{error}");
}

#[test]
fn a_folder_that_is_a_file_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "text").expect("writes");
    assert_eq!(RocksStore::open(&file).expect_err("a file").code(), "STO-0007");
}

/// Not a test of its own: what the child process of the test below runs.
#[test]
fn holder() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let _store = RocksStore::open(folder).expect("opens");
        println!("\nholds");
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).expect("the parent's end");
    }
}

#[test]
fn a_second_process_is_told_who_the_first_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(std::env::current_exe().expect("the test's own path"))
        .args(["--exact", "holder", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("holds")), "the child opened");

    let error = RocksStore::open(folder.path()).expect_err("in use");
    assert_eq!(error.code(), "STO-0001");
    let text = error.to_string();
    assert!(text.contains(&format!("process {}", child.id())), "{text}");
    assert!(text.contains("--exact holder --nocapture"), "{text}");

    // Killed, it leaves its file behind; that must not keep anyone out.
    child.kill().expect("kills");
    child.wait().expect("ends");
    let left = std::fs::read_to_string(folder.path().join("HOLDER")).expect("reads");
    assert!(left.starts_with(&child.id().to_string()));
    let store = RocksStore::open(folder.path()).expect("a stale file is no holder");
    let error = RocksStore::open(folder.path()).expect_err("held by this very process");
    assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
    drop(store);
    RocksStore::open(folder.path()).expect("free again");
}
