//! The best known chain of time, as a machine without clock and I/O.

mod reconcile;
mod sources;
mod waiting;

use crate::{NextInput, TimeError, TimeState, VerifiedCache, is_valid_iterations};
use auto_core::{
    List, PotCheckpoints, PotJustification, PotOutput, PotParametersChange, PotProof, PotSeed, Slot,
};
use sources::Sources;
use std::collections::VecDeque;
use std::sync::Arc;
use waiting::Waiting;

/// Bounds of a [`PotChain`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainLimits {
    /// Slots that are kept behind the tip; at least one.
    pub history: usize,
    /// Slots past the tip for which proofs wait.
    pub ahead: u64,
    /// Different proofs of one slot that may wait from one source: forks explain a few.
    pub variants_per_source: usize,
    /// Different proofs of one slot that may wait in all.
    pub candidates_per_slot: usize,
    /// Wrong proofs after which a source is no longer listened to.
    pub strikes: u32,
    /// Slots after its last wrong proof when a source is forgiven.
    pub forgiven_after: u64,
    /// Sources whose wrong proofs are remembered.
    pub sources: usize,
    /// Wrong proofs of the next slot, from all sources, after which the slot is proven here: by then the
    /// AES work is that of a proof.
    pub failures_per_slot: u32,
}

impl Default for ChainLimits {
    fn default() -> Self {
        Self {
            history: 2048,
            ahead: 10,
            variants_per_source: 2,
            candidates_per_slot: 16,
            strikes: 4,
            forgiven_after: 600,
            sources: 1000,
            failures_per_slot: 12,
        }
    }
}

/// What became of a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// The chain grew by these slots, both included: those ahead that waited for this one are among them.
    Extended {
        /// The first new slot.
        from: Slot,
        /// The new tip.
        to: Slot,
    },
    /// Exactly this proof is known already.
    AlreadyKnown,
    /// It waits, unverified, for the slots before it.
    Buffered,
    /// It is refused.
    Rejected(TimeError),
}

/// What a change of the best block did to the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[must_use]
pub struct Update {
    /// The first slot that the chain no longer vouches for as it was; whatever was built on this or a
    /// later slot, such as a block being authored, must be given up.
    pub reverted_from: Option<Slot>,
    /// New slots from what was known already, both included.
    pub extended: Option<(Slot, Slot)>,
}

/// One kept slot.
#[derive(Debug, Clone, Copy)]
struct Entry {
    seed: PotSeed,
    iterations: u64,
    checkpoints: PotCheckpoints,
}

/// The best known chain of time.
///
/// It grows by proofs from anywhere, follows the best block's entropy and reports what a reorganisation
/// takes back. The same calls give the same results, but for what the shared cache spares.
#[derive(Debug)]
pub struct PotChain {
    limits: ChainLimits,
    cache: Arc<VerifiedCache>,
    /// The slot before the first kept one.
    base: TimeState,
    /// Slots `base + 1 ..= tip`.
    entries: VecDeque<Entry>,
    /// Where the best block says time stood; everything up to it is settled.
    anchor: TimeState,
    change: Option<PotParametersChange>,
    waiting: Waiting,
    sources: Sources,
    /// Wrong proofs of the next slot.
    failures: u32,
}

impl PotChain {
    /// A chain that starts at the best block's time `start`, with the change that block's state schedules
    /// or last applied. Slots that `cache` knows are taken at once.
    #[must_use]
    pub fn new(
        limits: ChainLimits,
        cache: Arc<VerifiedCache>,
        start: TimeState,
        change: Option<PotParametersChange>,
    ) -> Self {
        let limits = ChainLimits { history: limits.history.max(1), ..limits };
        let mut chain = Self {
            limits,
            cache,
            base: start,
            entries: VecDeque::new(),
            anchor: start,
            change,
            waiting: Waiting::default(),
            sources: Sources::default(),
            failures: 0,
        };
        chain.advance();
        chain
    }

    /// Where time stands.
    #[must_use]
    pub fn tip(&self) -> TimeState {
        self.state_after(self.entries.len())
    }

    /// What the next slot starts from: the timekeeper's task.
    #[must_use]
    pub fn next(&self) -> NextInput {
        self.tip().next_input(self.change.as_ref())
    }

    /// The change that is scheduled or was last applied.
    #[must_use]
    pub const fn change(&self) -> Option<&PotParametersChange> {
        self.change.as_ref()
    }

    /// The verified output of a slot; `None` before the history and after the tip.
    #[must_use]
    pub fn output_at(&self, slot: Slot) -> Option<PotOutput> {
        self.state_at(slot).map(|state| state.output)
    }

    /// Where time stood at the end of a slot; `None` before the history and after the tip.
    #[must_use]
    pub fn state_at(&self, slot: Slot) -> Option<TimeState> {
        let count = usize::try_from(slot.0.checked_sub(self.base.slot.0)?).ok()?;
        (count <= self.entries.len()).then(|| self.state_after(count))
    }

    /// The proof of a kept slot, as it is gossiped.
    #[must_use]
    pub fn proof_at(&self, slot: Slot) -> Option<PotProof> {
        let Entry { seed, iterations, checkpoints } = *self.entry(slot)?;
        Some(PotProof { slot, seed, iterations, checkpoints })
    }

    /// Proves the slots after `after` up to and including `to`; `None` for an empty range, for slots that
    /// are not kept, and for more slots than a justification holds.
    #[must_use]
    pub fn checkpoints_between(&self, after: Slot, to: Slot) -> Option<PotJustification> {
        let count = usize::try_from(to.0.checked_sub(after.0)?).ok()?;
        let first = self.position(after.checked_add(1)?)?;
        let end = first.checked_add(count)?;
        if count == 0 || end > self.entries.len() {
            return None;
        }
        let seed = self.entries.get(first)?.seed;
        let checkpoints = self.entries.range(first..end).map(|entry| entry.checkpoints).collect();
        Some(PotJustification { seed, checkpoints: List::new(checkpoints).ok()? })
    }

    /// Takes a proof from elsewhere; `source` names who answers for it.
    pub fn on_proof(&mut self, source: u64, proof: &PotProof) -> Outcome {
        let now = self.tip().slot;
        if self.sources.is_exhausted(source, now, &self.limits) {
            return Outcome::Rejected(TimeError::SourceExhausted(source));
        }
        let outcome = self.take(source, proof);
        if let Outcome::Rejected(error) = outcome
            && is_fault(&error)
        {
            self.sources.strike(source, now, &self.limits);
        }
        outcome
    }

    /// Takes a proof that this node made or verified itself.
    pub fn on_own_proof(&mut self, proof: &PotProof) -> Outcome {
        self.cache.insert(proof.seed, proof.iterations, proof.checkpoints);
        let before = self.tip().slot;
        let grown = self.advance();
        match (grown, self.entry(proof.slot)) {
            (Some((from, to)), _) => Outcome::Extended { from, to },
            (None, Some(entry)) if proof.slot <= before && entry.is(proof) => Outcome::AlreadyKnown,
            (None, _) if proof.slot <= self.base.slot => Outcome::Rejected(TimeError::TooOld(proof.slot)),
            _ => Outcome::Rejected(TimeError::OtherChain(proof.slot)),
        }
    }

    /// Whether [`Self::on_proof`] would compute AES on this proof: it is for the next slot, starts right and
    /// is not in the cache. A caller that must not be held up for so long then lets
    /// [`VerifiedCache::verify`] run elsewhere first, after which `on_proof` finds the verdict; a wrong
    /// proof may be handed over all the same, to be charged to its source.
    #[must_use]
    pub fn needs_verification(&self, proof: &PotProof) -> bool {
        let next = self.next();
        (proof.slot, proof.seed, proof.iterations) == (next.slot, next.seed, next.iterations)
            && self.cache.get(next.seed, next.iterations).is_none()
    }

    /// The sources that have used up their budget since the last call, for the network to ban.
    #[must_use]
    pub fn take_exhausted(&mut self) -> Vec<u64> {
        self.sources.take_exhausted()
    }

    fn take(&mut self, source: u64, proof: &PotProof) -> Outcome {
        let tip = self.tip();
        if proof.slot <= tip.slot {
            return match self.entry(proof.slot) {
                None => Outcome::Rejected(TimeError::TooOld(proof.slot)),
                Some(entry) if entry.is(proof) => Outcome::AlreadyKnown,
                // One seed and one count of iterations lead to one set of checkpoints.
                Some(entry) if entry.seed == proof.seed && entry.iterations == proof.iterations => {
                    Outcome::Rejected(TimeError::Checkpoints(proof.slot))
                }
                Some(_) => Outcome::Rejected(TimeError::OtherChain(proof.slot)),
            };
        }
        if proof.slot.0.saturating_sub(tip.slot.0) > self.limits.ahead {
            return Outcome::Rejected(TimeError::TooFarAhead { slot: proof.slot, tip: tip.slot });
        }
        if !is_valid_iterations(proof.iterations) {
            return Outcome::Rejected(TimeError::Iterations(proof.iterations));
        }
        let limit = self.iterations_limit();
        if proof.iterations > limit {
            return Outcome::Rejected(TimeError::IterationsOverBound { actual: proof.iterations, limit });
        }
        let next = self.next();
        if proof.slot != next.slot {
            return match self.waiting.add(source, proof, &self.limits) {
                Ok(true) => Outcome::Buffered,
                Ok(false) => Outcome::AlreadyKnown,
                Err(error) => Outcome::Rejected(error),
            };
        }
        if (proof.seed, proof.iterations) != (next.seed, next.iterations) {
            return Outcome::Rejected(TimeError::OtherChain(proof.slot));
        }
        if self.cache.verify(proof.seed, proof.iterations, &proof.checkpoints) {
            return match self.advance_with(Some(proof.checkpoints)) {
                Some((from, to)) => Outcome::Extended { from, to },
                None => Outcome::AlreadyKnown,
            };
        }
        self.failures = self.failures.saturating_add(1);
        // One failure too many, and the slot is proven here; the source is at fault all the same.
        match self.advance() {
            Some((from, to)) => {
                self.sources.strike(source, tip.slot, &self.limits);
                Outcome::Extended { from, to }
            }
            None => Outcome::Rejected(TimeError::Checkpoints(proof.slot)),
        }
    }

    /// Iterations over which a proof ahead is not looked at: half as many again as are in force or due.
    fn iterations_limit(&self) -> u64 {
        let due = self.change.map_or(0, |change| change.iterations);
        let most = self.next().iterations.max(due);
        most.saturating_add(most / 2)
    }

    fn advance(&mut self) -> Option<(Slot, Slot)> {
        self.advance_with(None)
    }

    /// Appends the verified `first`, then whatever follows from the cache and the waiting proofs.
    fn advance_with(&mut self, first: Option<PotCheckpoints>) -> Option<(Slot, Slot)> {
        let from = self.next().slot;
        if let Some(checkpoints) = first {
            self.append(checkpoints);
        }
        // Each further slot takes a key of the cache or a waiting proof, so this many steps always do.
        for _ in 0..self.cache.capacity().saturating_add(self.limits.history) {
            let input = self.next();
            match self.find(&input) {
                Some(checkpoints) => self.append(checkpoints),
                None => break,
            }
        }
        let to = self.tip().slot;
        (to >= from).then_some((from, to))
    }

    /// Verified checkpoints of the next slot from what is at hand.
    fn find(&mut self, input: &NextInput) -> Option<PotCheckpoints> {
        if let Some(known) = self.cache.get(input.seed, input.iterations) {
            return Some(known);
        }
        for (source, proof) in self.waiting.take(input.slot) {
            if (proof.seed, proof.iterations) != (input.seed, input.iterations) {
                continue;
            }
            if self.failures >= self.limits.failures_per_slot {
                break;
            }
            if self.cache.verify(proof.seed, proof.iterations, &proof.checkpoints) {
                return Some(proof.checkpoints);
            }
            self.failures = self.failures.saturating_add(1);
            self.sources.strike(source, input.slot, &self.limits);
        }
        if self.failures >= self.limits.failures_per_slot {
            return self.cache.prove(input.seed, input.iterations).ok();
        }
        None
    }

    fn append(&mut self, checkpoints: PotCheckpoints) {
        let NextInput { seed, iterations, .. } = self.next();
        self.entries.push_back(Entry { seed, iterations, checkpoints });
        self.failures = 0;
        while self.entries.len() > self.limits.history {
            self.base = self.state_after(1);
            self.entries.pop_front();
        }
        self.waiting.forget_up_to(self.tip().slot);
    }

    /// Where time stands after the first `count` kept slots.
    fn state_after(&self, count: usize) -> TimeState {
        let Some(entry) = count.checked_sub(1).and_then(|last| self.entries.get(last)) else {
            return self.base;
        };
        let slot = Slot(self.base.slot.0.saturating_add(u64::try_from(count).unwrap_or(u64::MAX)));
        TimeState { slot, output: entry.checkpoints.output(), iterations: entry.iterations }
    }

    fn position(&self, slot: Slot) -> Option<usize> {
        usize::try_from(slot.0.checked_sub(self.base.slot.0)?.checked_sub(1)?).ok()
    }

    fn entry(&self, slot: Slot) -> Option<&Entry> {
        self.entries.get(self.position(slot)?)
    }
}

impl Entry {
    fn is(&self, proof: &PotProof) -> bool {
        self.seed == proof.seed
            && self.iterations == proof.iterations
            && self.checkpoints == proof.checkpoints
    }
}

/// Whether only a faulty or hostile source sends this.
const fn is_fault(error: &TimeError) -> bool {
    matches!(error, TimeError::Checkpoints(_) | TimeError::Iterations(_) | TimeError::TooManyVariants(_))
}
