//! A block of one's own.

use super::Chain;
use super::import::{StoredHistory, mmr_after};
use crate::NodeError;
use crate::pool::Pool;
use crate::records::BlockRecord;
use auto_consensus::{Claim, History, Proposal, Roots, build_header, verify_solution};
use auto_core::{
    Block, BlockNumber, Body, Commitment, HistorySize, KeyPair, List, PotJustification, PreDigest,
    SegmentHeader, SegmentIndex, Solution,
};
use auto_ledger::{BlockContext, BlockExecution, CheckedTransaction, ExecutedBlock, LedgerError};

/// Bytes of the count in front of a body's transactions.
const COUNT_BYTES: u64 = 4;

/// The history with the segments that a block announces itself.
struct Announced<'a> {
    history: &'a StoredHistory<'a>,
    segments: &'a [SegmentHeader],
}

impl History for Announced<'_> {
    fn segment_commitment(&self, index: SegmentIndex) -> Option<Commitment> {
        let announced = self.segments.iter().find(|header| header.index == index);
        announced.map_or_else(|| self.history.segment_commitment(index), |header| Some(header.commitment))
    }
}

impl Chain {
    /// Builds and seals the child of the head that claims `claim`, with what the pool offers.
    ///
    /// # Errors
    /// When the claim does not hold on the head, or the store fails.
    pub fn author(
        &self,
        claim: PreDigest,
        justification: PotJustification,
        pool: &Pool,
        pair: &KeyPair,
    ) -> Result<Block, NodeError> {
        let parent = self.record(&self.head.hash())?;
        let number = BlockNumber(self.head.number().0.saturating_add(1));
        let segments = self.segments_due(&self.head)?;
        let history_size = segments
            .last()
            .and_then(auto_core::SegmentHeader::history_size)
            .unwrap_or(self.head.history_size());
        let cx = block_context(&parent, number, &claim.solution, history_size);
        let (chosen, result) = self.choose(&parent, &cx, pool)?;
        let commit = self.state_after(&parent).commit(&result.changes).map_err(NodeError::State)?;
        let transactions = chosen.into_iter().map(CheckedTransaction::into_signed).collect();
        let body = Body { transactions: List::new(transactions).unwrap_or_default() };
        let mmr = mmr_after(&parent)?;
        let proposal = Proposal {
            pre_digest: claim,
            roots: Roots { transactions: body.root(), state: commit.root, mmr: mmr.root() },
            segment_headers: List::new(segments).unwrap_or_default(),
        };
        let history = StoredHistory(&*self.store);
        self.verify_own(&proposal, &history)?;
        let header =
            build_header(&self.params, &self.head, &history, proposal).map_err(NodeError::Consensus)?;
        let header = header.seal(pair, &self.genesis_hash).ok_or(NodeError::DigestFull)?;
        Ok(Block { header, justification, body })
    }

    /// Verifies the claim in full. A farm proves what it was asked, and while it did so a reorganisation
    /// may have given the slot another challenge, which the same solution may seem to answer.
    fn verify_own(&self, proposal: &Proposal, history: &StoredHistory<'_>) -> Result<(), NodeError> {
        let pre_digest = &proposal.pre_digest;
        let announced = Announced { history, segments: &proposal.segment_headers };
        let claim = Claim {
            slot: pre_digest.slot,
            proof_of_time: pre_digest.proof_of_time,
            solution_range: self.head.solution_range(),
            history_size: self.head.history_size(),
            announces_segment: !proposal.segment_headers.is_empty(),
        };
        verify_solution(&self.params, &announced, &claim, &pre_digest.solution).map_err(NodeError::Consensus)
    }

    /// The transactions of the pool that can stand in the block, in order, with what they do.
    fn choose(
        &self,
        parent: &BlockRecord,
        cx: &BlockContext,
        pool: &Pool,
    ) -> Result<(Vec<CheckedTransaction>, ExecutedBlock), NodeError> {
        let limit = u64::from(self.params.block_bytes_max);
        let state = self.state_after(parent);
        let mut execution = BlockExecution::new(&self.params, &state, *cx).map_err(NodeError::Ledger)?;
        let mut chosen = Vec::new();
        for candidate in pool.candidates(cx.number, limit.saturating_sub(COUNT_BYTES)) {
            // What became invalid while it waited stays out; the pool drops it after this block.
            match execution.push(&candidate) {
                Ok(_) => chosen.push(candidate),
                Err(error @ (LedgerError::State(_) | LedgerError::StateDamaged(_))) => {
                    return Err(NodeError::Ledger(error));
                }
                Err(_) => {}
            }
        }
        let result = execution.finish().map_err(NodeError::Ledger)?;
        Ok((chosen, result))
    }
}

/// What the ledger knows of a block while executing it.
pub(super) const fn block_context(
    parent: &BlockRecord,
    number: BlockNumber,
    solution: &Solution,
    history_size: HistorySize,
) -> BlockContext {
    BlockContext {
        number,
        farmer: solution.public_key,
        reward_address: solution.reward_address,
        solution_range: parent.state.solution_range(),
        history_size,
    }
}
