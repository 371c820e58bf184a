//! What an operator is set up with.

use crate::Lie;
use auto_core::{DomainId, Genesis, KeyPair};
use auto_domains::election::OperatorPair;
use auto_ledger::Rules;
use auto_module::Runtimes;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which domains are followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Serve {
    /// All that this build knows the runtime of.
    All,
    /// These.
    Only(BTreeSet<DomainId>),
}

impl Serve {
    /// Whether a domain is followed.
    #[must_use]
    pub fn includes(&self, domain: DomainId) -> bool {
        match self {
            Self::All => true,
            Self::Only(domains) => domains.contains(&domain),
        }
    }
}

/// One operator that the process acts as; its number and its domain are looked up by the key.
#[derive(Debug)]
pub struct Role {
    /// The key that draws and signs.
    pub pair: OperatorPair,
    /// How it is dishonest; only for networks that test honesty.
    pub lie: Option<Lie>,
}

impl Role {
    /// An honest operator.
    #[must_use]
    pub const fn honest(pair: OperatorPair) -> Self {
        Self { pair, lie: None }
    }
}

/// What an operator is set up with.
#[derive(Debug)]
pub struct OperatorConfig {
    /// What the chain starts from.
    pub genesis: Genesis,
    /// The rules of the chain.
    pub rules: Rules,
    /// The runtimes that this build knows.
    pub runtimes: Arc<dyn Runtimes>,
    /// The domains that are followed.
    pub serve: Serve,
    /// The operators that the process acts as; none for a node that only watches.
    pub roles: Vec<Role>,
    /// The account that pays for fraud proofs and for messages to the consensus chain; without one, neither
    /// is submitted.
    pub account: Option<KeyPair>,
    /// Whether messages between chains are relayed.
    pub relay: bool,
}
