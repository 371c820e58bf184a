//! Sectors that the history outgrows.

use crate::history::{WIDEST, config, control, plot_all, plotted_farm, segment_commitment, size, source};
use crate::round_trip::prove_all;
use auto_core::{HistorySize, SectorIndex, expiration_history_size, hash, sector_id};
use auto_farmer::{Farm, PlotReason, SectorState};
use std::sync::atomic::AtomicBool;

fn expiry(farm: &Farm, sector: u32) -> HistorySize {
    let (_, state) = farm.status().sectors[usize::try_from(sector).expect("small")];
    let expires = match state {
        SectorState::Plotted { expires, .. } => expires,
        _ => None,
    };
    expires.expect("a plotted sector whose expiration is known")
}

#[test]
fn case_05_a_sector_farms_until_one_segment_before_its_expiration() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = plotted_farm(folder.path(), 1);
    // One segment only: the one that decides the expiration is not there yet.
    farm.update_history(size(1), &|_| None);
    let audited = |farm: &Farm| farm.audit(&hash(b"slot"), WIDEST).sectors;
    assert_eq!(audited(&farm), 1, "younger than the minimum lifetime");
    assert_eq!(farm.status().next_expiry, None);
    farm.update_history(size(2), &segment_commitment);
    let expires = expiry(&farm, 0).segments();
    let id = sector_id(farm.public_key(), SectorIndex(0), size(1));
    let decisive = segment_commitment(auto_core::SegmentIndex(1)).expect("known");
    let lifetime = farm.params().min_sector_lifetime;
    assert_eq!(lifetime, 1);
    let first = segment_commitment(auto_core::SegmentIndex(lifetime)).expect("known");
    assert_eq!(decisive, first);
    assert_eq!(expires, expiration_history_size(&id, size(1), &first, lifetime).segments());
    farm.update_history(size(expires - 1), &segment_commitment);
    assert_eq!(audited(&farm), 1, "expiration == current + 1 is accepted");
    assert_eq!(farm.next_job(), Some((SectorIndex(0), PlotReason::Expiring)));
    farm.update_history(size(expires), &segment_commitment);
    assert_eq!(audited(&farm), 0, "expiration == current is refused");
    assert_eq!(farm.next_job(), Some((SectorIndex(0), PlotReason::Expired)));
    assert_eq!(farm.status().counts.expired, 1);
}

#[test]
fn a_sector_of_a_history_beyond_the_next_segment_is_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = Farm::open_or_create(&config(folder.path(), 1)).expect("a new farm");
    plot_all(&farm, 3);
    let audited = |segments| {
        farm.update_history(size(segments), &|_| None);
        farm.audit(&hash(b"slot"), WIDEST).sectors
    };
    assert_eq!((audited(1), audited(2), audited(3)), (0, 1, 1));
}

#[test]
fn an_expired_sector_is_replaced_in_place_while_the_others_farm() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = plotted_farm(folder.path(), 3);
    farm.update_history(size(2), &segment_commitment);
    let (next, at) = farm.status().next_expiry.expect("all are known");
    assert_eq!(expiry(&farm, next.0), at);
    farm.update_history(at, &segment_commitment);
    let expired = farm.status().counts.expired;
    assert!(expired >= 1);
    let history = at;
    let stop = AtomicBool::new(false);
    let others_farm = |progress: &auto_farmer::PlotProgress| {
        let expected = usize::try_from(3 - farm.status().counts.expired).expect("small");
        let replaced = farm.status().counts.unplotted;
        assert!(replaced <= 1, "one at a time");
        let audit = farm.audit(&hash(b"slot"), WIDEST);
        assert!(audit.failures.is_empty());
        assert_eq!(audit.sectors + usize::try_from(replaced).expect("small"), expected, "{progress:?}");
    };
    let control = auto_farmer::PlotControl { stop: &stop, progress: &others_farm };
    let is_expired = |(_, reason): &(SectorIndex, PlotReason)| *reason == PlotReason::Expired;
    let mut replaced = 0;
    while let Some((sector, _)) = farm.next_job().filter(is_expired) {
        farm.plot_sector(sector, history, &source, &control).expect("nothing fails");
        farm.update_history(history, &segment_commitment);
        replaced += 1;
    }
    assert_eq!(replaced, expired);
    let status = farm.status();
    assert_eq!((status.counts.plotted, status.counts.expired), (3, 0));
    let fresh = status.sectors.iter().filter(
        |(_, state)| matches!(state, SectorState::Plotted { history_size, .. } if *history_size == history),
    );
    assert_eq!(fresh.count(), usize::try_from(replaced).expect("small"), "with the newest history");
    assert!(!prove_all(&farm, &hash(b"slot 2")).is_empty());
}

#[test]
fn a_candidate_of_a_replaced_sector_is_stale_and_harms_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = plotted_farm(folder.path(), 1);
    let mut candidates = (0u8..20).flat_map(|number| farm.audit(&hash(&[number]), WIDEST).candidates);
    let candidate = candidates.next().expect("some s-bucket is occupied");
    let stop = AtomicBool::new(false);
    farm.plot_sector(SectorIndex(0), size(2), &source, &control(&stop)).expect("nothing fails");
    let error = farm.prove(&candidate, auto_core::Address([0; 32]), &|| true).expect_err("it is gone");
    assert_eq!(auto_core::ErrorCode::code(&error), "FRM-0017");
    assert_eq!(farm.status().counts.plotted, 1);
    assert_eq!(farm.stats().failed.get("FRM-0017"), Some(&1));
}
