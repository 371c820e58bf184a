//! Which chain money leaves, and which one it goes to.

use crate::error::{CliError, Fault};
use auto_core::{Amount, DomainId};
use auto_sdk::{Client, DomainInfo};

/// What the consensus chain is called.
const CONSENSUS: &str = "consensus";

/// A chain that holds money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chain {
    Consensus,
    Domain(Box<DomainInfo>),
}

impl Chain {
    pub(super) fn id(&self) -> DomainId {
        match self {
            Self::Consensus => DomainId::CONSENSUS,
            Self::Domain(info) => info.domain,
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Consensus => CONSENSUS,
            Self::Domain(info) => &info.name,
        }
    }
}

/// The chain that is paid on, and the one that is received on.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) source: Chain,
    pub(super) destination: Chain,
}

impl Route {
    pub(super) fn crosses(&self) -> bool {
        self.source != self.destination
    }
}

fn is_consensus(text: &str) -> bool {
    text == CONSENSUS || text == "0"
}

fn chain(domains: &[DomainInfo], text: &str) -> Result<Chain, CliError> {
    if is_consensus(text) {
        return Ok(Chain::Consensus);
    }
    let found = domains.iter().find(|domain| domain.name == text || domain.domain.to_string() == text);
    let unknown = || {
        let domains = domains.iter().map(|domain| format!("{} ({})", domain.name, domain.domain));
        let known = std::iter::once(CONSENSUS.to_owned()).chain(domains).collect::<Vec<_>>().join(", ");
        Fault::UnknownChain { text: text.to_owned(), known }.into()
    };
    found.map(|domain| Chain::Domain(Box::new(domain.clone()))).ok_or_else(unknown)
}

/// The chains of these names or numbers.
pub(super) async fn find(
    client: &Client,
    source: &str,
    destination: Option<&str>,
) -> Result<Route, CliError> {
    let destination = destination.unwrap_or(source);
    let known =
        if is_consensus(source) && is_consensus(destination) { Vec::new() } else { client.domains().await? };
    Ok(Route { source: chain(&known, source)?, destination: chain(&known, destination)? })
}

/// Refuses what an account cannot pay, and says how to move money to where it is needed.
pub(super) fn short_of(
    account: &str,
    domain: &str,
    available: Amount,
    needed: Amount,
) -> Result<(), CliError> {
    let Some(missing) = needed.checked_sub(available).filter(|missing| !missing.is_zero()) else {
        return Ok(());
    };
    let fault = Fault::NotEnough {
        account: account.to_owned(),
        domain: domain.to_owned(),
        available: available.to_string(),
        needed: needed.to_string(),
    };
    // A whole number of AI3, with something left for the account to go on existing.
    let whole = missing.base_units().div_ceil(Amount::ai3(1).base_units()).saturating_add(1);
    let hint =
        format!("move money there: auto transfer {account} {whole} --from {account} --to-domain {domain}");
    Err(CliError { hint: Some(hint), ..fault.into() })
}
