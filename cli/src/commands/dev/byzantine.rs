//! Operators of the development network that lie, and what becomes of them.

use crate::error::{CliError, internal};
use crate::frauds::{events, kind_name, proof_against};
use crate::network::{Network, NetworkConfig, Operators, extension, follower};
use crate::ui::Ui;
use crate::wires::WiredNode;
use auto_core::{Amount, BlockNumber, DomainId, List, OperatorId, Transaction};
use auto_domains::DomainsEvent;
use auto_domains::state::{OPERATOR, OperatorStatus};
use auto_node::{NodeConfig, NodeHandle, Retention, StoreKind};
use auto_operator::{Lie, Role};
use auto_sdk::{DevAccount, KeyError, dev_operators, domains};
use auto_store::{RocksStore, Store};
use parity_scale_codec::Encode;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The number of the liars' node among those of the network.
const LIARS: u64 = 1;
/// The number of the node of the honest operators of the disputed domain.
const HONEST: u64 = 2;
/// Who pays whom, so that the domain has something to execute.
const PAYER: &str = "farmer";
const PAID: &str = "grace";
/// Blocks between two payments.
const PAY_EVERY: u64 = 2;
/// What a payment costs at most.
const FEE_LIMIT: Amount = Amount::ai3(1);
/// How often the chain is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// An operator that lies.
#[derive(Debug, Clone, Copy)]
struct Liar {
    id: OperatorId,
    owner: DevAccount,
    domain: DomainId,
    lie: Lie,
}

/// Who lies: the last operator of the genesis; before one that follows, somebody whom it can follow.
fn liars(lie: Lie) -> Vec<Liar> {
    let told = if lie == Lie::Follow { vec![Lie::FinalizeRoot, lie] } else { vec![lie] };
    let operators: Vec<_> = (0u64..).map(OperatorId).zip(dev_operators()).collect();
    let last = operators.len().saturating_sub(told.len());
    let operators = operators.into_iter().skip(last).zip(told);
    operators.map(|((id, (owner, domain)), lie)| Liar { id, owner, domain, lie }).collect()
}

/// The domain that is lied about.
fn disputed() -> DomainId {
    dev_operators().last().map_or(DomainId::CONSENSUS, |(_, domain)| *domain)
}

/// What the operators of the network's own node are: those of the other domains.
pub(super) fn undisputed() -> Operators {
    let mut operators = Operators::dev();
    let roles = operators.roles.into_iter().zip(dev_operators());
    operators.roles = roles.filter(|(_, (_, of))| *of != disputed()).map(|(role, _)| role).collect();
    operators
}

/// The honest operators of the disputed domain.
fn mending(lie: Lie) -> Vec<Role> {
    let liars: Vec<OperatorId> = liars(lie).iter().map(|liar| liar.id).collect();
    let operators = (0u64..).map(OperatorId).zip(dev_operators());
    let own = operators.filter(|(id, (_, of))| *of == disputed() && !liars.contains(id));
    own.map(|(_, (owner, of))| Role::honest(owner.operator_pair(of))).collect()
}

/// A network with liars. The domain that they lie about is theirs alone until they are found out, so that the
/// lie is told whoever is faster; its honest operators come then. The network's own node watches the domain,
/// and proves.
pub(super) struct Dispute<'a> {
    ui: &'a Ui,
    network: &'a Network,
    config: &'a NetworkConfig,
    folder: &'a Path,
    lie: Lie,
    liars: WiredNode,
    honest: Option<WiredNode>,
}

impl<'a> Dispute<'a> {
    /// Starts those who lie on a node of their own, whose chain is kept in `folder`. Nobody proves a lie against
    /// itself, so the network's own node must be another.
    pub(super) async fn start(
        ui: &'a Ui,
        network: &'a Network,
        config: &'a NetworkConfig,
        folder: &'a Path,
        lie: Lie,
    ) -> Result<Self, CliError> {
        let role = |liar: Liar| Role { pair: liar.owner.operator_pair(liar.domain), lie: Some(liar.lie) };
        let roles = liars(lie).into_iter().map(role).collect();
        let liars = node(network, config, &folder.join("liars"), LIARS, roles).await?;
        Ok(Self { ui, network, config, folder, lie, liars, honest: None })
    }

    /// Says what is going to happen; then tells of every proof and slash, and keeps paying as long as somebody
    /// can lie. It does not end by itself.
    pub(super) async fn watch(&mut self) -> Result<(), CliError> {
        let (ui, chain) = (self.ui, &self.network.handle);
        for Liar { id, owner, domain, lie } in liars(self.lie) {
            ui.note(&format!("operator {id} of domain {domain} ({}) lies: {lie}", owner.name()));
        }
        ui.note("small payments on the domain give occasion");
        if self.lie == Lie::Follow {
            ui.warn(
                "a follower is slashed only where it vouched for the lie before that is proven; `auto demo --only domains --lie follow` waits for it",
            );
        }
        let mut next = chain.status()?.head.number.0;
        let mut paid_at = None;
        if are_slashed(chain, self.lie)? {
            ui.warn("who lies here was slashed before; begin anew with --ephemeral, or another --data");
            self.mend().await?;
        }
        loop {
            let head = chain.status()?.head.number.0;
            let mut proven = false;
            while next <= head {
                proven |= tell(ui, chain, next)?;
                next = next.saturating_add(1);
            }
            if proven {
                self.mend().await?;
            }
            if paid_at.is_none_or(|at: u64| head >= at.saturating_add(PAY_EVERY))
                && !are_slashed(chain, self.lie)?
            {
                paid_at = Some(head);
                pay(chain, &self.liars.handle)?;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Lets the honest operators of the domain come, unless they are there.
    async fn mend(&mut self) -> Result<(), CliError> {
        let roles = mending(self.lie);
        if !roles.is_empty() && self.honest.is_none() {
            self.ui.note("the domain's honest operator comes, and states what is right");
            let folder = self.folder.join("honest");
            self.honest = Some(node(self.network, self.config, &folder, HONEST, roles).await?);
        }
        Ok(())
    }

    /// Stops the nodes.
    pub(super) async fn stop(self) -> Result<(), CliError> {
        let nodes = [Some(self.liars), self.honest];
        let stop = move || nodes.into_iter().flatten().for_each(WiredNode::stop);
        tokio::task::spawn_blocking(stop).await.map_err(internal)
    }
}

/// Starts a node that acts as these operators, with its chain in a folder, and connects it.
async fn node(
    network: &Network,
    config: &NetworkConfig,
    folder: &Path,
    number: u64,
    roles: Vec<Role>,
) -> Result<WiredNode, CliError> {
    let store: Arc<dyn Store> = Arc::new(RocksStore::open(folder)?);
    let operators = Operators { roles, account: None };
    let config = NodeConfig {
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
    let start = move || WiredNode::start(number, config);
    let node = tokio::task::spawn_blocking(start).await.map_err(internal)??;
    network.connect(&node);
    Ok(node)
}

fn are_slashed(chain: &NodeHandle, lie: Lie) -> Result<bool, CliError> {
    chain.with_state(None, |_, state| {
        for liar in liars(lie) {
            let record = OPERATOR.get(state, &liar.id).map_err(internal)?;
            if record.is_none_or(|record| record.status != OperatorStatus::Slashed) {
                return Ok(false);
            }
        }
        Ok(true)
    })
}

/// Tells what happened in a block; gives whether a lie was proven.
fn tell(ui: &Ui, chain: &NodeHandle, block: u64) -> Result<bool, CliError> {
    let mut is_proven = false;
    for event in events(chain, block)? {
        match event {
            DomainsEvent::FraudProven { domain, number, receipt, reporter, removed } => {
                is_proven = true;
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
    Ok(is_proven)
}

/// Pays a little on the disputed domain; while the payment before still waits, this changes nothing. The liars
/// hear of it at first hand: nobody else could include a payment whose message was lost.
fn pay(chain: &NodeHandle, liars: &NodeHandle) -> Result<(), CliError> {
    let domain = disputed();
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
    let bytes = transaction.sign(&payer, &chain.genesis()).encode();
    for node in [chain, liars] {
        // Refused where the same one waits already.
        let _ = node.submit(&bytes);
    }
    Ok(())
}
