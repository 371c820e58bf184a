//! `auto audit why`: by whose leave.

use super::told::{deed, entry};
use super::{Patience, audit};
use crate::commands::grant::give::said;
use crate::context::Context;
use crate::error::{CliError, Fault};
use crate::session::{Place, Session};
use auto_agents::Deed;
use auto_sdk::identity::grant::chain;
use clap::Args;
use serde_json::json;

/// Show by whose leave an act was done, up to the person who answers for it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  auto audit why trader 3\n  auto audit why trader 3 --json")]
pub(super) struct Why {
    /// The agent: its name here, DID, id or alias.
    agent: String,
    /// The number of the act, as `auto audit agent` shows it.
    act: u64,
    #[command(flatten)]
    patience: Patience,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(context: &Context, args: &Why) -> Result<(), CliError> {
    let mut session = Session::open(context, &args.place).await?;
    let id = session.identity(&args.agent).await?;
    let (_, audited, _) = audit(&session, id, None, args.patience).await?;
    let is_wanted = |deed: &Deed| match deed {
        Deed::Acted { act, .. } | Deed::Ended { act, .. } | Deed::Missed { act } => *act == args.act,
        Deed::Settled { .. } | Deed::Refunded { .. } => false,
    };
    let found: Vec<_> = audited.extract.entries.iter().filter(|entry| is_wanted(&entry.deed)).collect();
    let grant = match found.first().map(|entry| &entry.deed) {
        Some(Deed::Acted { grant, .. }) => *grant,
        _ => return Err(Fault::NotFound { what: "act", key: args.act.to_string() }.into()),
    };
    let grants = match grant {
        Some(last) => session.state.view(|state| chain(state, &last)).await?.unwrap_or_default(),
        None => Vec::new(),
    };
    let mut lines = Vec::new();
    for one in &found {
        let what = deed(&one.deed, &|id| session.called(id), &|payee| session.payee(payee));
        lines.push(format!("block {}: {what}", one.block));
    }
    for (id, stored) in &grants {
        lines.push(format!("by grant {id}:"));
        lines.extend(said(&session, stored.grant.body()).into_iter().map(|sentence| format!("  {sentence}")));
    }
    if grants.is_empty() {
        lines.push(grant.map_or_else(
            || "in its own name".to_owned(),
            |grant| format!("by grant {grant}, which ran out and is forgotten"),
        ));
    }
    let answers: Vec<_> = audited.findings.answerers.iter().map(|one| session.called(&one.id)).collect();
    lines.push(format!("answered for by {}", answers.join(" <- ")));
    let data = json!({
        "agent": id.to_string(), "act": args.act,
        "entries": found.iter().map(|one| entry(one)).collect::<Vec<_>>(),
        "grants": grants.iter().map(|(id, stored)| json!({
            "grant": id.to_string(), "issuer": stored.grant.body().iss.to_string(),
            "holder": stored.grant.body().aud.to_string(), "sentences": said(&session, stored.grant.body()),
        })).collect::<Vec<_>>(),
        "answers": audited.findings.answerers.iter().map(|one| one.id.to_string()).collect::<Vec<_>>(),
        "domain_block": audited.point.block, "block_hash": audited.block_hash,
    });
    context.ui.result(&data, &lines.join("\n"));
    Ok(())
}
