//! `auto status`: what a node is doing.

use crate::context::Context;
use crate::error::CliError;
use crate::ui::table;
use crate::units::bytes;
use auto_sdk::{DomainInfo, StatusInfo};
use clap::Args;
use serde::Serialize;

/// Show what a node is doing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto status
  auto status --node http://192.168.1.5:8700 --json")]
pub(crate) struct Status {}

/// The node and the domains of its chain.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    status: StatusInfo,
    domains: Vec<DomainInfo>,
}

fn domain(domain: &DomainInfo) -> String {
    let frozen = if domain.frozen { ", frozen" } else { "" };
    format!(
        "{} at block {}, receipts to {}, confirmed to {}, holds {}, {} operators with {}{frozen}",
        domain.name,
        domain.head,
        domain.head_receipt,
        domain.confirmed,
        domain.balance,
        domain.operators,
        domain.epoch.total
    )
}

pub(crate) async fn run(context: &Context, _: Status) -> Result<(), CliError> {
    let client = context.client()?;
    let status = client.status().await?;
    let domains = client.domains().await?;
    let phase = match status.sync_target {
        Some(target) => format!("{} to block {target}", status.phase),
        None => status.phase.clone(),
    };
    let rows = [
        ("node", format!("{} (version {})", context.node_url, status.version)),
        ("network", if status.is_dev { "development".to_owned() } else { status.genesis.to_string() }),
        ("doing", phase),
        ("head", format!("block {}, {} s ago", status.head, status.head_age_s)),
        ("confirmed", format!("block {}", status.confirmed)),
        ("slot", status.slot.to_string()),
        ("history", format!("{} segments", status.history_segments)),
        ("pledged space", bytes(status.pledged_bytes)),
        ("price of a byte", status.next_byte_fee.to_string()),
        ("issued", status.issuance.to_string()),
        ("pool", format!("{} transactions", status.pool)),
        ("peers", status.peers.to_string()),
        ("blocks reverted", status.reorgs.to_string()),
    ];
    let mut rows: Vec<_> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    rows.extend(domains.iter().map(|one| vec![format!("domain {}", one.domain), domain(one)]));
    context.ui.result(&Shown { status, domains }, &table(&[], &rows));
    Ok(())
}
