//! A block comes in: verification, execution, fork choice, and one atomic write of all of it.

use super::context::block_context;
use super::{Chain, ImportError, Imported, Standing, index::Staged};
use crate::records::{
    BlockRecord, BodyRecord, EventsRecord, Outcome, Records, StateJournal, TIPS, events_key, journal_key, put,
};
use crate::{BlockId, NodeError};
use auto_consensus::{ChainState, Context, History, VerifiedHeader, verify_block};
use auto_core::{
    Block, BlockNumber, Body, Commitment, ErrorCode, Hash, PotJustification, SegmentHeader, SegmentIndex,
    SignedTransaction, Submission,
};
use auto_ledger::mmr::{Mmr, MmrLeaf};
use auto_ledger::{ExecutedBlock, ExecutedTransaction};
use auto_state::{Commit, Snapshot};
use auto_store::{Batch, Column, StateNodes, Store};
use parity_scale_codec::Encode;

/// The archived history, out of the store.
pub(super) struct StoredHistory<'a>(pub(super) &'a dyn Store);

impl History for StoredHistory<'_> {
    fn segment_commitment(&self, index: SegmentIndex) -> Option<Commitment> {
        Records(self.0).segment(index).ok().flatten().map(|record| record.header.commitment)
    }
}

/// A block that passed every check, with all that it changes.
struct Executed {
    verified: VerifiedHeader,
    record: BlockRecord,
    body: BodyRecord,
    events: EventsRecord,
    commit: Commit,
}

impl Chain {
    /// Verifies a block and makes it part of the chain, in one atomic write.
    ///
    /// # Errors
    /// When the parent is unknown, the block breaks a rule (then nothing has changed), or the store
    /// fails (then nothing is written, and the chain must be opened anew).
    pub fn import(&mut self, block: Block) -> Result<Imported, ImportError> {
        let hash = block.header.hash();
        if self.records().block(&hash)?.is_some() {
            return Ok(nothing_new());
        }
        let parent_hash = block.header.parent_hash;
        if !self.tree.contains(&parent_hash) {
            return Err(if self.records().block(&parent_hash)?.is_some() {
                ImportError::Invalid(NodeError::BelowConfirmed {
                    number: block.header.number,
                    confirmed: self.tips.confirmed_number,
                })
            } else {
                ImportError::UnknownParent
            });
        }
        let parent = self.record(&parent_hash)?;
        self.check_body(&block)?;
        let ahead = self.archive_for(&parent.state)?;
        let executed = self.execute(&parent, block)?;
        let mut imported = self.adopt(hash, executed)?;
        imported.segments.splice(0..0, ahead);
        Ok(imported)
    }

    fn check_body(&self, block: &Block) -> Result<(), NodeError> {
        let size = block.body.encoded_size();
        let limit = usize::try_from(self.rules.params.block_bytes_max).unwrap_or(usize::MAX);
        if size > limit {
            return Err(NodeError::BodyTooLarge { size, limit });
        }
        if block.body.root() != block.header.transactions_root {
            return Err(NodeError::TransactionsRoot);
        }
        Ok(())
    }

    /// Segments that the child of a block has to announce.
    pub(super) fn segments_due(&self, parent: &ChainState) -> Result<Vec<SegmentHeader>, NodeError> {
        // The child confirms the block so deep below it; its archiving may have completed segments.
        let Some(archived) = parent.number().0.checked_sub(self.rules.params.confirmation_depth) else {
            return Ok(Vec::new());
        };
        if archived == 0 {
            return Ok(Vec::new());
        }
        self.records().segments_cut_by(BlockNumber(archived))
    }

    fn execute(&self, parent: &BlockRecord, block: Block) -> Result<Executed, NodeError> {
        let segment_headers = self.segments_due(&parent.state)?;
        let context = Context {
            params: &self.rules.params,
            genesis: &self.rules.genesis,
            parent: &parent.state,
            history: &StoredHistory(&*self.store),
            segment_headers: &segment_headers,
            pot_tip: None,
            cache: &self.verified,
        };
        let size_bytes = u64::try_from(block.encoded_size()).unwrap_or(u64::MAX);
        let Block { header, justification, body } = block;
        let verified = verify_block(&context, header, &justification).map_err(NodeError::Consensus)?;
        let mmr = mmr_after(parent)?;
        let header = verified.header();
        // Execution depends on it, so a wrong one must not look like a wrong state.
        if mmr.root() != header.mmr_root {
            return Err(NodeError::MmrRoot { declared: header.mmr_root, computed: mmr.root() });
        }
        let (result, commit) = self.transition(parent, &verified, &justification, &body)?;
        if commit.root != header.state_root {
            return Err(NodeError::StateRoot { declared: header.state_root, computed: commit.root });
        }
        let record = BlockRecord {
            header: header.clone(),
            state: verified.state().clone(),
            mmr,
            reward: result
                .earnings
                .fees
                .checked_add(result.earnings.reward)
                .unwrap_or(result.earnings.reward),
            outcomes: outcomes(&result),
            submission_fees: result.submissions.iter().map(|done| done.fee).collect(),
            size_bytes,
        };
        let events = EventsRecord::of(&result);
        Ok(Executed { verified, record, body: BodyRecord { justification, body }, events, commit })
    }

    fn transition(
        &self,
        parent: &BlockRecord,
        verified: &VerifiedHeader,
        justification: &PotJustification,
        body: &Body,
    ) -> Result<(ExecutedBlock, Commit), NodeError> {
        let rules = &self.rules;
        let submissions =
            auto_ledger::check_submissions(rules, &body.submissions).map_err(NodeError::Ledger)?;
        let transactions = auto_ledger::check_block(rules, &body.transactions).map_err(NodeError::Ledger)?;
        let claim = &verified.digest().pre_digest;
        let (history_size, mmr_root) = (verified.state().history_size(), verified.header().mmr_root);
        let cx = block_context(&rules.params, parent, claim, justification, history_size, mmr_root);
        let snapshot = Snapshot::new(StateNodes(&*self.store), parent.header.state_root);
        let result = auto_ledger::execute_block(rules, &snapshot, &cx, &submissions, &transactions)
            .map_err(NodeError::Ledger)?;
        let commit = snapshot.commit(&result.changes).map_err(NodeError::State)?;
        Ok((result, commit))
    }

    /// Makes a checked block part of the chain; from here on only the store can fail.
    fn adopt(&mut self, hash: Hash, executed: Executed) -> Result<Imported, ImportError> {
        let Executed { verified, record, body, events, commit } = executed;
        let old_head = self.head.hash();
        let inserted = self.tree.insert(&verified).map_err(NodeError::Consensus)?;
        let store = std::sync::Arc::clone(&self.store);
        let mut batch = Batch::new();
        if !events.is_empty() {
            put(&mut batch, Column::Index, events_key(&hash), &events);
        }
        let mut stage = StateNodes(&*store).stage();
        stage.stage_commit(&commit);
        let journal =
            StateJournal { fresh: commit.fresh.iter().map(|(node, _)| *node).collect(), stale: commit.stale };
        put(&mut batch, Column::Blocks, hash.0, &record);
        put(&mut batch, Column::Bodies, hash.0, &body);
        put(&mut batch, Column::Index, journal_key(&hash), &journal);
        let open = self.next_open_key();
        batch.put(Column::Index, open, hash.0);

        let mut imported = nothing_new();
        imported.standing = Standing::Side;
        let mut staged = Staged::new(&*store);
        if inserted.is_best {
            let block = body.into_block(record.header.clone());
            self.switch(&mut batch, &mut staged, old_head, (hash, &record, &block), &mut imported)?;
            self.head = record.state;
            self.tips.head = hash;
            if let Some(confirmed) = self.tree.next_confirmed() {
                self.confirm(&mut batch, &mut staged, &mut stage, confirmed, &mut imported)?;
            }
        }
        put(&mut batch, Column::Meta, TIPS, &self.tips);
        stage.finish(&mut batch).map_err(NodeError::Store)?;
        store.write(batch).map_err(NodeError::Store)?;
        Ok(imported)
    }

    /// Moves the best chain from the old head to the new one.
    fn switch(
        &self,
        batch: &mut Batch,
        staged: &mut Staged<'_>,
        old_head: Hash,
        (hash, record, block): (Hash, &BlockRecord, &Block),
        imported: &mut Imported,
    ) -> Result<(), NodeError> {
        let path = self.tree.reorg_path(&old_head, &hash).map_err(NodeError::Consensus)?;
        let (mut reverted, mut added) = (Vec::new(), Vec::new());
        for gone in path.revert {
            let old = self.full_block(&gone)?;
            reverted.push(BlockId { number: old.header.number, hash: gone });
            staged.remove(batch, gone, &old)?;
            // The highest block comes first, so its transactions go behind those of the blocks below.
            imported.returned.splice(0..0, old.body.transactions.into_inner());
            imported.returned_submissions.splice(0..0, old.body.submissions.into_inner());
        }
        for joined in path.apply {
            if joined == hash {
                added.push(BlockId { number: record.header.number, hash });
                staged.add(batch, hash, record, block)?;
                imported.join(&block.body);
            } else {
                let (old, full) = (self.record(&joined)?, self.full_block(&joined)?);
                added.push(BlockId { number: old.header.number, hash: joined });
                staged.add(batch, joined, &old, &full)?;
                imported.join(&full.body);
            }
        }
        imported.standing = Standing::Best { reverted, added };
        Ok(())
    }

    pub(super) fn full_block(&self, hash: &Hash) -> Result<Block, NodeError> {
        let body = self.records().body(hash)?;
        let body = body.ok_or_else(|| NodeError::Missing { what: "body", key: hash.to_string() })?;
        Ok(body.into_block(self.record(hash)?.header))
    }
}

const fn nothing_new() -> Imported {
    Imported {
        standing: Standing::Known,
        segments: Vec::new(),
        confirmed: None,
        included: Vec::new(),
        returned: Vec::new(),
        included_submissions: Vec::new(),
        returned_submissions: Vec::new(),
    }
}

impl Imported {
    /// A block with this body joined the best chain.
    fn join(&mut self, body: &Body) {
        self.included.extend(body.transactions.iter().map(SignedTransaction::hash));
        self.included_submissions.extend(body.submissions.iter().map(Submission::hash));
    }
}

/// The mountain range over all blocks up to and including this one.
pub(super) fn mmr_after(record: &BlockRecord) -> Result<Mmr, NodeError> {
    let leaf = MmrLeaf {
        number: record.header.number,
        block_hash: record.state.hash(),
        state_root: record.header.state_root,
    };
    let mut mmr = record.mmr.clone();
    match mmr.append(&leaf) {
        Some(_) => Ok(mmr),
        None => Err(NodeError::Missing { what: "mountain range", key: record.state.hash().to_string() }),
    }
}

fn outcomes(result: &ExecutedBlock) -> Vec<Outcome> {
    let outcome = |executed: &ExecutedTransaction| Outcome {
        fee: executed.fee,
        failure: match &executed.outcome {
            auto_ledger::Outcome::Applied => Vec::new(),
            auto_ledger::Outcome::Failed { error, .. } => error.code().as_bytes().to_vec(),
        },
    };
    result.transactions.iter().map(outcome).collect()
}
