//! `auto grant`: letting others act in one's name, and taking that back.

mod found;
pub(crate) mod give;
mod show;

use crate::context::Context;
use crate::error::CliError;
use clap::{Args, Subcommand};

/// Let others act in your name, and take that back.
///
/// A grant says what may be done, on what, for how much and until when. Whoever holds it may pass on part of it
/// if it says so. Whatever it allows ends with it, and with every grant that it rests on.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto grant give planner --by acme --can 'spend<=10/day to bob'
  auto grant list --holder planner
  auto grant revoke 5f3c... --as acme")]
pub(crate) struct Grant {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Grant something to an identity.
    Give(Box<give::Give>),
    /// List grants by who gave them, who holds them, or in whose name they are.
    List(show::List),
    /// Show a grant in sentences.
    Show(show::Show),
    /// Revoke a grant for ever.
    Revoke(give::Revoke),
}

pub(crate) async fn run(context: &Context, args: Grant) -> Result<(), CliError> {
    match args.action {
        Action::Give(args) => give::give(context, &args).await,
        Action::List(args) => show::list(context, &args).await,
        Action::Show(args) => show::show(context, &args).await,
        Action::Revoke(args) => give::revoke(context, &args).await,
    }
}
