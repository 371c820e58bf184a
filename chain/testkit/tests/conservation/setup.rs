//! What a world starts from.

use auto_core::{
    Address, Amount, Blob, DomainConfig, DomainId, DomainName, Genesis, GenesisAccount, GenesisDomain,
    GenesisOperator, KeyPair, List, ModuleGenesis, ModuleId, OperatorAllowList, Preset, ProtocolParams,
};
use auto_module::bank::Bank;
use auto_module::messages::{Messages, MessagesGenesis};
use auto_module::{Domain, Module, Runtime, Runtimes, module};
use auto_testkit::consensus::Operator;
use auto_testkit::key_pair;
use parity_scale_codec::Encode;
use std::sync::Arc;

/// Domains.
pub(crate) const DOMAINS: u32 = 3;
/// People; the first few only report fraud.
pub(crate) const PEOPLE: usize = 16;
/// People who only report fraud.
pub(crate) const REPORTERS: usize = 2;
/// Operators of each domain from the start, which are honest and stay.
pub(crate) const ANCHORS: u32 = 2;
/// Slots of a consensus block.
pub(crate) const SLOTS: u64 = 4;
/// Consensus blocks whose states are kept.
pub(crate) const STATES: usize = 64;

/// Bank and messages.
#[derive(Debug)]
pub(crate) struct TwoModules;

pub(crate) fn modules() -> Vec<ModuleId> {
    vec![Bank::ID, Messages::ID]
}

/// Every version does the same, and runs blocks of its own number only.
pub(crate) fn runtime(version: u32) -> Runtime {
    Runtime::new(version, vec![module::<Bank>(), module::<Messages>()]).expect("the bank is first")
}

impl Runtimes for TwoModules {
    fn domain(&self, modules: &[ModuleId], version: u32) -> Option<Arc<dyn Domain>> {
        let known = modules == self::modules() && version >= 1;
        known.then(|| Arc::new(runtime(version)) as Arc<dyn Domain>)
    }

    fn newest(&self, modules: &[ModuleId]) -> Option<u32> {
        (modules == self::modules()).then_some(u32::MAX)
    }
}

pub(crate) fn person(number: usize) -> KeyPair {
    key_pair(&format!("person {number}"))
}

fn address(number: usize) -> Address {
    person(number).public_key().address()
}

pub(crate) fn name(text: &str) -> DomainName {
    Blob::new(text.as_bytes().to_vec()).expect("short")
}

fn accounts(people: usize, balance: Amount) -> List<GenesisAccount, 65_536> {
    let accounts = (0..people).map(|number| GenesisAccount { address: address(number), balance });
    List::new(accounts.collect()).expect("few")
}

fn domain(number: u32) -> GenesisDomain {
    let others = || (1..=DOMAINS).filter(|other| *other != number).map(DomainId);
    // Some people have nothing there yet.
    let accounts = accounts(PEOPLE - 4, Amount::ai3(500 * number));
    described(number, others().collect(), others().collect(), accounts)
}

/// A domain that an account founds; others have to allow it before they deal with it.
pub(crate) fn found_by(owner: Address, number: u32, runtime: DomainName, most: Amount) -> GenesisDomain {
    let accounts = accounts(3, most);
    let others = (1..number).map(DomainId).collect();
    GenesisDomain { owner, runtime, ..described(number, others, Vec::new(), accounts) }
}

fn described(
    number: u32,
    allowed: Vec<DomainId>,
    mut established: Vec<DomainId>,
    accounts: List<GenesisAccount, 65_536>,
) -> GenesisDomain {
    established.insert(0, DomainId::CONSENSUS);
    let messages = MessagesGenesis {
        allowed: List::new(allowed).expect("few"),
        established: List::new(established).expect("few"),
    };
    let modules = vec![
        ModuleGenesis { module: Bank::ID, genesis: Blob::default() },
        ModuleGenesis { module: Messages::ID, genesis: Blob::new(messages.encode()).expect("short") },
    ];
    GenesisDomain {
        owner: address(REPORTERS),
        config: DomainConfig {
            name: name(&format!("domain-{number}")),
            bundle_bytes_max: 30_000,
            bundle_weight_max: u64::MAX,
            bundle_probability: (1, 1),
            operators: OperatorAllowList::Anyone,
        },
        runtime: name("two-modules"),
        modules: List::new(modules).expect("two"),
        accounts,
    }
}

pub(crate) fn params() -> ProtocolParams {
    ProtocolParams {
        // Stakes and deposits that people can pay many times.
        operator_stake_min: Amount::ai3(10),
        channel_deposit: Amount::ai3(1),
        domain_deposit: Amount::ai3(20),
        ..ProtocolParams::preset(Preset::Test)
    }
}

pub(crate) fn genesis() -> Genesis {
    let params = params();
    let operators = (0..DOMAINS * ANCHORS).map(|number| GenesisOperator {
        domain: DomainId(1 + number / ANCHORS),
        owner: address(REPORTERS),
        key: Operator::pair_of(u64::from(number)).key(),
        stake: Amount::ai3(50 + number),
        nomination_min: params.nominator_stake_min,
        tax_percent: 10,
    });
    let operators = List::new(operators.collect()).expect("few");
    let domains = List::new((1..=DOMAINS).map(domain).collect()).expect("few");
    Genesis { domains, operators, ..Genesis::new(params, accounts(PEOPLE, Amount::ai3(20_000))) }
}
