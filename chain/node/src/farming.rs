//! The threads of one farm: answering slots, and plotting.

use crate::machine::Audit;
use crate::retrieval::Retriever;
use crate::{Event, FarmView, MissedSolution, SectorState};
use auto_core::{Address, Commitment, ErrorCode, HistorySize, SegmentIndex, Slot};
use auto_farmer::{Farm, FarmError, Outcome, PlotControl, PlotProgress, SourceError};
use parking_lot::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::time::Duration;

/// Missed solutions that are remembered with their reasons.
const MISSED_KEPT: usize = 32;
/// Candidates of one slot that are proven at most; more than one rarely helps.
const PROVEN_PER_SLOT: usize = 2;

/// A farm and what is known of its work.
#[derive(Debug)]
pub(crate) struct Farming {
    pub farm: Arc<Farm>,
    pub reward_address: Address,
    pub found: AtomicU64,
    pub won: AtomicU64,
    pub missed: Mutex<VecDeque<MissedSolution>>,
    pub plotting: Mutex<Option<PlotProgress>>,
    pub trouble: Mutex<Option<String>>,
}

impl Farming {
    pub(crate) fn new(farm: Arc<Farm>, reward_address: Address) -> Self {
        Self {
            farm,
            reward_address,
            found: AtomicU64::new(0),
            won: AtomicU64::new(0),
            missed: Mutex::new(VecDeque::new()),
            plotting: Mutex::new(None),
            trouble: Mutex::new(None),
        }
    }

    pub(crate) fn miss(&self, slot: Slot, reason: String) {
        let mut missed = self.missed.lock();
        if missed.len() == MISSED_KEPT {
            missed.pop_front();
        }
        missed.push_back(MissedSolution { slot, reason });
    }

    /// What people see of the farm.
    pub(crate) fn view(&self) -> FarmView {
        let status = self.farm.status();
        let stats = self.farm.stats();
        let plotting = *self.plotting.lock();
        let next =
            self.farm.history_size().and_then(|size| HistorySize::new(size.segments().saturating_add(1)));
        let state = |sector: &auto_core::SectorIndex, state: &auto_farmer::SectorState| match state {
            _ if plotting.is_some_and(|progress| progress.sector == *sector) => SectorState::Plotting,
            auto_farmer::SectorState::Unplotted => SectorState::Empty,
            auto_farmer::SectorState::Plotted { expires: Some(expires), .. } if Some(*expires) <= next => {
                SectorState::AboutToExpire
            }
            auto_farmer::SectorState::Plotted { .. } => SectorState::Plotted,
            auto_farmer::SectorState::Expired { .. } => SectorState::Expired,
            auto_farmer::SectorState::Quarantined { .. } => SectorState::Quarantined,
        };
        let percentiles = |count: u64, times: auto_farmer::Percentiles| {
            (count > 0).then_some((times.p50_us / 1000, times.p99_us / 1000))
        };
        FarmView {
            path: status.path.display().to_string(),
            public_key: *self.farm.public_key(),
            reward_address: self.reward_address,
            size_bytes: status.bytes,
            sectors: status.sectors.iter().map(|(sector, at)| state(sector, at)).collect(),
            plot_centi_mib_per_s: plotting.map(|progress| centi(progress.mib_per_second)),
            plot_eta_s: plotting.and_then(|progress| progress.remaining_seconds),
            next_expiry: status.next_expiry.map(|(_, size)| size),
            blocks_won: self.won.load(Ordering::Relaxed),
            solutions_found: self.found.load(Ordering::Relaxed),
            missed: self.missed.lock().iter().cloned().collect(),
            audit_ms: percentiles(stats.audits, stats.audit_time),
            prove_ms: percentiles(stats.proved, stats.prove_time),
        }
    }
}

/// Hundredths of a display figure.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a display figure, clamped before"
)]
fn centi(figure: f64) -> u64 {
    (figure * 100.0).clamp(0.0, 1e12) as u64
}

/// What the threads of a farm share with the node.
#[derive(Debug, Clone)]
pub(crate) struct FarmLinks {
    pub events: SyncSender<Event>,
    pub stop: Arc<AtomicBool>,
    /// The last proven slot.
    pub slot: Arc<AtomicU64>,
    /// Slots from a challenge to its block.
    pub authoring_delay: u64,
    pub retriever: Arc<Retriever>,
}

/// Slots that wait to be answered.
#[derive(Debug, Default)]
struct Waiting(BTreeMap<Slot, Audit>);

impl Waiting {
    /// A later challenge of a slot takes the place of an earlier one.
    fn add(&mut self, audit: Audit) {
        self.0.insert(audit.slot, audit);
    }

    /// The newest slot, which has the most time left; those whose block would come too late are let go.
    fn next(&mut self, now: Slot, authoring_delay: u64) -> Option<Audit> {
        let oldest = Slot(now.0.saturating_sub(authoring_delay));
        self.0 = self.0.split_off(&oldest);
        self.0.pop_last().map(|(_, audit)| audit)
    }
}

/// Answers slots until told to stop.
pub(crate) fn answer(farming: &Farming, audits: &Receiver<Audit>, links: &FarmLinks) {
    let mut waiting = Waiting::default();
    while !links.stop.load(Ordering::Relaxed) {
        if waiting.0.is_empty() {
            let Ok(audit) = audits.recv_timeout(Duration::from_millis(200)) else { continue };
            waiting.add(audit);
        }
        while let Ok(audit) = audits.try_recv() {
            waiting.add(audit);
        }
        let now = Slot(links.slot.load(Ordering::Relaxed));
        let Some(audit) = waiting.next(now, links.authoring_delay) else { continue };
        let report = farming.farm.audit(&audit.challenge, audit.range);
        for candidate in report.candidates.iter().take(PROVEN_PER_SLOT) {
            farming.found.fetch_add(1, Ordering::Relaxed);
            let last = audit.slot.0.saturating_add(links.authoring_delay);
            let in_time = || links.slot.load(Ordering::Relaxed) <= last;
            match farming.farm.prove(candidate, farming.reward_address, &in_time) {
                Ok(solution) => {
                    let event = Event::Solved { slot: audit.slot, solution: Box::new(solution) };
                    if links.events.send(event).is_err() {
                        return;
                    }
                    break;
                }
                Err(error) => {
                    if matches!(error, FarmError::Late { .. }) {
                        let now = links.slot.load(Ordering::Relaxed);
                        farming.miss(
                            audit.slot,
                            format!(
                                "late proof: slot {now} was proven before the proof of slot {} was ready",
                                audit.slot
                            ),
                        );
                    } else {
                        farming.miss(audit.slot, format!("{error} ({})", error.code()));
                    }
                }
            }
        }
    }
}

/// Plots whatever is due until told to stop.
pub(crate) fn plot(farming: &Farming, links: &FarmLinks) {
    let retriever = Arc::clone(&links.retriever);
    let source = |index| retriever.piece(index).map_err(|error| SourceError(error.to_string()));
    while !links.stop.load(Ordering::Relaxed) {
        let history_size = retriever.history_size();
        let commitment = |index: SegmentIndex| -> Option<Commitment> { retriever.commitment(index) };
        farming.farm.update_history(history_size, &commitment);
        let Some((sector, _)) = farming.farm.next_job() else {
            *farming.plotting.lock() = None;
            std::thread::sleep(Duration::from_millis(250));
            continue;
        };
        let progress = |progress: &PlotProgress| *farming.plotting.lock() = Some(*progress);
        let control = PlotControl { stop: &links.stop, progress: &progress };
        match farming.farm.plot_sector(sector, history_size, &source, &control) {
            Ok(_) => *farming.trouble.lock() = None,
            Err(error) => {
                // Pieces may only be missing until they are archived or fetched; farming goes on.
                *farming.trouble.lock() = Some(format!("{error} ({})", error.code()));
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }
    *farming.plotting.lock() = None;
}

/// Books a block that was won.
pub(crate) fn won(farming: &Farming) {
    farming.won.fetch_add(1, Ordering::Relaxed);
    farming.farm.record(&Outcome::Won);
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::{Hash, SolutionRange};

    fn audit(slot: u64, challenge: u8) -> Audit {
        Audit {
            slot: Slot(slot),
            challenge: Hash([challenge; 32]),
            range: SolutionRange(1),
            history_size: HistorySize::ONE,
        }
    }

    #[test]
    fn the_newest_slot_is_answered_first_and_none_that_can_be_met_is_forgotten() {
        let mut waiting = Waiting::default();
        for slot in [3, 5, 4, 6] {
            waiting.add(audit(slot, 1));
        }
        waiting.add(audit(6, 2));
        assert_eq!(waiting.next(Slot(6), 2), Some(audit(6, 2)));
        waiting.add(audit(7, 1));
        assert_eq!(waiting.next(Slot(7), 2), Some(audit(7, 1)));
        assert_eq!(waiting.next(Slot(7), 2), Some(audit(5, 1)));
        assert_eq!(waiting.next(Slot(7), 2), None, "slot 4 is too late, slot 3 more so");
        assert_eq!(waiting.next(Slot(0), 9), None);
    }
}
