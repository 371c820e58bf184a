//! Domains that chains of tests start with: bank and messages, with channels between all chains.

use auto_core::{
    Address, Amount, Blob, DomainConfig, DomainId, DomainName, GenesisAccount, GenesisDomain, List,
    ModuleGenesis, ModuleId, OperatorAllowList,
};
use auto_module::bank::Bank;
use auto_module::messages::{Messages, MessagesGenesis};
use auto_module::{Domain, Module, Runtime, Runtimes, module};
use parity_scale_codec::Encode;
use std::sync::Arc;

/// The runtime of bank and messages, in two versions of the same code.
#[derive(Debug, Clone, Copy)]
pub struct BankAndMessages;

impl BankAndMessages {
    const NEWEST: u32 = 2;

    /// The rules at a version.
    ///
    /// # Panics
    /// Never: a bank before everything else is what a runtime asks for.
    #[must_use]
    pub fn at(version: u32) -> Runtime {
        let modules = vec![module::<Bank>(), module::<Messages>()];
        Runtime::new(version, modules).expect("holds because the bank is first")
    }
}

impl Runtimes for BankAndMessages {
    fn domain(&self, modules: &[ModuleId], version: u32) -> Option<Arc<dyn Domain>> {
        let known = self.newest(modules).is_some() && (1..=Self::NEWEST).contains(&version);
        known.then(|| Arc::new(Self::at(version)) as Arc<dyn Domain>)
    }

    fn newest(&self, modules: &[ModuleId]) -> Option<u32> {
        (modules == [Bank::ID, Messages::ID]).then_some(Self::NEWEST)
    }
}

/// Accounts that all hold the same.
///
/// # Panics
/// When there are more than `MAX`.
#[must_use]
pub fn accounts<const MAX: usize>(
    addresses: impl IntoIterator<Item = Address>,
    balance: Amount,
) -> List<GenesisAccount, MAX> {
    let accounts = addresses.into_iter().map(|address| GenesisAccount { address, balance });
    List::new(accounts.collect()).expect("holds because a test's accounts are few")
}

/// Domain `number` of a chain with `domains` of them, without accounts: channel zero is open to every other
/// chain, and anyone may operate it.
///
/// # Panics
/// Never: its name and its modules are short.
#[must_use]
pub fn genesis_domain(number: u32, domains: u32, owner: Address) -> GenesisDomain {
    let others: Vec<DomainId> = (1..=domains).filter(|other| *other != number).map(DomainId).collect();
    let established = std::iter::once(DomainId::CONSENSUS).chain(others.iter().copied());
    let messages = MessagesGenesis {
        established: List::new(established.collect()).expect("holds because a test's domains are few"),
        allowed: List::new(others).expect("holds because a test's domains are few"),
    };
    let messages = Blob::new(messages.encode()).expect("holds because a test's domains are few");
    let modules = vec![
        ModuleGenesis { module: Bank::ID, genesis: Blob::default() },
        ModuleGenesis { module: Messages::ID, genesis: messages },
    ];
    GenesisDomain {
        owner,
        config: DomainConfig {
            name: name(&format!("domain-{number}")),
            bundle_bytes_max: 16_384,
            bundle_weight_max: 1_000_000_000,
            bundle_probability: (1, 1),
            operators: OperatorAllowList::Anyone,
        },
        runtime: name("bank-and-messages"),
        modules: List::new(modules).expect("holds because two are few"),
        accounts: List::default(),
    }
}

fn name(text: &str) -> DomainName {
    Blob::new(text.as_bytes().to_vec()).expect("holds because these names are short")
}
