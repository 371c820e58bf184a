//! `auto id alias`: names for people.

use crate::context::Context;
use crate::error::CliError;
use crate::session::{Plan, Sending, Session};
use auto_sdk::identity::{commit_alias, operate, reveal_alias};
use autoid_core::Action;
use clap::{Args, Subcommand};
use serde_json::json;

/// Names for people, which lead to an identity and back.
///
/// A name is taken in two steps, so that nobody takes one that he sees coming: `claim` commits to it without
/// saying it, and some blocks later `take` says it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id alias claim acme --for acme
  auto id alias take acme --for acme
  auto id alias release --for acme")]
pub(super) struct Alias {
    #[command(subcommand)]
    action: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Commit to a name without saying it.
    #[command(
        after_help = "Examples:\n  auto id alias claim acme --for acme\n  auto id alias claim acme --for acme --json"
    )]
    Claim {
        /// The name.
        alias: String,
        #[command(flatten)]
        owner: Owner,
    },
    /// Take the name that was committed to.
    #[command(
        after_help = "Examples:\n  auto id alias take acme --for acme\n  auto id alias take acme --for acme --json"
    )]
    Take {
        /// The name.
        alias: String,
        #[command(flatten)]
        owner: Owner,
    },
    /// Give the name back.
    #[command(
        after_help = "Examples:\n  auto id alias release --for acme\n  auto id alias release --for acme --json"
    )]
    Release {
        #[command(flatten)]
        owner: Owner,
    },
}

/// Whose name it is.
#[derive(Debug, Args)]
struct Owner {
    /// The identity, whose key is in the keystore.
    #[arg(long = "for", value_name = "NAME")]
    name: String,
    #[command(flatten)]
    sending: Sending,
}

pub(super) async fn run(context: &Context, args: &Alias) -> Result<(), CliError> {
    let owner = match &args.action {
        Verb::Claim { owner, .. } | Verb::Take { owner, .. } | Verb::Release { owner } => owner,
    };
    let (name, sending) = (&owner.name, &owner.sending);
    let mut session = Session::open(context, &sending.place).await?;
    let payer = session.payer(sending, name)?;
    let key = session.key(name).await?;
    let record = session.record(&key.id()).await?;
    let point = session.state.point();
    let (call, effect, alias) = match &args.action {
        Verb::Claim { alias, .. } => {
            (commit_alias(alias, &key)?, format!("commits {name} to a name, without saying it"), Some(alias))
        }
        Verb::Take { alias, .. } => (
            reveal_alias(&record, point, alias, &key)?,
            format!("gives {name} the name `{alias}`"),
            Some(alias),
        ),
        Verb::Release { .. } => (
            operate(&record, point, Action::ReleaseAlias, &[&key])?,
            format!("takes its name off {name}"),
            None,
        ),
    };
    let done = match &args.action {
        Verb::Claim { alias, .. } => {
            format!("committed; `auto id alias take {alias} --for {name}` ends it some blocks from now")
        }
        Verb::Take { alias, .. } => format!("{name} is called `{alias}`"),
        Verb::Release { .. } => format!("{name} has no name on the chain any more"),
    };
    let plan = Plan {
        calls: vec![call],
        effects: vec![effect],
        data: json!({ "id": key.id().to_string(), "alias": alias }),
        grave: false,
    };
    session.carry_out(sending, &payer, plan, &done).await
}
