//! What a world starts from.

use auto_core::{
    Address, Amount, Blob, DomainConfig, DomainId, DomainName, Genesis, GenesisAccount, GenesisDomain,
    GenesisOperator, KeyPair, List, ModuleGenesis, ModuleId, OperatorAllowList, Preset, ProtocolParams,
};
use auto_domains::election::OperatorPair;
use auto_module::bank::Bank;
use auto_module::messages::{Messages, MessagesGenesis};
use auto_module::{Domain, Module, Runtime, Runtimes, module};
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
    pub(crate) fn modules() -> Vec<ModuleId> {
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

/// What a world starts from.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) params: ProtocolParams,
    /// Number of domains; the owner of each is account 9.
    pub(crate) domains: u32,
    /// Domain and stake of each operator; operator `n` belongs to account `n + 1`.
    pub(crate) operators: Vec<(DomainId, Amount)>,
    /// What accounts 1 to 9 hold.
    pub(crate) balance: Amount,
    /// What accounts 1 to 9 hold on each domain.
    pub(crate) balance_there: Amount,
    /// Most bytes and weight of a bundle.
    pub(crate) bundle_max: (u32, u64),
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            params: ProtocolParams::preset(Preset::Test),
            domains: 1,
            operators: vec![(D, Amount::ai3(1000)), (D, Amount::ai3(1000))],
            balance: Amount::ai3(100_000),
            balance_there: Amount::ai3(1000),
            bundle_max: (16_384, 1_000_000_000),
        }
    }
}

pub(crate) fn name(text: &str) -> DomainName {
    Blob::new(text.as_bytes().to_vec()).expect("short")
}

impl Setup {
    /// The rules of every domain.
    pub(crate) fn config(&self, number: u32) -> DomainConfig {
        DomainConfig {
            name: name(&format!("domain-{number}")),
            bundle_bytes_max: self.bundle_max.0,
            bundle_weight_max: self.bundle_max.1,
            bundle_probability: (1, 1),
            operators: OperatorAllowList::Anyone,
        }
    }

    fn domain(&self, number: u32) -> GenesisDomain {
        let others = (1..=self.domains).filter(|other| *other != number).map(DomainId);
        let messages = MessagesGenesis {
            allowed: List::new(others.collect()).expect("few"),
            established: List::default(),
        };
        let modules = vec![
            ModuleGenesis { module: Bank::ID, genesis: Blob::default() },
            ModuleGenesis { module: Messages::ID, genesis: Blob::new(messages.encode()).expect("short") },
        ];
        GenesisDomain {
            owner: address(9),
            config: self.config(number),
            runtime: name("test-runtime"),
            modules: List::new(modules).expect("two"),
            accounts: self.accounts(self.balance_there),
        }
    }

    fn accounts(&self, balance: Amount) -> List<GenesisAccount, 65_536> {
        let accounts = (1..=9).map(|byte| GenesisAccount { address: address(byte), balance });
        List::new(accounts.collect()).expect("nine")
    }

    /// The genesis.
    pub(crate) fn genesis(&self) -> Genesis {
        let mut genesis = Genesis::new(self.params.clone(), self.accounts(self.balance));
        genesis.domains =
            List::new((1..=self.domains).map(|number| self.domain(number)).collect()).expect("few");
        let operators = self.operators.iter().enumerate().map(|(at, (domain, stake))| GenesisOperator {
            domain: *domain,
            owner: address(u8::try_from(at + 1).expect("few")),
            key: operator_pair(u64::try_from(at).expect("few")).key(),
            stake: *stake,
            nomination_min: self.params.nominator_stake_min,
            tax_percent: 10,
        });
        genesis.operators = List::new(operators.collect()).expect("few");
        genesis
    }
}
