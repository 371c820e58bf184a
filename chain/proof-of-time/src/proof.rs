//! Proving and verifying slots with the fastest engine of this machine.

use crate::{Engine, TimeError};
use auto_core::{PotCheckpoints, PotSeed};
use std::num::NonZeroUsize;
use std::sync::OnceLock;
use std::thread;

/// Seed, iterations and checkpoints of one slot.
pub type SlotProof = (PotSeed, u64, PotCheckpoints);

/// AES encryptions of a batch below which starting threads costs more than it saves.
const PARALLEL_FROM: u64 = 1 << 20;

/// Whether a slot may have so many iterations: a positive multiple of 16.
#[must_use]
pub const fn is_valid_iterations(iterations: u64) -> bool {
    iterations != 0 && iterations.is_multiple_of(16)
}

/// Computes a slot's checkpoints: one AES encryption after another, at the latency of the processor.
///
/// # Errors
/// When `iterations` is not a positive multiple of 16.
pub fn prove(seed: PotSeed, iterations: u64) -> Result<PotCheckpoints, TimeError> {
    Engine::fastest().prove(seed, iterations)
}

/// Whether a slot's checkpoints are right, on one core and at most sixteen times as fast as [`prove`].
#[must_use]
pub fn verify(seed: PotSeed, iterations: u64, checkpoints: &PotCheckpoints) -> bool {
    Engine::fastest().verify(seed, iterations, checkpoints)
}

/// Whether all slots' checkpoints are right, over all cores; stops soon after the first wrong one.
#[must_use]
pub fn verify_many(proofs: &[SlotProof]) -> bool {
    first_invalid(proofs).is_none()
}

/// The position of the first slot whose checkpoints are wrong, over all cores.
///
/// Slots are taken in batches of eight per core, so a wrong slot wastes at most the rest of its batch.
#[must_use]
pub fn first_invalid(proofs: &[SlotProof]) -> Option<usize> {
    proofs.chunks(batch_size()).enumerate().find_map(|(batch, proofs)| {
        let within = verdicts(proofs).iter().position(|right| !right)?;
        batch.checked_mul(batch_size())?.checked_add(within)
    })
}

/// Slots that are verified together: enough to keep every core busy for several rounds.
pub(crate) fn batch_size() -> usize {
    cores().saturating_mul(8)
}

/// The verdict on each slot, over all cores; its work is bounded by the caller.
pub(crate) fn verdicts(proofs: &[SlotProof]) -> Vec<bool> {
    let engine = Engine::fastest();
    let work = proofs.iter().fold(0u64, |sum, (_, iterations, _)| sum.saturating_add(*iterations));
    if proofs.len() < 2 || cores() < 2 || work < PARALLEL_FROM {
        return engine.verify_each(proofs);
    }
    let share = proofs.len().div_ceil(cores());
    thread::scope(|scope| {
        let threads: Vec<_> =
            proofs.chunks(share).map(|proofs| scope.spawn(move || engine.verify_each(proofs))).collect();
        let shares = threads.into_iter().zip(proofs.chunks(share));
        // A thread that did not come back has verified nothing.
        shares
            .flat_map(|(thread, proofs)| thread.join().unwrap_or_else(|_| vec![false; proofs.len()]))
            .collect()
    })
}

fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, NonZeroUsize::get))
}
