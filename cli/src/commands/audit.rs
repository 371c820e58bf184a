//! `auto audit`: what agents did, by whose leave, and who answers for it.

mod told;
mod why;

use crate::context::Context;
use crate::error::{CliError, Fault};
use crate::session::{Place, Session};
use auto_sdk::At;
use auto_sdk::audit::{AuditFile, Audited, Trusted, export};
use autoid_core::AutoId;
use clap::{Args, Subcommand};
use std::path::PathBuf;

pub(crate) use told::{data, text};

/// Check what agents did, by whose leave, and who answers for it.
///
/// The log of an agent comes from the node, and is held to what the chain proves: to the state of the domain, the
/// receipt that operators vouch for, and the consensus block that holds the receipt.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto audit agent trader
  auto audit agent trader --since 120 --proof trader.json
  auto audit why trader 3
  auto verify trader.json")]
pub(crate) struct Audit {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show what an agent did, with proof.
    #[command(
        after_help = "Examples:\n  auto audit agent trader\n  auto audit agent trader --proof trader.json --json"
    )]
    Agent {
        /// The agent: its name here, DID, id or alias.
        agent: String,
        /// Leave out what happened before this block of the domain.
        #[arg(long, value_name = "BLOCK")]
        since: Option<u64>,
        /// Write the proof to a file, for `auto verify`.
        #[arg(long, value_name = "FILE")]
        proof: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// Show by whose leave an act was done, up to the person who answers for it.
    Why(why::Why),
}

/// The audit of an agent as of the newest block that operators vouched for.
pub(crate) async fn audit(
    session: &mut Session<'_>,
    agent: AutoId,
    since: Option<u64>,
) -> Result<(AuditFile, Audited), CliError> {
    let entries = session.there.entries(&agent).await?;
    let head = session.state.number().0;
    let mut vouched = session.there.state(At::Vouched).await?;
    let file = export(&mut vouched, agent, entries, since).await?;
    // The block is what the node says; the file names it, so that it can be compared.
    let audited = file.verify(&Trusted { block_hash: None, head: Some(head) })?;
    Ok((file, audited))
}

pub(crate) async fn run(context: &Context, args: Audit) -> Result<(), CliError> {
    let (agent, since, proof, place) = match args.action {
        Action::Agent { agent, since, proof, place } => (agent, since, proof, place),
        Action::Why(args) => return why::run(context, &args).await,
    };
    let mut session = Session::open(context, &place).await?;
    let id = session.identity(&agent).await?;
    let (file, audited) = audit(&mut session, id, since).await?;
    if let Some(path) = &proof {
        let write = |error| Fault::Io { action: "write", path: path.clone(), error };
        std::fs::write(path, file.to_text()).map_err(write)?;
        context
            .ui
            .note(&format!("the proof is in {}; `auto verify` checks it without a node", path.display()));
    }
    let text = text(&audited, &|id| session.called(id), &|payee| session.payee(payee));
    let mut data = data(&audited);
    data["proof"] = serde_json::json!(proof);
    context.ui.result(&data, &text);
    Ok(())
}
