//! A chain of one ledger in memory.

use auto_core::{
    Address, Amount, BlockNumber, DomainId, Genesis, GenesisAccount, Hash, HistorySize, KeyPair, List, Nonce,
    PotOutput, Preset, ProtocolParams, SignedTransaction, Slot, Submission, Transaction,
};
use auto_ledger::{
    Account, BlockContext, ExecutedBlock, Extension, Issuance, LedgerCall, LedgerError, NoExtension,
    ParentBlock, Rules, account, check_block, check_submissions, execute_block, genesis_state, issuance,
};
use auto_state::{EMPTY_ROOT, MemoryNodes, Snapshot};
use std::sync::Arc;

pub(crate) struct Chain {
    pub(crate) rules: Rules,
    pub(crate) number: BlockNumber,
    pub(crate) history: HistorySize,
    pub(crate) farmer: KeyPair,
    nodes: MemoryNodes,
    root: Hash,
}

pub(crate) fn pair(byte: u8) -> KeyPair {
    KeyPair::from_secret(&[byte; 32])
}

pub(crate) fn address(byte: u8) -> Address {
    pair(byte).public_key().address()
}

/// Where the chain's author is paid: an account that never signs.
pub(crate) const AUTHOR: Address = Address([0xaa; 32]);

pub(crate) fn test_params() -> ProtocolParams {
    ProtocolParams::preset(Preset::Test)
}

impl Chain {
    pub(crate) fn new(params: ProtocolParams, balances: &[(u8, Amount)]) -> Self {
        Self::with(params, balances, Arc::new(NoExtension))
    }

    pub(crate) fn with(
        params: ProtocolParams,
        balances: &[(u8, Amount)],
        extension: Arc<dyn Extension>,
    ) -> Self {
        let accounts = balances
            .iter()
            .map(|(byte, balance)| GenesisAccount { address: address(*byte), balance: *balance });
        let accounts = List::new(accounts.collect()).expect("few");
        let genesis = Genesis::new(params.clone(), accounts);
        let changes = genesis_state(&genesis, &*extension).expect("sound");
        let commit = Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).commit(&changes).expect("sound");
        Self {
            rules: Rules::new(params, Hash([9; 32]), extension),
            number: BlockNumber(0),
            history: HistorySize::ONE,
            farmer: pair(200),
            nodes: commit.fresh.into_iter().collect(),
            root: commit.root,
        }
    }

    pub(crate) fn state(&self) -> Snapshot<&MemoryNodes> {
        Snapshot::new(&self.nodes, self.root)
    }

    pub(crate) fn context(&self) -> BlockContext {
        let number = self.number.checked_add(1).expect("small");
        let output = PotOutput([7; 16]);
        BlockContext {
            number,
            farmer: self.farmer.public_key(),
            reward_address: AUTHOR,
            solution_range: self.rules.params.initial_solution_range,
            history_size: self.history,
            parent: ParentBlock {
                number: self.number,
                hash: Hash([1; 32]),
                state_root: self.root,
                mmr_root: Hash([2; 32]),
            },
            mmr_root: Hash([3; 32]),
            slot: Slot(number.0),
            future_slot: Slot(number.0 + self.rules.params.authoring_delay),
            outputs: vec![(Slot(number.0 + self.rules.params.authoring_delay), output)],
            randomness: BlockContext::randomness_of(&output),
        }
    }

    /// Makes the next block; on an error nothing changes.
    pub(crate) fn block(&mut self, transactions: &[SignedTransaction]) -> Result<ExecutedBlock, LedgerError> {
        self.full_block(&[], transactions)
    }

    /// Makes the next block, with submissions; on an error nothing changes.
    pub(crate) fn full_block(
        &mut self,
        submissions: &[Submission],
        transactions: &[SignedTransaction],
    ) -> Result<ExecutedBlock, LedgerError> {
        let submissions = check_submissions(&self.rules, submissions)?;
        let checked = check_block(&self.rules, transactions)?;
        let executed = execute_block(&self.rules, &self.state(), &self.context(), &submissions, &checked)?;
        let commit = self.state().commit(&executed.changes)?;
        self.nodes.extend(commit.fresh);
        for hash in &commit.stale {
            self.nodes.remove(hash);
        }
        self.root = commit.root;
        self.number = self.context().number;
        Ok(executed)
    }

    pub(crate) fn empty_blocks(&mut self, count: u64) {
        for _ in 0..count {
            self.block(&[]).expect("an empty block is valid");
        }
    }

    pub(crate) fn account(&self, byte: u8) -> Account {
        account(&self.state(), &address(byte)).expect("sound")
    }

    pub(crate) fn balance_of(&self, address: &Address) -> u128 {
        account(&self.state(), address).expect("sound").balance.base_units()
    }

    pub(crate) fn issuance(&self) -> Issuance {
        issuance(&self.state()).expect("sound")
    }

    pub(crate) fn draft(&self, from: u8, nonce: u64, calls: Vec<LedgerCall>) -> Transaction {
        let calls = calls.into_iter().map(|call| call.into_call().expect("fits")).collect();
        Transaction {
            domain: DomainId::CONSENSUS,
            signer: pair(from).public_key(),
            nonce: Nonce(nonce),
            expiry: BlockNumber(1_000_000),
            fee_limit: Amount::ai3(1),
            calls: List::new(calls).expect("few"),
        }
    }

    pub(crate) fn signed(&self, from: u8, nonce: u64, calls: Vec<LedgerCall>) -> SignedTransaction {
        self.draft(from, nonce, calls).sign(&pair(from), &self.rules.genesis)
    }

    pub(crate) fn transfer(&self, from: u8, nonce: u64, to: u8, amount: Amount) -> SignedTransaction {
        self.signed(from, nonce, vec![LedgerCall::Transfer { to: address(to), amount }])
    }
}
