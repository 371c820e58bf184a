//! The operators that a node acts as.

use crate::context::Context;
use crate::error::CliError;
use crate::network::Operators;
use crate::ui::Ui;
use auto_core::Genesis;
use auto_node::{NodeEvent, NodeHandle};
use auto_operator::{OwnOperator, Role};
use auto_sdk::{DevAccount, KeyError, OperatorPair, is_dev_genesis};
use clap::Args;
use serde_json::{Value, json};

/// Which operators the node acts as, and who pays.
#[derive(Debug, Default, Args)]
pub(crate) struct OperatorArgs {
    /// Act as the operator of this key, by its name in the keystore; several with commas or several times.
    /// On the development network the name of one of its accounts does.
    #[arg(long, value_name = "KEY", value_delimiter = ',')]
    operator: Vec<String>,
    /// The account that pays for fraud proofs and relayed messages, and earns the reporter's share.
    #[arg(long, value_name = "ACCOUNT")]
    reporter: Option<String>,
}

impl OperatorArgs {
    /// Whether nothing is asked of the node.
    pub(crate) fn is_empty(&self) -> bool {
        self.operator.is_empty() && self.reporter.is_none()
    }

    /// Unlocks the keys, each once.
    pub(crate) fn unlock(&self, context: &Context, genesis: &Genesis) -> Result<Operators, CliError> {
        let is_dev = is_dev_genesis(genesis);
        let mut roles: Vec<Role> = Vec::new();
        for name in &self.operator {
            for pair in pairs(context, name, is_dev, genesis)? {
                if roles.iter().all(|role| role.pair.key() != pair.key()) {
                    roles.push(Role::honest(pair));
                }
            }
        }
        let account = self.reporter.as_deref().map(|name| context.signer(name, is_dev)).transpose()?;
        if !roles.is_empty() && account.is_none() {
            context.ui.note("without --reporter this node notices wrong receipts, but cannot prove them");
        }
        Ok(Operators { roles, account })
    }
}

/// The operator key of a name; a development account has one for every domain.
fn pairs(
    context: &Context,
    name: &str,
    is_dev: bool,
    genesis: &Genesis,
) -> Result<Vec<OperatorPair>, CliError> {
    match (context.keystore().read_operator(name), DevAccount::named(name)) {
        (Ok(file), _) => {
            let password = context.password(&format!("Password of operator key {name}: "))?;
            Ok(vec![file.open(password.as_bytes())?])
        }
        (Err(KeyError::UnknownOperator { .. } | KeyError::Name(_)), Some(account)) => {
            if !is_dev {
                return Err(KeyError::DevOnly(name.to_owned()).into());
            }
            let domains = (1u32..).map(auto_core::DomainId).zip(genesis.domains.iter());
            Ok(domains.map(|(domain, _)| account.operator_pair(domain)).collect())
        }
        (Err(error), _) => Err(error.into()),
    }
}

/// What the node's operators are registered as, for programs.
pub(crate) fn json(chain: &NodeHandle) -> Vec<Value> {
    let one = |own: OwnOperator| {
        json!({
            "key": own.key,
            "operator": own.registered.map(|(operator, _)| operator),
            "domain": own.registered.map(|(_, domain)| domain),
        })
    };
    chain.domains().map(|domains| domains.operators().into_iter().map(one).collect()).unwrap_or_default()
}

/// One line on an operator.
fn line(own: &OwnOperator) -> String {
    match own.registered {
        Some((operator, domain)) => format!("operator {operator} of domain {domain}, key {}", own.key),
        None => format!("key {} is not registered on the chain as it is known here", own.key),
    }
}

/// The node's operators as rows of a table.
pub(crate) fn rows(chain: &NodeHandle) -> Vec<Vec<String>> {
    let own = chain.domains().map(|domains| domains.operators()).unwrap_or_default();
    own.iter().map(|own| vec!["operator".to_owned(), line(own)]).collect()
}

/// Tells of every operator that is registered or ends, and of receipts that are wrong; does not end by itself.
pub(crate) async fn tell(ui: &Ui, chain: &NodeHandle) -> Result<(), CliError> {
    let mut events = chain.events(None);
    let mut known = chain.domains().map(|domains| domains.operators()).unwrap_or_default();
    loop {
        match events.next().await {
            None => return std::future::pending().await,
            Some(Ok((_, NodeEvent::Domain { domain, name, detail }))) if name != "offered" => {
                ui.note(&format!("domain {domain}: {detail}"));
            }
            Some(Ok((_, NodeEvent::FollowerFailed { code, reason }))) => {
                ui.warn(&format!("the domains cannot be followed: {reason} ({code})"));
            }
            Some(Ok((_, NodeEvent::BlockAdded { .. }))) => {
                let now = chain.domains().map(|domains| domains.operators()).unwrap_or_default();
                let changed =
                    now.iter().zip(&known).filter(|(now, known)| now.registered != known.registered);
                changed.for_each(|(now, _)| ui.note(&line(now)));
                known = now;
            }
            Some(_) => {}
        }
    }
}
