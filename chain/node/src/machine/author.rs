//! From proven slots to blocks of one's own.

use super::{Audit, Effect, NodeMachine};
use crate::{NodeError, Standing};
use auto_core::{Block, ErrorCode, PublicKey, Slot, Solution, global_challenge};
use std::sync::Arc;

/// A solution that waits for its future slot.
#[derive(Debug)]
pub(super) struct Candidate {
    solution: Solution,
    late: bool,
}

impl NodeMachine {
    pub(super) fn slots_proven(&mut self, from: Slot, to: Slot) -> Result<(), NodeError> {
        // Older slots can no longer win: their block would have to be authored in the past.
        let oldest = to.0.saturating_sub(self.chain.params().authoring_delay);
        for slot in from.0.max(oldest)..=to.0 {
            self.audit(Slot(slot));
        }
        self.author_due()
    }

    fn audit(&mut self, slot: Slot) {
        let head = self.chain.head();
        if self.roles.farmers.is_empty() || slot <= head.slot() {
            return;
        }
        if let Some(output) = self.time.output_at(slot) {
            let audit = Audit {
                slot,
                challenge: global_challenge(&output, slot),
                range: head.solution_range(),
                history_size: head.history_size(),
            };
            self.effects.push(Effect::Audit(audit));
        }
    }

    pub(super) fn solved(&mut self, slot: Slot, solution: Solution) -> Result<(), NodeError> {
        let late = self.time.tip().slot.0 > slot.0.saturating_add(self.chain.params().authoring_delay);
        let key = (slot, solution.public_key.0);
        // A later answer is to a later challenge of the slot, after its time was taken back.
        self.candidates.insert(key, Candidate { solution, late });
        self.author_due()
    }

    /// Authors blocks for all solutions whose future slot is proven.
    fn author_due(&mut self) -> Result<(), NodeError> {
        let tip = self.time.tip().slot;
        let due = tip.checked_sub(self.chain.params().authoring_delay);
        while let Some(entry) = self.candidates.first_entry() {
            let slot = entry.key().0;
            if due.is_none_or(|due| slot > due) {
                break;
            }
            let candidate = entry.remove();
            self.author(slot, candidate)?;
        }
        Ok(())
    }

    fn author(&mut self, slot: Slot, candidate: Candidate) -> Result<(), NodeError> {
        let key = candidate.solution.public_key;
        let head = self.chain.head().clone();
        if slot <= head.slot() {
            let cause = if candidate.late { "late proof" } else { "lost fork" };
            let reason = format!(
                "{cause}: slot {slot} was answered, but block {} already claims slot {}",
                head.number(),
                head.slot()
            );
            self.effects.push(Effect::Missed(slot, key, reason));
            return Ok(());
        }
        let Some(pair) = self.roles.farmers.iter().find(|pair| pair.public_key() == key).map(Arc::clone)
        else {
            return Ok(());
        };
        let future = Slot(slot.0.saturating_add(self.chain.params().authoring_delay));
        let times = (
            self.time.output_at(slot).or_else(|| head.output(slot)),
            self.time.output_at(future),
            self.time.checkpoints_between(head.future_slot(), future),
        );
        let (Some(proof_of_time), Some(future_proof_of_time), Some(justification)) = times else {
            let reason = format!("lost fork: slot {slot} is not on the best block's chain of time");
            self.effects.push(Effect::Missed(slot, key, reason));
            return Ok(());
        };
        let claim =
            auto_core::PreDigest { slot, solution: candidate.solution, proof_of_time, future_proof_of_time };
        match self.chain.author(claim, justification, &self.pool, &pair) {
            Ok(block) => self.own_block(slot, key, block),
            Err(error) if error.is_fatal() => Err(error),
            Err(error) => {
                self.effects.push(Effect::Missed(slot, key, format!("rejected: {error} ({})", error.code())));
                Ok(())
            }
        }
    }

    fn own_block(&mut self, slot: Slot, key: PublicKey, block: Block) -> Result<(), NodeError> {
        match self.import(block, None)? {
            Some(Standing::Best { .. }) => self.effects.push(Effect::Won(slot, key)),
            _ => {
                let reason = format!("lost fork: the block of slot {slot} is not on the best chain");
                self.effects.push(Effect::Missed(slot, key, reason));
            }
        }
        Ok(())
    }
}
