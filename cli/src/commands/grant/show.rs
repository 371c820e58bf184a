//! `auto grant list` and `auto grant show`.

use super::found::{Side, grants};
use super::give::said;
use crate::context::Context;
use crate::error::CliError;
use crate::session::{Place, Session};
use crate::ui::table;
use auto_agents::view as agents;
use auto_core::Amount;
use auto_sdk::SdkError;
use auto_sdk::identity::grant::{chain, stored};
use auto_state::StateRead;
use autoid_core::verify::{Memo as _, Remembered, check_issue};
use autoid_core::{Failure, Genesis, Grant, GrantId, Refusal, Sign1, Trust, View as _};
use autoid_interface::StateView;
use clap::Args;
use serde_json::json;

/// List grants by who gave them, who holds them, or in whose name they are.
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("whose").required(true),
    after_help = "Examples:\n  auto grant list --issuer acme\n  auto grant list --holder planner --json"
)]
pub(super) struct List {
    /// Those that this identity gave.
    #[arg(long, value_name = "NAME", group = "whose")]
    issuer: Option<String>,
    /// Those under which this identity may act.
    #[arg(long, value_name = "NAME", group = "whose")]
    holder: Option<String>,
    /// Those in the name of this identity.
    #[arg(long, value_name = "NAME", group = "whose")]
    owner: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// Show a grant in sentences, what is left of it, and whether it holds.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  auto grant show 5f3c...\n  auto grant show 5f3c... --json")]
pub(super) struct Show {
    /// The grant.
    grant: GrantId,
    #[command(flatten)]
    place: Place,
}

/// Why a stored grant does not hold as of a state; nothing when it does.
fn refusal(state: &dyn StateRead, id: &GrantId, network: &Genesis) -> Result<Option<Refusal>, SdkError> {
    let Some(stored) = chain(state, id)? else { return Ok(Some(Refusal::ChainLength)) };
    let view = StateView::new(state)?;
    let point = view.point();
    let mut memo = Remembered::new(stored.len());
    stored.iter().for_each(|(id, stored)| memo.learn(stored.fact(*id)));
    let grants: Vec<Sign1<Grant>> = stored.into_iter().map(|(_, stored)| stored.grant).collect();
    let audience = autoid_core::AutoId([0; 32]);
    let trust = Trust { now: point.time, head: point.block, audience, binding: None, genesis: *network };
    match check_issue(&grants, &view, &trust, &mut memo) {
        Ok(_) => Ok(None),
        Err(Failure::Refused(refusal)) => Ok(Some(refusal)),
        Err(Failure::View(error)) => Err(error.into()),
    }
}

pub(super) async fn list(context: &Context, args: &List) -> Result<(), CliError> {
    let mut session = Session::open(context, &args.place).await?;
    let (side, name) = match (&args.issuer, &args.holder, &args.owner) {
        (Some(name), ..) => (Side::Issuer, name),
        (_, Some(name), _) => (Side::Holder, name),
        (.., Some(name)) => (Side::Owner, name),
        _ => return Ok(()),
    };
    let id = session.identity(name).await?;
    let (network, mut rows, mut data) = (session.state.network(), Vec::new(), Vec::new());
    for found in grants(&session.there, side, &id).await? {
        let Ok(stored) = stored(&mut session.state, &found).await else { continue };
        let refusal = session.state.view(|state| refusal(state, &found, &network)).await?;
        let body = stored.grant.body();
        let holds = refusal.as_ref().map_or("holds", |refusal| refusal.code());
        rows.push(vec![
            found.to_string(),
            session.called(&body.iss),
            session.called(&body.aud),
            holds.to_owned(),
        ]);
        data.push(json!({
            "grant": found.to_string(), "issuer": body.iss.to_string(), "holder": body.aud.to_string(),
            "owner": body.sub.to_string(), "parent": body.parent.map(|parent| parent.to_string()),
            "holds": refusal.is_none(), "code": refusal.map(|refusal| refusal.code()),
        }));
    }
    context.ui.result(&data, &table(&["grant", "from", "to", ""], &rows));
    Ok(())
}

pub(super) async fn show(context: &Context, args: &Show) -> Result<(), CliError> {
    let mut session = Session::open(context, &args.place).await?;
    let network = session.state.network();
    let stored = stored(&mut session.state, &args.grant).await?;
    let refusal = session.state.view(|state| refusal(state, &args.grant, &network)).await?;
    let usage = session.state.view(|state| agents::usage(state, &args.grant)).await?;
    let body = stored.grant.body();
    let mut lines = said(&session, body);
    let mut meters = Vec::new();
    for (position, meter) in (0..).zip(&body.meters) {
        let spent = usage.meter(position).spent;
        let total = Amount::from_base_units(meter.total);
        lines.push(format!("{spent} of {total} are spent."));
        meters.push(json!({ "asset": meter.asset.to_string(), "spent": spent, "total": total }));
    }
    lines.push(match &refusal {
        None => "It holds.".to_owned(),
        Some(refusal) => format!("It does not hold: {} ({refusal}).", refusal.code()),
    });
    let data = json!({
        "grant": args.grant.to_string(), "issuer": body.iss.to_string(), "holder": body.aud.to_string(),
        "owner": body.sub.to_string(), "parent": body.parent.map(|parent| parent.to_string()),
        "sentences": said(&session, body), "meters": meters, "calls": usage.calls,
        "holds": refusal.is_none(), "code": refusal.map(|refusal| refusal.code()), "stored_in": stored.since,
    });
    context.ui.result(&data, &lines.join("\n"));
    Ok(())
}
