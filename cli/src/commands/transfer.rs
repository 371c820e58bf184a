//! `auto transfer`: sends money, on a chain and between chains.

mod arrival;
mod route;
mod send;

use crate::context::Context;
use crate::error::CliError;
use crate::ui::Ui;
use auto_core::Amount;
use auto_sdk::{DomainStage, Stage};
use clap::Args;
use std::time::Duration;

/// Send money.
///
/// Money is on the consensus chain or on a domain. Without --domain it is sent on the consensus chain; with it,
/// on that domain. With --to-domain it goes to an account of another chain, where it arrives some blocks
/// later: from a domain, once the block that sent it can no longer be challenged.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto transfer bob 5 --from alice
  auto transfer 6FbZ... '1.5 AI3' --from savings --dry-run
  auto transfer bob 0.25 --from savings --yes --wait confirmed --json
  auto transfer bob 5 --from alice --domain identity
  auto transfer alice 100 --from alice --to-domain ai
  auto transfer bob 5 --from alice --domain ai --to-domain consensus --wait arrived")]
pub(crate) struct Transfer {
    /// Who receives it: an address, or the name of an account.
    to: String,
    /// How much, in AI3.
    amount: Amount,
    /// The account that pays.
    #[arg(long, value_name = "NAME")]
    from: String,
    /// The chain that it is paid on: `consensus`, or a domain by name or number.
    #[arg(long, value_name = "CHAIN", default_value = "consensus")]
    domain: String,
    /// The chain that it is received on [default: the one it is paid on].
    #[arg(long, value_name = "CHAIN")]
    to_domain: Option<String>,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
    /// Show what it would do and what it would cost, and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// What to wait for.
    #[arg(long = "wait", value_name = "STAGE", default_value = "included")]
    wait: WaitFor,
    /// Seconds to wait at most.
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
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
    /// It is in a block, and ran.
    Included,
    /// It cannot be reverted or challenged any more.
    Confirmed,
    /// The money is on the chain that it goes to.
    Arrived,
}

impl WaitFor {
    /// The stage on the consensus chain.
    const fn stage(self) -> Stage {
        match self {
            Self::Accepted => Stage::Accepted,
            Self::Included | Self::Arrived => Stage::InBlock,
            Self::Confirmed => Stage::Confirmed,
        }
    }

    /// The stage on a domain.
    const fn there(self) -> DomainStage {
        match self {
            Self::Accepted => DomainStage::Accepted,
            Self::Included | Self::Arrived => DomainStage::Executed,
            Self::Confirmed => DomainStage::Confirmed,
        }
    }
}

impl Wait {
    /// Until it ran, for two minutes at most.
    pub(crate) const INCLUDED: Self = Self { stage: WaitFor::Included, timeout: 120 };

    pub(crate) const fn stage(&self) -> Stage {
        self.stage.stage()
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

/// Tells a person how far a transaction of a domain is.
pub(crate) fn tell_there(ui: &Ui, stage: DomainStage) {
    let text = match stage {
        DomainStage::Accepted => "accepted by the node",
        DomainStage::InBlock => "in a block",
        DomainStage::Executed => "executed on the domain",
        DomainStage::Confirmed => "confirmed",
    };
    ui.note(text);
}

pub(crate) async fn run(context: &Context, args: Transfer) -> Result<(), CliError> {
    let to = context.address(&args.to)?;
    let client = context.client()?;
    let route = route::find(&client, &args.domain, args.to_domain.as_deref()).await?;
    let is_dev = client.status().await?.is_dev;
    let pair = context.signer(&args.from, is_dev)?;
    send::run(send::Sending { context, client, args, route, to, pair, is_dev }).await
}
