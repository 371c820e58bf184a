//! From proven slots to blocks of one's own.

use super::{Audit, Effect, NodeMachine};
use crate::{ImportError, NodeError, NodeEvent, Standing};
use auto_core::{Block, ErrorCode, Hash, PublicKey, Slot, Solution, global_challenge};
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
        // What followers submit for a slot can stand in the block that is authored in it.
        self.tell_slots(from, to)?;
        self.author_due()
    }

    /// Audits the slots up to the head's future slot: whoever audited them before is gone, and their
    /// blocks are still to come.
    pub(super) fn audit_again(&mut self) {
        let head = self.chain.head();
        for slot in head.slot().0.saturating_add(1)..=head.future_slot().0 {
            self.audit(Slot(slot));
        }
    }

    fn audit(&mut self, slot: Slot) {
        let head = self.chain.head();
        if self.roles.farmers.is_empty() || slot <= head.slot() {
            return;
        }
        if let Some(output) = self.time.output_at(slot).or_else(|| head.output(slot)) {
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
        match self.chain.author(claim, justification, (&self.submissions, &self.pool), &pair) {
            Ok(block) => self.own_block(slot, key, block),
            Err(error) if error.is_fatal() => Err(error),
            Err(error) => {
                self.effects.push(Effect::Missed(slot, key, format!("rejected: {error} ({})", error.code())));
                Ok(())
            }
        }
    }

    pub(super) fn own_block(&mut self, slot: Slot, key: PublicKey, block: Block) -> Result<(), NodeError> {
        let parent = block.header.parent_hash;
        match self.import(block, None) {
            Ok(Standing::Best { .. }) => self.effects.push(Effect::Won(slot, key)),
            Ok(Standing::Known | Standing::Side) => {
                let reason = format!("lost fork: the block of slot {slot} is not on the best chain");
                self.effects.push(Effect::Missed(slot, key, reason));
            }
            Err(ImportError::Fatal(error)) => return Err(error),
            Err(ImportError::UnknownParent) => {
                self.refuse_own(slot, key, parent, "its parent is not known".to_owned());
            }
            Err(ImportError::Invalid(error)) => {
                self.refuse_own(slot, key, parent, format!("{error} ({})", error.code()));
            }
        }
        Ok(())
    }

    /// A block of one's own was refused: nobody has seen it and nothing has changed, so the node goes on.
    fn refuse_own(&mut self, slot: Slot, key: PublicKey, parent: Hash, error: String) {
        self.refused = self.refused.saturating_add(1);
        let error = NodeError::OwnBlock { parent, error };
        let (code, reason) = (error.code().to_owned(), error.to_string());
        self.effects.push(Effect::Missed(slot, key, format!("rejected: {reason} ({code})")));
        self.effects.push(Effect::Notify(NodeEvent::OwnBlockRefused { slot, code, reason }));
    }
}
