//! A hundred seeds of each kind of simulation, and what must really have happened in them.
//!
//! `AUTO_SIM_SEED=17` runs that seed alone; `AUTO_SIM_SEEDS=100..200` runs others.

use auto_operator::Lie;
use auto_testkit::{Failure, Outcome, Simulation, Tally};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

const SEEDS: Range<u64> = 0..100;

/// The line that runs a seed of a test again.
fn replay(test: &str, seed: u64) -> String {
    format!("AUTO_SIM_SEED={seed} cargo test -p auto-testkit --test seeds {test}")
}

fn chosen() -> Option<Range<u64>> {
    let number = |text: &str| text.trim().parse::<u64>().expect("a seed is a number");
    if let Ok(seed) = std::env::var("AUTO_SIM_SEED") {
        let seed = number(&seed);
        return Some(seed..seed + 1);
    }
    let seeds = std::env::var("AUTO_SIM_SEEDS").ok()?;
    let (from, to) = seeds.split_once("..").expect("seeds are written FROM..TO");
    Some(number(from)..number(to))
}

/// Runs the seeds of a test on every core; the sum of what happened.
fn run(test: &str, simulate: fn(u64) -> Result<Outcome, Failure>) -> Tally {
    let seeds = chosen().unwrap_or(SEEDS);
    let next = AtomicU64::new(seeds.start);
    let results = Mutex::new((Tally::default(), Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let outcome = std::panic::catch_unwind(|| simulate(seed));
                    let mut results = results.lock().expect("nobody panics while holding it");
                    match outcome {
                        Ok(Ok(outcome)) => results.0.add(&outcome.tally),
                        Ok(Err(failure)) => results.1.push(format!("{}\n    {failure}", replay(test, seed))),
                        Err(_) => results.1.push(format!("{}\n    a panic", replay(test, seed))),
                    }
                }
            });
        }
    });
    let (tally, failures) = results.into_inner().expect("all threads have ended");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    tally
}

/// A simulation that nothing happened in proves nothing.
fn each_happened(counts: &[(&str, u64)], tally: &Tally) {
    for (what, count) in counts {
        assert!(*count > 0, "no {what} in all seeds, so they prove nothing about them: {tally:?}");
    }
}

#[test]
fn a_hundred_seeds_come_to_one_chain() {
    let tally = run("come_to_one_chain", Simulation::run_seed);
    if chosen().is_some() {
        return;
    }
    let counts = [
        ("reorganisations", tally.reorgs),
        ("reorganisations over injected entropy", tally.reorgs_over_entropy),
        ("reorganisations over the end of an era", tally.reorgs_over_era),
        ("divisions healed", tally.divisions_healed),
        ("restarts", tally.restarts),
        ("restarts after a torn write", tally.torn_writes),
        ("nodes that joined late", tally.joined),
        ("lost messages", tally.lost),
        ("segments archived", tally.segments),
        ("sectors plotted anew", tally.replotted),
        ("transactions", tally.transactions),
        ("solutions taken back with their time", tally.time_taken_back),
    ];
    each_happened(&counts, &tally);
    assert!(tally.deepest >= 4, "the deepest reorganisation took back {} blocks", tally.deepest);
}

#[test]
fn one_honest_operator_of_each_domain_keeps_a_hundred_networks_of_liars_right() {
    let tally = run("networks_of_liars", Simulation::run_liars);
    if chosen().is_some() {
        return;
    }
    let counts = [
        ("reorganisations", tally.reorgs),
        ("divisions healed", tally.divisions_healed),
        ("restarts", tally.restarts),
        ("restarts after a torn write", tally.torn_writes),
        ("nodes that joined late", tally.joined),
        ("lost messages", tally.lost),
        ("transactions of the consensus chain", tally.transactions),
        ("confirmed blocks of domains", tally.confirmed),
        ("transactions of domains", tally.applied),
        ("wrong receipts", tally.wrong_receipts),
    ];
    each_happened(&counts, &tally);
    assert!(tally.deepest >= 4, "the deepest reorganisation took back {} blocks", tally.deepest);
    // Six liars in each network, of whom not every one had occasion.
    assert!(tally.slashed >= 400, "only {} liars were slashed", tally.slashed);
    let missing: Vec<Lie> = Lie::ALL.into_iter().filter(|lie| !tally.lies.contains(lie)).collect();
    assert!(missing.is_empty(), "nobody lost a stake by {missing:?}");
}
