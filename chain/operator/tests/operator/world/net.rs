//! The network itself.

use super::users::events;
use super::{Setup, pair};
use auto_core::{
    Address, BlockNumber, ErrorCode, Genesis, Hash, HistorySize, PotOutput, SignedTransaction, Slot,
    Submission,
};
use auto_domains::{Domains, DomainsEvent};
use auto_ledger::{
    BlockContext, BlockExecution, ExecutedBlock, ParentBlock, Rules, check, check_submission, genesis_state,
};
use auto_module::Contents;
use auto_operator::{
    ConsensusBlock, ConsensusHead, DomainsHandle, Effect, Notice, Operator, OperatorConfig, Role, Serve,
};
use auto_state::mmr::{Mmr, MmrLeaf};
use auto_state::{Commit, EMPTY_ROOT, MemoryNodes, Snapshot};
use auto_store::{Batch, MemoryStore, StateNodes, Store};
use auto_testkit::consensus;
use auto_testkit::genesis::BankAndMessages;
use parity_scale_codec::Encode;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Slots that a block advances.
const SLOTS: u64 = 8;
/// Blocks for which a submission is offered again.
const PATIENCE: u64 = 5;

pub(crate) struct Block {
    pub(crate) number: BlockNumber,
    pub(crate) hash: Hash,
    parent: ParentBlock,
    mmr_root: Hash,
    /// Over this block and all before it.
    mmr: Mmr,
    pub(crate) root: Hash,
    commit: Commit,
    pub(crate) contents: Arc<Contents>,
    submissions: Vec<Submission>,
    transactions: Vec<SignedTransaction>,
    pub(crate) events: Vec<DomainsEvent>,
}

pub(crate) struct Node {
    pub(crate) operator: Operator,
    pub(crate) store: Arc<MemoryStore>,
    /// Blocks whose consensus state it stored.
    stored: BTreeSet<Hash>,
    /// Whether it is told of anything.
    pub(crate) online: bool,
    /// Whether its operators draw.
    pub(crate) draws: bool,
    pub(crate) notices: Vec<Notice>,
}

impl Node {
    fn new(operator: Operator, store: Arc<MemoryStore>) -> Self {
        let (stored, notices) = (BTreeSet::new(), Vec::new());
        Self { operator, store, stored, online: true, draws: true, notices }
    }
}

pub(crate) struct Net {
    pub(crate) setup: Setup,
    genesis: Genesis,
    pub(crate) rules: Rules,
    pub(crate) blocks: BTreeMap<Hash, Block>,
    pub(crate) head: Hash,
    nodes_of_chain: MemoryNodes,
    pub(crate) nodes: Vec<Node>,
    pub(crate) submissions: Vec<(u64, Submission)>,
    pub(crate) transactions: Vec<SignedTransaction>,
    /// Codes of why submissions were refused.
    pub(crate) refused: Vec<String>,
    /// Receipts that were taken without a bundle.
    pub(crate) lone: usize,
}

impl Net {
    pub(crate) fn new(setup: Setup) -> Self {
        let genesis = setup.genesis();
        let extension = Arc::new(Domains::new(Arc::new(BankAndMessages)));
        let changes = genesis_state(&genesis, &*extension).expect("genesis makes a chain");
        let rules = Rules::new(setup.params.clone(), genesis.hash(), extension);
        let commit = Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).commit(&changes).expect("sound");
        let mut mmr = Mmr::default();
        let (hash, root) = (auto_core::hash(b"genesis"), commit.root);
        let mmr_root = mmr.root();
        mmr.append(&MmrLeaf { number: BlockNumber(0), block_hash: hash, state_root: root }).expect("first");
        let contents: Contents = changes.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        let none = ParentBlock { number: BlockNumber(0), hash: Hash::ZERO, state_root: EMPTY_ROOT, mmr_root };
        let block = Block {
            number: BlockNumber(0),
            hash,
            parent: none,
            mmr_root,
            mmr,
            root,
            commit,
            contents: Arc::new(contents),
            submissions: Vec::new(),
            transactions: Vec::new(),
            events: Vec::new(),
        };
        let nodes_of_chain = block.commit.fresh.iter().cloned().collect();
        let mut net = Self {
            setup,
            genesis,
            rules,
            blocks: BTreeMap::from([(hash, block)]),
            head: hash,
            nodes_of_chain,
            nodes: Vec::new(),
            submissions: Vec::new(),
            transactions: Vec::new(),
            refused: Vec::new(),
            lone: 0,
        };
        for at in 0..net.setup.nodes.len() {
            let store = Arc::new(MemoryStore::new());
            let operator = net.machine(at, &store);
            net.nodes.push(Node::new(operator, store));
            keep(&mut net.nodes[at], &net.blocks[&hash]);
        }
        net.check_money();
        net.block(0);
        net
    }

    /// A machine of a node, over its store.
    fn machine(&self, at: usize, store: &Arc<MemoryStore>) -> Operator {
        let own = &self.setup.nodes[at];
        let roles = own
            .roles
            .iter()
            .map(|(number, lie)| Role { pair: consensus::Operator::pair_of(*number), lie: *lie });
        let config = OperatorConfig {
            genesis: self.genesis.clone(),
            rules: self.rules.clone(),
            runtimes: Arc::new(BankAndMessages),
            serve: Serve::All,
            roles: roles.collect(),
            account: own.account.map(pair),
            relay: own.relay,
        };
        Operator::new(config, Arc::clone(store) as Arc<dyn Store>).expect("a machine")
    }

    /// What a node shows that has the genesis block and no other.
    pub(crate) fn at_genesis(&self, at: usize) -> DomainsHandle {
        let store = Arc::new(MemoryStore::new());
        let mut node = Node::new(self.machine(at, &store), Arc::clone(&store));
        let genesis = self.blocks.values().find(|block| block.number.0 == 0).expect("genesis");
        keep(&mut node, genesis);
        self.machine(at, &store).handle()
    }

    /// Ends a node's machine and starts another over the same store.
    pub(crate) fn restart(&mut self, at: usize) {
        let store = Arc::clone(&self.nodes[at].store);
        self.nodes[at].operator = self.machine(at, &store);
    }

    /// Adds a node over an empty store, which follows the branch from the start.
    pub(crate) fn join(&mut self, setup: super::NodeSetup) -> usize {
        self.setup.nodes.push(setup);
        let at = self.nodes.len();
        let store = Arc::new(MemoryStore::new());
        let operator = self.machine(at, &store);
        self.nodes.push(Node::new(operator, store));
        let genesis = self.blocks.values().find(|block| block.number.0 == 0).expect("genesis");
        keep(&mut self.nodes[at], genesis);
        self.tell(at);
        at
    }

    pub(crate) fn tip(&self) -> &Block {
        &self.blocks[&self.head]
    }

    pub(crate) fn number(&self) -> u64 {
        self.tip().number.0
    }

    pub(crate) fn contents(&self) -> &Contents {
        &self.tip().contents
    }

    fn output(slot: u64) -> PotOutput {
        let hash = auto_core::hash(&slot.to_le_bytes());
        PotOutput(hash.0[..16].try_into().expect("sixteen"))
    }

    fn context(&self, salt: u8) -> BlockContext {
        let parent = self.tip();
        let number = BlockNumber(parent.number.0 + 1);
        let (first, future) = (parent.number.0 * SLOTS + 1, number.0 * SLOTS);
        BlockContext {
            number,
            farmer: pair(200).public_key(),
            reward_address: Address([0xaa; 32]),
            solution_range: self.rules.params.initial_solution_range,
            history_size: HistorySize::ONE,
            parent: ParentBlock {
                number: parent.number,
                hash: parent.hash,
                state_root: parent.root,
                mmr_root: parent.mmr_root,
            },
            mmr_root: parent.mmr.root(),
            slot: Slot(future - self.rules.params.authoring_delay),
            future_slot: Slot(future),
            outputs: (first..=future).map(|slot| (Slot(slot), Self::output(slot))).collect(),
            randomness: auto_core::hash(&(number, salt).encode()),
        }
    }

    /// One block: slots are told of, submissions and transactions collected, the block made and told of.
    pub(crate) fn step(&mut self) -> &[DomainsEvent] {
        self.slots();
        self.block(0)
    }

    pub(crate) fn steps(&mut self, count: u64) {
        for _ in 0..count {
            self.step();
        }
    }

    /// Steps until something happens; panics when it does not.
    pub(crate) fn until(&mut self, most: u64, what: &str, done: impl Fn(&Self) -> bool) {
        for _ in 0..most {
            if done(self) {
                return;
            }
            self.step();
        }
        assert!(done(self), "{what}: not after {most} blocks; refused: {:?}", self.refused);
    }

    /// Tells every node that draws of the slots of the next block.
    pub(crate) fn slots(&mut self) {
        let number = self.number();
        for slot in number * SLOTS + 1..=(number + 1) * SLOTS {
            let tip = &self.blocks[&self.head];
            let head = ConsensusHead {
                number: tip.number,
                hash: tip.hash,
                future_slot: Slot(number * SLOTS),
                state: &*tip.contents,
            };
            let mut effects = Vec::new();
            for (at, node) in self.nodes.iter_mut().enumerate().filter(|(_, node)| node.online && node.draws)
            {
                let done = node.operator.slot(Slot(slot), &Self::output(slot), &head).expect("a slot");
                effects.push((at, done));
            }
            effects.into_iter().for_each(|(at, done)| self.take(at, done));
        }
    }

    fn take(&mut self, at: usize, effects: Vec<Effect>) {
        let number = self.number();
        for effect in effects {
            match effect {
                Effect::Submit(submission) => self.submissions.push((number, *submission)),
                Effect::SubmitTransaction(transaction) => self.transactions.push(*transaction),
                Effect::Notify(notice) => self.nodes[at].notices.push(notice),
            }
        }
    }

    /// Makes the next block out of what was submitted, and tells the nodes.
    pub(crate) fn block(&mut self, salt: u8) -> &[DomainsEvent] {
        let cx = self.context(salt);
        let contents = Arc::clone(&self.tip().contents);
        let mut execution = BlockExecution::new(&self.rules, &*contents, cx.clone()).expect("begins");
        let (mut included, mut kept) = (Vec::new(), Vec::new());
        for (since, submission) in std::mem::take(&mut self.submissions) {
            let taken = check_submission(&self.rules, &submission)
                .and_then(|checked| execution.push_submission(&checked).map(drop));
            match taken {
                Ok(()) => {
                    self.lone += usize::from(matches!(submission, Submission::Receipt(_)));
                    included.push(submission);
                }
                Err(error) => {
                    self.refused.push(error.code().to_owned());
                    if since + PATIENCE > cx.number.0 {
                        kept.push((since, submission));
                    }
                }
            }
        }
        self.submissions = kept;
        let mut offered = std::mem::take(&mut self.transactions);
        offered.sort_by_key(|signed| signed.transaction.nonce);
        let mut done = Vec::new();
        for signed in offered {
            let checked = check(&self.rules, &signed).expect("well formed");
            match execution.push(&checked) {
                Ok(_) => done.push(signed),
                Err(error) => self.refused.push(error.code().to_owned()),
            }
        }
        let executed = execution.finish().expect("ends");
        self.seal(&cx, salt, executed, included, done);
        for at in 0..self.nodes.len() {
            if self.nodes[at].online {
                self.tell(at);
            }
        }
        &self.tip().events
    }

    fn seal(
        &mut self,
        cx: &BlockContext,
        salt: u8,
        executed: ExecutedBlock,
        submissions: Vec<Submission>,
        transactions: Vec<SignedTransaction>,
    ) {
        let parent = self.tip();
        let events = events(&executed);
        let commit =
            Snapshot::new(&self.nodes_of_chain, parent.root).commit(&executed.changes).expect("sound");
        let mut contents = (*parent.contents).clone();
        for (key, value) in executed.changes {
            match value {
                Some(value) => contents.insert(key, value),
                None => contents.remove(&key),
            };
        }
        let root = commit.root;
        let hash = auto_core::hash(&(parent.hash, root, salt).encode());
        let mut mmr = parent.mmr.clone();
        mmr.append(&MmrLeaf { number: cx.number, block_hash: hash, state_root: root }).expect("in order");
        let block = Block {
            number: cx.number,
            hash,
            parent: cx.parent,
            mmr_root: cx.mmr_root,
            mmr,
            root,
            commit,
            contents: Arc::new(contents),
            submissions,
            transactions,
            events,
        };
        self.nodes_of_chain.extend(block.commit.fresh.iter().cloned());
        self.blocks.insert(hash, block);
        self.head = hash;
        self.check_money();
    }

    /// Tells a node of all that it lacks of the branch that ends at the head.
    pub(crate) fn tell(&mut self, at: usize) {
        let mut known = BTreeSet::new();
        let mut last = self.nodes[at].operator.last().map(|(_, hash)| hash);
        while let Some(hash) = last.filter(|hash| self.blocks[hash].number.0 > 0) {
            known.insert(hash);
            last = Some(self.blocks[&hash].parent.hash);
        }
        let mut path = Vec::new();
        let mut hash = self.head;
        while self.blocks[&hash].number.0 > 0 && !known.contains(&hash) {
            path.push(hash);
            hash = self.blocks[&hash].parent.hash;
        }
        for hash in path.into_iter().rev() {
            let block = &self.blocks[&hash];
            let node = &mut self.nodes[at];
            keep(node, block);
            let told = ConsensusBlock {
                number: block.number,
                hash,
                parent: block.parent,
                mmr_root: block.mmr_root,
                state_root: block.root,
                submissions: &block.submissions,
                transactions: &block.transactions,
                state: &*block.contents,
            };
            let effects = node.operator.imported(&told).expect("followed");
            self.take(at, effects);
        }
    }
}

/// Stores the state of a consensus block as a node does before it tells of it.
fn keep(node: &mut Node, block: &Block) {
    if node.stored.insert(block.hash) {
        let mut batch = Batch::new();
        let mut stage = StateNodes(&*node.store).stage();
        stage.stage_commit(&block.commit);
        stage.finish(&mut batch).expect("stages");
        node.store.write(batch).expect("writes");
    }
}
