//! What a block's children must agree with.

use crate::era::{is_era_end, next_solution_range};
use crate::{BlockDigest, ConsensusError};
use auto_core::{
    BlockNumber, Hash, HistorySize, List, PotOutput, PotParametersChange, PotSeed, ProtocolParams,
    SegmentHeader, SegmentIndex, Slot, Solution, SolutionRange, hash_parts, tag,
};
use auto_proof_of_time::{NextInput, TimeState};
use parity_scale_codec::{Decode, Encode};

/// Outputs that a state may keep: the most slots of authoring delay.
pub const OUTPUTS_MAX: usize = 1024;
/// Entropies that may wait for their injection: the most intervals to look back.
pub const ENTROPIES_MAX: usize = 256;

/// Entropy that a block gave and that a later block injects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct PendingEntropy {
    /// The block whose solution gave it.
    pub source: BlockNumber,
    /// The entropy.
    pub entropy: Hash,
}

/// Everything about a block that its children must agree with; stored beside every block.
///
/// Only [`Self::genesis`] and a verified header make one, so holding one for a block above genesis shows
/// that its header was verified, unless it was decoded from one's own store.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ChainState {
    pub(crate) number: BlockNumber,
    pub(crate) hash: Hash,
    pub(crate) parent_hash: Hash,
    pub(crate) slot: Slot,
    pub(crate) iterations: u64,
    pub(crate) future_slot: Slot,
    pub(crate) future_output: PotOutput,
    pub(crate) future_iterations: u64,
    pub(crate) outputs: List<PotOutput, OUTPUTS_MAX>,
    pub(crate) change: Option<PotParametersChange>,
    pub(crate) entropies: List<PendingEntropy, ENTROPIES_MAX>,
    pub(crate) solution_range: SolutionRange,
    pub(crate) era_start_slot: Slot,
    pub(crate) weight: u128,
    pub(crate) history_size: HistorySize,
    pub(crate) last_segment_hash: Hash,
}

/// What a block of a given slot must declare: the same for its author and for whoever verifies it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived {
    /// Height of the block.
    pub number: BlockNumber,
    /// The slot in which the block is authored: its own slot and the authoring delay.
    pub future_slot: Slot,
    /// Iterations of the block's own slot.
    pub iterations: u64,
    /// The range that the block's solution must meet.
    pub solution_range: SolutionRange,
    /// The range from the next block on; only in the last block of an era.
    pub next_solution_range: Option<SolutionRange>,
    /// The change of proof of time that the block schedules.
    pub change: Option<PotParametersChange>,
}

/// The entropy that a solution gives: a tagged hash of its chunk and proof of space.
#[must_use]
pub fn solution_entropy(solution: &Solution) -> Hash {
    hash_parts(tag::POT_ENTROPY, &[&solution.chunk.0, solution.proof_of_space.bytes()])
}

impl ChainState {
    /// The state of the genesis block: slot zero, whose "output" is the genesis seed.
    ///
    /// `entropy` is the genesis file's external entropy; `segment` is the header of segment zero, which
    /// exists at once.
    ///
    /// # Errors
    /// When the parameters are out of bounds, or `segment` is not a first segment.
    pub fn genesis(
        params: &ProtocolParams,
        genesis_hash: Hash,
        entropy: &[u8],
        segment: &SegmentHeader,
    ) -> Result<Self, ConsensusError> {
        check_bounds(params)?;
        if segment.index != SegmentIndex(0) {
            return Err(ConsensusError::SegmentIndex { declared: segment.index, expected: SegmentIndex(0) });
        }
        if segment.previous_hash != Hash::ZERO {
            return Err(ConsensusError::SegmentPreviousHash {
                index: segment.index,
                declared: segment.previous_hash,
                expected: Hash::ZERO,
            });
        }
        let time = TimeState::genesis(PotSeed::genesis(&genesis_hash, entropy), params.pot_iterations);
        Ok(Self {
            number: BlockNumber(0),
            hash: genesis_hash,
            parent_hash: Hash::ZERO,
            slot: time.slot,
            iterations: time.iterations,
            future_slot: time.slot,
            future_output: time.output,
            future_iterations: time.iterations,
            outputs: List::default(),
            change: None,
            entropies: List::default(),
            solution_range: params.initial_solution_range,
            era_start_slot: time.slot,
            weight: 0,
            history_size: HistorySize::ONE,
            last_segment_hash: segment.hash(),
        })
    }

    /// What a child that claims `slot` must declare.
    ///
    /// # Errors
    /// When the slot is not after this block's, or a number overflows.
    pub fn derive(&self, params: &ProtocolParams, slot: Slot) -> Result<Derived, ConsensusError> {
        let overflow = || ConsensusError::SlotOverflow { slot };
        if slot <= self.slot {
            return Err(ConsensusError::SlotNotAfterParent { slot, parent: self.slot });
        }
        let number = self.number.checked_add(1).ok_or_else(overflow)?;
        let next_solution_range = is_era_end(params, number)
            .then(|| next_solution_range(params, self.solution_range, self.era_start_slot, slot));
        let iterations = self.iterations_at(slot);
        let change = match self.entropy_due(params, number) {
            None => None,
            Some(entropy) => Some(PotParametersChange {
                slot: slot.checked_add(params.entropy_delay).ok_or_else(overflow)?,
                iterations: self.iterations_at(slot.checked_add(params.entropy_delay).ok_or_else(overflow)?),
                entropy,
            }),
        };
        Ok(Derived {
            number,
            future_slot: slot.checked_add(params.authoring_delay).ok_or_else(overflow)?,
            iterations,
            solution_range: self.solution_range,
            next_solution_range,
            change,
        })
    }

    /// Iterations of a slot after this block's, as far as this block's chain decides.
    fn iterations_at(&self, slot: Slot) -> u64 {
        match &self.change {
            Some(change) if slot >= change.slot => change.iterations,
            _ => self.iterations,
        }
    }

    /// The entropy that block `number` injects, if it is one that does.
    fn entropy_due(&self, params: &ProtocolParams, number: BlockNumber) -> Option<Hash> {
        if number.0.checked_rem(params.entropy_interval) != Some(0) {
            return None;
        }
        let lookback = params.entropy_interval.checked_mul(params.entropy_lookback)?;
        let source = number.checked_sub(lookback)?;
        self.entropies.iter().find(|pending| pending.source == source).map(|pending| pending.entropy)
    }

    /// The output of `slot`, when it is one of those between this block's slot and its future slot.
    #[must_use]
    pub fn output(&self, slot: Slot) -> Option<PotOutput> {
        let after = slot.checked_sub(self.slot.0)?.checked_sub(1)?;
        self.outputs.get(usize::try_from(after.0).ok()?).copied()
    }

    /// The state of a child whose header was verified against this one.
    ///
    /// `proven` are the outputs of the slots after this block's future slot, up to the child's.
    pub(crate) fn child(
        &self,
        params: &ProtocolParams,
        hash: Hash,
        derived: &Derived,
        digest: &BlockDigest,
        proven: &[PotOutput],
    ) -> Result<Self, ConsensusError> {
        let slot = digest.pre_digest.slot;
        let overflow = || ConsensusError::SlotOverflow { slot };
        let passed = slot.checked_sub(self.slot.0).ok_or_else(overflow)?;
        let passed = usize::try_from(passed.0).map_err(|_| overflow())?;
        let outputs: Vec<_> = self.outputs.iter().chain(proven).skip(passed).copied().collect();
        let future_iterations = self.iterations_at(derived.future_slot);
        let gained = u128::from(u64::MAX.saturating_sub(digest.solution_range.0));
        let last_segment = digest.segment_headers.last();
        let history_size = match last_segment {
            None => self.history_size,
            Some(header) => header.history_size().ok_or_else(overflow)?,
        };
        Ok(Self {
            number: derived.number,
            hash,
            parent_hash: self.hash,
            slot,
            iterations: derived.iterations,
            future_slot: derived.future_slot,
            future_output: digest.pre_digest.future_proof_of_time,
            future_iterations,
            outputs: List::new(outputs).map_err(|_| overflow())?,
            change: derived.change.or(self.change.filter(|change| change.slot > slot)),
            entropies: self.entropies_after(params, derived.number, &digest.pre_digest.solution)?,
            solution_range: derived.next_solution_range.unwrap_or(self.solution_range),
            era_start_slot: if derived.next_solution_range.is_some() { slot } else { self.era_start_slot },
            weight: self
                .weight
                .checked_add(gained)
                .ok_or(ConsensusError::WeightOverflow { number: derived.number })?,
            history_size,
            last_segment_hash: last_segment.map_or(self.last_segment_hash, SegmentHeader::hash),
        })
    }

    /// The entropies that wait once block `number` has injected and given its own.
    fn entropies_after(
        &self,
        params: &ProtocolParams,
        number: BlockNumber,
        solution: &Solution,
    ) -> Result<List<PendingEntropy, ENTROPIES_MAX>, ConsensusError> {
        if number.0.checked_rem(params.entropy_interval) != Some(0) {
            return Ok(self.entropies.clone());
        }
        let lookback = params.entropy_interval.saturating_mul(params.entropy_lookback);
        let spent = BlockNumber(number.0.saturating_sub(lookback));
        let kept = self.entropies.iter().filter(|pending| pending.source > spent).copied();
        let own = PendingEntropy { source: number, entropy: solution_entropy(solution) };
        List::new(kept.chain([own]).collect()).map_err(|_| bounds("entropy_lookback", "at most 256"))
    }

    /// Where time stands at the end of the future slot: what the next block's justification continues.
    #[must_use]
    pub const fn time(&self) -> TimeState {
        TimeState { slot: self.future_slot, output: self.future_output, iterations: self.future_iterations }
    }

    /// The input of the slot after the future slot.
    #[must_use]
    pub fn next_input(&self) -> NextInput {
        self.time().next_input(self.change.as_ref())
    }

    /// Height of the block.
    #[must_use]
    pub const fn number(&self) -> BlockNumber {
        self.number
    }

    /// Hash of the block.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// Hash of the parent; zero for genesis.
    #[must_use]
    pub const fn parent_hash(&self) -> Hash {
        self.parent_hash
    }

    /// The slot that the block claimed.
    #[must_use]
    pub const fn slot(&self) -> Slot {
        self.slot
    }

    /// The slot in which the block was authored.
    #[must_use]
    pub const fn future_slot(&self) -> Slot {
        self.future_slot
    }

    /// Iterations of the block's own slot.
    #[must_use]
    pub const fn iterations(&self) -> u64 {
        self.iterations
    }

    /// The last scheduled change of proof of time, until a block's own slot has passed it.
    #[must_use]
    pub const fn change(&self) -> Option<&PotParametersChange> {
        self.change.as_ref()
    }

    /// The range that a child's solution must meet.
    #[must_use]
    pub const fn solution_range(&self) -> SolutionRange {
        self.solution_range
    }

    /// The slot of the block that ended the last era.
    #[must_use]
    pub const fn era_start_slot(&self) -> Slot {
        self.era_start_slot
    }

    /// Sum of `u64::MAX - solution range` over all blocks above genesis: what fork choice compares.
    #[must_use]
    pub const fn weight(&self) -> u128 {
        self.weight
    }

    /// Length of the archived history, the block's own segment headers included.
    #[must_use]
    pub const fn history_size(&self) -> HistorySize {
        self.history_size
    }

    /// Hash of the header of the newest segment.
    #[must_use]
    pub const fn last_segment_hash(&self) -> Hash {
        self.last_segment_hash
    }

    /// Entropies that wait for their injection, the oldest first.
    #[must_use]
    pub fn entropies(&self) -> &[PendingEntropy] {
        &self.entropies
    }
}

const fn bounds(field: &'static str, rule: &'static str) -> ConsensusError {
    ConsensusError::Params { field, rule }
}

/// Bounds of the parameters that keep a state small and one change of time pending at most.
fn check_bounds(params: &ProtocolParams) -> Result<(), ConsensusError> {
    params.validate().map_err(|error| bounds(error.field, error.rule))?;
    if !usize::try_from(params.authoring_delay).is_ok_and(|delay| delay <= OUTPUTS_MAX) {
        return Err(bounds("authoring_delay", "at most 1024"));
    }
    if !usize::try_from(params.entropy_lookback).is_ok_and(|lookback| lookback <= ENTROPIES_MAX) {
        return Err(bounds("entropy_lookback", "at most 256"));
    }
    if params.entropy_interval <= params.entropy_delay {
        return Err(bounds("entropy_interval", "more than the entropy delay"));
    }
    Ok(())
}
