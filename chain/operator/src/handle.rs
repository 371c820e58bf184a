//! What others read of an operator while it works.

mod transactions;

pub use transactions::{Quote, TransactionStatus};

use crate::pool::{Dropped, Pool};
use crate::records::{Made, Ran, Records, Tip};
use crate::{Lie, OperatorError, Role};
use auto_core::{Address, BlockNumber, DomainId, ExecutionReceipt, Hash, ModuleId, OperatorId, OperatorKey};
use auto_ledger::Rules;
use auto_module::Runtimes;
use auto_module::bank::{self, Account};
use auto_state::{Snapshot, StateError, StateProof, StateRead, Witness};
use auto_store::{StateNodes, Store};
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Blocks that one question is answered with.
pub const BLOCKS_MAX: usize = 256;

/// A domain as it is followed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainStatus {
    /// The domain.
    pub domain: DomainId,
    /// Height of its newest block.
    pub number: BlockNumber,
    /// Hash of that block.
    pub block_hash: Hash,
    /// Root of the state after it.
    pub state_root: Hash,
    /// The own receipt of it.
    pub receipt: Hash,
    /// Height of the newest receipt on the consensus chain.
    pub head_receipt: BlockNumber,
    /// Hash of that receipt.
    pub head_receipt_hash: Hash,
    /// Height of the newest confirmed block.
    pub confirmed: BlockNumber,
    /// Extrinsics in the pool.
    pub pool: usize,
    /// Heights whose receipts on the consensus chain differ from the own ones.
    pub wrong: Vec<BlockNumber>,
}

/// One operator that this process acts as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnOperator {
    /// Its key.
    pub key: OperatorKey,
    /// Its number and domain, once it is registered.
    pub registered: Option<(OperatorId, DomainId)>,
    /// How it is dishonest.
    pub lie: Option<Lie>,
}

/// A block of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainBlockView {
    /// The own receipt: height, hash, roots, consensus block, fees, transfers.
    pub receipt: ExecutionReceipt,
    /// Its hash.
    pub receipt_hash: Hash,
    /// What ran, in order; the inherent is not among it.
    pub ran: Vec<Ran>,
    /// What happened at the end of the block: the module, and its event.
    pub finalized: Vec<(ModuleId, Vec<u8>)>,
    /// Whether the block can no longer be challenged.
    pub confirmed: bool,
}

/// What the machine shows.
#[derive(Debug, Default)]
pub(crate) struct Live {
    pub(crate) head: Option<(BlockNumber, Hash)>,
    pub(crate) tips: Vec<Tip>,
    pub(crate) domains: Vec<DomainStatus>,
    pub(crate) operators: Vec<OwnOperator>,
}

pub(crate) struct Shared {
    store: Arc<dyn Store>,
    pub(crate) rules: Rules,
    runtimes: Arc<dyn Runtimes>,
    pub(crate) live: RwLock<Live>,
    pub(crate) pools: RwLock<BTreeMap<DomainId, Pool>>,
    pub(crate) dropped: RwLock<Dropped>,
}

impl Shared {
    pub(crate) fn new(store: Arc<dyn Store>, rules: Rules, runtimes: Arc<dyn Runtimes>) -> Self {
        Self {
            store,
            rules,
            runtimes,
            live: RwLock::default(),
            pools: RwLock::default(),
            dropped: RwLock::default(),
        }
    }

    pub(crate) fn set_roles(&self, roles: &[Role]) {
        let own = |role: &Role| OwnOperator { key: role.pair.key(), registered: None, lie: role.lie };
        self.live.write().operators = roles.iter().map(own).collect();
    }

    fn tip(&self, domain: DomainId) -> Result<Tip, OperatorError> {
        let live = self.live.read();
        live.tips.iter().find(|tip| tip.domain == domain).copied().ok_or(OperatorError::NotServed(domain))
    }

    fn records(&self) -> Records<'_> {
        Records(&*self.store)
    }

    /// The consensus block that made a block on the branch that is followed.
    fn made_in(&self, tip: &Tip, number: BlockNumber) -> Result<Option<Hash>, OperatorError> {
        if number > tip.number {
            return Ok(None);
        }
        if number.0 == 0 {
            return Ok(Some(tip.founded_in));
        }
        if let Some(hash) = self.records().at(tip.domain, number)? {
            return Ok(Some(hash));
        }
        let (mut at, mut hash) = (tip.number, tip.made_in);
        while at > number {
            let Some(made) = self.records().made(tip.domain, &hash)? else { return Ok(None) };
            (at, hash) = (BlockNumber(at.0.saturating_sub(1)), made.parent_in);
        }
        Ok(Some(hash))
    }
}

/// Reads what an operator knows; cheap to clone, and usable from any thread.
#[derive(Clone)]
pub struct DomainsHandle(pub(crate) Arc<Shared>);

impl fmt::Debug for DomainsHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DomainsHandle").field(&self.0.live.read().head).finish()
    }
}

impl DomainsHandle {
    /// The newest consensus block that was followed.
    #[must_use]
    pub fn head(&self) -> Option<(BlockNumber, Hash)> {
        self.0.live.read().head
    }

    /// Hash of the consensus chain's genesis block, which transactions of domains are signed for.
    #[must_use]
    pub fn genesis(&self) -> Hash {
        self.0.rules.genesis
    }

    /// All domains that are followed, by number.
    #[must_use]
    pub fn domains(&self) -> Vec<DomainStatus> {
        let mut domains = self.0.live.read().domains.clone();
        let pools = self.0.pools.read();
        for status in &mut domains {
            status.pool = pools.get(&status.domain).map_or(0, Pool::len);
        }
        domains
    }

    /// One domain; `None` when it is not followed.
    #[must_use]
    pub fn domain(&self, domain: DomainId) -> Option<DomainStatus> {
        self.domains().into_iter().find(|status| status.domain == domain)
    }

    /// The operators that this process acts as.
    #[must_use]
    pub fn operators(&self) -> Vec<OwnOperator> {
        self.0.live.read().operators.clone()
    }

    /// Hashes of the extrinsics in the pool of a domain, in order of arrival.
    #[must_use]
    pub fn pool(&self, domain: DomainId) -> Vec<Hash> {
        let pools = self.0.pools.read();
        pools
            .get(&domain)
            .map(|pool| pool.iter().map(|entry| entry.extrinsic.hash()).collect())
            .unwrap_or_default()
    }

    /// The state of a domain after its newest block.
    ///
    /// # Errors
    /// When the domain is not followed.
    pub fn state(&self, domain: DomainId) -> Result<DomainState, OperatorError> {
        let root = self.0.tip(domain)?.state_root;
        Ok(DomainState { shared: Arc::clone(&self.0), root })
    }

    /// The state of a domain after one of its blocks, as long as it is kept.
    ///
    /// # Errors
    /// When the domain is not followed or the block not known.
    pub fn state_at(&self, domain: DomainId, number: BlockNumber) -> Result<DomainState, OperatorError> {
        let receipt =
            self.receipt(domain, number)?.ok_or_else(|| OperatorError::missing("domain block", &number))?;
        Ok(DomainState { shared: Arc::clone(&self.0), root: receipt.final_state_root })
    }

    /// An account of a domain after its newest block; an unknown one is empty with nonce zero.
    ///
    /// # Errors
    /// When the domain is not followed or the state cannot be read.
    pub fn account(&self, domain: DomainId, address: &Address) -> Result<Account, OperatorError> {
        Ok(bank::ACCOUNTS.get(&self.state(domain)?, address)?.unwrap_or_default())
    }

    /// The own receipt of a block.
    ///
    /// # Errors
    /// When the domain is not followed or the store fails.
    pub fn receipt(
        &self,
        domain: DomainId,
        number: BlockNumber,
    ) -> Result<Option<ExecutionReceipt>, OperatorError> {
        Ok(self.made(domain, number)?.map(|made| made.receipt))
    }

    /// A block of a domain; `None` when it does not exist or was forgotten.
    ///
    /// # Errors
    /// When the domain is not followed or the store fails.
    pub fn block(
        &self,
        domain: DomainId,
        number: BlockNumber,
    ) -> Result<Option<DomainBlockView>, OperatorError> {
        let confirmed = self.0.tip(domain)?.confirmed;
        Ok(self.made(domain, number)?.map(|made| view(made, confirmed)))
    }

    /// Up to `limit` newest blocks of a domain below height `before`, newest first.
    ///
    /// # Errors
    /// When the domain is not followed or the store fails.
    pub fn blocks(
        &self,
        domain: DomainId,
        before: Option<BlockNumber>,
        limit: usize,
    ) -> Result<Vec<DomainBlockView>, OperatorError> {
        let tip = self.0.tip(domain)?;
        let newest = before.map_or(tip.number.0, |before| before.0.saturating_sub(1).min(tip.number.0));
        let mut hash = self.0.made_in(&tip, BlockNumber(newest))?;
        let mut blocks = Vec::new();
        while let Some(made_in) = hash.filter(|_| blocks.len() < limit.min(BLOCKS_MAX)) {
            let Some(made) = self.0.records().made(domain, &made_in)? else { break };
            hash = match made.receipt.number.0 {
                0 => None,
                1 => Some(tip.founded_in),
                _ => Some(made.parent_in),
            };
            blocks.push(view(made, tip.confirmed));
        }
        Ok(blocks)
    }

    fn made(&self, domain: DomainId, number: BlockNumber) -> Result<Option<Made>, OperatorError> {
        let tip = self.0.tip(domain)?;
        match self.0.made_in(&tip, number)? {
            Some(hash) => self.0.records().made(domain, &hash),
            None => Ok(None),
        }
    }
}

fn view(made: Made, confirmed: BlockNumber) -> DomainBlockView {
    DomainBlockView {
        confirmed: made.receipt.number <= confirmed,
        receipt_hash: made.receipt.hash(),
        receipt: made.receipt,
        ran: made.ran,
        finalized: made.finalized,
    }
}

/// A state of a domain; it can be read as long as it is kept.
#[derive(Clone)]
pub struct DomainState {
    shared: Arc<Shared>,
    root: Hash,
}

impl fmt::Debug for DomainState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DomainState").field("root", &self.root).finish_non_exhaustive()
    }
}

impl DomainState {
    /// Its root.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// Proves the value of a key, or that it has none.
    ///
    /// # Errors
    /// When the state is no longer kept or the store fails.
    pub fn prove(&self, key: &[u8]) -> Result<StateProof, StateError> {
        Snapshot::new(StateNodes(&*self.shared.store), self.root).prove(key)
    }

    /// Proves the values of several keys at once, or that they have none.
    ///
    /// # Errors
    /// When the state is no longer kept or the store fails.
    pub fn witness(&self, keys: &[Vec<u8>]) -> Result<Witness, StateError> {
        Witness::of(StateNodes(&*self.shared.store), self.root, keys)
    }
}

impl StateRead for DomainState {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        Snapshot::new(StateNodes(&*self.shared.store), self.root).get(key)
    }
}
