//! What a network starts from.

use auto_core::{
    Address, Amount, DomainId, Genesis, GenesisAccount, GenesisDomain, GenesisOperator, KeyPair, List,
    Preset, ProtocolParams,
};
use auto_operator::Lie;
use auto_testkit::consensus::Operator;
use auto_testkit::genesis::{accounts, genesis_domain};

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
}

impl Setup {
    /// One domain, and a node for each of so many operators.
    pub(crate) fn honest(operators: u64) -> Self {
        Self {
            params: ProtocolParams::preset(Preset::Test),
            domains: 1,
            operators: (0..operators).map(|_| D).collect(),
            nodes: (0..operators).map(NodeSetup::operator).collect(),
        }
    }
}

fn everyone<const MAX: usize>(balance: Amount) -> List<GenesisAccount, MAX> {
    accounts((1..=60).map(address), balance)
}

impl Setup {
    pub(crate) fn domain(&self, number: u32) -> GenesisDomain {
        let plain = genesis_domain(number, self.domains, address(9));
        GenesisDomain { accounts: everyone(Amount::ai3(1000)), ..plain }
    }

    /// The genesis.
    pub(crate) fn genesis(&self) -> Genesis {
        let mut genesis = Genesis::new(self.params.clone(), everyone(Amount::ai3(100_000)));
        genesis.domains =
            List::new((1..=self.domains).map(|number| self.domain(number)).collect()).expect("few");
        let operators = self.operators.iter().enumerate().map(|(at, domain)| GenesisOperator {
            domain: *domain,
            owner: address(u8::try_from(at + 1).expect("few")),
            key: Operator::pair_of(u64::try_from(at).expect("few")).key(),
            stake: Amount::ai3(1000),
            nomination_min: self.params.nominator_stake_min,
            tax_percent: 10,
        });
        genesis.operators = List::new(operators.collect()).expect("few");
        genesis
    }
}
