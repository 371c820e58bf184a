//! Waiting for the farm, with progress.

use crate::error::{CliError, Fault};
use crate::network::Network;
use crate::ui::{Ui, Unit};
use auto_core::{Hash, PieceIndex, ProtocolParams, RAW_RECORD_BYTES, SegmentIndex};
use auto_node::{ObjectPlace, ObjectView, SectorState};
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

const LOOK: Duration = Duration::from_millis(500);
/// By when a farm that was just opened has been told how long the history is.
const HEARD: Duration = Duration::from_secs(3);

fn check_running(network: &Network) -> Result<(), CliError> {
    network.failure().map_or(Ok(()), |reason| Err(Fault::NodeStopped(reason).into()))
}

fn late(what: &str, limit: Duration) -> CliError {
    Fault::Timeout { what: what.to_owned(), seconds: limit.as_secs() }.into()
}

/// The segments that hold an object: from the piece where it starts to the one where it ends. Source
/// pieces are every other piece.
fn segments_of(view: &ObjectView, params: &ProtocolParams) -> Option<RangeInclusive<u64>> {
    let ObjectPlace::Archived { piece, offset } = view.place else { return None };
    let record = u64::try_from(RAW_RECORD_BYTES).ok()?;
    // Item headers where segments meet take some bytes too.
    let end = u64::from(offset).checked_add(view.size_bytes)?.checked_add(record)?;
    let last = PieceIndex(piece.0.checked_add(end.checked_div(record)?.checked_mul(2)?)?);
    let segment =
        |piece: PieceIndex| piece.segment(params.pieces_per_segment()).map(|SegmentIndex(index)| index);
    Some(segment(piece)?..=segment(last)?)
}

/// Waits until all objects are archived; gives the segments that hold them.
pub(super) async fn archived(
    ui: &Ui,
    network: &Network,
    objects: &[Hash],
    params: &ProtocolParams,
    limit: Duration,
) -> Result<RangeInclusive<u64>, CliError> {
    let total = u64::try_from(objects.len()).unwrap_or(u64::MAX);
    let bar = ui.bar("archived objects", total, Unit::Steps);
    let started = Instant::now();
    loop {
        check_running(network)?;
        let mut found: Vec<RangeInclusive<u64>> = Vec::new();
        for hash in objects {
            if let Some(view) = network.handle.object_info(hash)? {
                found.extend(segments_of(&view, params));
            }
        }
        let status = network.handle.status()?;
        let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
        // A segment is cut a block before the chain announces it, and farms plot what is announced.
        let cut = network.handle.segments(None, 1)?.first().map_or(0, |view| view.index.0);
        let announced = status.history_size.last_segment().0;
        bar.at(count, &format!("block {}, {} segments", status.head.number, status.history_size));
        let first = found.iter().map(|range| *range.start()).min();
        let last = found.iter().map(|range| *range.end()).max();
        if count == total
            && let (Some(first), Some(last)) = (first, last.map(|last| last.min(cut)))
            && last <= announced
        {
            bar.done();
            return Ok(first..=last);
        }
        if started.elapsed() > limit {
            return Err(late("archiving", limit));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Waits until no sector is left to plot; gives the number of the segments' pieces if the farm then holds
/// all of them.
pub(super) async fn settled(
    ui: &Ui,
    network: &Network,
    segments: &RangeInclusive<u64>,
    limit: Duration,
) -> Result<Option<u64>, CliError> {
    let count = segments.end().saturating_sub(*segments.start()).saturating_add(1);
    let before = segments.end().checked_add(1).map(SegmentIndex);
    let mut bar = None;
    let started = Instant::now();
    loop {
        check_running(network)?;
        let views = network.handle.segments(before, usize::try_from(count).unwrap_or(usize::MAX))?;
        let total: u64 = views.iter().map(|view| view.pieces).sum();
        let plotted: u64 = views.iter().map(|view| view.plotted_pieces).sum();
        let farms = network.handle.farms();
        let sectors: Vec<SectorState> = farms.iter().flat_map(|farm| farm.sectors.iter().copied()).collect();
        let is_done = |state: &&SectorState| **state == SectorState::Plotted;
        let (all, done) = (sectors.len(), sectors.iter().filter(is_done).count());
        let steps = |sectors: usize| u64::try_from(sectors).unwrap_or(u64::MAX);
        let speed = farms.iter().find_map(|farm| farm.plot_centi_mib_per_s).unwrap_or(0);
        let message = format!("{plotted} of {total} pieces, {}.{:02} MiB/s", speed / 100, speed % 100);
        bar.get_or_insert_with(|| ui.bar("plotted sectors", steps(all), Unit::Steps))
            .at(steps(done), &message);
        // The farm has to have heard of the whole history before it knows what is left to do.
        if all > 0 && done == all && started.elapsed() > HEARD {
            if let Some(bar) = &bar {
                bar.done();
            }
            return Ok((total > 0 && plotted == total).then_some(total));
        }
        if started.elapsed() > limit {
            return Err(late("plotting", limit));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Waits until the history is one segment longer.
pub(super) async fn grown(network: &Network, limit: Duration) -> Result<(), CliError> {
    let before = network.handle.status()?.history_size;
    let started = Instant::now();
    while network.handle.status()?.history_size == before {
        check_running(network)?;
        if started.elapsed() > limit {
            return Err(late("a new segment", limit));
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}
