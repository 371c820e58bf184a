//! Proof of time: how fast a slot is computed, and how much faster it is verified.

use super::{Figures, fastest, figures, rounded, whole};
use crate::error::{CliError, internal};
use auto_core::PotSeed;
use auto_proof_of_time::{Engine, SlotProof, verify_many};
use serde_json::json;
use std::hint::black_box;

/// Short enough that a run often fits between two interruptions.
const ITERATIONS: u64 = 1 << 20;
const RUNS: usize = 25;
const SLOTS: u8 = 8;

pub(super) fn measure() -> Result<Figures, CliError> {
    let engine = Engine::fastest();
    let prove = |seed: u8| -> Result<SlotProof, CliError> {
        let seed = PotSeed([seed; 16]);
        Ok((seed, ITERATIONS, engine.prove(seed, ITERATIONS).map_err(internal)?))
    };
    let proofs: Vec<SlotProof> = (0..SLOTS).map(prove).collect::<Result<_, _>>()?;
    let Some((seed, _, checkpoints)) = proofs.first() else { return Err(internal("no proof")) };
    let prove_s = fastest(RUNS, || {
        let _ = black_box(engine.prove(black_box(*seed), ITERATIONS));
    });
    let mut sound = true;
    let verify_s = fastest(RUNS, || sound &= engine.verify(*seed, ITERATIONS, black_box(checkpoints)));
    let many_s = fastest(RUNS, || sound &= verify_many(black_box(&proofs))) / f64::from(SLOTS);
    if !sound {
        return Err(internal("a proof of time does not verify"));
    }
    let iterations = f64::from(u32::try_from(ITERATIONS).unwrap_or(u32::MAX));
    Ok(figures([
        ("iterations_per_second", whole(iterations / prove_s)),
        ("verify_speedup", rounded(prove_s / verify_s)),
        ("verify_speedup_two_cores", rounded(prove_s / many_s)),
        ("engine", json!(engine.name())),
        (
            "note",
            json!(format!(
                "slots of {ITERATIONS} iterations, fastest of {RUNS} runs; all cores over {SLOTS} slots"
            )),
        ),
    ]))
}
