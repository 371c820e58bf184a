//! The machine: told of consensus blocks, slots and transactions, it says what to do.

mod bundle;
mod fraud;
mod import;
mod prune;
mod publish;
mod relay;
mod transactions;

use crate::account::Account;
use crate::handle::Shared;
use crate::records::{Known, Last, Made, Records, Tip, Writer};
use crate::scene::Scene;
use crate::{ConsensusBlock, DomainsHandle, Effect, OperatorConfig, OperatorError};
use auto_core::{BlockNumber, DomainId, Hash, ModuleId, SignedTransaction};
use auto_domains::genesis::{DomainGenesis, domain_genesis};
use auto_domains::receipt;
use auto_domains::state::BLOCK;
use auto_state::{EMPTY_ROOT, Snapshot, StateRead};
use auto_store::{StateNodes, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// An operator of domains, or a node that only watches them.
///
/// It follows the best chain of the consensus block by block, derives every block of the domains that it
/// serves, and answers with [`Effect`]s. It reads and writes nothing but its store.
pub struct Operator {
    config: OperatorConfig,
    store: Arc<dyn Store>,
    shared: Arc<Shared>,
    last: Last,
    account: Option<Account>,
    /// Receipts of the line that differ from the own ones.
    bad: BTreeMap<(DomainId, BlockNumber), Hash>,
    /// Receipts that were found to differ, on any branch, until they are long confirmed.
    suspects: BTreeSet<(DomainId, BlockNumber, Hash)>,
    /// Receipts that were told of as wrong.
    told: BTreeMap<Hash, BlockNumber>,
    /// The block before the one that is imported.
    previous: Hash,
    /// Whether all open receipts were compared since the start.
    compared: bool,
    /// Own submissions that may still be included: the operator's key, the head that they were made on.
    flights: Vec<bundle::Flight>,
    /// Domains of whose next block a message waits.
    waiting: Vec<DomainId>,
    /// When each message to the consensus chain was first seen.
    seen: BTreeMap<relay::Wanted, BlockNumber>,
}

impl fmt::Debug for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operator").field("last", &self.last).finish_non_exhaustive()
    }
}

impl Operator {
    /// An operator over a store, which it shares with the node: the states of consensus blocks are read there.
    ///
    /// # Errors
    /// When the store fails, or what the chain starts from makes no domains.
    pub fn new(mut config: OperatorConfig, store: Arc<dyn Store>) -> Result<Self, OperatorError> {
        let last = Records(&*store).last()?;
        let account = config.account.take().map(Account::new);
        let shared =
            Arc::new(Shared::new(Arc::clone(&store), config.rules.clone(), Arc::clone(&config.runtimes)));
        let mut operator = Self {
            config,
            store,
            shared,
            last: Last::default(),
            account,
            bad: BTreeMap::new(),
            suspects: BTreeSet::new(),
            told: BTreeMap::new(),
            previous: Hash::ZERO,
            compared: false,
            flights: Vec::new(),
            waiting: Vec::new(),
            seen: BTreeMap::new(),
        };
        match last {
            Some(last) => operator.last = last,
            None => operator.found()?,
        }
        operator.shared.set_roles(&operator.config.roles);
        operator.publish(None)?;
        Ok(operator)
    }

    /// The newest consensus block that it followed; `None` before the first.
    #[must_use]
    pub fn last(&self) -> Option<(BlockNumber, Hash)> {
        (self.last.number.0 > 0).then_some((self.last.number, self.last.hash))
    }

    /// Whether transactions of a domain are for this operator.
    #[must_use]
    pub fn wants(&self, domain: DomainId) -> bool {
        domain != DomainId::CONSENSUS && self.config.serve.includes(domain)
    }

    /// What others read.
    #[must_use]
    pub fn handle(&self) -> DomainsHandle {
        DomainsHandle(Arc::clone(&self.shared))
    }

    /// A consensus block joined the best chain; blocks come by rising height. Where the parent is not the
    /// last block, everything after the parent was reverted. A block may be told of again.
    ///
    /// # Errors
    /// When it cannot be followed; then nothing has changed, unless [`Operator::last`] says so: then it was
    /// followed, and what it calls for is made up for with the next block.
    pub fn imported(&mut self, block: &ConsensusBlock<'_>) -> Result<Vec<Effect>, OperatorError> {
        let mut effects = Vec::new();
        self.follow(block)?;
        if block.number <= self.last.finalized {
            return Ok(effects);
        }
        let answered = self.answer(block, &mut effects);
        // The next block has all open receipts compared again.
        self.compared &= answered.is_ok();
        answered.map(|()| effects)
    }

    /// A transaction that it submitted was refused by the node's pool, and does not wait there.
    pub fn refused(&mut self, transaction: &SignedTransaction) {
        if let Some(account) = &mut self.account {
            account.refused(&transaction.hash());
        }
    }

    /// What a block that was followed calls for.
    fn answer(&mut self, block: &ConsensusBlock<'_>, effects: &mut Vec<Effect>) -> Result<(), OperatorError> {
        self.publish(Some(block.state))?;
        self.prune()?;
        self.compare(block, effects)?;
        self.prove_frauds(block, effects)?;
        self.refresh_pools(block, effects)?;
        self.relay_messages(block)?;
        let pending = self.account.iter().flat_map(Account::pending);
        effects.extend(pending.map(|signed| Effect::SubmitTransaction(Box::new(signed.clone()))));
        self.publish(Some(block.state))
    }

    fn records(&self) -> Records<'_> {
        Records(&*self.store)
    }

    fn nodes(&self) -> StateNodes<'_> {
        StateNodes(&*self.store)
    }

    fn known(&self) -> Result<Known, OperatorError> {
        let (number, hash) = (self.last.number, self.last.hash);
        self.records().known(number, &hash)?.ok_or_else(|| OperatorError::missing("block", &hash))
    }

    fn scene(&self, state: &dyn StateRead, head: BlockNumber, tip: &Tip) -> Result<Scene, OperatorError> {
        Scene::new(&self.config.rules, &*self.config.runtimes, state, head, tip)
    }

    fn state_of(&self, tip: &Tip) -> Snapshot<StateNodes<'_>> {
        Snapshot::new(self.nodes(), tip.state_root)
    }

    /// The consensus block that made the block of a domain at a height that is not confirmed, or zero.
    fn made_in(
        &self,
        state: &dyn StateRead,
        tip: &Tip,
        number: BlockNumber,
    ) -> Result<Option<Hash>, OperatorError> {
        if number > tip.number {
            return Ok(None);
        }
        if number == tip.number {
            return Ok(Some(tip.made_in));
        }
        if number.0 == 0 {
            return Ok(Some(tip.founded_in));
        }
        let block = BLOCK.get(state, &(tip.domain, number))?;
        Ok(block.map(|block| block.inherent.consensus_hash))
    }

    /// The own block of a domain at a height that is not confirmed, or zero.
    fn own(
        &self,
        state: &dyn StateRead,
        tip: &Tip,
        number: BlockNumber,
    ) -> Result<Option<Made>, OperatorError> {
        match self.made_in(state, tip, number)? {
            Some(made_in) => self.records().made(tip.domain, &made_in),
            None => Ok(None),
        }
    }

    /// Writes the records of genesis and the first states of its domains.
    fn found(&mut self) -> Result<(), OperatorError> {
        let mut writer = Writer::default();
        let mut stage = self.nodes().stage();
        let genesis = &self.config.genesis;
        let changes = auto_ledger::genesis_state(genesis, &*self.config.rules.extension)?;
        let state_root = Snapshot::new(self.nodes(), EMPTY_ROOT).commit(&changes)?.root;
        let mut known = Known { state_root, ..Known::default() };
        for (domain, config) in (1u32..).map(DomainId).zip(genesis.domains.iter()) {
            if !self.config.serve.includes(domain) {
                continue;
            }
            let modules: Vec<ModuleId> = config.modules.iter().map(|module| module.module).collect();
            let newest = self.config.runtimes.newest(&modules).unwrap_or(0);
            let code = (0..=newest).find_map(|version| self.config.runtimes.domain(&modules, version));
            let code = code.ok_or(OperatorError::UnknownRuntime { domain, version: newest })?;
            let start = domain_genesis(&genesis.params, domain, &*code, config, BlockNumber(0))?;
            stage.stage_commit(&start.commit);
            known.tips.push(founded(domain, &start, Hash::ZERO));
            writer.made(domain, &Hash::ZERO, &first(start));
        }
        let last = Last::default();
        writer.known(BlockNumber(0), &Hash::ZERO, &known);
        writer.last(&last);
        stage.finish(&mut writer.0)?;
        self.store.write(writer.0)?;
        self.last = last;
        Ok(())
    }

    /// Whether every open receipt of a domain up to its newest one is the own one.
    fn line_is_own(&self, domain: DomainId) -> bool {
        self.bad.range((domain, BlockNumber(0))..=(domain, BlockNumber(u64::MAX))).next().is_none()
    }

    /// The receipt that the consensus chain has at a height, where it is not the own one.
    fn other_receipt(
        &self,
        state: &dyn StateRead,
        tip: &Tip,
        number: BlockNumber,
    ) -> Result<Option<Hash>, OperatorError> {
        let Some(stated) = receipt::hash_at(state, tip.domain, number)? else { return Ok(None) };
        let Some(made_in) = self.made_in(state, tip, number)? else { return Ok(None) };
        let own = self.records().receipt(tip.domain, &made_in)?;
        Ok(own.filter(|own| *own != stated).map(|_| stated))
    }
}

/// Height of the newest consensus block that an operator over this store followed; `None` where there never was
/// an operator.
///
/// # Errors
/// When the store fails.
pub fn followed(store: &dyn Store) -> Result<Option<BlockNumber>, OperatorError> {
    Ok(Records(store).last()?.map(|last| last.number))
}

/// Where a domain stands that was just founded.
fn founded(domain: DomainId, start: &DomainGenesis, founded_in: Hash) -> Tip {
    Tip {
        domain,
        number: BlockNumber(0),
        receipt: start.receipt_hash,
        block: start.block_hash,
        state_root: start.commit.root,
        made_in: founded_in,
        founded_in,
        worked: BlockNumber(0),
        confirmed: BlockNumber(0),
    }
}

/// The record of block zero of a domain.
fn first(start: DomainGenesis) -> Made {
    Made {
        receipt: start.receipt,
        parent_in: Hash::ZERO,
        bodies: Vec::new(),
        ran: Vec::new(),
        finalized: Vec::new(),
        fresh: start.commit.fresh.into_iter().map(|(hash, _)| hash).collect(),
        stale: start.commit.stale,
    }
}
