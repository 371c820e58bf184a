//! No money is made or lost, whatever operators, nominators, senders, relayers and liars do.
//!
//! Worlds with three domains on a consensus chain, and more that are founded, each out of a seed: a hundred
//! thousand random actions in all. After every consensus block the money is counted, in the books and where it
//! is.
//!
//! `AUTO_CONSERVATION_SEED=2` runs that seed alone; `AUTO_CONSERVATION_SEEDS=100..120` runs others.
#![allow(clippy::panic, reason = "helpers of tests fail as tests do")]

mod conservation {
    mod act;
    mod books;
    mod found;
    mod operate;
    mod relay;
    mod setup;
    mod side;
    pub(crate) mod tally;
    pub(crate) mod world;
}

use conservation::tally::Tally;
use conservation::world::World;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

const SEEDS: Range<u64> = 0..4;
/// Actions of one seed.
const STEPS: u64 = 25_000;

/// The line that runs a seed again.
fn replay(seed: u64) -> String {
    format!("AUTO_CONSERVATION_SEED={seed} cargo test -p auto-testkit --test conservation")
}

fn chosen() -> Option<Range<u64>> {
    let number = |text: &str| text.trim().parse::<u64>().expect("a seed is a number");
    if let Ok(seed) = std::env::var("AUTO_CONSERVATION_SEED") {
        let seed = number(&seed);
        return Some(seed..seed + 1);
    }
    let seeds = std::env::var("AUTO_CONSERVATION_SEEDS").ok()?;
    let (from, to) = seeds.split_once("..").expect("seeds are written FROM..TO");
    Some(number(from)..number(to))
}

fn run(seed: u64, steps: u64) -> Result<Tally, String> {
    let step = AtomicU64::new(0);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new(seed);
        for now in 0..steps {
            step.store(now, Ordering::Relaxed);
            world.step();
        }
        world.finish()
    }));
    outcome.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let step = step.load(Ordering::Relaxed);
        format!("{}\n    at step {step}: {}", replay(seed), text.unwrap_or_default())
    })
}

/// Runs seeds on every core; the sum of what happened, and the line and reason of each failure.
fn run_all(seeds: Range<u64>) -> (Tally, Vec<String>) {
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
                    let outcome = run(seed, STEPS);
                    let mut results = results.lock().expect("nobody panics while holding it");
                    match outcome {
                        Ok(tally) => results.0.add(&tally),
                        Err(failure) => results.1.push(failure),
                    }
                }
            });
        }
    });
    results.into_inner().expect("all threads have ended")
}

#[test]
fn a_hundred_thousand_actions_neither_make_nor_lose_money() {
    let chosen = chosen();
    let (tally, failures) = run_all(chosen.clone().unwrap_or(SEEDS));
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    match chosen {
        None => tally.is_telling(),
        Some(seeds) => println!("{seeds:?}: {tally:#?}"),
    }
}

#[test]
fn the_same_seed_gives_the_same_world() {
    let (one, other) = (run(7, 1_000), run(7, 1_000));
    assert!(one.is_ok());
    assert_eq!(one, other);
}

#[test]
#[should_panic(expected = "domain 1 at its block 0")]
fn one_unit_that_only_the_domain_has_is_noticed() {
    let mut world = World::new(0);
    world.make_up_a_unit();
    world.make_block();
}
