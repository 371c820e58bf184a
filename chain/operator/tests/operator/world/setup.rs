//! What a network starts from.

use auto_core::{
    Address, Amount, Blob, DomainConfig, DomainId, DomainName, Genesis, GenesisAccount, GenesisDomain,
    GenesisOperator, KeyPair, List, ModuleGenesis, ModuleId, OperatorAllowList, Preset, ProtocolParams,
};
use auto_domains::election::OperatorPair;
use auto_module::bank::Bank;
use auto_module::messages::{Messages, MessagesGenesis};
use auto_module::{Domain, Module, Runtime, Runtimes, module};
use auto_operator::Lie;
use parity_scale_codec::Encode;
use std::sync::Arc;

/// The first domain.
pub(crate) const D: DomainId = DomainId(1);
/// The second domain, where there are two.
pub(crate) const E: DomainId = DomainId(2);

/// The key pair of an account.
pub(crate) fn pair(byte: u8) -> KeyPair {
    KeyPair::from_secret(&[byte; 32])
}

/// The address of an account.
pub(crate) fn address(byte: u8) -> Address {
    pair(byte).public_key().address()
}

/// The key pair of an operator by its number.
pub(crate) fn operator_pair(number: u64) -> OperatorPair {
    let mut secret = [0x55; 32];
    secret[..8].copy_from_slice(&number.to_le_bytes());
    OperatorPair::from_secret(&secret)
}

/// Bank and messages, at versions 1 and 2.
#[derive(Debug)]
pub(crate) struct TestRuntimes;

impl TestRuntimes {
    fn modules() -> Vec<ModuleId> {
        vec![Bank::ID, Messages::ID]
    }
}

impl Runtimes for TestRuntimes {
    fn domain(&self, modules: &[ModuleId], version: u32) -> Option<Arc<dyn Domain>> {
        let known = modules == Self::modules() && (1..=2).contains(&version);
        known.then(|| {
            let modules = vec![module::<Bank>(), module::<Messages>()];
            Arc::new(Runtime::new(version, modules).expect("bank first")) as Arc<dyn Domain>
        })
    }

    fn newest(&self, modules: &[ModuleId]) -> Option<u32> {
        (modules == Self::modules()).then_some(2)
    }
}

/// One node: the operators that it is, and the account that it pays with.
#[derive(Debug, Clone)]
pub(crate) struct NodeSetup {
    /// Numbers of operators with their lies.
    pub(crate) roles: Vec<(u64, Option<Lie>)>,
    pub(crate) account: Option<u8>,
    pub(crate) relay: bool,
}

impl NodeSetup {
    pub(crate) fn operator(number: u64) -> Self {
        Self {
            roles: vec![(number, None)],
            account: Some(u8::try_from(20 + number).expect("few")),
            relay: true,
        }
    }

    pub(crate) fn liar(number: u64, lie: Lie) -> Self {
        Self { roles: vec![(number, Some(lie))], account: None, relay: false }
    }

    pub(crate) fn watcher(account: u8) -> Self {
        Self { roles: Vec::new(), account: Some(account), relay: false }
    }
}

/// What a network starts from.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) params: ProtocolParams,
    /// Number of domains.
    pub(crate) domains: u32,
    /// The domain of each operator.
    pub(crate) operators: Vec<DomainId>,
    pub(crate) nodes: Vec<NodeSetup>,
    /// Range of signers at the start, where it is not the whole ring.
    pub(crate) range: Option<u64>,
}

impl Setup {
    /// One domain, and a node for each of so many operators.
    pub(crate) fn honest(operators: u64) -> Self {
        Self {
            params: ProtocolParams::preset(Preset::Test),
            domains: 1,
            operators: (0..operators).map(|_| D).collect(),
            nodes: (0..operators).map(NodeSetup::operator).collect(),
            range: None,
        }
    }
}

fn name(text: &str) -> DomainName {
    Blob::new(text.as_bytes().to_vec()).expect("short")
}

fn accounts(balance: Amount) -> List<GenesisAccount, 65_536> {
    let accounts = (1..=60).map(|byte| GenesisAccount { address: address(byte), balance });
    List::new(accounts.collect()).expect("few")
}

impl Setup {
    pub(crate) fn domain(&self, number: u32) -> GenesisDomain {
        let others = (1..=self.domains).filter(|other| *other != number).map(DomainId);
        let established = std::iter::once(DomainId::CONSENSUS).chain(others.clone());
        let messages = MessagesGenesis {
            allowed: List::new(others.collect()).expect("few"),
            established: List::new(established.collect()).expect("few"),
        };
        let modules = vec![
            ModuleGenesis { module: Bank::ID, genesis: Blob::default() },
            ModuleGenesis { module: Messages::ID, genesis: Blob::new(messages.encode()).expect("short") },
        ];
        GenesisDomain {
            owner: address(9),
            config: DomainConfig {
                name: name(&format!("domain-{number}")),
                bundle_bytes_max: 16_384,
                bundle_weight_max: 1_000_000_000,
                bundle_probability: (1, 1),
                operators: OperatorAllowList::Anyone,
            },
            runtime: name("test-runtime"),
            modules: List::new(modules).expect("two"),
            accounts: accounts(Amount::ai3(1000)),
        }
    }

    /// The genesis.
    pub(crate) fn genesis(&self) -> Genesis {
        let mut genesis = Genesis::new(self.params.clone(), accounts(Amount::ai3(100_000)));
        genesis.domains =
            List::new((1..=self.domains).map(|number| self.domain(number)).collect()).expect("few");
        let operators = self.operators.iter().enumerate().map(|(at, domain)| GenesisOperator {
            domain: *domain,
            owner: address(u8::try_from(at + 1).expect("few")),
            key: operator_pair(u64::try_from(at).expect("few")).key(),
            stake: Amount::ai3(1000),
            nomination_min: self.params.nominator_stake_min,
            tax_percent: 10,
        });
        genesis.operators = List::new(operators.collect()).expect("few");
        genesis
    }
}
