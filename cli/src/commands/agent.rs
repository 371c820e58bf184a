//! `auto agent`: agents, what they may do, and what they do.

pub(crate) mod act;
mod create;
mod escrow;
mod find;
mod show;
mod vault;

use crate::context::Context;
use crate::error::CliError;
use crate::session::Session;
use auto_sdk::agent::{Answer, Errand, can, can_own};
use autoid_core::AutoId;
use clap::{Args, Subcommand};

/// Make agents, find them, ask what they may do, and let them do it.
///
/// An agent acts with its own key under grants of others, and pays out of the vault of whoever is at the root of
/// them. Every act is in a log that anyone can check; see `auto audit`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto agent create trader --owner alice --can 'spend<=10/day'
  auto agent deposit alice 50
  auto agent can trader 'spend 5 to bob'
  auto agent act trader pay bob 2
  auto agent find --skill book-room")]
pub(crate) struct Agent {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make an agent under an identity, register it, and grant it something.
    Create(Box<create::Create>),
    /// Find agents by what they can do.
    Find(find::Find),
    /// Show an agent: its record, its grants and what is left of them, its log.
    Show(show::Show),
    /// Ask whether an agent may do something, and which grant decides. Nothing is sent.
    Can(act::Can),
    /// Let an agent do something.
    Act(act::Act),
    /// Pay into the vault of an identity.
    Deposit(vault::Deposit),
    /// Take money out of the vault of an identity.
    Withdraw(vault::Withdraw),
    /// Payments that wait until they are earned.
    Escrow(escrow::Escrow),
}

pub(crate) async fn run(context: &Context, args: Agent) -> Result<(), CliError> {
    match args.action {
        Action::Create(args) => create::run(context, &args).await,
        Action::Find(args) => find::run(context, &args).await,
        Action::Show(args) => show::run(context, &args).await,
        Action::Can(args) => act::can(context, &args).await,
        Action::Act(args) => act::act(context, &args).await,
        Action::Deposit(args) => vault::deposit(context, &args).await,
        Action::Withdraw(args) => vault::withdraw(context, &args).await,
        Action::Escrow(args) => escrow::run(context, &args).await,
    }
}

/// Whether an agent may do an errand: under one of its grants, or in its own name.
pub(crate) async fn judged(
    session: &mut Session<'_>,
    agent: AutoId,
    errand: &Errand,
    in_own_name: bool,
) -> Result<Answer, CliError> {
    if in_own_name {
        return Ok(can_own(&mut session.state, agent, errand).await?);
    }
    let holdings = session.there.holdings(&agent).await?;
    Ok(can(&mut session.state, agent, &holdings, errand).await?)
}
