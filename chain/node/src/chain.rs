//! The chain of one node: blocks in, one atomic write each, forks and archiving included.

mod author;
mod confirm;
mod context;
mod follow;
mod genesis;
mod import;
pub(crate) mod index;

pub(crate) use self::follow::FollowedParts;
use crate::pool::Pool;
use crate::records::{BlockRecord, Records, Tips, open_key};
use crate::{BlockId, NodeError};
use auto_archiver::Archiver;
use auto_consensus::{ChainState, ForkTree};
use auto_core::{
    Amount, Block, BlockNumber, Genesis, Hash, PotOutput, ProtocolParams, SegmentIndex, SignedTransaction,
    Slot, Submission,
};
use auto_ledger::{BlockExecution, CheckedSubmission, CheckedTransaction, Extension, Rules};
use auto_proof_of_time::VerifiedCache;
use auto_state::{Overlay, Snapshot, StateWrite};
use auto_store::{StateNodes, Store};
use parity_scale_codec::Encode;
use std::sync::Arc;

/// Slots whose proofs of time are remembered as verified.
const VERIFIED_SLOTS: usize = 30_000;

/// How much of the past a node keeps readable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Blocks below the confirmed one whose state stays readable; all of them when `None`.
    pub states: Option<u64>,
}

impl Default for Retention {
    fn default() -> Self {
        Self { states: Some(4096) }
    }
}

/// What an imported block became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It was there already.
    Known,
    /// It is on a branch that is not the best.
    Side,
    /// It is the head.
    Best {
        /// Blocks that left the best chain, the highest first.
        reverted: Vec<BlockId>,
        /// Blocks that joined it, the lowest first.
        added: Vec<BlockId>,
    },
}

/// What importing a block brought about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// What the block became.
    pub standing: Standing,
    /// Segments that were cut.
    pub segments: Vec<SegmentIndex>,
    /// The new confirmed block, if it moved.
    pub confirmed: Option<BlockId>,
    /// Transactions that joined the best chain.
    pub included: Vec<Hash>,
    /// Transactions that left it.
    pub returned: Vec<SignedTransaction>,
    /// Submissions that joined the best chain.
    pub included_submissions: Vec<Hash>,
    /// Submissions that left it.
    pub returned_submissions: Vec<Submission>,
}

/// Why a block was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Its parent is not known, so its ancestors have to come first.
    #[error("the block's parent is not known")]
    UnknownParent,
    /// It breaks a rule.
    #[error(transparent)]
    Invalid(NodeError),
    /// The node itself failed.
    #[error(transparent)]
    Fatal(NodeError),
}

impl From<NodeError> for ImportError {
    fn from(error: NodeError) -> Self {
        if error.is_fatal() { Self::Fatal(error) } else { Self::Invalid(error) }
    }
}

/// The chain of one node, over its store.
pub struct Chain {
    rules: Rules,
    store: Arc<dyn Store>,
    verified: Arc<VerifiedCache>,
    archiver: Archiver,
    tree: ForkTree,
    head: ChainState,
    tips: Tips,
    arrivals: u64,
    retention: Retention,
    /// The lowest block that a follower has yet to be told of.
    untold: Option<BlockNumber>,
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chain").field("head", &self.head.hash()).finish_non_exhaustive()
    }
}

impl Chain {
    /// Opens the chain in `store`, or starts it there from `genesis`; `extension` is what it runs beside
    /// accounts and objects, the same on every node of the chain.
    ///
    /// # Errors
    /// When the parameters are invalid, the store holds another chain, or it fails.
    pub fn open(
        store: Arc<dyn Store>,
        genesis: &Genesis,
        extension: Arc<dyn Extension>,
        retention: Retention,
    ) -> Result<Self, NodeError> {
        genesis.params.validate().map_err(NodeError::Params)?;
        let stored = Records(&*store).tips()?;
        let tips = match stored {
            Some(tips) => {
                genesis::check_same(&*store, genesis)?;
                tips
            }
            None => genesis::start(&*store, genesis, &*extension)?,
        };
        Self::load(store, Rules::new(genesis.params.clone(), tips.genesis, extension), tips, retention)
    }

    fn load(
        store: Arc<dyn Store>,
        rules: Rules,
        tips: Tips,
        retention: Retention,
    ) -> Result<Self, NodeError> {
        let params = &rules.params;
        let records = Records(&*store);
        let record = |hash: &Hash| {
            records.block(hash)?.ok_or_else(|| NodeError::Missing { what: "block", key: hash.to_string() })
        };
        let head = record(&tips.head)?.state;
        let mut tree = ForkTree::new(params.confirmation_depth, &record(&tips.confirmed)?.state);
        let open = records.open_blocks()?;
        for (_, hash) in &open {
            {
                let open = record(hash)?;
                tree.restore(&open.header, &open.state)
            }
            .map_err(NodeError::Consensus)?;
        }
        let arrivals = open.last().map_or(0, |(arrival, _)| arrival.saturating_add(1));
        let archiver = confirm::resume(&records, params, &tips)?;
        let verified = Arc::new(VerifiedCache::new(VERIFIED_SLOTS));
        Ok(Self { rules, store, verified, archiver, tree, head, tips, arrivals, retention, untold: None })
    }

    /// What executing the chain depends on beside its state.
    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The parameters.
    #[must_use]
    pub const fn params(&self) -> &ProtocolParams {
        &self.rules.params
    }

    /// Hash of the genesis block.
    #[must_use]
    pub const fn genesis_hash(&self) -> Hash {
        self.rules.genesis
    }

    /// The best block.
    #[must_use]
    pub const fn head(&self) -> &ChainState {
        &self.head
    }

    /// The last block that can no longer be reverted.
    #[must_use]
    pub const fn confirmed(&self) -> BlockId {
        BlockId { number: self.tips.confirmed_number, hash: self.tips.confirmed }
    }

    /// Slots known to be verified, shared with whoever verifies more.
    #[must_use]
    pub const fn verified_time(&self) -> &Arc<VerifiedCache> {
        &self.verified
    }

    /// The store.
    #[must_use]
    pub const fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    fn records(&self) -> Records<'_> {
        Records(&*self.store)
    }

    fn record(&self, hash: &Hash) -> Result<BlockRecord, NodeError> {
        let record = self.records().block(hash)?;
        record.ok_or_else(|| NodeError::Missing { what: "block", key: hash.to_string() })
    }

    /// The state after a block.
    pub(crate) fn state_after(&self, record: &BlockRecord) -> Snapshot<StateNodes<'_>> {
        Snapshot::new(StateNodes(&*self.store), record.header.state_root)
    }

    /// Checks what can be checked about a transaction without the state.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(&self, transaction: &SignedTransaction) -> Result<CheckedTransaction, NodeError> {
        auto_ledger::check(&self.rules, transaction).map_err(NodeError::Ledger)
    }

    /// The fee of a transaction in the next block, behind what already waits of its signer.
    ///
    /// # Errors
    /// When the pool must refuse it.
    pub fn validate(&self, transaction: &CheckedTransaction, pool: &Pool) -> Result<Amount, NodeError> {
        let head = self.record(&self.head.hash())?;
        let signer = transaction.signed().transaction.signer.address();
        let state = self.state_after(&head);
        let mut account = auto_ledger::account(&state, &signer).map_err(NodeError::Ledger)?;
        account.nonce = pool.next_nonce(&signer, account.nonce);
        account.balance = account.balance.saturating_sub(pool.committed(&signer));
        let mut waiting = Overlay::new(&state);
        waiting.put(&auto_ledger::account_key(&signer), account.encode());
        let cx = self.prospect(&head, Vec::new())?;
        let validity = auto_ledger::validate(&self.rules, &waiting, transaction, &cx);
        validity.map(|validity| validity.fee).map_err(NodeError::Ledger)
    }

    /// What a transaction contends for; see [`auto_ledger::Extension::contends_for`].
    pub(crate) fn contends_for(&self, transaction: &CheckedTransaction) -> Option<Hash> {
        let extension = &self.rules.extension;
        let calls = transaction.signed().transaction.calls.iter();
        let mut own = calls.filter(|call| call.module == extension.module());
        own.find_map(|call| extension.contends_for(&call.payload))
    }

    /// Checks what can be checked about a submission without the state.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check_submission(&self, submission: &Submission) -> Result<CheckedSubmission, NodeError> {
        auto_ledger::check_submission(&self.rules, submission).map_err(NodeError::Ledger)
    }

    /// The fee of a submission as the first of the next block; `outputs` are those of the slots proven
    /// since the head's future slot.
    ///
    /// # Errors
    /// When that block could not hold it.
    pub fn validate_submission(
        &self,
        submission: &CheckedSubmission,
        outputs: Vec<(Slot, PotOutput)>,
    ) -> Result<Amount, NodeError> {
        let head = self.record(&self.head.hash())?;
        let state = self.state_after(&head);
        let cx = self.prospect(&head, outputs)?;
        let mut execution = BlockExecution::new(&self.rules, &state, cx).map_err(NodeError::Ledger)?;
        execution.push_submission(submission).map(|done| done.fee).map_err(NodeError::Ledger)
    }

    /// The slots up to which no submission can be included any more: those of blocks that are
    /// `bundle_longevity` blocks below the head.
    ///
    /// # Errors
    /// When the store fails.
    pub fn expired_slot(&self) -> Result<Option<Slot>, NodeError> {
        let Some(number) = self.head.number().checked_sub(self.rules.params.bundle_longevity) else {
            return Ok(None);
        };
        let Some(hash) = self.records().canonical(number)? else { return Ok(None) };
        Ok(Some(self.record(&hash)?.state.future_slot()))
    }

    /// Height and cumulative weight of a known block.
    ///
    /// # Errors
    /// When the store fails.
    pub fn place(&self, hash: &Hash) -> Result<Option<(BlockNumber, u128)>, NodeError> {
        let record = self.records().block(hash)?;
        Ok(record.map(|record| (record.header.number, record.state.weight())))
    }

    /// Hashes of the best chain from the head down: densely, then at doubling distances, then genesis.
    #[must_use]
    pub fn locator(&self) -> Vec<Hash> {
        let records = self.records();
        let mut hashes = Vec::new();
        let (mut number, mut step) = (self.head.number().0, 1u64);
        while number > 0 && hashes.len() < crate::peer::LOCATOR_MAX - 1 {
            if let Ok(Some(hash)) = records.canonical(BlockNumber(number)) {
                hashes.push(hash);
            }
            if hashes.len() >= 10 {
                step = step.saturating_mul(2);
            }
            number = number.saturating_sub(step);
        }
        hashes.push(self.rules.genesis);
        hashes
    }

    /// Blocks of the best chain after the first hash of `locator` that is on it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn blocks_after(&self, locator: &[Hash]) -> Result<Vec<Block>, NodeError> {
        let records = self.records();
        let mut start = 0;
        for hash in locator {
            let Some(record) = records.block(hash)? else { continue };
            if records.canonical(record.header.number)? == Some(*hash) {
                start = record.header.number.0;
                break;
            }
        }
        let (mut blocks, mut bytes) = (Vec::new(), 0usize);
        for number in start.saturating_add(1)..=self.head.number().0 {
            let Some(hash) = records.canonical(BlockNumber(number))? else { break };
            // A body that was dropped after archiving has to come from the archive.
            let (Some(record), Some(body)) = (records.block(&hash)?, records.body(&hash)?) else { break };
            bytes = bytes.saturating_add(usize::try_from(record.size_bytes).unwrap_or(usize::MAX));
            blocks.push(body.into_block(record.header));
            if blocks.len() == crate::peer::BLOCKS_MAX || bytes >= crate::peer::BLOCKS_BYTES_SOFT_MAX {
                break;
            }
        }
        Ok(blocks)
    }

    fn next_open_key(&mut self) -> Vec<u8> {
        let key = open_key(self.arrivals);
        self.arrivals = self.arrivals.saturating_add(1);
        key
    }
}
