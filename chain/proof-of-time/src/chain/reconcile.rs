//! Following the best block: entropy that becomes due, and reorganisations.

use super::{PotChain, Update};
use crate::TimeState;
use auto_core::{PotParametersChange, Slot};

impl PotChain {
    /// Takes the change that the best block schedules, where its time stays what it was.
    ///
    /// Slots after the best block's time that the change makes wrong are cut off.
    pub fn set_change(&mut self, change: Option<PotParametersChange>) -> Update {
        let before = self.tip().slot;
        self.change = change;
        let cut = self.cut_wrong_after(self.anchor.slot);
        self.finish(before, cut)
    }

    /// Follows the best block to `best`, its time, and `change`, what its state schedules or last applied.
    ///
    /// Kept slots that lead to `best` and on from it stay. Where the chain took another way, it is cut at
    /// the slot where an injection differs and led to `best` by the slots that were verified with the
    /// blocks; failing that it starts anew from `best`.
    pub fn reset_to(&mut self, best: TimeState, change: Option<PotParametersChange>) -> Update {
        let before = self.tip().slot;
        // The best block's slots follow under the old change when it extends the old best block.
        self.advance();
        let old = std::mem::replace(&mut self.change, change);
        let mut cut = None;
        if self.state_at(best.slot) != Some(best) {
            let differing = [old, change].into_iter().flatten().map(|change| change.slot).min();
            if let Some(slot) = differing.filter(|_| old != change) {
                cut = self.cut_wrong_after(Slot(slot.0.saturating_sub(1)));
                self.advance();
            }
        }
        if self.state_at(best.slot) != Some(best) {
            cut = Some(Slot(self.base.slot.0.min(best.slot.0).saturating_add(1)));
            self.entries.clear();
            self.base = best;
        }
        self.anchor = best;
        let ahead = self.cut_wrong_after(best.slot);
        self.finish(before, cut.or(ahead))
    }

    /// Cuts the chain at the first slot after `settled` that does not start from what the change demands;
    /// gives that slot.
    fn cut_wrong_after(&mut self, settled: Slot) -> Option<Slot> {
        let from = settled.0.saturating_sub(self.base.slot.0);
        let from = usize::try_from(from).unwrap_or(usize::MAX).min(self.entries.len());
        let change = self.change;
        let wrong = (from..self.entries.len()).find(|position| {
            let input = self.state_after(*position).next_input(change.as_ref());
            self.entries
                .get(*position)
                .is_some_and(|entry| (entry.seed, entry.iterations) != (input.seed, input.iterations))
        })?;
        self.entries.truncate(wrong);
        Some(self.next().slot)
    }

    /// Takes up what is known of the new way and tells what happened since the tip was `before`.
    fn finish(&mut self, before: Slot, cut: Option<Slot>) -> Update {
        self.failures = 0;
        self.advance();
        let tip = self.tip().slot;
        self.waiting.keep_within(tip, self.limits.ahead);
        let reverted_from = cut.filter(|slot| *slot <= before);
        let new = reverted_from.map_or_else(|| before.0.saturating_add(1), |slot| slot.0);
        let new = Slot(new.max(self.base.slot.0));
        Update { reverted_from, extended: (tip >= new).then_some((new, tip)) }
    }
}
