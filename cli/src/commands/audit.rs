//! `auto audit`: what agents did, by whose leave, and who answers for it.

mod told;
mod why;

use crate::context::Context;
use crate::error::{CliError, Fault};
use crate::session::{Place, Session};
use crate::ui::Unit;
use auto_sdk::Reach;
use auto_sdk::audit::{AuditFile, Audited, Trusted};
use autoid_core::AutoId;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

pub(crate) use told::{data, text};

/// Check what agents did, by whose leave, and who answers for it.
///
/// The log of an agent comes from the node, and is held to what the chain proves: to the state of the domain, the
/// receipt that operators vouch for, and the consensus block that holds the receipt.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto audit agent trader
  auto audit agent trader --since 120 --proof trader.json
  auto audit agent trader --no-wait
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
        patience: Patience,
        #[command(flatten)]
        place: Place,
    },
    /// Show by whose leave an act was done, up to the person who answers for it.
    Why(why::Why),
}

/// How long to wait for operators to vouch for the newest entries.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Patience {
    /// Do not wait until operators vouch for the newest entries; those that they do not vouch for yet are left out.
    #[arg(long)]
    no_wait: bool,
    /// Seconds to wait for that at most.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, conflicts_with = "no_wait")]
    timeout: u64,
}

impl Patience {
    /// As long as it is when nobody says anything.
    pub(crate) const USUAL: Self = Self { no_wait: false, timeout: 60 };
}

/// What is missing, for people; nothing when nothing is.
fn missing(reach: &Reach) -> Option<String> {
    let newest = reach.newest.filter(|_| !reach.is_whole())?;
    let entries = match reach.entries_ahead {
        1 => "1 newer entry is".to_owned(),
        count => format!("{count} newer entries are"),
    };
    let vouched = reach.vouched;
    Some(format!(
        "operators vouch for the domain up to block {vouched}; {entries} left out, the last in block {newest}"
    ))
}

/// The audit of an agent as of the newest block that operators vouched for, once that is as far as its newest entry.
pub(crate) async fn audit(
    session: &Session<'_>,
    agent: AutoId,
    since: Option<u64>,
    patience: Patience,
) -> Result<(AuditFile, Audited, Reach), CliError> {
    let wait = if patience.no_wait { Duration::ZERO } else { Duration::from_secs(patience.timeout) };
    let bar = OnceLock::new();
    let told = |reach: &Reach| {
        let newest = reach.newest.unwrap_or_default().0;
        let (from, _) = bar.get_or_init(|| {
            let steps = newest.saturating_sub(reach.vouched.0);
            (reach.vouched.0, session.context.ui.bar("waiting for operators", steps, Unit::Steps))
        });
        let Some((_, bar)) = bar.get() else { return };
        let at = reach.vouched.0.saturating_sub(*from);
        bar.at(at, &format!("who vouch for block {} of {newest} of the domain", reach.vouched));
    };
    let (file, reach) = session.there.audit(agent, since, wait, &told).await?;
    if let Some((_, bar)) = bar.get() {
        bar.done();
    }
    if let Some(missing) = missing(&reach) {
        session.context.ui.warn(&missing);
    }
    // The block is what the node says; the file names it, so that it can be compared.
    let head = Some(session.state.number().0);
    let audited = file.verify(&Trusted { block_hash: None, head })?;
    Ok((file, audited, reach))
}

pub(crate) async fn run(context: &Context, args: Audit) -> Result<(), CliError> {
    let (agent, since, proof, patience, place) = match args.action {
        Action::Agent { agent, since, proof, patience, place } => (agent, since, proof, patience, place),
        Action::Why(args) => return why::run(context, &args).await,
    };
    let mut session = Session::open(context, &place).await?;
    let id = session.identity(&agent).await?;
    let (file, audited, reach) = audit(&session, id, since, patience).await?;
    if let Some(path) = &proof {
        let write = |error| Fault::Io { action: "write", path: path.clone(), error };
        std::fs::write(path, file.to_text()).map_err(write)?;
        context
            .ui
            .note(&format!("the proof is in {}; `auto verify` checks it without a node", path.display()));
    }
    let text = text(&audited, &|id| session.called(id), &|payee| session.payee(payee));
    let mut data = data(&audited);
    data["proof"] = json!(proof);
    data["entries_ahead"] = json!(reach.entries_ahead);
    context.ui.result(&data, &text);
    Ok(())
}
