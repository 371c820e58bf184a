//! Proofs that came before the slots they build on.

use super::ChainLimits;
use crate::TimeError;
use auto_core::{PotProof, Slot};
use std::collections::BTreeMap;

/// Unverified proofs by slot, in the order of arrival, each with its source.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    slots: BTreeMap<Slot, Vec<(u64, PotProof)>>,
}

impl Waiting {
    /// Keeps a proof; `false` when it waits already.
    pub(super) fn add(
        &mut self,
        source: u64,
        proof: &PotProof,
        limits: &ChainLimits,
    ) -> Result<bool, TimeError> {
        let waiting = self.slots.entry(proof.slot).or_default();
        if waiting.iter().any(|(_, other)| other == proof) {
            return Ok(false);
        }
        if waiting.iter().filter(|(other, _)| *other == source).count() >= limits.variants_per_source {
            return Err(TimeError::TooManyVariants(proof.slot));
        }
        if waiting.len() >= limits.candidates_per_slot {
            return Err(TimeError::BufferFull(proof.slot));
        }
        waiting.push((source, *proof));
        Ok(true)
    }

    /// Takes out what waits for `slot`.
    pub(super) fn take(&mut self, slot: Slot) -> Vec<(u64, PotProof)> {
        self.slots.remove(&slot).unwrap_or_default()
    }

    /// Drops what the chain has passed.
    pub(super) fn forget_up_to(&mut self, slot: Slot) {
        self.slots.retain(|waiting, _| *waiting > slot);
    }

    /// Drops what is no longer within `ahead` slots after `tip`.
    pub(super) fn keep_within(&mut self, tip: Slot, ahead: u64) {
        self.slots.retain(|slot, _| *slot > tip && slot.0.saturating_sub(tip.0) <= ahead);
    }
}
