//! The chain itself.

use super::{Setup, TestRuntimes, address, pair};
use auto_core::{
    Address, Amount, BlockNumber, DomainId, ErrorCode, Hash, HistorySize, List, Nonce, OpaqueExtrinsic,
    OperatorId, PotOutput, SignedTransaction, Slot, Submission, Transaction, decode_strict,
};
use auto_domains::state::{DOMAIN, DomainRecord, HELD, OPERATOR, OperatorRecord};
use auto_domains::{Domains, DomainsCall, DomainsEvent};
use auto_ledger::{
    BlockContext, Event, ExecutedBlock, LedgerError, Outcome, ParentBlock, Rules, account, check_block,
    check_submissions, execute_block, genesis_state, issuance,
};
use auto_module::Contents;
use auto_module::messages::Event as Message;
use auto_state::mmr::{Mmr, MmrLeaf};
use auto_state::{EMPTY_ROOT, MemoryNodes, Snapshot};
use parity_scale_codec::Encode;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Who is paid for blocks.
const AUTHOR: Address = Address([0xaa; 32]);
/// Slots that a block advances: enough for every operator to be elected in one of them.
const SLOTS: u64 = 24;

/// The stable code of why a block or a transaction was refused.
fn code_of(error: &LedgerError) -> &'static str {
    error.code()
}

/// A name for what happened.
fn kind(event: &DomainsEvent) -> &'static str {
    match event {
        DomainsEvent::DomainBlockConfirmed { .. } => "confirmed",
        DomainsEvent::OperatorSlashed { rewarded, .. } if rewarded.is_zero() => "slashed for a bundle",
        DomainsEvent::OperatorSlashed { .. } => "slashed for a receipt",
        DomainsEvent::BundleMarkedInvalid { .. } => "marked",
        DomainsEvent::ReceiptVouched { .. } => "vouched",
        DomainsEvent::Unlocked { .. } => "unlocked",
        DomainsEvent::DomainFrozen { .. } => "frozen",
        DomainsEvent::DomainUnfrozen { .. } => "unfrozen",
        DomainsEvent::Message(event) => match **event {
            Message::Received { result: Ok(()), .. } => "received",
            Message::Received { .. } => "refused",
            Message::Answered { result: Ok(()), .. } => "answered",
            Message::Answered { .. } => "given back",
            _ => "message",
        },
        _ => "other",
    }
}

/// A consensus chain in memory.
pub(crate) struct World {
    pub(crate) rules: Rules,
    pub(crate) setup: Setup,
    /// Height of the newest block.
    pub(crate) number: BlockNumber,
    /// The consensus state, key by key.
    pub(crate) contents: Contents,
    /// All nodes of all consensus states.
    pub(crate) nodes: MemoryNodes,
    /// Root of the newest consensus state.
    pub(crate) root: Hash,
    /// A leaf for every block.
    pub(crate) leaves: Vec<MmrLeaf>,
    /// Roots of the mountain range as headers name them, by height.
    pub(crate) mmr_roots: Vec<Hash>,
    mmr: Mmr,
    /// Extrinsics of every bundle that went into a block, by bundle.
    pub(crate) bodies: BTreeMap<Hash, Vec<OpaqueExtrinsic>>,
    /// Slots that were claimed by operators, so that no draft claims them again.
    pub(crate) claimed: BTreeMap<OperatorId, Slot>,
    /// All nodes of all states of domains.
    pub(crate) domain_nodes: MemoryNodes,
    /// How often each kind of event happened.
    pub(crate) happened: BTreeMap<&'static str, u32>,
}

impl World {
    pub(crate) fn new(setup: Setup) -> Self {
        let genesis = setup.genesis();
        let extension = Arc::new(Domains::new(Arc::new(TestRuntimes)));
        let changes = genesis_state(&genesis, &*extension).expect("genesis makes a chain");
        let rules = Rules::new(setup.params.clone(), genesis.hash(), extension);
        let mut world = Self {
            rules,
            setup,
            number: BlockNumber(0),
            contents: Contents::new(),
            nodes: MemoryNodes::new(),
            root: EMPTY_ROOT,
            leaves: Vec::new(),
            mmr_roots: vec![Mmr::default().root()],
            mmr: Mmr::default(),
            bodies: BTreeMap::new(),
            claimed: BTreeMap::new(),
            domain_nodes: MemoryNodes::new(),
            happened: BTreeMap::new(),
        };
        world.write(changes);
        world.seal(BlockNumber(0));
        world.check_money();
        world.found_domains(&genesis);
        world
    }

    fn write(&mut self, changes: auto_state::Changes) {
        let commit = Snapshot::new(&self.nodes, self.root).commit(&changes).expect("sound");
        self.nodes.extend(commit.fresh);
        self.root = commit.root;
        for (key, value) in changes {
            match value {
                Some(value) => self.contents.insert(key, value),
                None => self.contents.remove(&key),
            };
        }
    }

    /// Gives a block its hash and its leaf.
    fn seal(&mut self, number: BlockNumber) {
        let block_hash = auto_core::hash(&(number, self.root, self.parent_hash()).encode());
        let leaf = MmrLeaf { number, block_hash, state_root: self.root };
        self.mmr.append(&leaf).expect("in order");
        self.leaves.push(leaf);
        self.mmr_roots.push(self.mmr.root());
        self.number = number;
    }

    fn parent_hash(&self) -> Hash {
        self.leaves.last().map_or(Hash::ZERO, |leaf| leaf.block_hash)
    }

    /// The output of a slot.
    pub(crate) fn output(slot: Slot) -> PotOutput {
        let hash = auto_core::hash(&slot.0.to_le_bytes());
        PotOutput(hash.0[..16].try_into().expect("sixteen"))
    }

    /// The last slot of a block.
    pub(crate) fn last_slot(number: u64) -> Slot {
        Slot(number * SLOTS)
    }

    /// What the next block executes with.
    pub(crate) fn context(&self) -> BlockContext {
        let number = BlockNumber(self.number.0 + 1);
        let (first, future) = (Self::last_slot(self.number.0).0 + 1, Self::last_slot(number.0));
        let parent = self.leaves.last().expect("genesis");
        BlockContext {
            number,
            farmer: pair(200).public_key(),
            reward_address: AUTHOR,
            solution_range: self.rules.params.initial_solution_range,
            history_size: HistorySize::ONE,
            parent: ParentBlock {
                number: self.number,
                hash: parent.block_hash,
                state_root: parent.state_root,
                mmr_root: self.mmr_roots[self.mmr_roots.len() - 2],
            },
            mmr_root: *self.mmr_roots.last().expect("genesis"),
            slot: Slot(future.0 - self.rules.params.authoring_delay),
            future_slot: future,
            outputs: (first..=future.0).map(|slot| (Slot(slot), Self::output(Slot(slot)))).collect(),
            randomness: BlockContext::randomness_of(&Self::output(future)),
        }
    }

    /// Makes the next block; on an error nothing changes. The money is counted after it.
    pub(crate) fn block(
        &mut self,
        submissions: &[Submission],
        transactions: &[SignedTransaction],
    ) -> Result<ExecutedBlock, LedgerError> {
        self.block_in(&self.context(), submissions, transactions)
    }

    /// Makes the next block in a context of one's own.
    pub(crate) fn block_in(
        &mut self,
        cx: &BlockContext,
        submissions: &[Submission],
        transactions: &[SignedTransaction],
    ) -> Result<ExecutedBlock, LedgerError> {
        let checked = check_submissions(&self.rules, submissions)?;
        let signed = check_block(&self.rules, transactions)?;
        let executed = execute_block(&self.rules, &self.contents, cx, &checked, &signed)?;
        for submission in submissions {
            let right = submission.election();
            self.claimed.insert(right.operator, right.slot);
            if let Submission::Bundle(bundle) = submission {
                self.bodies.insert(bundle.header.hash(), bundle.extrinsics.to_vec());
            }
        }
        for event in Self::events(&executed) {
            let count = self.happened.entry(kind(&event)).or_default();
            *count += 1;
        }
        self.write(executed.changes.clone());
        self.seal(cx.number);
        self.check_money();
        Ok(executed)
    }

    /// Makes a block with submissions that must be taken.
    pub(crate) fn submit(&mut self, submissions: &[Submission]) -> ExecutedBlock {
        self.block(submissions, &[]).expect("the submissions are valid")
    }

    /// The code of why the next block must not hold these submissions.
    pub(crate) fn refusal(&mut self, submissions: &[Submission]) -> &'static str {
        let before = self.root;
        let error = self.block(submissions, &[]).expect_err("the submissions are refused");
        assert_eq!(self.root, before);
        code_of(&error)
    }

    pub(crate) fn empty_blocks(&mut self, count: u64) {
        for _ in 0..count {
            self.block(&[], &[]).expect("an empty block is valid");
        }
    }

    /// A transaction of an account; `later` counts its transactions in the same block before this one.
    pub(crate) fn signed(&self, from: u8, later: u64, calls: Vec<DomainsCall>) -> SignedTransaction {
        let nonce = account(&self.contents, &address(from)).expect("sound").nonce;
        let calls = calls.into_iter().map(|call| call.into_call().expect("fits"));
        let transaction = Transaction {
            domain: DomainId::CONSENSUS,
            signer: pair(from).public_key(),
            nonce: Nonce(nonce.0 + later),
            expiry: BlockNumber(u64::MAX),
            fee_limit: Amount::ai3(10),
            calls: List::new(calls.collect()).expect("few"),
        };
        transaction.sign(&pair(from), &self.rules.genesis)
    }

    /// Makes a block with one call of an account; gives what happened, or the code of why the call failed.
    pub(crate) fn call(&mut self, from: u8, call: DomainsCall) -> Result<Vec<DomainsEvent>, &'static str> {
        let transaction = self.signed(from, 0, vec![call]);
        let executed = self.block(&[], &[transaction]).map_err(|error| code_of(&error))?;
        match &executed.transactions[0].outcome {
            Outcome::Applied => Ok(Self::decode(&executed.transactions[0].events)),
            Outcome::Failed { error, .. } => Err(code_of(error)),
        }
    }

    fn decode(events: &[Event]) -> Vec<DomainsEvent> {
        let bytes = events.iter().filter_map(|event| match event {
            Event::Extension(bytes) => Some(bytes),
            _ => None,
        });
        bytes.map(|bytes| decode_strict(bytes, bytes.len()).expect("an event")).collect()
    }

    /// All that happened to the domains in a block, in order.
    pub(crate) fn events(executed: &ExecutedBlock) -> Vec<DomainsEvent> {
        let submissions = executed.submissions.iter().flat_map(|done| &done.events);
        let transactions = executed.transactions.iter().flat_map(|done| &done.events);
        let all = executed.begun.iter().chain(submissions).chain(transactions).chain(&executed.ended);
        Self::decode(&all.cloned().collect::<Vec<_>>())
    }

    pub(crate) fn record(&self, domain: DomainId) -> DomainRecord {
        DOMAIN.get(&self.contents, &domain).expect("sound").expect("the domain exists")
    }

    pub(crate) fn operator(&self, number: u64) -> OperatorRecord {
        OPERATOR.get(&self.contents, &OperatorId(number)).expect("sound").expect("the operator exists")
    }

    pub(crate) fn balance(&self, address: &Address) -> Amount {
        account(&self.contents, address).expect("sound").balance
    }

    /// The money that exists.
    pub(crate) fn supply(&self) -> Amount {
        issuance(&self.contents).expect("sound").total
    }

    /// Changes the state behind the chain's back.
    pub(crate) fn tamper(&mut self, change: impl FnOnce(&mut auto_state::Overlay<'_, Contents>)) {
        let mut overlay = auto_state::Overlay::new(&self.contents);
        change(&mut overlay);
        let changes = overlay.into_changes();
        self.write(changes);
    }

    /// The money that exists is that of accounts, of the ledger and of the domains.
    pub(crate) fn check_money(&self) {
        let supply = issuance(&self.contents).expect("sound");
        let held = self.rules.extension.held(&self.contents).expect("sound");
        let accounts = self.contents.range(b"ledger/account/".to_vec()..b"ledger/account0".to_vec());
        let accounts = accounts.fold(0u128, |sum, (_, value)| {
            let account: auto_ledger::Account = decode_strict(value, 256).expect("an account");
            sum + account.balance.base_units()
        });
        let all = accounts + supply.held.base_units() + held.base_units();
        let parts = HELD.get(&self.contents).expect("sound");
        assert_eq!(supply.total.base_units(), all, "money after block {}: {parts:?}", self.number);
    }
}
