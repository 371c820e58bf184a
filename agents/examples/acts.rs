//! Measures acts on chain: `cargo run -p auto-agents --example acts [chains] [acts] [rounds]`.
//!
//! A block of signed transactions, each with one act that pays under its chain of three stored grants, is derived
//! from its bundles as an operator does: signatures of transactions and calls, verdicts, order, verification over
//! the state, meters, money, log, and a root of the state after every step. The state is in memory; the signatures
//! of the grants were verified when the grants were stored. Prints one JSON object: acts a second of the best and
//! the median round by the clock; microseconds of processor time that an act takes for its verdict, which all cores
//! share, and for the rest, which one does; and the rate that follows for two cores with nothing else to do.
#![allow(clippy::print_stdout, reason = "the result of this program goes to stdout")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "it stops when something is wrong")]

#[path = "acts/setting.rs"]
mod setting;

use auto_domains::derive::{BlockRules, execute, verdict};
use auto_module::Outcome;
use auto_state::Staged;
use setting::Setting;
use std::time::Instant;

/// Seconds of all processors that the threads of this program took, where the system tells.
fn processors() -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let spent = |task: std::fs::DirEntry| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    tasks.filter_map(|task| spent(task.ok()?)).sum::<f64>() / 1e9
}

/// What `work` takes by the clock and of all processors, in seconds.
fn timed(work: impl FnOnce()) -> (f64, f64) {
    let (start, before) = (Instant::now(), processors());
    work();
    (start.elapsed().as_secs_f64(), processors() - before)
}

fn middle_and_least(mut readings: Vec<f64>) -> (f64, f64) {
    readings.sort_by(f64::total_cmp);
    (readings[readings.len() / 2], readings[0])
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse::<u16>().ok());
    let chains = arguments.next().unwrap_or(250);
    let acts = arguments.next().unwrap_or(8);
    let rounds = arguments.next().unwrap_or(5);
    let setting = Setting::new(chains);
    let bundles = setting.acts(acts);
    let block = setting.block(&bundles);
    let rules = BlockRules { domain: &setting.runtime, environment: &setting.environment, block: &block };
    let slices: Vec<_> = bundles.iter().map(Vec::as_slice).collect();
    let count = u32::from(chains) * u32::from(acts);
    let (mut clock, mut whole, mut judging) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let state = Staged::new(&setting.nodes, setting.tip.state_root);
        judging.push(timed(|| drop(verdict::bundles(&rules, &slices, &state).unwrap())).1);
        let mut derived = None;
        let (seconds, spent) =
            timed(|| derived = Some(execute(&rules, &slices, &setting.tip, &setting.nodes).unwrap()));
        clock.push(seconds);
        whole.push(spent);
        let derived = derived.unwrap();
        for executed in &derived.executed {
            assert!(executed.outcome == Outcome::Applied, "{:?}", executed.outcome);
        }
        assert_eq!(derived.executed.len(), usize::try_from(count).unwrap());
    }
    let micros = |seconds: f64| seconds * 1e6 / f64::from(count);
    let ((median, best), (_, whole), (_, judging)) =
        (middle_and_least(clock), middle_and_least(whole), middle_and_least(judging));
    let (verdict, rest) = (micros(judging), micros(whole) - micros(judging));
    let bytes: usize = bundles.iter().flatten().map(|bytes| bytes.len()).sum();
    println!(
        "{{\"acts\":{count},\"chains\":{chains},\"grants_per_chain\":3,\"bytes_per_act\":{},\
         \"best_per_second\":{:.0},\"median_per_second\":{:.0},\"verdict_cpu_us\":{verdict:.1},\
         \"rest_cpu_us\":{rest:.1},\"per_second_on_two_free_cores\":{:.0},\"weight_ns\":{}}}",
        bytes / usize::try_from(count).unwrap(),
        f64::from(count) / best,
        f64::from(count) / median,
        1e6 / (rest + verdict / 2.0),
        setting.weight(&bundles[0][0]),
    );
}
