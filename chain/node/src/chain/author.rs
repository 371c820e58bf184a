//! A block of one's own.

use super::Chain;
use super::context::block_context;
use super::import::{StoredHistory, mmr_after};
use crate::NodeError;
use crate::pool::Pool;
use crate::records::BlockRecord;
use crate::submissions::SubmissionPool;
use auto_consensus::{Proposal, Roots, build_header};
use auto_core::{Block, Body, KeyPair, List, PotJustification, PreDigest};
use auto_ledger::{BlockContext, BlockExecution, CheckedSubmission, CheckedTransaction, ExecutedBlock};

impl Chain {
    /// Builds and seals the child of the head that claims `claim`, with what the pools offer: submissions
    /// first, then transactions.
    ///
    /// The solution's openings and the proofs of time are left to the import of the block, which verifies
    /// them before anybody sees it.
    ///
    /// # Errors
    /// When the claim does not hold on the head, or the store fails.
    pub fn author(
        &self,
        claim: PreDigest,
        justification: PotJustification,
        (submissions, pool): (&SubmissionPool, &Pool),
        pair: &KeyPair,
    ) -> Result<Block, NodeError> {
        let parent = self.record(&self.head.hash())?;
        let segments = self.segments_due(&self.head)?;
        let history_size = segments
            .last()
            .and_then(auto_core::SegmentHeader::history_size)
            .unwrap_or(self.head.history_size());
        let mmr = mmr_after(&parent)?;
        let params = &self.rules.params;
        let cx = block_context(params, &parent, &claim, &justification, history_size, mmr.root());
        let (body, result) = self.choose(&parent, cx, submissions, pool)?;
        let commit = self.state_after(&parent).commit(&result.changes).map_err(NodeError::State)?;
        let proposal = Proposal {
            pre_digest: claim,
            roots: Roots { transactions: body.root(), state: commit.root, mmr: mmr.root() },
            segment_headers: List::new(segments).unwrap_or_default(),
        };
        let history = StoredHistory(&*self.store);
        let header =
            build_header(&self.rules.params, &self.head, &history, proposal).map_err(NodeError::Consensus)?;
        let header = header.seal(pair, &self.rules.genesis).ok_or(NodeError::DigestFull)?;
        Ok(Block { header, justification, body })
    }

    /// What the pools offer and can stand in the block, in order, with what it does.
    fn choose(
        &self,
        parent: &BlockRecord,
        cx: BlockContext,
        submissions: &SubmissionPool,
        pool: &Pool,
    ) -> Result<(Body, ExecutedBlock), NodeError> {
        let number = cx.number;
        let state = self.state_after(parent);
        let mut execution = BlockExecution::new(&self.rules, &state, cx).map_err(NodeError::Ledger)?;
        // What cannot stand now stays out: the pools drop what will never stand after this block.
        let mut first = Vec::new();
        for candidate in submissions.candidates() {
            match execution.push_submission(candidate) {
                Ok(_) => first.push(candidate.clone()),
                Err(error) if error.is_fatal() => return Err(NodeError::Ledger(error)),
                Err(_) => {}
            }
        }
        let room = u64::from(self.rules.params.block_bytes_max).saturating_sub(execution.body_bytes());
        let mut chosen = Vec::new();
        for candidate in pool.candidates(number, room) {
            match execution.push(&candidate) {
                Ok(_) => chosen.push(candidate),
                Err(error) if error.is_fatal() => return Err(NodeError::Ledger(error)),
                Err(_) => {}
            }
        }
        let result = execution.finish().map_err(NodeError::Ledger)?;
        let submissions = first.into_iter().map(CheckedSubmission::into_submission).collect();
        let transactions = chosen.into_iter().map(CheckedTransaction::into_signed).collect();
        let body = Body {
            transactions: List::new(transactions).unwrap_or_default(),
            submissions: List::new(submissions).unwrap_or_default(),
        };
        Ok((body, result))
    }
}
