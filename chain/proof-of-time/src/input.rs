//! What a slot starts from.

use auto_core::{PotOutput, PotParametersChange, PotSeed, Slot};

/// What the next slot's AES chain starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextInput {
    /// The slot that starts.
    pub slot: Slot,
    /// Its seed.
    pub seed: PotSeed,
    /// Its AES encryptions.
    pub iterations: u64,
}

/// The input of the slot after `slot`, which ended in `output` after `iterations`.
///
/// A change due before the next slot gives its iterations, a change due at the next slot also gives its
/// entropy to the seed, and a later change gives nothing yet. The slot saturates at its largest value.
#[must_use]
pub fn next_input(
    slot: Slot,
    iterations: u64,
    output: PotOutput,
    change: Option<&PotParametersChange>,
) -> NextInput {
    let slot = Slot(slot.0.saturating_add(1));
    match change {
        Some(change) if change.slot < slot => {
            NextInput { slot, seed: output.seed(), iterations: change.iterations }
        }
        Some(change) if change.slot == slot => {
            NextInput { slot, seed: output.seed_with_entropy(&change.entropy), iterations: change.iterations }
        }
        _ => NextInput { slot, seed: output.seed(), iterations },
    }
}

/// Where time stands: the end of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeState {
    /// The slot that ended.
    pub slot: Slot,
    /// Its output.
    pub output: PotOutput,
    /// Its iterations.
    pub iterations: u64,
}

impl TimeState {
    /// The end of slot zero: it "outputs" the genesis seed, so that slot one starts from it.
    #[must_use]
    pub const fn genesis(seed: PotSeed, iterations: u64) -> Self {
        Self { slot: Slot(0), output: PotOutput(seed.0), iterations }
    }

    /// The input of the slot after this one.
    #[must_use]
    pub fn next_input(&self, change: Option<&PotParametersChange>) -> NextInput {
        next_input(self.slot, self.iterations, self.output, change)
    }
}

impl NextInput {
    /// Where time stands once this slot has ended in `output`.
    #[must_use]
    pub const fn ended(&self, output: PotOutput) -> TimeState {
        TimeState { slot: self.slot, output, iterations: self.iterations }
    }
}
