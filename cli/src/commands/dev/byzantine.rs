//! An operator of the development network that lies, and what becomes of it.

use crate::error::{CliError, internal};
use crate::frauds::{events, kind_name, proof_against};
use crate::network::{Network, NetworkConfig, Operators, extension, follower};
use crate::ui::Ui;
use crate::wires::WiredNode;
use auto_core::{Amount, BlockNumber, DomainId, List, OperatorId, Transaction};
use auto_domains::DomainsEvent;
use auto_domains::state::{OPERATOR, OperatorStatus};
use auto_node::{NodeConfig, NodeHandle, Retention, StoreKind};
use auto_operator::{Fault, Lie, Role};
use auto_sdk::{DevAccount, KeyError, dev_operators, domains};
use auto_store::{RocksStore, Store};
use parity_scale_codec::Encode;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The number of the liar's node among those of the network.
const LIAR: u64 = 1;
/// Who pays whom, so that the domain has something to execute.
const PAYER: &str = "farmer";
const PAID: &str = "grace";
/// Blocks between two payments.
const PAY_EVERY: u64 = 2;
/// What a payment costs at most.
const FEE_LIMIT: Amount = Amount::ai3(1);
/// How often the chain is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// The operator that lies, and its domain: the last of the genesis.
fn liar() -> (OperatorId, DevAccount, DomainId) {
    let operators = (0u64..).map(OperatorId).zip(dev_operators());
    let last = operators.last().map(|(id, (owner, domain))| (id, owner, domain));
    last.expect("holds because the development network has operators")
}

/// What the operators of the network's own node are while the last one lies elsewhere.
pub(super) fn honest() -> Operators {
    let mut operators = Operators::dev();
    operators.roles.pop();
    operators
}

/// Starts the liar on a node of its own, whose chain is kept in `folder`, and connects it. Nobody proves a
/// lie against itself, so the network's own node must be another.
pub(super) async fn start(
    network: &Network,
    config: &NetworkConfig,
    folder: &Path,
    lie: Lie,
) -> Result<WiredNode, CliError> {
    let (_, owner, domain) = liar();
    let store: Arc<dyn Store> = Arc::new(RocksStore::open(folder)?);
    let role = Role { pair: owner.operator_pair(domain), lie: Some(lie) };
    let operators = Operators { roles: vec![role], account: None };
    let node = NodeConfig {
        genesis: config.genesis.clone(),
        followers: vec![follower(&config.genesis, &store, operators)?],
        store: StoreKind::Given(store),
        extension: extension(),
        retention: Retention::default(),
        timekeeper: false,
        pace_slots: true,
        farms: Vec::new(),
        transport: None,
    };
    let node =
        tokio::task::spawn_blocking(move || WiredNode::start(LIAR, node)).await.map_err(internal)??;
    network.connect(&node);
    Ok(node)
}

/// Says what is going to happen.
pub(super) fn announce(ui: &Ui, lie: Lie) {
    let (operator, owner, domain) = liar();
    ui.note(&format!(
        "operator {operator} of domain {domain} ({}) lies: {lie}; small payments on the domain give it occasion",
        owner.name()
    ));
    match lie {
        Lie::Follow => ui.warn("nobody else lies here, so there is no lie to follow"),
        Lie::AsValid(Fault::OutOfRange) => {
            ui.warn("no signer is out of range until the domain has more than one bundle in a slot")
        }
        _ => {}
    }
}

/// Tells of every proof and slash, and keeps paying as long as the liar can lie; does not end by itself.
pub(super) async fn watch(ui: &Ui, chain: &NodeHandle) -> Result<(), CliError> {
    let mut next = chain.status()?.head.number.0;
    let mut paid_at = None;
    if is_slashed(chain)? {
        ui.warn("this network's liar was slashed before; begin anew with --ephemeral, or another --data");
    }
    loop {
        let head = chain.status()?.head.number.0;
        while next <= head {
            tell(ui, chain, next)?;
            next = next.saturating_add(1);
        }
        if paid_at.is_none_or(|at: u64| head >= at.saturating_add(PAY_EVERY)) && !is_slashed(chain)? {
            paid_at = Some(head);
            pay(chain)?;
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn is_slashed(chain: &NodeHandle) -> Result<bool, CliError> {
    chain.with_state(None, |_, state| {
        let record = OPERATOR.get(state, &liar().0).map_err(internal)?;
        Ok(record.is_some_and(|record| record.status == OperatorStatus::Slashed))
    })
}

fn tell(ui: &Ui, chain: &NodeHandle, block: u64) -> Result<(), CliError> {
    for event in events(chain, block)? {
        match event {
            DomainsEvent::FraudProven { domain, number, receipt, reporter, removed } => {
                let proof = proof_against(chain, block, receipt)?;
                let kind = proof.map_or_else(String::new, |proof| format!(" ({})", kind_name(&proof.kind)));
                ui.note(&format!(
                    "block {block}: the receipt of block {number} of domain {domain} is proven wrong{kind} by {reporter}; {removed} receipts fall"
                ));
            }
            DomainsEvent::OperatorSlashed { operator, amount, rewarded } => ui.note(&format!(
                "block {block}: operator {operator} is slashed: it lost {amount}, of which the reporter got {rewarded}"
            )),
            DomainsEvent::BundleMarkedInvalid { domain, number, operator, .. } => ui.note(&format!(
                "block {block}: a receipt calls a bundle of operator {operator} in block {number} of domain {domain} invalid"
            )),
            _ => {}
        }
    }
    Ok(())
}

/// Pays a little on the liar's domain; while the payment before still waits, this changes nothing.
fn pay(chain: &NodeHandle) -> Result<(), CliError> {
    let domain = liar().2;
    let named = |name: &str| DevAccount::named(name).ok_or_else(|| KeyError::Name(name.to_owned()));
    let (payer, paid) = (named(PAYER)?.pair(), named(PAID)?.pair().public_key().address());
    let Some(followed) = chain.domains() else { return Ok(()) };
    let account = followed.account(domain, &payer.public_key().address()).map_err(internal)?;
    let unit = Amount::ai3(1).checked_div(1000).unwrap_or_default();
    let transaction = Transaction {
        domain,
        signer: payer.public_key(),
        nonce: account.nonce,
        expiry: BlockNumber(u64::MAX),
        fee_limit: FEE_LIMIT,
        calls: List::new(vec![domains::transfer(paid, unit)]).unwrap_or_default(),
    };
    // Refused where the same one waits already.
    let _ = chain.submit(&transaction.sign(&payer, &chain.genesis()).encode());
    Ok(())
}
