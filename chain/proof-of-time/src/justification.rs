//! The time of a block against the time of its parent.

use crate::{NextInput, SlotProof, TimeError, TimeState, VerifiedCache, is_valid_iterations};
use auto_core::{PotJustification, PotOutput, PotParametersChange, Slot};

/// What a header says about its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeClaim {
    /// The claimed slot.
    pub slot: Slot,
    /// Its output.
    pub proof_of_time: PotOutput,
    /// The slot in which the block was authored: `slot + authoring delay`, which the caller checks.
    pub future_slot: Slot,
    /// The output of that slot.
    pub future_proof_of_time: PotOutput,
}

/// Time that was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedTime {
    /// Where time stands at the block's future slot.
    pub end: TimeState,
    /// Iterations of the claimed slot, unless it lies before the parent's future slot.
    pub slot_iterations: Option<u64>,
}

/// Verifies the time of a block.
///
/// `parent` is where time stands at the parent's future slot and `change` the change that the parent's
/// state schedules or last applied. `earlier` is the output of the claimed slot on the parent's chain; it
/// is needed where that slot is before the parent's future slot. Everything that comparing can decide is
/// decided before AES, which then runs over all cores on those slots that `cache` does not know.
///
/// # Errors
/// The first rule that the claim breaks.
pub fn verify_justification(
    parent: &TimeState,
    change: Option<&PotParametersChange>,
    earlier: Option<PotOutput>,
    claim: &TimeClaim,
    justification: &PotJustification,
    cache: &VerifiedCache,
) -> Result<VerifiedTime, TimeError> {
    check_schedule(parent, change)?;
    let order = TimeError::SlotOrder { slot: claim.slot, future: claim.future_slot, parent: parent.slot };
    if claim.slot > claim.future_slot || claim.future_slot <= parent.slot {
        return Err(order);
    }
    let expected = claim.future_slot.0.checked_sub(parent.slot.0).ok_or(order)?;
    let actual = u64::try_from(justification.checkpoints.len()).unwrap_or(u64::MAX);
    let Some(last) = justification.checkpoints.last().filter(|_| actual == expected) else {
        return Err(TimeError::CheckpointCount { expected, actual });
    };
    let first = parent.next_input(change);
    if justification.seed != first.seed {
        return Err(TimeError::Seed(first.slot));
    }
    if last.output() != claim.future_proof_of_time {
        return Err(TimeError::FutureOutput(claim.future_slot));
    }
    if output_at(parent, earlier, claim.slot, justification)? != claim.proof_of_time {
        return Err(TimeError::Output(claim.slot));
    }
    let (proofs, iterations) = walk(first, change, claim.slot, justification);
    let Some((_, last_iterations, _)) = proofs.last() else {
        return Err(TimeError::CheckpointCount { expected, actual });
    };
    let end = TimeState { slot: claim.future_slot, output: last.output(), iterations: *last_iterations };
    cache.verify_all(&proofs).map_err(|position| {
        let position = u64::try_from(position).unwrap_or(u64::MAX);
        TimeError::Checkpoints(Slot(first.slot.0.saturating_add(position)))
    })?;
    let slot_iterations =
        iterations.or(if claim.slot == parent.slot { Some(parent.iterations) } else { None });
    Ok(VerifiedTime { end, slot_iterations })
}

/// A change still due never lowers iterations; one in the past has its iterations in force.
fn check_schedule(parent: &TimeState, change: Option<&PotParametersChange>) -> Result<(), TimeError> {
    if !is_valid_iterations(parent.iterations) {
        return Err(TimeError::Iterations(parent.iterations));
    }
    let Some(change) = change else { return Ok(()) };
    if !is_valid_iterations(change.iterations) {
        return Err(TimeError::Iterations(change.iterations));
    }
    if change.slot <= parent.slot {
        if change.iterations != parent.iterations {
            return Err(TimeError::IterationsOutsideInjection {
                expected: parent.iterations,
                actual: change.iterations,
            });
        }
    } else if change.iterations < parent.iterations {
        return Err(TimeError::IterationsLowered { from: parent.iterations, to: change.iterations });
    }
    Ok(())
}

fn output_at(
    parent: &TimeState,
    earlier: Option<PotOutput>,
    slot: Slot,
    justification: &PotJustification,
) -> Result<PotOutput, TimeError> {
    if slot == parent.slot {
        return Ok(parent.output);
    }
    let Some(position) = slot.0.checked_sub(parent.slot.0).and_then(|ahead| ahead.checked_sub(1)) else {
        return earlier.ok_or(TimeError::EarlierOutputUnknown(slot));
    };
    usize::try_from(position)
        .ok()
        .and_then(|position| justification.checkpoints.get(position))
        .map(auto_core::PotCheckpoints::output)
        .ok_or(TimeError::Output(slot))
}

/// The proof of each slot with the input that the change gives it, and the iterations of `slot`.
fn walk(
    first: NextInput,
    change: Option<&PotParametersChange>,
    slot: Slot,
    justification: &PotJustification,
) -> (Vec<SlotProof>, Option<u64>) {
    let mut input = first;
    let mut slot_iterations = None;
    let proofs = justification
        .checkpoints
        .iter()
        .map(|checkpoints| {
            let proof = (input.seed, input.iterations, *checkpoints);
            if input.slot == slot {
                slot_iterations = Some(input.iterations);
            }
            input = input.ended(checkpoints.output()).next_input(change);
            proof
        })
        .collect();
    (proofs, slot_iterations)
}
