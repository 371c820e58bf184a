//! `auto operator`: who operates domains, and the stake behind it.

mod life;
mod register;
mod send;
mod stake;
mod status;

use crate::context::Context;
use crate::error::{CliError, Fault};
use auto_sdk::{Client, DomainInfo};
use clap::{Args, Subcommand};

/// Operate domains, or stake with those who do.
///
/// An operator executes a domain and answers for the result with a stake. Others may add to it: they share
/// its rewards, less the operator's tax, and its losses.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto operator status
  auto operator register --domain identity --stake 1000 --from savings
  auto operator nominate 0 50 --from alice
  auto operator status --account alice --json")]
pub(crate) struct Operator {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Become an operator of a domain.
    Register(register::Register),
    /// Add stake to an operator.
    Nominate(stake::Nominate),
    /// Begin to take stake back.
    Withdraw(stake::Withdraw),
    /// Take back what is no longer locked.
    Unlock(stake::Unlock),
    /// End an operator for good.
    Deregister(life::Deregister),
    /// Let an operator rest.
    Deactivate(life::Deactivate),
    /// End an operator's rest.
    Reactivate(life::Reactivate),
    /// Show operators, one of them, or what an account has with them.
    Status(status::Status),
}

/// The domain of a name or number.
pub(crate) async fn domain(client: &Client, text: &str) -> Result<DomainInfo, CliError> {
    let found = client.domains().await?.into_iter();
    let mut found = found.filter(|domain| domain.name == text || domain.domain.to_string() == text);
    found.next().ok_or_else(|| Fault::NotFound { what: "domain", key: text.to_owned() }.into())
}

pub(crate) async fn run(context: &Context, args: Operator) -> Result<(), CliError> {
    match args.action {
        Action::Register(args) => register::run(context, &args).await,
        Action::Nominate(args) => stake::nominate(context, &args).await,
        Action::Withdraw(args) => stake::withdraw(context, &args).await,
        Action::Unlock(args) => stake::unlock(context, &args).await,
        Action::Deregister(args) => life::deregister(context, &args).await,
        Action::Deactivate(args) => life::deactivate(context, &args).await,
        Action::Reactivate(args) => life::reactivate(context, &args).await,
        Action::Status(args) => status::run(context, &args).await,
    }
}
