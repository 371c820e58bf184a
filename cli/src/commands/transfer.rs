//! `auto transfer`: sends money.

use crate::context::Context;
use crate::error::CliError;
use crate::ui::Ui;
use auto_core::Amount;
use auto_sdk::{Signer, Stage};
use clap::Args;
use serde_json::json;
use std::time::Duration;

/// Send money.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto transfer bob 5 --from alice
  auto transfer 6FbZ... '1.5 AI3' --from savings --dry-run
  auto transfer bob 0.25 --from savings --yes --wait confirmed --json")]
pub(crate) struct Transfer {
    /// Who receives it: an address, or the name of an account.
    to: String,
    /// How much, in AI3.
    amount: Amount,
    /// The account that pays.
    #[arg(long, value_name = "NAME")]
    from: String,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
    /// Show what it would do and what it would cost, and send nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    wait: Wait,
}

/// How long a command waits for its transactions.
#[derive(Debug, Clone, Args)]
pub(crate) struct Wait {
    /// What to wait for.
    #[arg(long = "wait", value_name = "STAGE", default_value = "included")]
    stage: WaitFor,
    /// Seconds to wait at most.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
}

/// What to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum WaitFor {
    /// Nothing: the node has taken it.
    Accepted,
    /// It is in a block.
    Included,
    /// It cannot be reverted any more.
    Confirmed,
}

impl Wait {
    pub(crate) const fn stage(&self) -> Stage {
        match self.stage {
            WaitFor::Accepted => Stage::Accepted,
            WaitFor::Included => Stage::InBlock,
            WaitFor::Confirmed => Stage::Confirmed,
        }
    }

    pub(crate) const fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }
}

/// Tells a person how far a transaction is.
pub(crate) fn tell(ui: &Ui, stage: Stage) {
    let text = match stage {
        Stage::Accepted => "accepted by the node",
        Stage::InBlock => "in a block",
        Stage::Confirmed => "confirmed",
    };
    ui.note(text);
}

pub(crate) async fn run(context: &Context, args: Transfer) -> Result<(), CliError> {
    let ui = &context.ui;
    let to = context.address(&args.to)?;
    let client = context.client()?;
    let is_dev = client.status().await?.is_dev;
    let pair = context.signer(&args.from, is_dev)?;
    let from = Signer::public_key(&pair).address();
    let prepared = client.transfer(&pair, to, args.amount).await?;
    // Refused here, nothing has been asked and nothing was sent.
    let fee = client.simulate(&prepared.signed).await?;
    let effect = format!("{} from {} ({from}) to {} ({to}), fee {fee}", args.amount, args.from, args.to);
    let hash = prepared.signed.hash();
    if args.dry_run {
        let data = json!({ "dry_run": true, "from": from, "to": to, "amount": args.amount, "fee": fee });
        ui.result(&data, &format!("would send {effect}"));
        return Ok(());
    }
    // Development money is worth nothing, so nobody is asked.
    if !args.yes && !is_dev {
        ui.confirm(&format!("Send {effect}?"))?;
    }
    let receipt = client
        .send(&prepared.signed, args.wait.stage(), args.wait.timeout(), &|stage| tell(ui, stage))
        .await?;
    let data = json!({
        "hash": hash, "from": from, "to": to, "amount": args.amount,
        "stage": receipt.stage, "block": receipt.block, "block_hash": receipt.block_hash, "fee": receipt.fee,
    });
    let block = receipt.block_hash.map_or_else(String::new, |_| format!(" in block {}", receipt.block));
    ui.result(&data, &format!("sent {}{block}\ntransaction {hash}", args.amount));
    Ok(())
}
