//! What execution takes from headers and consensus.

use auto_core::{Address, hash_parts, tag};
use auto_core::{BlockNumber, Hash, HistorySize, PotOutput, PublicKey, Slot, SolutionRange};

/// The parent of the block that is executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParentBlock {
    /// Its height.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// Root of the state after it.
    pub state_root: Hash,
    /// Root of the mountain range over all blocks before it: its header's.
    pub mmr_root: Hash,
}

/// What execution takes from the block's header and consensus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockContext {
    /// Height of the block.
    pub number: BlockNumber,
    /// The key that seals the block.
    pub farmer: PublicKey,
    /// Who is paid for the block: the solution's reward address.
    pub reward_address: Address,
    /// The range that the block's solution had to meet.
    pub solution_range: SolutionRange,
    /// Length of the archived history once the block's segment headers are part of it.
    pub history_size: HistorySize,
    /// The block before.
    pub parent: ParentBlock,
    /// Root of the mountain range over all blocks before this one: this block's header's.
    pub mmr_root: Hash,
    /// The slot that the block claims.
    pub slot: Slot,
    /// The slot in which the block was authored: the claimed slot and the authoring delay.
    pub future_slot: Slot,
    /// Verified outputs of the slots after the parent's future slot up to the block's own, in order.
    pub outputs: Vec<(Slot, PotOutput)>,
    /// What nobody could foresee before the block: see [`BlockContext::randomness_of`].
    pub randomness: Hash,
}

impl BlockContext {
    /// The randomness of a block whose header has this future proof of time:
    /// `blake3(SHUFFLE || future proof of time)`.
    #[must_use]
    pub fn randomness_of(future_proof_of_time: &PotOutput) -> Hash {
        hash_parts(tag::SHUFFLE, &[&future_proof_of_time.0])
    }
}
