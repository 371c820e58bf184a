//! Prints how fast this machine proves and verifies slots.
#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use auto_core::{PotCheckpoints, PotSeed};
use auto_proof_of_time::{Engine, SlotProof, TimeError, verify_many};
use std::hint::black_box;
use std::time::Instant;

/// Short enough that a run often fits between two interruptions.
const ITERATIONS: u64 = 1 << 17;
const RUNS: usize = 61;
const SLOTS: u8 = 16;

/// The seconds that `work` takes undisturbed: the fastest of several runs.
fn seconds(mut work: impl FnMut()) -> f64 {
    (0..RUNS).fold(f64::INFINITY, |fastest, _| {
        let start = Instant::now();
        work();
        fastest.min(start.elapsed().as_secs_f64())
    })
}

fn proof(engine: Engine, seed: u8) -> Result<SlotProof, TimeError> {
    let seed = PotSeed([seed; 16]);
    Ok((seed, ITERATIONS, engine.prove(seed, ITERATIONS)?))
}

fn main() -> Result<(), TimeError> {
    let fastest = Engine::fastest();
    let proofs: Vec<SlotProof> = (0..SLOTS).map(|seed| proof(fastest, seed)).collect::<Result<_, _>>()?;
    let (seed, _, checkpoints): (PotSeed, u64, PotCheckpoints) = proofs[0];
    let prove = seconds(|| {
        let _ = black_box(fastest.prove(black_box(seed), ITERATIONS));
    });
    let rate = f64::from(u32::try_from(ITERATIONS).unwrap_or(u32::MAX)) / prove;
    println!("prove        {rate:>14.0} iterations per second");
    for engine in Engine::available() {
        let verify = seconds(|| assert!(engine.verify(seed, ITERATIONS, black_box(&checkpoints))));
        let each = seconds(|| assert!(engine.verify_each(black_box(&proofs)).iter().all(|right| *right)));
        let each = each / f64::from(SLOTS);
        println!(
            "verify {:<9} {:>6.2} times as fast, one core; {:>6.2} over {SLOTS} slots on one core",
            engine.name(),
            prove / verify,
            prove / each
        );
    }
    let many = seconds(|| assert!(verify_many(black_box(&proofs)))) / f64::from(SLOTS);
    println!("verify_many  {:>9.2} times as fast, all cores", prove / many);
    Ok(())
}
