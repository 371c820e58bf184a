//! A hundred seeds of the simulation, and what must really have happened in them.
//!
//! `AUTO_SIM_SEED=17` runs that seed alone; `AUTO_SIM_SEEDS=100..200` runs others.

use auto_testkit::{Simulation, Tally};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

const SEEDS: Range<u64> = 0..100;

/// The line that runs a seed again.
fn replay(seed: u64) -> String {
    format!("AUTO_SIM_SEED={seed} cargo test -p auto-testkit --test seeds")
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

/// Runs seeds on every core; the sum of what happened, and the line and reason of each failure.
fn run(seeds: Range<u64>) -> (Tally, Vec<String>) {
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
                    let outcome = std::panic::catch_unwind(|| Simulation::run_seed(seed));
                    let mut results = results.lock().expect("nobody panics while holding it");
                    match outcome {
                        Ok(Ok(outcome)) => results.0.add(&outcome.tally),
                        Ok(Err(failure)) => results.1.push(format!("{}\n    {failure}", replay(seed))),
                        Err(_) => results.1.push(format!("{}\n    a panic", replay(seed))),
                    }
                }
            });
        }
    });
    results.into_inner().expect("all threads have ended")
}

#[test]
fn a_hundred_seeds_come_to_one_chain() {
    let chosen = chosen();
    let (tally, failures) = run(chosen.clone().unwrap_or(SEEDS));
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    if chosen.is_some() {
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
    for (what, count) in counts {
        assert!(count > 0, "no {what} in all seeds, so they prove nothing about them: {tally:?}");
    }
    assert!(tally.deepest >= 4, "the deepest reorganisation took back {} blocks", tally.deepest);
}
