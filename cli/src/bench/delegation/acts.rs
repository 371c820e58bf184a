//! Acts on chain: a block of payments under grants, from its bundles to its receipt, as an operator derives it.

use super::setting::Setting;
use super::{held, median};
use crate::error::{CliError, internal};
use auto_domains::derive::{BlockRules, execute, verdict};
use auto_module::Outcome;
use auto_state::Staged;
use std::time::Instant;

pub(super) const ROUNDS: usize = 5;

/// What acts take.
pub(super) struct Acts {
    /// Acts a second in the best round, by the clock.
    pub(super) per_second: f64,
    /// Microseconds of all processors for the verdict on one, which they share.
    pub(super) verdict: f64,
    /// Microseconds for the rest, which one processor does.
    pub(super) rest: f64,
    /// Bytes of one transaction.
    pub(super) bytes: usize,
}

/// Seconds of all processors that the threads of this program took, where the system tells.
fn processors() -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let spent = |task: std::fs::DirEntry| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    tasks.filter_map(|task| spent(task.ok()?)).sum::<f64>() / 1e9
}

pub(super) fn measure(setting: &Setting, each: u16) -> Result<Acts, CliError> {
    let bundles = setting.acts(each)?;
    let block = setting.block(&bundles)?;
    let rules = BlockRules { domain: &*setting.domain, environment: &setting.environment, block: &block };
    let slices: Vec<_> = bundles.iter().map(Vec::as_slice).collect();
    let count: usize = bundles.iter().map(Vec::len).sum();
    let (mut best, mut whole, mut judging) = (f64::INFINITY, Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let state = Staged::new(&setting.nodes, setting.tip.state_root);
        let before = processors();
        verdict::bundles(&rules, &slices, &state).map_err(internal)?;
        judging.push(processors() - before);
        let (before, started) = (processors(), Instant::now());
        let derived = execute(&rules, &slices, &setting.tip, &setting.nodes).map_err(internal)?;
        best = best.min(started.elapsed().as_secs_f64());
        whole.push(processors() - before);
        let applied = derived.executed.iter().filter(|executed| executed.outcome == Outcome::Applied);
        held(applied.count() == count, "an act of the block")?;
    }
    let bytes: usize = bundles.iter().flatten().map(|bytes| bytes.len()).sum();
    let acts = f64::from(u32::try_from(count).map_err(internal)?);
    let micros = |seconds: f64| seconds * 1e6 / acts;
    let (whole, verdict) = (micros(median(whole)), micros(median(judging)));
    Ok(Acts { per_second: acts / best, verdict, rest: whole - verdict, bytes: bytes / count })
}
