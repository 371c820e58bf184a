//! Making, opening, growing, locking and removing farms.

use crate::history::{config, params, plotted_farm};
use crate::memory::MemoryDisk;
use auto_core::{ErrorCode, PublicKey, SectorIndex, hash};
use auto_farmer::{Farm, FarmConfig, FarmError, Layout, PLOT_FILE, SectorState};

fn code(config: &FarmConfig) -> &'static str {
    Farm::open_or_create(config).expect_err("it must not open").code()
}

#[test]
fn another_chain_key_parameter_or_numbering_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let right = config(folder.path(), 1);
    drop(Farm::open_or_create(&right).expect("a new farm"));
    let mut slots = right.clone();
    slots.params.slot_duration_ms += 1;
    let wrong = [
        (FarmConfig { genesis: hash(b"other"), ..right.clone() }, "genesis"),
        (FarmConfig { public_key: PublicKey([8; 32]), ..right.clone() }, "farmer key"),
        (FarmConfig { first_sector: SectorIndex(9), ..right.clone() }, "first sector"),
        (slots, "`slot_duration_ms`"),
    ];
    for (config, named) in wrong {
        let error = Farm::open_or_create(&config).expect_err("it differs");
        assert_eq!(error.code(), "FRM-0006");
        assert!(error.to_string().contains(named), "{error}");
    }
    drop(Farm::open_or_create(&right).expect("and the right one still opens"));
}

#[test]
fn the_lock_names_its_holder_and_ends_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = Farm::open_or_create(&config(folder.path(), 1)).expect("a new farm");
    let error = Farm::open_or_create(&config(folder.path(), 1)).expect_err("it is in use");
    assert_eq!(error.code(), "FRM-0003");
    assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
    assert_eq!(Farm::wipe(folder.path(), true).expect_err("it is in use").code(), "FRM-0003");
    drop(farm);
    Farm::open_or_create(&config(folder.path(), 1)).expect("free again");
}

#[test]
fn a_farm_grows_with_its_size_and_never_shrinks() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(plotted_farm(folder.path(), 1));
    let farm = Farm::open_or_create(&config(folder.path(), 3)).expect("it grows");
    let states: Vec<_> = farm.status().sectors.into_iter().map(|(_, state)| state).collect();
    assert!(matches!(
        states[..],
        [SectorState::Plotted { .. }, SectorState::Unplotted, SectorState::Unplotted]
    ));
    drop(farm);
    assert_eq!(code(&config(folder.path(), 2)), "FRM-0007");
    let as_it_is = FarmConfig { size: None, ..config(folder.path(), 1) };
    assert_eq!(Farm::open_or_create(&as_it_is).expect("as large as it is").sectors_total(), 3);
}

#[test]
fn a_farm_takes_no_more_than_its_size_and_reserves_it_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let layout = Layout::new(&params()).expect("valid");
    let mut config = config(folder.path(), 2);
    config.size = config.size.map(|size| size + layout.sector_bytes() - 1);
    let farm = Farm::open_or_create(&config).expect("a new farm");
    assert_eq!(farm.sectors_total(), 2);
    let data = folder.path().join(PLOT_FILE).metadata().expect("a plot");
    assert_eq!(Some(data.len()), layout.file_bytes(2));
    assert_eq!(farm.status().bytes, data.len());
    let blocks = std::os::unix::fs::MetadataExt::blocks(&data);
    assert!(blocks * 512 >= data.len(), "only {blocks} blocks are reserved");
    let one = layout.file_bytes(1).expect("small");
    let small = FarmConfig { path: folder.path().join("small"), size: Some(one - 1), ..config };
    assert_eq!(code(&small), "FRM-0008");
    assert!(!small.path.join(PLOT_FILE).exists(), "nothing is left behind");
}

#[test]
fn a_full_disk_is_told_before_plotting() {
    let folder = tempfile::tempdir().expect("a folder");
    let layout = Layout::new(&params()).expect("valid");
    let disk = MemoryDisk::new(layout.file_bytes(2).expect("small"));
    let error = Farm::with_file(&config(folder.path(), 3), Box::new(disk.clone())).expect_err("it is full");
    assert!(matches!(error, FarmError::DiskFull { .. }), "{error}");
    let farm = Farm::with_file(&config(folder.path(), 2), Box::new(disk.clone())).expect("this fits");
    assert_eq!(farm.sectors_total(), 2);
    let absurd = FarmConfig { size: Some(1 << 50), ..config(folder.path(), 1) };
    assert_eq!(code(&absurd), "FRM-0002");
    assert!(!folder.path().join(PLOT_FILE).exists(), "nothing is left behind");
}

#[test]
fn wiping_needs_a_confirmation_and_spares_other_files() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(Farm::open_or_create(&config(folder.path(), 1)).expect("a new farm"));
    let other = folder.path().join("letter.txt");
    std::fs::write(&other, "dear").expect("writable");
    assert_eq!(Farm::wipe(folder.path(), false).expect_err("unconfirmed").code(), "FRM-0018");
    assert!(folder.path().join(PLOT_FILE).exists());
    Farm::wipe(folder.path(), true).expect("confirmed");
    assert!(!folder.path().join(PLOT_FILE).exists());
    assert!(other.exists());
}

#[test]
fn a_file_that_is_no_plot_is_refused_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let plot = folder.path().join(PLOT_FILE);
    for content in [b"short".to_vec(), vec![7; 100_000]] {
        std::fs::write(&plot, &content).expect("writable");
        assert_eq!(code(&config(folder.path(), 1)), "FRM-0004");
        assert_eq!(std::fs::read(&plot).expect("readable"), content);
    }
}

#[test]
fn sectors_of_a_plot_with_a_lost_header_are_not_taken_over_by_another_key() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(plotted_farm(folder.path(), 1));
    let plot = folder.path().join(PLOT_FILE);
    let file = std::fs::File::options().write(true).open(plot).expect("a plot");
    std::os::unix::fs::FileExt::write_all_at(&file, &[0; 8192], 0).expect("writable");
    let other = FarmConfig { public_key: PublicKey([8; 32]), ..config(folder.path(), 1) };
    let farm = Farm::open_or_create(&other).expect("a blank header is a new farm");
    assert_eq!(farm.status().counts.quarantined, 1);
}
