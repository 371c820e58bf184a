//! Measures deriving domain blocks: `cargo run -p auto-domains --example domain_blocks [accounts] [rounds]`.
//!
//! A block of 3,000 signed transfers between accounts of a state in memory is derived on all cores: signatures,
//! verdicts, order, execution with a root after every step, receipt. Prints one JSON object: transfers a
//! second of the best and of the median round by the clock; microseconds of processor time that a transfer
//! takes for its verdict, which all cores share, and for the rest, which one does; the rate that follows for
//! two cores with nothing else to do; and nodes read of the source.
#![allow(clippy::print_stdout, reason = "the result of this program goes to stdout")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "it stops when something is wrong")]

#[path = "../tests/fraud/fixture.rs"]
mod fixture;

use auto_core::{Amount, BundleVerdict, Hash, OpaqueExtrinsic};
use auto_domains::derive::{BlockRules, ParentTip, Step, execute, step, verdict};
use auto_module::Outcome;
use auto_state::{NodeSource, Snapshot, Staged, StateError};
use fixture::{World, pay, stranger};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const TRANSFERS: u16 = 3_000;
const BUNDLES: usize = 24;

/// Nodes under a hash table, as a warm cache over a database is.
struct Source {
    nodes: HashMap<Hash, Vec<u8>>,
    reads: AtomicUsize,
}

impl NodeSource for Source {
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        Ok(self.nodes.get(hash).cloned())
    }
}

/// Seconds since the start on the clock, and on all processors together (where the system tells).
struct Watch(Instant, f64);

impl Watch {
    fn start() -> Self {
        Self(Instant::now(), processors())
    }

    fn read(&self) -> (f64, f64) {
        (self.0.elapsed().as_secs_f64(), processors() - self.1)
    }
}

fn processors() -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let spent = |task: std::fs::DirEntry| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    tasks.filter_map(|task| spent(task.ok()?)).sum::<f64>() / 1e9
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|text| text.parse::<u32>().ok());
    let accounts = arguments.next().unwrap_or(1_000_000);
    let rounds = arguments.next().unwrap_or(5);
    let mut world = World::new(TRANSFERS);
    world.populate(accounts.saturating_sub(u32::from(TRANSFERS)));
    let extrinsics: Vec<OpaqueExtrinsic> = (0..TRANSFERS)
        .map(|from| {
            let to = stranger(u32::from(from) * 331 % accounts.max(1));
            world.signed(from, 0, vec![pay(to, Amount::ai3(1))])
        })
        .collect();
    let bundles: Vec<Vec<OpaqueExtrinsic>> =
        extrinsics.chunks(extrinsics.len().div_ceil(BUNDLES)).map(<[_]>::to_vec).collect();
    let block = world.block(&bundles);
    let rules = BlockRules { domain: &world.runtime, environment: &world.environment, block: &block };
    let slices: Vec<&[OpaqueExtrinsic]> = bundles.iter().map(Vec::as_slice).collect();
    let tip = ParentTip::of(&world.parent);
    let source = Source { nodes: world.nodes.clone().into_iter().collect(), reads: AtomicUsize::new(0) };

    let (mut whole, mut judging) = (Vec::new(), Vec::new());
    let mut reads = 0;
    for _ in 0..rounds {
        let state = Staged::new(&source, tip.state_root);
        let watch = Watch::start();
        verdict::bundles(&rules, &slices, &state).unwrap();
        judging.push(watch.read());
        source.reads.store(0, Ordering::Relaxed);
        let watch = Watch::start();
        let derived = execute(&rules, &slices, &tip, &source).unwrap();
        whole.push(watch.read());
        reads = source.reads.load(Ordering::Relaxed);
        assert_eq!(derived.receipt.trace.len(), usize::from(TRANSFERS) + 2);
        assert!(derived.executed.iter().all(|executed| executed.outcome == Outcome::Applied));
        assert!(
            derived.receipt.bundles.iter().all(|bundle| matches!(bundle.verdict, BundleVerdict::Valid(_)))
        );
    }
    let commits = commits(&rules, &extrinsics, &source, tip.state_root);
    let per_second = |(clock, _): (f64, f64)| f64::from(TRANSFERS) / clock;
    let micros = |(_, processors): (f64, f64)| processors * 1e6 / f64::from(TRANSFERS);
    let (whole, judging) = (Middle::of(whole), Middle::of(judging));
    let serial = micros(whole.best) - micros(judging.best);
    println!(
        "{{\"accounts\":{accounts},\"transfers\":{TRANSFERS},\"best_per_second\":{:.0},\
         \"median_per_second\":{:.0},\"verdict_cpu_us\":{:.1},\"rest_cpu_us\":{serial:.1},\
         \"per_second_on_two_free_cores\":{:.0},\"node_reads\":{reads},\
         \"snapshot_commits_per_second\":{commits:.0}}}",
        per_second(whole.best),
        per_second(whole.median),
        micros(judging.best),
        1e6 / (serial + micros(judging.best) / 2.0),
    );
}

/// The best and the median of several readings, each part by itself.
struct Middle {
    best: (f64, f64),
    median: (f64, f64),
}

impl Middle {
    fn of(readings: Vec<(f64, f64)>) -> Self {
        let (mut clock, mut processors): (Vec<f64>, Vec<f64>) = readings.into_iter().unzip();
        clock.sort_by(f64::total_cmp);
        processors.sort_by(f64::total_cmp);
        let middle = clock.len() / 2;
        Self { best: (clock[0], processors[0]), median: (clock[middle], processors[middle]) }
    }
}

/// Steps a second when every root comes from a commit over layered nodes, without signatures and verdicts.
fn commits(rules: &BlockRules<'_>, extrinsics: &[OpaqueExtrinsic], source: &Source, root: Hash) -> f64 {
    struct Layered<'a>(HashMap<Hash, Vec<u8>>, &'a Source);
    impl NodeSource for Layered<'_> {
        fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
            self.0.get(hash).map_or_else(|| self.1.node(hash), |bytes| Ok(Some(bytes.clone())))
        }
    }
    let checked: Vec<_> = extrinsics
        .iter()
        .take(500)
        .map(|bytes| rules.domain.check(rules.environment, rules.domain.decode(bytes).unwrap()).unwrap())
        .collect();
    let mut layered = Layered(HashMap::new(), source);
    let mut root = root;
    let watch = Watch::start();
    for extrinsic in &checked {
        let state = Snapshot::new(&layered, root);
        let (changes, _) = step(rules, Step::Apply(extrinsic), &state).unwrap();
        let commit = state.commit(&changes).unwrap();
        root = commit.root;
        layered.0.extend(commit.fresh);
    }
    f64::from(u32::try_from(checked.len()).unwrap()) / watch.read().1
}
