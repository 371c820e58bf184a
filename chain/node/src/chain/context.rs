//! What the ledger is told of a block that it executes.

use super::Chain;
use super::import::mmr_after;
use crate::NodeError;
use crate::records::BlockRecord;
use auto_core::{
    Address, BlockNumber, Hash, HistorySize, PotCheckpoints, PotJustification, PotOutput, PreDigest,
    ProtocolParams, PublicKey, Slot,
};
use auto_ledger::{BlockContext, ParentBlock};

fn parent_block(parent: &BlockRecord) -> ParentBlock {
    ParentBlock {
        number: parent.header.number,
        hash: parent.state.hash(),
        state_root: parent.header.state_root,
        mmr_root: parent.header.mmr_root,
    }
}

/// What the ledger knows of the child of `parent` that claims `claim`.
pub(super) fn block_context(
    params: &ProtocolParams,
    parent: &BlockRecord,
    claim: &PreDigest,
    justification: &PotJustification,
    history_size: HistorySize,
    mmr_root: Hash,
) -> BlockContext {
    let first = parent.state.future_slot().0.saturating_add(1);
    let outputs = justification.checkpoints.iter().map(PotCheckpoints::output);
    BlockContext {
        number: BlockNumber(parent.header.number.0.saturating_add(1)),
        farmer: claim.solution.public_key,
        reward_address: claim.solution.reward_address,
        solution_range: parent.state.solution_range(),
        history_size,
        parent: parent_block(parent),
        mmr_root,
        slot: claim.slot,
        future_slot: Slot(claim.slot.0.saturating_add(params.authoring_delay)),
        outputs: (first..).map(Slot).zip(outputs).collect(),
        randomness: BlockContext::randomness_of(&claim.future_proof_of_time),
    }
}

impl Chain {
    /// What can be foreseen of the head's child, once the slots of `outputs` are proven. Who authors it,
    /// and out of what randomness, cannot.
    pub(super) fn prospect(
        &self,
        head: &BlockRecord,
        outputs: Vec<(Slot, PotOutput)>,
    ) -> Result<BlockContext, NodeError> {
        let (future_slot, output) = outputs.last().copied().unwrap_or_else(|| {
            let time = head.state.time();
            (time.slot, time.output)
        });
        Ok(BlockContext {
            number: BlockNumber(head.header.number.0.saturating_add(1)),
            farmer: PublicKey([0; 32]),
            reward_address: Address([0; 32]),
            solution_range: head.state.solution_range(),
            history_size: head.state.history_size(),
            parent: parent_block(head),
            mmr_root: mmr_after(head)?.root(),
            slot: Slot(future_slot.0.saturating_sub(self.rules.params.authoring_delay)),
            future_slot,
            outputs,
            randomness: BlockContext::randomness_of(&output),
        })
    }
}
