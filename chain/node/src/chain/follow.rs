//! The best chain as followers are told of it.

use super::Chain;
use super::context::block_context;
use crate::records::BlockRecord;
use crate::{BlockId, NodeError};
use auto_core::{BlockNumber, Hash, Header, SignedTransaction, Submission};
use auto_ledger::BlockContext;
use auto_state::Snapshot;
use auto_store::StateNodes;

/// A block as followers are told of it, without its state.
#[derive(Debug)]
pub(crate) struct FollowedParts {
    pub id: BlockId,
    pub header: Header,
    pub submissions: Vec<Submission>,
    pub transactions: Vec<SignedTransaction>,
    pub context: BlockContext,
}

impl Chain {
    /// The first `most` blocks of the best chain that somebody lacks whose last block is `last`.
    pub(crate) fn missing(&self, last: Option<BlockId>, most: usize) -> Result<Vec<Hash>, NodeError> {
        let records = self.records();
        let mut known = last.map_or(0, |last| last.number.0);
        let mut at = last.map(|last| last.hash);
        while let Some(hash) = at {
            if records.canonical(BlockNumber(known))? == Some(hash) {
                break;
            }
            at = records.block(&hash)?.map(|record: BlockRecord| record.header.parent_hash);
            // A block that was discarded forked off above this depth, since it was the best once.
            let step = if at.is_some() { 1 } else { self.rules.params.confirmation_depth };
            known = known.saturating_sub(step);
        }
        let mut hashes = Vec::new();
        for number in known.saturating_add(1)..=self.head.number().0 {
            if hashes.len() == most {
                break;
            }
            let hash = records.canonical(BlockNumber(number))?;
            hashes.push(hash.ok_or_else(|| NodeError::Missing { what: "height", key: number.to_string() })?);
        }
        Ok(hashes)
    }

    /// Keeps the states of the blocks that have yet to be told to somebody whose last block has one of these
    /// heights, whatever the retention says. Whom the next block can no longer be told is not waited for.
    pub(crate) fn keep_for(&mut self, known: impl Iterator<Item = BlockNumber>) {
        let next = known.map(|known| BlockNumber(known.0.saturating_add(1)));
        self.untold = next.filter(|next| *next >= self.tips.oldest_state).min();
    }

    /// A stored block for followers.
    pub(crate) fn followed(&self, hash: &Hash) -> Result<FollowedParts, NodeError> {
        let record = self.record(hash)?;
        let number = record.header.number;
        let oldest = self.tips.oldest_state;
        if number < oldest {
            return Err(NodeError::FollowerTooLate { number, oldest });
        }
        let parent = self.record(&record.header.parent_hash)?;
        let body = self.records().body(hash)?.ok_or(NodeError::BodyDropped { number })?;
        let claim = record
            .header
            .pre_digest()
            .ok_or_else(|| NodeError::Missing { what: "claim of block", key: hash.to_string() })?;
        let context = block_context(
            &self.rules.params,
            &parent,
            claim,
            &body.justification,
            record.state.history_size(),
            record.header.mmr_root,
        );
        let id = BlockId { number, hash: *hash };
        let (submissions, transactions) =
            (body.body.submissions.into_inner(), body.body.transactions.into_inner());
        Ok(FollowedParts { id, header: record.header, submissions, transactions, context })
    }

    /// The header of a stored block.
    pub(crate) fn followed_header(&self, hash: &Hash) -> Result<Header, NodeError> {
        Ok(self.record(hash)?.header)
    }

    /// The state after the block of a header.
    pub(crate) fn state_at(&self, header: &Header) -> Snapshot<StateNodes<'_>> {
        Snapshot::new(StateNodes(&*self.store), header.state_root)
    }
}
