//! A consensus chain whose blocks are made by hand: real execution of all rules, without farming.
//!
//! Slots, their outputs and randomness are functions of the height, so that a chain is what its transactions
//! and submissions make of it. Operators, relayers and reporters of fraud find here what they make theirs of.

mod nodes;
mod operator;
mod relay;

pub use nodes::CountedNodes;
pub use operator::{Operator, weight};

use crate::Failure;
use auto_core::{
    Address, BlockNumber, DomainId, Genesis, Hash, HistorySize, PotOutput, PublicKey, SignedTransaction,
    Slot, Submission, hash,
};
use auto_domains::Domains;
use auto_domains::state::{BLOCK, DomainBlock};
use auto_ledger::{
    BlockContext, BlockExecution, ExecutedBlock, LedgerError, ParentBlock, Rules, check_block,
    check_submissions, execute_block, genesis_state,
};
use auto_module::{Contents, Environment, Runtimes};
use auto_state::mmr::{Mmr, MmrLeaf};
use auto_state::{Changes, EMPTY_ROOT, Snapshot};
use parity_scale_codec::Encode;
use std::sync::Arc;

/// Who is paid for blocks.
pub const AUTHOR: Address = Address([0xaa; 32]);

/// How a chain is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Slots that every block advances.
    pub slots: u64,
    /// Newest states whose nodes are kept.
    pub states: usize,
}

/// A consensus chain in memory.
#[derive(Debug)]
pub struct ConsensusChain {
    rules: Rules,
    runtimes: Arc<dyn Runtimes>,
    pace: Pace,
    number: BlockNumber,
    contents: Contents,
    nodes: CountedNodes,
    root: Hash,
    leaves: Vec<MmrLeaf>,
    mmr: Mmr,
    /// Nodes of the mountain range, by height above the leaves.
    mountains: Vec<Vec<Hash>>,
    /// Roots of the mountain range as headers name them, by height of the header.
    mmr_roots: Vec<Hash>,
}

impl ConsensusChain {
    /// The chain of a genesis, at height zero.
    ///
    /// # Errors
    /// When the genesis makes no chain.
    pub fn new(genesis: &Genesis, runtimes: Arc<dyn Runtimes>, pace: Pace) -> Result<Self, Failure> {
        let extension = Arc::new(Domains::new(Arc::clone(&runtimes)));
        let changes = genesis_state(genesis, &*extension).map_err(|error| Failure::of("genesis", &error))?;
        let mut chain = Self {
            rules: Rules::new(genesis.params.clone(), genesis.hash(), extension),
            runtimes,
            pace,
            number: BlockNumber(0),
            contents: Contents::new(),
            nodes: CountedNodes::new(pace.states),
            root: EMPTY_ROOT,
            leaves: Vec::new(),
            mmr: Mmr::default(),
            mountains: Vec::new(),
            mmr_roots: vec![Mmr::default().root()],
        };
        chain.write(&changes)?;
        chain.seal(BlockNumber(0))?;
        Ok(chain)
    }

    /// What blocks are judged by.
    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The runtimes that domains run.
    #[must_use]
    pub fn runtimes(&self) -> &dyn Runtimes {
        &*self.runtimes
    }

    /// Height of the newest block.
    #[must_use]
    pub const fn number(&self) -> BlockNumber {
        self.number
    }

    /// The state after the newest block, key by key.
    #[must_use]
    pub const fn state(&self) -> &Contents {
        &self.contents
    }

    /// Hash of the block of a height; zero for one that does not exist.
    #[must_use]
    pub fn hash_of(&self, number: BlockNumber) -> Hash {
        self.leaf_of(number).map_or(Hash::ZERO, |leaf| leaf.block_hash)
    }

    fn leaf_of(&self, number: BlockNumber) -> Option<&MmrLeaf> {
        self.leaves.get(usize::try_from(number.0).ok()?)
    }

    /// What a domain of this chain never changes.
    #[must_use]
    pub fn environment(&self, domain: DomainId) -> Environment {
        Environment { params: self.rules.params.clone(), genesis: self.rules.genesis, domain }
    }

    /// What a block of a domain is derived from, as operators know it: with the hash of its consensus block.
    ///
    /// # Errors
    /// When the state is damaged.
    pub fn derivation(&self, domain: DomainId, number: BlockNumber) -> Result<Option<DomainBlock>, Failure> {
        let block = BLOCK.get(&self.contents, &(domain, number));
        let block = block.map_err(|error| Failure::of("a domain block", &error))?;
        Ok(block.map(|mut block| {
            // The state learns the hash with the next block only.
            block.inherent.consensus_hash = self.hash_of(block.inherent.consensus_number);
            block
        }))
    }

    /// The output of a slot.
    #[must_use]
    pub fn output(slot: Slot) -> PotOutput {
        let Hash(bytes) = hash(&slot.0.to_le_bytes());
        let mut output = [0; 16];
        output.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        PotOutput(output)
    }

    /// The last slot of the block of a height.
    const fn last_slot(&self, number: u64) -> u64 {
        number.saturating_mul(self.pace.slots)
    }

    /// The slots that the next block brings.
    pub fn new_slots(&self) -> impl Iterator<Item = Slot> + use<> {
        let (last, next) = (self.last_slot(self.number.0), self.last_slot(self.number.0.saturating_add(1)));
        (last.saturating_add(1)..=next).map(Slot)
    }

    /// What the next block executes with.
    #[must_use]
    pub fn context(&self) -> BlockContext {
        let future = Slot(self.last_slot(self.number.0.saturating_add(1)));
        let root_of = |back: usize| self.mmr_roots.iter().rev().nth(back).copied().unwrap_or_default();
        BlockContext {
            number: BlockNumber(self.number.0.saturating_add(1)),
            farmer: PublicKey([7; 32]),
            reward_address: AUTHOR,
            solution_range: self.rules.params.initial_solution_range,
            history_size: HistorySize::ONE,
            parent: ParentBlock {
                number: self.number,
                hash: self.hash_of(self.number),
                state_root: self.root,
                mmr_root: root_of(1),
            },
            mmr_root: root_of(0),
            slot: Slot(future.0.saturating_sub(self.rules.params.authoring_delay)),
            future_slot: future,
            outputs: self.new_slots().map(|slot| (slot, Self::output(slot))).collect(),
            randomness: BlockContext::randomness_of(&Self::output(future)),
        }
    }

    /// Begins the next block, for an author who keeps what is taken.
    ///
    /// # Errors
    /// When the block cannot begin.
    pub fn begin(&self) -> Result<BlockExecution<'_>, LedgerError> {
        BlockExecution::new(&self.rules, &self.contents, self.context())
    }

    /// Executes the next block with exactly these submissions and transactions; the chain stays as it is.
    ///
    /// # Errors
    /// The first that the block cannot hold.
    pub fn execute(
        &self,
        submissions: &[Submission],
        transactions: &[SignedTransaction],
    ) -> Result<ExecutedBlock, LedgerError> {
        let submissions = check_submissions(&self.rules, submissions)?;
        let transactions = check_block(&self.rules, transactions)?;
        execute_block(&self.rules, &self.contents, &self.context(), &submissions, &transactions)
    }

    /// Appends the next block, which was executed.
    ///
    /// # Errors
    /// When the state is damaged.
    pub fn append(&mut self, executed: &ExecutedBlock) -> Result<(), Failure> {
        self.write(&executed.changes)?;
        self.seal(BlockNumber(self.number.0.saturating_add(1)))
    }

    /// Appends blocks with nothing in them.
    ///
    /// # Errors
    /// When the chain cannot go on.
    pub fn idle(&mut self, blocks: u64) -> Result<(), Failure> {
        for _ in 0..blocks {
            let executed = self.execute(&[], &[]).map_err(|error| Failure::of("an empty block", &error))?;
            self.append(&executed)?;
        }
        Ok(())
    }

    fn write(&mut self, changes: &Changes) -> Result<(), Failure> {
        let commit = Snapshot::new(&self.nodes, self.root).commit(changes);
        let commit = commit.map_err(|error| Failure::of("the consensus state", &error))?;
        self.root = commit.root;
        self.nodes.apply(commit);
        apply(&mut self.contents, changes);
        Ok(())
    }

    /// Gives the newest block its hash, and the mountain range its leaf.
    fn seal(&mut self, number: BlockNumber) -> Result<(), Failure> {
        let block_hash = hash(&(number, self.root, self.hash_of(self.number)).encode());
        let leaf = MmrLeaf { number, block_hash, state_root: self.root };
        let completed = self.mmr.append(&leaf);
        for node in completed.ok_or_else(|| Failure(format!("block {number} is out of order")))? {
            let height = usize::try_from(node.height).unwrap_or(usize::MAX);
            if self.mountains.len() <= height {
                self.mountains.push(Vec::new());
            }
            self.mountains[height].push(node.hash);
        }
        self.leaves.push(leaf);
        self.mmr_roots.push(self.mmr.root());
        self.number = number;
        Ok(())
    }
}

/// Carries changes out on the content of a state.
pub(crate) fn apply(contents: &mut Contents, changes: &Changes) {
    for (key, value) in changes {
        match value {
            Some(value) => contents.insert(key.clone(), value.clone()),
            None => contents.remove(key),
        };
    }
}
