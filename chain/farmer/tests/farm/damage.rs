//! Flipped bits and truncated files.

use crate::history::{WIDEST, challenge_at, config, plot_all, plotted_farm};
use crate::round_trip::prove_all;
use auto_core::{Address, SectorIndex, hash};
use auto_farmer::{Farm, FarmError, Layout, PLOT_FILE, Part, SectorState};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::AtomicBool;

fn flip(folder: &Path, position: u64) {
    let file = File::options().read(true).write(true).open(folder.join(PLOT_FILE)).expect("a plot");
    let mut byte = [0];
    file.read_exact_at(&mut byte, position).expect("inside the file");
    file.write_all_at(&[byte[0] ^ 4], position).expect("writable");
}

/// A position in every part of a sector, relative to its start.
fn parts(layout: &Layout) -> Vec<(Part, u64)> {
    let checksums = layout.checksums_start();
    vec![
        (Part::Header, 30),
        (Part::Map, layout.map_at(2) + 100),
        (Part::Metadata, layout.metadata_at(1) + 3),
        (Part::Metadata, layout.metadata_at(3) + 100),
        (Part::Directory, layout.directory_start() + 4000),
        (Part::Buckets, layout.chunk_at(5000) + 7),
        (Part::Buckets, layout.chunk_at(0)),
        (Part::Extras, layout.chunk_at(layout.chunks() - 1)),
        (Part::Checksums, checksums + 5),
        (Part::Checksums, checksums + 32 * 20),
    ]
}

#[test]
fn case_42_one_flipped_bit_quarantines_its_sector_alone_wherever_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = plotted_farm(folder.path(), 2);
    let layout = *farm.layout();
    let never = AtomicBool::new(false);
    let clean = farm.scrub(false, &never).expect("readable");
    assert_eq!((clean.checked, clean.damaged.len()), (2, 0));
    drop(farm);
    for (part, position) in parts(&layout) {
        flip(folder.path(), layout.sector_at(1) + position);
        // No scrub before: neither an audit nor a proof may let the damaged sector through.
        let farm = Farm::open_or_create(&config(folder.path(), 2)).expect("it still opens");
        let dry = farm.scrub(true, &never).expect("readable");
        let found = vec![(SectorIndex(1), part)];
        let at_open = matches!(part, Part::Header | Part::Directory | Part::Checksums);
        assert_eq!(dry.damaged, if at_open { vec![] } else { found.clone() }, "{part:?}");
        assert_eq!(farm.status().counts.quarantined, u32::from(at_open), "a dry run changes nothing");
        let report = farm.scrub(false, &never).expect("readable");
        assert_eq!(report.damaged, if at_open { vec![] } else { found }, "{part:?}");
        assert_eq!(farm.status().sectors[1].1, SectorState::Quarantined { part });
        let proven = prove_all(&farm, &challenge_at(&farm, 0, 1, 40));
        assert!(!proven.is_empty() && proven.iter().all(|sector| sector.0 == 0), "{proven:?}");
        assert!(matches!(
            farm.read_piece(SectorIndex(1), auto_core::PieceOffset(0)),
            Err(FarmError::NotPlotted(SectorIndex(1)))
        ));
        drop(farm);
        let farm = Farm::open_or_create(&config(folder.path(), 2)).expect("it still opens");
        assert_eq!(farm.status().counts.quarantined, 1, "it stays set aside");
        plot_all(&farm, 1);
        assert_eq!(farm.scrub(true, &never).expect("readable").damaged, vec![]);
        assert_eq!(farm.status().counts.plotted, 2, "only that sector is plotted anew");
    }
}

#[test]
fn case_42_damage_that_no_scrub_has_met_never_becomes_a_solution() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = plotted_farm(folder.path(), 1);
    let layout = *farm.layout();
    let holds_first = |bucket: &u16| {
        let candidates = farm.audit(&challenge_at(&farm, 0, 1, *bucket), WIDEST).candidates;
        candidates.iter().any(|candidate| candidate.offset.0 == 0)
    };
    let bucket = (0u16..100).find(holds_first).expect("the first piece is in some s-bucket");
    let challenge = challenge_at(&farm, 0, 1, bucket);
    drop(farm);
    let entry = layout.directory_start() + 4 * u64::from(bucket);
    let mut first_chunk = [0; 4];
    let file = File::open(folder.path().join(PLOT_FILE)).expect("a plot");
    file.read_exact_at(&mut first_chunk, layout.sector_at(0) + entry).expect("inside the file");
    // Inside its group the chunk of the first piece comes first.
    let first_chunk = usize::try_from(u32::from_le_bytes(first_chunk)).expect("small");
    let positions = [
        layout.chunk_at(first_chunk) + 1,
        layout.map_at(0) + 9,
        layout.metadata_at(0),
        layout.metadata_at(0) + 60,
        layout.metadata_at(0) + 100,
        entry + 4,
        layout.checksums_start(),
    ];
    for position in positions {
        flip(folder.path(), layout.sector_at(0) + position);
        for directory_memory in [0, 1 << 20] {
            let mut config = config(folder.path(), 1);
            config.directory_memory = directory_memory;
            let farm = Farm::open_or_create(&config).expect("it still opens");
            let candidates = farm.audit(&challenge, WIDEST).candidates;
            for candidate in candidates {
                let proven = farm.prove(&candidate, Address([0; 32]), &|| true);
                // A flip in one piece leaves the others of the sector provable until it is met.
                if candidate.offset.0 == 0 {
                    assert!(proven.is_err(), "flip at {position}");
                }
            }
        }
        let farm = Farm::open_or_create(&config(folder.path(), 1)).expect("it still opens");
        assert_eq!(farm.status().counts.quarantined, 1, "the flip at {position} was met");
        plot_all(&farm, 1);
    }
}

#[test]
fn a_truncated_plot_loses_the_sectors_that_are_cut_and_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = plotted_farm(folder.path(), 3);
    let layout = *farm.layout();
    drop(farm);
    let file = File::options().write(true).open(folder.path().join(PLOT_FILE)).expect("a plot");
    file.set_len(layout.sector_at(1) + layout.sector_bytes() / 2).expect("truncated");
    let farm = Farm::open_or_create(&config(folder.path(), 3)).expect("it still opens");
    let states: Vec<_> = farm.status().sectors.into_iter().map(|(_, state)| state).collect();
    assert!(matches!(states[0], SectorState::Plotted { .. }));
    assert_eq!(states[1], SectorState::Quarantined { part: Part::Missing });
    assert_eq!(states[2], SectorState::Unplotted);
    assert!(prove_all(&farm, &hash(b"slot")).iter().all(|sector| sector.0 == 0));
    plot_all(&farm, 1);
    assert_eq!(farm.status().counts.plotted, 3);
    let never = AtomicBool::new(false);
    assert_eq!(farm.scrub(true, &never).expect("readable").damaged, vec![]);
}

#[test]
fn a_file_cut_while_it_is_farmed_is_found_by_the_audit() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = plotted_farm(folder.path(), 1);
    let challenge = challenge_at(&farm, 0, 1, 40);
    let file = File::options().write(true).open(folder.path().join(PLOT_FILE)).expect("a plot");
    file.set_len(farm.layout().sector_at(0) + 8192).expect("truncated");
    let report = farm.audit(&challenge, WIDEST);
    assert_eq!(report.candidates, vec![]);
    assert!(matches!(
        report.failures[..],
        [(SectorIndex(0), FarmError::Damaged { part: Part::Missing, .. })]
    ));
    assert_eq!(farm.status().counts.quarantined, 1);
}

#[test]
fn a_header_damaged_in_one_copy_is_read_from_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(plotted_farm(folder.path(), 1));
    flip(folder.path(), 50);
    let farm = Farm::open_or_create(&config(folder.path(), 1)).expect("the second copy is whole");
    assert_eq!(farm.status().counts.plotted, 1);
    drop(farm);
    flip(folder.path(), 4096 + 50);
    let error = Farm::open_or_create(&config(folder.path(), 1)).expect_err("both copies are damaged");
    assert!(matches!(error, FarmError::NotAPlot { .. }));
}
