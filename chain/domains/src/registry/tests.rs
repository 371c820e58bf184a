//! Runtimes, upgrades and domains, with the real bank and messages as modules.

use super::*;
use crate::election::OperatorPair;
use crate::state::{
    BALANCE, DOMAIN, DOMAIN_OPERATORS, EPOCH, HELD, RECEIPT, RECEIPT_AT, RUNTIME, UPGRADES_AT,
};
use crate::{Domains, DomainsEvent, genesis::domain_genesis, transfers, view};
use auto_core::{
    Amount, Blob, BlockNumber, DomainConfig, DomainId, ErrorCode, Genesis, GenesisAccount, GenesisDomain,
    GenesisOperator, Hash, HistorySize, List, ModuleGenesis, ModuleId, OperatorAllowList, OperatorId, Preset,
    ProtocolParams, PublicKey, RuntimeId, Slot, SolutionRange,
};
use auto_ledger::{ParentBlock, account, genesis_state, issuance};
use auto_module::bank::Bank;
use auto_module::messages::{CHANNELS, CONFIRMED, Messages, MessagesGenesis};
use auto_module::{Contents, Domain, Module, Runtime, module};
use auto_state::{Overlay, StateWrite};
use parity_scale_codec::Encode;
use std::sync::Arc;

static EMPTY: Contents = Contents::new();
const OWNER: Address = Address([1; 32]);
const OTHER: Address = Address([2; 32]);

/// A build that knows bank and messages at versions 1 to 3.
#[derive(Debug)]
struct Build;

impl Runtimes for Build {
    fn domain(&self, modules: &[ModuleId], version: u32) -> Option<Arc<dyn Domain>> {
        let known = modules == [Bank::ID, Messages::ID] && (1..=3).contains(&version);
        let modules = vec![module::<Bank>(), module::<Messages>()];
        known.then(|| Arc::new(Runtime::new(version, modules).expect("bank first")) as Arc<dyn Domain>)
    }

    fn newest(&self, modules: &[ModuleId]) -> Option<u32> {
        self.domain(modules, 3).map(|domain| domain.version())
    }
}

fn name(text: &str) -> DomainName {
    Blob::new(text.as_bytes().to_vec()).expect("short")
}

fn account_of(address: Address, whole: u32) -> GenesisAccount {
    GenesisAccount { address, balance: Amount::ai3(whole) }
}

fn config() -> DomainConfig {
    DomainConfig {
        name: name("identity"),
        bundle_bytes_max: 10_000,
        bundle_weight_max: 1_000_000,
        bundle_probability: (1, 1),
        operators: OperatorAllowList::Anyone,
    }
}

fn modules() -> Vec<ModuleGenesis> {
    let consensus = List::new(vec![DomainId::CONSENSUS]).expect("one");
    let messages = MessagesGenesis { established: consensus, ..MessagesGenesis::default() };
    let messages = Blob::new(messages.encode()).expect("short");
    vec![
        ModuleGenesis { module: Bank::ID, genesis: Blob::default() },
        ModuleGenesis { module: Messages::ID, genesis: messages },
    ]
}

fn domain_of_genesis() -> GenesisDomain {
    GenesisDomain {
        owner: OWNER,
        config: config(),
        runtime: name("core"),
        modules: List::new(modules()).expect("two"),
        accounts: List::new(vec![account_of(OTHER, 50), account_of(OWNER, 5)]).expect("two"),
    }
}

fn operator_of_genesis(n: u8, domain: u32) -> GenesisOperator {
    GenesisOperator {
        domain: DomainId(domain),
        owner: OWNER,
        key: OperatorPair::from_secret(&[n; 32]).key(),
        stake: Amount::ai3(200),
        nomination_min: Amount::ai3(1),
        tax_percent: 5,
    }
}

fn chain(domains: Vec<GenesisDomain>, operators: Vec<GenesisOperator>) -> Genesis {
    let accounts = List::new(vec![account_of(OWNER, 10_000), account_of(OTHER, 1000)]).expect("two");
    Genesis {
        domains: List::new(domains).expect("few"),
        operators: List::new(operators).expect("few"),
        ..Genesis::new(ProtocolParams::preset(Preset::Test), accounts)
    }
}

struct World {
    rules: Rules,
    cx: BlockContext,
    state: Overlay<'static, Contents>,
}

impl World {
    fn new(genesis: &Genesis) -> Self {
        let domains = Domains::new(Arc::new(Build));
        let mut state = Overlay::new(&EMPTY);
        for (key, value) in genesis_state(genesis, &domains).expect("the books of genesis add up") {
            if let Some(value) = value {
                state.put(&key, value);
            }
        }
        let rules = Rules::new(genesis.params.clone(), Hash([3; 32]), Arc::new(domains));
        let parent = ParentBlock {
            number: BlockNumber(0),
            hash: Hash::ZERO,
            state_root: Hash::ZERO,
            mmr_root: Hash::ZERO,
        };
        let cx = BlockContext {
            number: BlockNumber(1),
            farmer: PublicKey([7; 32]),
            reward_address: OWNER,
            solution_range: SolutionRange(2),
            history_size: HistorySize::ONE,
            parent,
            mmr_root: Hash::ZERO,
            slot: Slot(9),
            future_slot: Slot(11),
            outputs: Vec::new(),
            randomness: Hash::ZERO,
        };
        Self { rules, cx, state }
    }

    fn with<T>(
        &mut self,
        signer: Address,
        call: impl FnOnce(&Caller<'_>, &mut dyn StateWrite) -> Result<T, RegistryError>,
    ) -> Result<T, RegistryError> {
        let caller = Caller { rules: &self.rules, cx: &self.cx, runtimes: &Build, signer: &signer };
        self.state.checkpoint();
        let result = call(&caller, &mut self.state);
        if result.is_ok() {
            self.state.accept()
        } else {
            self.state.revert()
        };
        self.check();
        result
    }

    fn register(&mut self, signer: Address, text: &str, version: u32) -> Result<(), RegistryError> {
        let modules = List::new(vec![Bank::ID, Messages::ID]).expect("two");
        self.with(signer, |caller, state| register_runtime(caller, name(text), modules, version, state))?;
        Ok(())
    }

    fn upgrade(&mut self, signer: Address, text: &str, version: u32, at: u64) -> Result<(), RegistryError> {
        let (runtime, at) = (RuntimeId(0), BlockNumber(at));
        self.with(signer, |caller, state| upgrade_runtime(caller, runtime, &name(text), version, at, state))?;
        Ok(())
    }

    fn instantiate(
        &mut self,
        signer: Address,
        config: DomainConfig,
        modules: Vec<ModuleGenesis>,
        accounts: Vec<GenesisAccount>,
    ) -> Result<(), RegistryError> {
        let (modules, accounts) = (List::new(modules).expect("few"), List::new(accounts).expect("few"));
        self.with(signer, |caller, state| {
            instantiate_domain(caller, RuntimeId(0), config, modules, accounts, state)
        })?;
        Ok(())
    }

    /// Accounts and what is held add up to what exists.
    fn check(&self) {
        let balances = [OWNER, OTHER].map(|one| account(&self.state, &one).expect("readable").balance);
        let held = HELD.get(&self.state).expect("readable").unwrap_or_default();
        let held = transfers::held_total(&held).expect("fits");
        let sum = balances.into_iter().try_fold(held, Amount::checked_add);
        assert_eq!(sum, Some(issuance(&self.state).expect("readable").total));
    }
}

#[test]
fn genesis_founds_domains_and_their_operators_take_part_at_once() {
    let operators = vec![operator_of_genesis(1, 1), operator_of_genesis(2, 1), operator_of_genesis(3, 2)];
    let world = World::new(&chain(vec![domain_of_genesis(), domain_of_genesis()], operators));
    let state = &world.state;
    world.check();
    assert_eq!(account(state, &OWNER).expect("readable").balance, Amount::ai3(10_000 - 600));
    assert_eq!(issuance(state).expect("readable").total, Amount::ai3(11_000 + 110));
    let epoch = EPOCH.get(state, &DomainId(1)).expect("readable").expect("exists");
    assert_eq!(epoch.total, Amount::ai3(320));
    let seen = view::operators(state, DomainId(1)).expect("readable");
    assert_eq!(seen.iter().map(|one| one.operator).collect::<Vec<_>>(), [OperatorId(0), OperatorId(1)]);
    assert!(seen.iter().all(|one| one.elected_stake == Some(Amount::ai3(160))));
    assert_eq!(BALANCE.get(state, &DomainId(2)), Ok(Some(Amount::ai3(55))));
    // Both domains run one runtime, at the oldest version that this build knows.
    let runtimes = view::runtimes(state).expect("readable");
    assert_eq!(runtimes.len(), 1);
    assert_eq!((runtimes[0].1.version, runtimes[0].1.owner), (1, None));
    assert_eq!(view::domains(state).expect("readable").len(), 2);
    assert_eq!(runtime_of(&Build, state, DomainId(2)).map(|code| code.version()), Ok(1));
    assert!(CHANNELS.get(state, &(DomainId(1), auto_core::ChannelId(0))).expect("readable").is_some());
}

#[test]
fn the_first_receipt_is_the_domains_own_start() {
    let world = World::new(&chain(vec![domain_of_genesis()], vec![]));
    let code = Build.domain(&[Bank::ID, Messages::ID], 1).expect("known");
    let start =
        domain_genesis(&world.rules.params, DomainId(1), &*code, &domain_of_genesis(), BlockNumber(0))
            .expect("starts");
    let hash = RECEIPT_AT.get(&world.state, &(DomainId(1), BlockNumber(0))).expect("readable");
    assert_eq!(hash, Some(start.receipt_hash));
    let known = RECEIPT.get(&world.state, &start.receipt_hash).expect("readable").expect("known");
    assert_eq!(known.receipt, start.receipt);
    assert!(known.submitters.is_empty());
    assert_eq!(&known.receipt.trace[..], [start.commit.root; 2]);
    let confirmed = CONFIRMED.get(&world.state, &DomainId(1)).expect("readable").expect("written");
    assert_eq!((confirmed.receipt, confirmed.state_root), (hash.expect("known"), start.commit.root));
    // Another number is another start, even with the same configuration.
    let other =
        domain_genesis(&world.rules.params, DomainId(2), &*code, &domain_of_genesis(), BlockNumber(0));
    assert_ne!(other.expect("starts").block_hash, start.block_hash);
}

#[test]
fn a_genesis_that_breaks_a_rule_makes_no_chain() {
    let refused =
        |genesis: &Genesis| genesis_state(genesis, &Domains::new(Arc::new(Build))).expect_err("bad").code();
    let twice = vec![operator_of_genesis(1, 1), operator_of_genesis(1, 1)];
    assert_eq!(refused(&chain(vec![domain_of_genesis()], twice)), "STK-0006");
    assert_eq!(refused(&chain(vec![domain_of_genesis()], vec![operator_of_genesis(1, 2)])), "STK-0001");
    let rich = GenesisOperator { stake: Amount::ai3(10_001), ..operator_of_genesis(1, 1) };
    assert_eq!(refused(&chain(vec![domain_of_genesis()], vec![rich])), "LED-0014");
    let mut unknown = domain_of_genesis();
    unknown.modules =
        List::new(vec![ModuleGenesis { module: Bank::ID, genesis: Blob::default() }]).expect("one");
    assert_eq!(refused(&chain(vec![unknown.clone()], vec![])), "REG-0003");
    assert_eq!(refused(&chain(vec![domain_of_genesis(), unknown], vec![])), "REG-0014");
    let mut dust = domain_of_genesis();
    dust.accounts = List::new(vec![GenesisAccount { address: OTHER, balance: Amount::ZERO }]).expect("one");
    assert_eq!(refused(&chain(vec![dust], vec![])), "REG-0015");
}

#[test]
fn case_71_an_upgrade_needs_the_name_a_larger_version_and_a_later_block() {
    let mut world = World::new(&chain(vec![], vec![]));
    world.register(OWNER, "core", 2).expect("known code");
    assert_eq!(world.register(OTHER, "core", 1), Err(RegistryError::NameTaken(RuntimeId(0))));
    assert_eq!(world.register(OWNER, "mine", 4), Err(RegistryError::UnknownCode(4)));
    for text in ["", "two words", "tab\t"] {
        assert_eq!(world.register(OWNER, text, 1), Err(RegistryError::BadName));
    }
    assert_eq!(world.upgrade(OTHER, "core", 3, 5), Err(RegistryError::NotOwner));
    assert_eq!(world.upgrade(OWNER, "cord", 3, 5), Err(RegistryError::WrongName(RuntimeId(0))));
    for stated in [1, 2] {
        let error = RegistryError::VersionNotLarger { stated, current: 2 };
        assert_eq!(world.upgrade(OWNER, "core", stated, 5), Err(error));
    }
    for at in [0, 1] {
        let error = RegistryError::NotLater { at: BlockNumber(at), number: BlockNumber(1) };
        assert_eq!(world.upgrade(OWNER, "core", 3, at), Err(error));
    }
    assert_eq!(world.upgrade(OWNER, "core", 4, 5), Err(RegistryError::UnknownCode(4)));
    world.upgrade(OWNER, "core", 3, 5).expect("fits");
    let error = RegistryError::UpgradePending { runtime: RuntimeId(0), at: BlockNumber(5) };
    assert_eq!(world.upgrade(OWNER, "core", 3, 6), Err(error));
    let gone = world.with(OWNER, |caller, state| {
        upgrade_runtime(caller, RuntimeId(1), &name("core"), 3, BlockNumber(6), state)
    });
    assert_eq!(gone, Err(RegistryError::UnknownRuntime(RuntimeId(1))));
}

#[test]
fn case_71_every_domain_of_an_upgraded_runtime_must_have_a_block_then() {
    let mut world = World::new(&chain(vec![domain_of_genesis()], vec![]));
    // A runtime of genesis has no owner, so nobody upgrades it.
    assert_eq!(world.upgrade(OWNER, "core", 2, 5), Err(RegistryError::NotOwner));
    world.register(OWNER, "mine", 1).expect("known code");
    for _ in 0..2 {
        let (modules, accounts) = (List::new(modules()).expect("two"), List::default());
        let config = config();
        world
            .with(OWNER, |caller, state| {
                instantiate_domain(caller, RuntimeId(1), config, modules, accounts, state)
            })
            .expect("pays");
    }
    world
        .with(OWNER, |caller, state| {
            upgrade_runtime(caller, RuntimeId(1), &name("mine"), 3, BlockNumber(5), state)
        })
        .expect("fits");
    for number in 2..5 {
        world.cx.number = BlockNumber(number);
        assert_eq!(begin_block(&world.cx, &mut world.state), Ok((vec![], vec![])));
        assert_eq!(runtime_of(&Build, &world.state, DomainId(3)).map(|code| code.version()), Ok(1));
    }
    world.cx.number = BlockNumber(5);
    let (domains, events) = begin_block(&world.cx, &mut world.state).expect("readable");
    assert_eq!(domains, [DomainId(2), DomainId(3)]);
    assert_eq!(events, [DomainsEvent::RuntimeUpgraded { runtime: RuntimeId(1), version: 3 }]);
    assert_eq!(runtime_of(&Build, &world.state, DomainId(3)).map(|code| code.version()), Ok(3));
    assert_eq!(runtime_of(&Build, &world.state, DomainId(1)).map(|code| code.version()), Ok(1));
    assert_eq!(UPGRADES_AT.get(&world.state, &BlockNumber(5)), Ok(None));
    assert_eq!(RUNTIME.get(&world.state, &RuntimeId(1)).expect("readable").expect("known").upgrade, None);
}

#[test]
fn a_new_domain_is_paid_for_and_starts_empty_handed() {
    let mut world = World::new(&chain(vec![domain_of_genesis()], vec![]));
    world.instantiate(OTHER, config(), modules(), vec![account_of(OWNER, 30)]).expect("pays");
    let deposit = world.rules.params.domain_deposit;
    assert_eq!(account(&world.state, &OTHER).expect("readable").balance, Amount::ai3(1000 - 30 - 100));
    let held = HELD.get(&world.state).expect("readable").expect("written");
    assert_eq!((held.deposits, held.domains), (deposit, Amount::ai3(55 + 30)));
    let seen = view::domain(&world.state, DomainId(2)).expect("readable").expect("exists");
    assert_eq!((seen.record.owner, seen.record.created), (OTHER, BlockNumber(1)));
    assert_eq!((seen.record.range, seen.epoch.began_slot), (u64::MAX, Slot(9)));
    assert_eq!(DOMAIN_OPERATORS.get(&world.state, &DomainId(2)), Ok(None));
    // Refused: other modules, nonsense, and what the account cannot pay.
    let one = vec![ModuleGenesis { module: Bank::ID, genesis: Blob::default() }];
    let other = world.instantiate(OTHER, config(), one, vec![]);
    assert_eq!(other, Err(RegistryError::OtherModules(RuntimeId(0))));
    let poor = world.instantiate(OTHER, config(), modules(), vec![account_of(OTHER, 5000)]);
    assert!(matches!(poor, Err(RegistryError::Ledger(_))));
    let most = world.rules.params.domain_block_bytes_max;
    let bad = [
        DomainConfig { bundle_probability: (2, 1), ..config() },
        DomainConfig { bundle_probability: (0, 1), ..config() },
        DomainConfig { bundle_bytes_max: 0, ..config() },
        DomainConfig { bundle_bytes_max: most + 1, ..config() },
        DomainConfig { bundle_weight_max: 0, ..config() },
        DomainConfig {
            operators: OperatorAllowList::Owners(List::new(vec![OTHER, OWNER]).expect("two")),
            ..config()
        },
    ];
    for config in bad {
        let error = world.instantiate(OTHER, config, modules(), vec![]).expect_err("nonsense");
        assert_eq!(error.code(), "REG-0012");
    }
    assert_eq!(view::domains(&world.state).expect("readable").len(), 2);
}

#[test]
fn only_its_owner_changes_who_may_operate_a_domain() {
    let mut world = World::new(&chain(vec![domain_of_genesis()], vec![]));
    let list = OperatorAllowList::Owners(List::new(vec![OWNER, OTHER]).expect("two"));
    let mut update =
        |signer, domain, list| update_allow_list(signer, domain, list, &mut world.state).map(|_| ());
    assert_eq!(update(&OTHER, DomainId(1), list.clone()), Err(RegistryError::NotOwner));
    assert_eq!(update(&OWNER, DomainId(2), list.clone()), Err(RegistryError::UnknownDomain(DomainId(2))));
    let twice = OperatorAllowList::Owners(List::new(vec![OWNER, OWNER]).expect("two"));
    assert!(matches!(update(&OWNER, DomainId(1), twice), Err(RegistryError::BadConfig { .. })));
    assert_eq!(update(&OWNER, DomainId(1), list.clone()), Ok(()));
    let record = DOMAIN.get(&world.state, &DomainId(1)).expect("readable").expect("exists");
    assert_eq!(record.config.operators, list);
}
