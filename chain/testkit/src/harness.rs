//! The harness for one module: a domain with accounts whose blocks run exactly as an operator runs them.
//!
//! ```
//! use auto_core::Amount;
//! use auto_module::bank::{self, Bank};
//! use auto_module::{Module, module};
//! use auto_testkit::{DomainHarness, address};
//!
//! let mut domain = DomainHarness::new(vec![module::<Bank>()]);
//! let pay = bank::Transfer { to: address("bob"), amount: Amount::ai3(5) };
//! let payment = domain.sign::<Bank>("alice", [bank::Call::Transfer(pay)]);
//! let done = domain.run(&payment);
//! assert!(done.applied(&payment));
//! assert_eq!(domain.balance("bob"), Amount::ai3(1005));
//! ```
//!
//! # What every block goes through
//! 1. Operators filter the transactions as their pools do and offer bundles; a consensus block takes them by
//!    all rules ([`ConsensusChain`]).
//! 2. The block is derived ([`auto_domains::derive::execute()`]), twice: the results must be the same.
//! 3. Every invariant of every module must hold.
//! 4. Every lie about the block is told, one by one: each root of its trace (initialization, every extrinsic,
//!    finalization), the extrinsics root, fees, transfers, the block hash, one root more, one less, every
//!    bundle's digest, and bundles and extrinsics called invalid. For each, the consensus chain takes the
//!    lying receipt, a fraud proof is made, its length is within the limit, it survives encoding, the
//!    consensus chain accepts it against the lie, and refuses it against the truth.
//!
//! [`DomainHarness::notice`] gives what another chain sends to a module; it runs through the same.
//!
//! So a module that depends on anything but its state and its arguments, or whose step cannot be run again
//! over a witness, fails its first block. [`DomainBuilder::lies_per_block`] limits the lies for long
//! scenarios; they then take turns, so that blocks of one shape still see all of them.

mod actor;
mod builder;
mod done;
mod error;
mod incoming;
mod lies;
mod run;
mod trial;

pub use actor::{address, key_pair};
pub use builder::DomainBuilder;
pub use done::{Done, Tx};
pub use error::HarnessError;
pub use lies::{Lie, lies};

use crate::consensus::{ConsensusChain, Operator};
use auto_core::{
    Address, Amount, BlockNumber, Call, DomainId, ExecutionReceipt, List, Nonce, OpaqueExtrinsic, Transaction,
};
use auto_module::bank::{self, Account};
use auto_module::{Contents, Domain, DynModule, Environment, Extrinsic, Module};
use auto_state::{MemoryNodes, Snapshot, StateProof};
use parity_scale_codec::Encode;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A domain of some modules on a minimal consensus chain, with operators that are honest.
pub struct DomainHarness {
    chain: ConsensusChain,
    operators: Vec<Operator>,
    domain: DomainId,
    runtime: Arc<dyn Domain>,
    environment: Environment,
    /// All nodes of all states of the domain.
    nodes: MemoryNodes,
    /// The newest state, key by key.
    contents: Contents,
    /// The receipt of the newest block.
    newest: ExecutionReceipt,
    lies_per_block: usize,
    /// Transactions that each account signed since the newest block.
    signed: RefCell<BTreeMap<Address, u64>>,
}

impl std::fmt::Debug for DomainHarness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DomainHarness")
            .field("domain", &self.domain)
            .field("number", &self.newest.number)
            .finish_non_exhaustive()
    }
}

impl DomainHarness {
    /// A domain of these modules, the bank first, on which `alice`, `bob` and `carol` hold 1,000 AI3 each.
    ///
    /// # Panics
    /// When the modules make no domain.
    #[must_use]
    pub fn new(modules: Vec<Arc<dyn DynModule>>) -> Self {
        let rich = Amount::ai3(1000);
        let builder = Self::builder(modules).account("alice", rich).account("bob", rich);
        builder.account("carol", rich).start()
    }

    /// A domain of these modules, the bank first, to be described further.
    #[must_use]
    pub fn builder(modules: Vec<Arc<dyn DynModule>>) -> DomainBuilder {
        DomainBuilder::new(modules)
    }

    /// Height of the newest block.
    #[must_use]
    pub const fn number(&self) -> BlockNumber {
        self.newest.number
    }

    /// The domain's number, the parameters and the genesis hash.
    #[must_use]
    pub const fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The consensus chain below.
    #[must_use]
    pub const fn consensus(&self) -> &ConsensusChain {
        &self.chain
    }

    /// The state after the newest block: what a module's keys and views read.
    #[must_use]
    pub const fn state(&self) -> &Contents {
        &self.contents
    }

    /// The receipt of the newest block.
    #[must_use]
    pub const fn receipt(&self) -> &ExecutionReceipt {
        &self.newest
    }

    /// Proves the value of a key under the newest receipt's final state root.
    ///
    /// # Panics
    /// When the state is damaged.
    #[must_use]
    pub fn prove(&self, key: &[u8]) -> StateProof {
        let state = Snapshot::new(&self.nodes, self.newest.final_state_root);
        state.prove(key).expect("holds because all nodes of all states are kept")
    }

    /// The bank account of a person.
    ///
    /// # Panics
    /// When the state is damaged.
    #[must_use]
    pub fn account(&self, name: &str) -> Account {
        bank::account(&self.contents, &address(name)).expect("holds because only the bank writes accounts")
    }

    /// What a person holds.
    #[must_use]
    pub fn balance(&self, name: &str) -> Amount {
        self.account(name).balance
    }

    /// A transaction of a person with calls of one module, with the next nonce: transactions signed since the
    /// newest block count.
    #[must_use]
    pub fn sign<M: Module>(&self, name: &str, calls: impl IntoIterator<Item = M::Call>) -> Tx {
        let calls = calls.into_iter().map(|call| {
            M::encode_call(&call).expect("holds because a test's calls are shorter than a payload may be")
        });
        self.sign_calls(name, calls.collect())
    }

    /// The same with calls of any modules.
    #[must_use]
    pub fn sign_calls(&self, name: &str, calls: Vec<Call>) -> Tx {
        self.sign_with(name, calls, |_| {})
    }

    /// The same, changed before it is signed: another nonce, expiry, fee limit or domain.
    ///
    /// # Panics
    /// When the transaction is longer than one may be.
    #[must_use]
    pub fn sign_with(&self, name: &str, calls: Vec<Call>, change: impl FnOnce(&mut Transaction)) -> Tx {
        let pair = key_pair(name);
        let signer = pair.public_key();
        let mut signed = self.signed.borrow_mut();
        let later = signed.entry(signer.address()).or_insert(0);
        let mut transaction = Transaction {
            domain: self.domain,
            signer,
            nonce: Nonce(self.account(name).nonce.0.saturating_add(*later)),
            expiry: BlockNumber(u64::MAX),
            fee_limit: Amount::ai3(10),
            calls: List::new(calls).expect("holds because a test's transactions have few calls"),
        };
        *later = later.saturating_add(1);
        change(&mut transaction);
        let transaction = transaction.sign(&pair, &self.environment.genesis);
        Tx::of(&Extrinsic::Signed(Box::new(transaction)))
    }

    /// Runs a block with one bundle of these transactions.
    ///
    /// # Panics
    /// When the block breaks an invariant or a lie about it cannot be proven: see [`HarnessError`].
    pub fn block(&mut self, transactions: &[Tx]) -> Done {
        self.bundles(&[transactions])
    }

    /// Runs a block with one transaction.
    ///
    /// # Panics
    /// As [`DomainHarness::block`].
    pub fn run(&mut self, transaction: &Tx) -> Done {
        self.block(std::slice::from_ref(transaction))
    }

    /// Runs a block with several bundles, each of another operator.
    ///
    /// # Panics
    /// As [`DomainHarness::block`].
    #[allow(clippy::panic, reason = "a harness of tests fails as tests do")]
    pub fn bundles(&mut self, bundles: &[&[Tx]]) -> Done {
        match self.try_bundles(bundles) {
            Ok(done) => done,
            Err(error) => panic!("block {} of the domain: {error}", self.newest.number.0.saturating_add(1)),
        }
    }

    /// Runs `blocks` blocks without transactions.
    ///
    /// # Panics
    /// As [`DomainHarness::block`].
    pub fn advance(&mut self, blocks: u64) {
        for _ in 0..blocks {
            self.block(&[]);
        }
    }

    /// The bytes that bundles carry for these transactions.
    fn bodies(bundles: &[&[Tx]]) -> Vec<Vec<OpaqueExtrinsic>> {
        bundles.iter().map(|bundle| bundle.iter().map(|tx| tx.bytes().clone()).collect()).collect()
    }
}

impl Tx {
    fn of(extrinsic: &Extrinsic) -> Self {
        let bytes = auto_core::Blob::new(extrinsic.encode());
        Self::raw(bytes.expect("holds because a test's transactions are short"))
    }
}
