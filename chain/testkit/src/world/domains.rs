//! A chain with domains, of whose operators most may be dishonest.

use crate::consensus::Operator;
use crate::genesis::{BankAndMessages, accounts, genesis_domain};
use crate::{Failure, World};
use auto_core::{
    Amount, DomainConfig, DomainId, Genesis, GenesisDomain, GenesisOperator, KeyPair, List, hash_parts,
};
use auto_node::{Follower, OperatorFollower};
use auto_operator::{Lie, OperatorConfig, Role, Serve};
use auto_store::Store;
use std::sync::Arc;

/// Domains.
pub(crate) const DOMAINS: u32 = 2;
/// Operators of each domain; their numbers follow one another.
pub(crate) const OPERATORS: u64 = 4;
/// Blocks of a domain in which a receipt can be challenged: more than pass while a network is divided and the
/// one who could challenge is away.
pub(crate) const CHALLENGE: u64 = 8;
/// Blocks of a domain in one epoch.
pub(crate) const EPOCH: u64 = 4;
/// What the first operator of a domain stakes, and what each other does.
const STAKES: (u32, u32) = (200, 400);

/// The account of an operator.
#[must_use]
pub(crate) fn owner(number: u64) -> KeyPair {
    KeyPair::from_secret(&hash_parts(b"auto/v1/testkit/owner\0", &[&number.to_le_bytes()]).0)
}

/// The domain of an operator.
#[must_use]
pub(crate) fn domain_of(number: u64) -> DomainId {
    DomainId(u32::try_from(number / OPERATORS).unwrap_or(u32::MAX).saturating_add(1))
}

/// Adds the domains with their operators, and money for all who take part.
pub(super) fn add(genesis: &mut Genesis, users: &[Arc<KeyPair>]) {
    let users = || users.iter().map(|pair| pair.public_key().address());
    let everyone = 0..OPERATORS.saturating_mul(u64::from(DOMAINS));
    let owners = everyone.clone().map(|number| owner(number).public_key().address());
    genesis.accounts = accounts(users().chain(owners), Amount::ai3(1000));
    let domain = |number| {
        let plain = genesis_domain(number, DOMAINS, owner(0).public_key().address());
        // One bundle in a slot, as an average.
        let config = DomainConfig { bundle_probability: (1, 1), ..plain.config };
        GenesisDomain { config, accounts: accounts(users(), Amount::ai3(1000)), ..plain }
    };
    genesis.domains = List::new((1..=DOMAINS).map(domain).collect()).unwrap_or_default();
    let operators = everyone.map(|number| GenesisOperator {
        domain: domain_of(number),
        owner: owner(number).public_key().address(),
        key: Operator::pair_of(number).key(),
        stake: Amount::ai3(if number.is_multiple_of(OPERATORS) { STAKES.0 } else { STAKES.1 }),
        nomination_min: genesis.params.nominator_stake_min,
        tax_percent: 10,
    });
    genesis.operators = List::new(operators.collect()).unwrap_or_default();
}

impl World {
    /// What follows the chain on a node that is these operators; the first one pays, unless one is dishonest.
    ///
    /// # Errors
    /// When the operators cannot begin where they ended.
    pub(crate) fn follower(
        &self,
        operators: &[(u64, Option<Lie>)],
        store: Arc<dyn Store>,
    ) -> Result<Box<dyn Follower>, Failure> {
        let honest = operators.iter().all(|(_, lie)| lie.is_none());
        let account = operators.first().filter(|_| honest).map(|(number, _)| owner(*number));
        let roles =
            operators.iter().map(|(number, lie)| Role { pair: Operator::pair_of(*number), lie: *lie });
        let config = OperatorConfig {
            genesis: self.genesis().clone(),
            rules: self.rules(),
            runtimes: Arc::new(BankAndMessages),
            serve: Serve::All,
            roles: roles.collect(),
            account,
            relay: honest,
        };
        let operator = auto_operator::Operator::new(config, store);
        let operator = operator.map_err(|error| Failure::of("starting an operator", &error))?;
        Ok(Box::new(OperatorFollower::new(operator)))
    }
}
