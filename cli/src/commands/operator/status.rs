//! `auto operator status`: operators, one of them, or what an account has with them.

use super::domain;
use crate::context::Context;
use crate::error::CliError;
use crate::ui::table;
use auto_core::OperatorId;
use auto_sdk::{Client, OperatorInfo, PositionInfo};
use clap::Args;

/// Show operators, one of them, or what an account has with them.
///
/// For an account it says in sentences what is staked, what is locked until when, and what can be taken back.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto operator status
  auto operator status 0 --json
  auto operator status --domain ai
  auto operator status --account alice")]
pub(super) struct Status {
    /// Number of an operator.
    #[arg(value_name = "OPERATOR", conflicts_with_all = ["domain", "account"])]
    number: Option<u64>,
    /// Operators of this domain only, by name or number.
    #[arg(long, conflicts_with = "account")]
    domain: Option<String>,
    /// What this account has with operators: its name, or an address.
    #[arg(long)]
    account: Option<String>,
}

fn word(status: &str) -> String {
    status.to_lowercase().replace('_', " ")
}

fn one(context: &Context, operator: &OperatorInfo) {
    let optional =
        |height: Option<u64>| height.map_or_else(|| "none".to_owned(), |height| height.to_string());
    let part = operator.epoch_stake.map_or_else(|| "takes no part".to_owned(), |stake| stake.to_string());
    let rows = [
        ("operator", operator.operator.to_string()),
        ("domain", format!("{} ({})", operator.domain_name, operator.domain)),
        ("status", word(&operator.status)),
        ("owner", operator.owner.to_string()),
        ("key", operator.key.clone()),
        ("staked", operator.staked.to_string()),
        ("in this epoch", part),
        ("storage fund", operator.storage_fund.to_string()),
        ("tax", format!("{} %", operator.tax_percent)),
        ("least to add", operator.nomination_min.to_string()),
        ("nominators", operator.nominators.to_string()),
        ("bundles in epoch", operator.bundles_in_epoch.to_string()),
        ("last slot", optional(operator.last_slot)),
        ("last receipt", optional(operator.last_receipt)),
    ];
    let rows: Vec<_> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    context.ui.result(operator, &table(&[], &rows));
}

fn positions(context: &Context, name: &str, positions: &[PositionInfo]) {
    if positions.is_empty() {
        context.ui.result(&positions, &format!("{name} has nothing with any operator"));
        return;
    }
    let text: Vec<String> = positions.iter().map(|position| position.explanation.join("\n")).collect();
    context.ui.result(&positions, &text.join("\n\n"));
}

async fn all(client: &Client, named: Option<&str>) -> Result<Vec<OperatorInfo>, CliError> {
    let domains = match named {
        Some(text) => vec![domain(client, text).await?],
        None => client.domains().await?,
    };
    let mut operators = Vec::new();
    for domain in domains {
        operators.extend(client.operators(domain.domain).await?);
    }
    Ok(operators)
}

pub(super) async fn run(context: &Context, args: &Status) -> Result<(), CliError> {
    let client = context.client()?;
    if let Some(number) = args.number {
        one(context, &client.operator(OperatorId(number)).await?);
        return Ok(());
    }
    if let Some(name) = &args.account {
        let address = context.address(name)?;
        positions(context, name, &client.positions(&address).await?);
        return Ok(());
    }
    let operators = all(&client, args.domain.as_deref()).await?;
    let row = |operator: &OperatorInfo| {
        vec![
            operator.operator.to_string(),
            operator.domain_name.clone(),
            word(&operator.status),
            operator.staked.to_string(),
            format!("{} %", operator.tax_percent),
            operator.bundles_in_epoch.to_string(),
            operator.owner.to_string(),
        ]
    };
    let rows: Vec<_> = operators.iter().map(row).collect();
    let header = ["operator", "domain", "status", "staked", "tax", "bundles", "owner"];
    let text = if rows.is_empty() { "there are no operators".to_owned() } else { table(&header, &rows) };
    context.ui.result(&operators, &text);
    Ok(())
}
