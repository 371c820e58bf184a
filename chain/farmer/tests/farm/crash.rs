//! Kills and losses of power at any moment.

use crate::history::{cheap_source, config, control, size};
use crate::memory::MemoryDisk;
use auto_core::SectorIndex;
use auto_farmer::{Farm, SectorState};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

const CHILD_FOLDER: &str = "AUTO_FARMER_TEST_CHILD_FOLDER";
const SECTORS: u32 = 4;
const KILLS: u64 = 24;

/// Plots and replots until it is killed.
#[test]
#[ignore = "is a process of its own, started and killed by the test below"]
fn child_that_plots_for_ever() {
    let Some(folder) = std::env::var_os(CHILD_FOLDER) else { return };
    let stop = AtomicBool::new(false);
    let farm = Farm::open_or_create(&config(folder.as_ref(), SECTORS)).expect("a farm");
    let mut segments = 1;
    loop {
        farm.plot(&|| size(segments), &cheap_source, &control(&stop)).expect("nothing fails");
        segments += 1;
        for (sector, _) in farm.status().sectors {
            farm.plot_sector(sector, size(segments), &cheap_source, &control(&stop)).expect("nothing fails");
        }
    }
}

#[test]
fn a_killed_plotter_loses_nothing_and_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = std::env::current_exe().expect("this test");
    let never = AtomicBool::new(false);
    let (mut best, mut interrupted) = (0, 0);
    for kill in 0..KILLS {
        let mut child = Command::new(&program)
            .args(["--exact", "crash::child_that_plots_for_ever", "--ignored", "--quiet"])
            .env(CHILD_FOLDER, folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("this program starts again");
        // When it dies is left to chance; what is asserted holds at every moment.
        std::thread::sleep(Duration::from_millis(40 + kill * 7919 % 600));
        assert!(child.try_wait().expect("a child").is_none(), "the child ended by itself");
        child.kill().expect("SIGKILL");
        child.wait().expect("it ends");
        let farm = Farm::open_or_create(&config(folder.path(), SECTORS)).expect("it opens after every kill");
        let report = farm.scrub(true, &never).expect("readable");
        assert_eq!(report.damaged, vec![], "after kill {kill}");
        let counts = farm.status().counts;
        assert_eq!(counts.quarantined, 0, "after kill {kill}");
        assert!(counts.plotted + 1 >= best, "at most the sector being replaced is missing");
        interrupted += u32::from(counts.unplotted > 0);
        best = best.max(counts.plotted);
    }
    let farm = Farm::open_or_create(&config(folder.path(), SECTORS)).expect("it opens");
    farm.plot(&|| size(1000), &cheap_source, &control(&never)).expect("it goes on");
    assert_eq!(farm.status().counts.plotted, SECTORS);
    assert_eq!(farm.scrub(true, &never).expect("readable").damaged, vec![]);
    println!("{KILLS} kills, {interrupted} of them with a sector unplotted");
}

#[test]
fn a_loss_of_power_after_any_write_leaves_the_old_sector_the_new_one_or_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let never = AtomicBool::new(false);
    let disk = MemoryDisk::new(64 << 20);
    let open = || Farm::with_file(&config(folder.path(), 2), Box::new(disk.clone())).expect("it opens");
    let farm = open();
    farm.plot(&|| size(1), &cheap_source, &control(&never)).expect("nothing fails");
    drop(farm);
    let (mut seen_old, mut seen_new, mut seen_none) = (false, false, false);
    let mut history = 1;
    for operations in 0.. {
        let farm = open();
        disk.fail_after(Some(operations));
        let plotted = farm.plot_sector(SectorIndex(0), size(history + 1), &cheap_source, &control(&never));
        drop(farm);
        disk.lose_power(operations);
        let farm = open();
        assert_eq!(
            farm.scrub(true, &never).expect("readable").damaged,
            vec![],
            "after {operations} operations"
        );
        let states = farm.status().sectors;
        assert!(matches!(states[1].1, SectorState::Plotted { .. }), "the other sector is untouched");
        match states[0].1 {
            SectorState::Plotted { history_size, .. } if history_size == size(history) => seen_old = true,
            SectorState::Plotted { history_size, .. } => {
                assert_eq!(history_size, size(history + 1));
                seen_new = true;
                history += 1;
            }
            SectorState::Unplotted => {
                seen_none = true;
                farm.plot_sector(SectorIndex(0), size(history), &cheap_source, &control(&never))
                    .expect("again");
                history = match farm.status().sectors[0].1 {
                    SectorState::Plotted { history_size, .. } => history_size.segments(),
                    other => panic!("{other:?}"),
                };
            }
            // Half of a page can reach the disk; then the sector says that it is damaged.
            SectorState::Quarantined { part } => {
                assert_eq!(part, auto_farmer::Part::Header);
                seen_none = true;
                farm.plot_sector(SectorIndex(0), size(history), &cheap_source, &control(&never))
                    .expect("again");
            }
            SectorState::Expired { .. } => panic!("nothing expires here"),
        }
        if plotted.is_ok() {
            assert!(seen_old && seen_none && seen_new);
            return;
        }
    }
}

#[test]
fn a_disk_that_fails_while_plotting_stops_it_and_harms_no_plotted_sector() {
    let folder = tempfile::tempdir().expect("a folder");
    let never = AtomicBool::new(false);
    let disk = MemoryDisk::new(64 << 20);
    let farm = Farm::with_file(&config(folder.path(), 2), Box::new(disk.clone())).expect("a new farm");
    farm.plot_sector(SectorIndex(0), size(1), &cheap_source, &control(&never)).expect("nothing fails");
    disk.fail_after(Some(3));
    let error = farm.plot(&|| size(1), &cheap_source, &control(&never)).expect_err("the disk fails");
    assert_eq!(auto_core::ErrorCode::code(&error), "FRM-0001");
    disk.fail_after(None);
    assert_eq!(farm.status().counts.plotted, 1);
    farm.plot(&|| size(1), &cheap_source, &control(&never)).expect("it can be repeated");
    assert_eq!(farm.scrub(true, &never).expect("readable").damaged, vec![]);
    assert_eq!(farm.status().counts.plotted, 2);
}

#[test]
fn what_a_disk_cannot_read_takes_one_sector_out_of_use_and_not_the_farm() {
    let folder = tempfile::tempdir().expect("a folder");
    let never = AtomicBool::new(false);
    let disk = MemoryDisk::new(64 << 20);
    let open = || Farm::with_file(&config(folder.path(), 2), Box::new(disk.clone())).expect("it opens");
    let farm = open();
    farm.plot(&|| size(1), &cheap_source, &control(&never)).expect("nothing fails");
    let layout = *farm.layout();
    drop(farm);
    disk.make_unreadable(layout.sector_at(1) + layout.chunks_start(), layout.sector_at(2));
    let farm = open();
    let report = farm.scrub(false, &never).expect("the other sector is readable");
    assert_eq!((report.checked, report.damaged, report.unreadable), (2, vec![], vec![SectorIndex(1)]));
    let report = farm.audit(&auto_core::hash(b"slot"), auto_core::SolutionRange(u64::MAX));
    assert!(report.candidates.iter().all(|candidate| candidate.sector == SectorIndex(0)));
    drop(farm);
    disk.make_unreadable(layout.sector_at(1), layout.sector_at(1) + 1);
    let farm = open();
    assert_eq!((farm.status().counts.plotted, farm.status().counts.quarantined), (1, 1));
    assert_eq!(farm.next_job().map(|(sector, _)| sector), Some(SectorIndex(1)));
    farm.plot(&|| size(1), &cheap_source, &control(&never)).expect("a disk replaces what is written anew");
}

#[test]
fn a_farm_is_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Farm>();
}
