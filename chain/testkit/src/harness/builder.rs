//! What a domain starts from.

use super::{DomainHarness, HarnessError, address};
use crate::Failure;
use crate::consensus::{ConsensusChain, Operator, Pace};
use auto_core::{
    Amount, BUNDLE_BYTES_MAX, Blob, BlockNumber, DomainConfig, DomainId, DomainName, Genesis, GenesisAccount,
    GenesisDomain, GenesisOperator, List, ModuleGenesis, ModuleId, OperatorAllowList, Preset, ProtocolParams,
};
use auto_domains::genesis::domain_genesis;
use auto_module::{Domain, DynModule, Invariant, Module, Runtime, Runtimes};
use parity_scale_codec::Encode;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Slots of a consensus block: enough for every operator to be elected in nearly every block.
const SLOTS: u64 = 16;
/// The domain.
const DOMAIN: DomainId = DomainId(1);

/// The one runtime of a harness.
#[derive(Debug, Clone)]
pub(super) struct OneRuntime(Runtime);

impl Runtimes for OneRuntime {
    fn domain(&self, modules: &[ModuleId], version: u32) -> Option<Arc<dyn Domain>> {
        let known = self.0.modules().iter().map(|module| module.id).eq(modules.iter().copied());
        (known && version == self.0.version()).then(|| Arc::new(self.0.clone()) as Arc<dyn Domain>)
    }

    fn newest(&self, modules: &[ModuleId]) -> Option<u32> {
        self.domain(modules, self.0.version()).map(|domain| domain.version())
    }
}

/// Describes a domain before it starts.
#[derive(Debug, Clone)]
pub struct DomainBuilder {
    modules: Vec<Arc<dyn DynModule>>,
    accounts: Vec<(String, Amount)>,
    configurations: BTreeMap<ModuleId, Vec<u8>>,
    params: ProtocolParams,
    operators: u64,
    lies_per_block: usize,
}

impl DomainBuilder {
    pub(super) fn new(modules: Vec<Arc<dyn DynModule>>) -> Self {
        let production = ProtocolParams::preset(Preset::Production);
        let params = ProtocolParams {
            // Blocks as large as they get.
            block_bytes_max: production.block_bytes_max,
            domain_block_bytes_max: production.domain_block_bytes_max,
            // Operators take part whether they offer bundles or not.
            staking_epoch: u64::MAX,
            ..ProtocolParams::preset(Preset::Test)
        };
        Self {
            modules,
            accounts: Vec::new(),
            configurations: BTreeMap::new(),
            params,
            operators: 3,
            lies_per_block: usize::MAX,
        }
    }

    /// A person holds money on the domain from the start.
    #[must_use]
    pub fn account(mut self, name: &str, balance: Amount) -> Self {
        self.accounts.push((name.to_owned(), balance));
        self
    }

    /// What module `M` starts from; by default its default.
    #[must_use]
    pub fn genesis<M: Module>(mut self, genesis: &M::Genesis) -> Self {
        self.configurations.insert(M::ID, genesis.encode());
        self
    }

    /// Other parameters than those of preset `test` with blocks of full size and without epochs.
    #[must_use]
    pub fn params(mut self, change: impl FnOnce(&mut ProtocolParams)) -> Self {
        change(&mut self.params);
        self
    }

    /// How many operators there are: a block has at most that many bundles. Three by default.
    #[must_use]
    pub const fn operators(mut self, count: u64) -> Self {
        self.operators = count;
        self
    }

    /// Tells at most that many lies about each block, by default all. Those of one block are spread evenly
    /// over all there are, and the next block begins one lie later.
    #[must_use]
    pub const fn lies_per_block(mut self, most: usize) -> Self {
        self.lies_per_block = most;
        self
    }

    /// Starts the domain.
    ///
    /// # Panics
    /// When modules, balances or configurations make no domain.
    #[must_use]
    #[allow(clippy::panic, reason = "a harness of tests fails as tests do")]
    pub fn start(self) -> DomainHarness {
        match self.try_start() {
            Ok(harness) => harness,
            Err(error) => panic!("the domain does not start: {error}"),
        }
    }

    /// Starts the domain, whose invariants must hold.
    ///
    /// # Errors
    /// When modules, balances or configurations make no domain, or an invariant is broken at its start.
    pub fn try_start(self) -> Result<DomainHarness, HarnessError> {
        let runtime =
            Runtime::new(1, self.modules.clone()).map_err(|error| Failure::of("the modules", &error))?;
        let genesis = self.chain_genesis();
        let pace = Pace { slots: SLOTS, states: 4 };
        let chain = ConsensusChain::new(&genesis, Arc::new(OneRuntime(runtime.clone())), pace)?;
        let own = genesis.domains.first().ok_or_else(|| Failure("no domain".to_owned()))?;
        let start = domain_genesis(&self.params, DOMAIN, &runtime, own, BlockNumber(0))
            .map_err(|error| Failure::of("the domain", &error))?;
        let contents = start.changes.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        let harness = DomainHarness {
            environment: chain.environment(DOMAIN),
            chain,
            operators: (0..self.operators).map(|number| Operator::new(number, DOMAIN)).collect(),
            domain: DOMAIN,
            runtime: Arc::new(runtime),
            nodes: start.commit.fresh.into_iter().collect(),
            contents,
            newest: start.receipt,
            lies_per_block: self.lies_per_block,
            signed: RefCell::new(BTreeMap::new()),
        };
        for Invariant { name, check } in harness.runtime.invariants() {
            check(&auto_module::Contents::new(), &harness.contents)
                .map_err(|what| HarnessError::InvariantBroken { name, what })?;
        }
        Ok(harness)
    }

    fn chain_genesis(&self) -> Genesis {
        let name = |text: &str| DomainName::new(text.as_bytes().to_vec()).unwrap_or_default();
        let owner = address("operator");
        let stake = Amount::ai3(1_000_000);
        // One more stake than there are operators, so that the account stays above its deposit.
        let all = stake.checked_mul(u128::from(self.operators).saturating_add(1)).unwrap_or(stake);
        let accounts = List::new(vec![GenesisAccount { address: owner, balance: all }]).unwrap_or_default();
        let balances = self
            .accounts
            .iter()
            .map(|(name, balance)| GenesisAccount { address: address(name), balance: *balance });
        let modules = self.modules.iter().map(|module| {
            let module = module.info().id;
            let genesis = self.configurations.get(&module).cloned().unwrap_or_default();
            ModuleGenesis { module, genesis: Blob::new(genesis).unwrap_or_default() }
        });
        let domain = GenesisDomain {
            owner,
            config: DomainConfig {
                name: name("harness"),
                bundle_bytes_max: u32::try_from(BUNDLE_BYTES_MAX).unwrap_or(u32::MAX),
                bundle_weight_max: u64::MAX,
                bundle_probability: (1, 1),
                operators: OperatorAllowList::Anyone,
            },
            runtime: name("harness"),
            modules: List::new(modules.collect()).unwrap_or_default(),
            accounts: List::new(balances.collect()).unwrap_or_default(),
        };
        let operators = (0..self.operators).map(|number| GenesisOperator {
            domain: DOMAIN,
            owner,
            key: Operator::pair_of(number).key(),
            stake,
            nomination_min: self.params.nominator_stake_min,
            tax_percent: 0,
        });
        Genesis {
            domains: List::new(vec![domain]).unwrap_or_default(),
            operators: List::new(operators.collect()).unwrap_or_default(),
            ..Genesis::new(self.params.clone(), accounts)
        }
    }
}
