//! `auto agent show`.

use crate::commands::grant::give::said;
use crate::context::Context;
use crate::error::{CliError, Fault};
use crate::session::{Place, Session};
use crate::ui::table;
use auto_agents::view;
use auto_core::Amount;
use auto_sdk::identity::grant::stored;
use clap::Args;
use serde_json::json;

/// Show an agent: its record, its grants and what is left of them, its log.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  auto agent show trader\n  auto agent show trader --json")]
pub(super) struct Show {
    /// The agent: its name here, DID, id or alias.
    agent: String,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(context: &Context, args: &Show) -> Result<(), CliError> {
    let mut session = Session::open(context, &args.place).await?;
    let id = session.identity(&args.agent).await?;
    let record = session.state.view(|state| view::record(state, &id)).await?;
    let record = record.ok_or_else(|| Fault::NotFound { what: "agent", key: args.agent.clone() })?;
    let log = session.state.view(|state| view::log(state, &id)).await?;
    let vault = session.vault(&id).await?;
    let profile = &record.profile;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let skills: Vec<String> = profile.skills.iter().map(|skill| text(&skill.id)).collect();
    let endpoints: Vec<String> = profile.interfaces.iter().map(|one| text(&one.url)).collect();
    let price = profile.price.map(|price| Amount::from_base_units(price.amount));
    let live = record.is_live(session.state.point().block);
    let row = |name: &str, text: String| vec![name.to_owned(), text];
    let mut rows = vec![
        row("did", id.did(&session.state.network()).to_string()),
        row("purpose", text(&profile.purpose)),
        row("answered for by", session.called(&profile.owner)),
        row("skills", skills.join(", ")),
        row("endpoints", endpoints.join(", ")),
        row("price", price.map_or_else(|| "free".to_owned(), |price| price.to_string())),
        row("stake", profile.stake.to_string()),
        row("found until block", format!("{}{}", profile.live_until, if live { "" } else { " (over)" })),
        row("own vault", vault.to_string()),
        row("log", format!("{} entries", log.len())),
    ];
    let mut grants = Vec::new();
    for grant in session.there.holdings(&id).await? {
        let Ok(stored) = stored(&mut session.state, &grant).await else { continue };
        let usage = session.state.view(|state| view::usage(state, &grant)).await?;
        let body = stored.grant.body();
        let mut meters = Vec::new();
        for (position, meter) in (0..).zip(&body.meters) {
            let (spent, total) = (usage.meter(position).spent, Amount::from_base_units(meter.total));
            rows.push(row(
                "grant",
                format!("{grant}: {spent} of {total} spent, from {}", session.called(&body.iss)),
            ));
            meters.push(json!({ "asset": meter.asset.to_string(), "spent": spent, "total": total }));
        }
        if body.meters.is_empty() {
            rows.push(row("grant", format!("{grant}: spends nothing, from {}", session.called(&body.iss))));
        }
        grants
            .push(json!({ "grant": grant.to_string(), "meters": meters, "sentences": said(&session, body) }));
    }
    let data = json!({
        "id": id.to_string(), "did": id.did(&session.state.network()).to_string(),
        "purpose": text(&profile.purpose), "owner": profile.owner.to_string(), "skills": skills,
        "endpoints": endpoints, "price": price, "stake": profile.stake, "live_until": profile.live_until,
        "live": live, "vault": vault, "log_entries": log.len(), "grants": grants,
        "block": session.state.number(),
    });
    context.ui.result(&data, &table(&[], &rows));
    Ok(())
}
