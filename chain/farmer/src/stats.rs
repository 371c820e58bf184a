//! What became of a farm's solutions.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Durations that percentiles are taken over.
const WINDOW: usize = 256;
/// Different reasons that are kept apart; more are counted as `other`.
const REASONS_MAX: usize = 32;

/// What became of one solution after it was proven.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It won the slot: its block or vote was accepted.
    Won,
    /// It was proven in time but reached the chain too late.
    Late,
    /// The chain refused it, with the reason, such as an error code.
    Rejected(String),
}

/// Median and 99th percentile of the latest durations, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Percentiles {
    /// The median.
    pub p50_us: u64,
    /// The 99th percentile.
    pub p99_us: u64,
}

/// What became of a farm's solutions since it was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct FarmStats {
    /// Slots audited.
    pub audits: u64,
    /// Bytes read by audits.
    pub audit_bytes: u64,
    /// Solutions proven.
    pub proved: u64,
    /// Solutions that won.
    pub won: u64,
    /// Solutions that came too late, while proving or after.
    pub late: u64,
    /// Solutions that the chain refused, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Chunks that could not be proven, by error code.
    pub failed: BTreeMap<String, u64>,
    /// How long audits take.
    pub audit_time: Percentiles,
    /// How long proving takes.
    pub prove_time: Percentiles,
}

/// Collects [`FarmStats`].
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    stats: FarmStats,
    audit_times: VecDeque<Duration>,
    prove_times: VecDeque<Duration>,
}

impl Recorder {
    pub(crate) fn audited(&mut self, bytes: u64, time: Duration) {
        self.stats.audits = self.stats.audits.saturating_add(1);
        self.stats.audit_bytes = self.stats.audit_bytes.saturating_add(bytes);
        push(&mut self.audit_times, time);
    }

    pub(crate) fn proved(&mut self, time: Duration) {
        self.stats.proved = self.stats.proved.saturating_add(1);
        push(&mut self.prove_times, time);
    }

    pub(crate) fn late(&mut self) {
        self.stats.late = self.stats.late.saturating_add(1);
    }

    pub(crate) fn failed(&mut self, code: &str) {
        count(&mut self.stats.failed, code);
    }

    pub(crate) fn outcome(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Won => self.stats.won = self.stats.won.saturating_add(1),
            Outcome::Late => self.late(),
            Outcome::Rejected(reason) => count(&mut self.stats.rejected, reason),
        }
    }

    pub(crate) fn stats(&self) -> FarmStats {
        FarmStats {
            audit_time: percentiles(&self.audit_times),
            prove_time: percentiles(&self.prove_times),
            ..self.stats.clone()
        }
    }
}

impl crate::Farm {
    /// Records what became of a solution of this farm.
    pub fn record(&self, outcome: &Outcome) {
        self.recorder.lock().outcome(outcome);
    }
}

fn push(times: &mut VecDeque<Duration>, time: Duration) {
    if times.len() == WINDOW {
        times.pop_front();
    }
    times.push_back(time);
}

fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    let known = counts.contains_key(name) || counts.len() < REASONS_MAX;
    let counter = counts.entry(if known { name } else { "other" }.to_owned()).or_default();
    *counter = counter.saturating_add(1);
}

fn percentiles(times: &VecDeque<Duration>) -> Percentiles {
    let mut sorted: Vec<Duration> = times.iter().copied().collect();
    sorted.sort_unstable();
    let at = |percent: usize| {
        let time = sorted.get(sorted.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default();
        u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
    };
    Percentiles { p50_us: at(50), p99_us: at(99) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_counted_apart_and_bounded() {
        let mut recorder = Recorder::default();
        recorder.outcome(&Outcome::Won);
        recorder.outcome(&Outcome::Late);
        recorder.late();
        for reason in 0..100 {
            recorder.outcome(&Outcome::Rejected(format!("CON-{reason:04}")));
        }
        let stats = recorder.stats();
        assert_eq!((stats.won, stats.late), (1, 2));
        assert_eq!(stats.rejected.len(), REASONS_MAX + 1);
        assert_eq!(stats.rejected.values().sum::<u64>(), 100);
    }

    #[test]
    fn percentiles_cover_the_latest_durations_only() {
        let mut recorder = Recorder::default();
        (0..1000).for_each(|_| recorder.proved(Duration::from_secs(9)));
        (0..=255).for_each(|time| recorder.proved(Duration::from_millis(time)));
        let time = recorder.stats().prove_time;
        assert_eq!((time.p50_us, time.p99_us), (127_000, 252_000));
    }
}
