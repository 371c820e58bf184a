//! `auto id show` and `auto id list`: what the chain knows of identities.

use crate::context::Context;
use crate::error::CliError;
use crate::session::{Place, Session};
use crate::ui::table;
use auto_sdk::SdkError;
use auto_sdk::identity::alias_of;
use auto_state::StateRead;
use autoid_core::{AutoId, IdentityRecord, Kind, Standing, Suspension, who_answers};
use autoid_interface::StateView;
use clap::Args;
use serde_json::{Value, json};

/// Show an identity: its keys, its standing, and who answers for it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id show alice
  auto id show did:auto:1f2e3d4c:z6Mk... --json")]
pub(super) struct Show {
    /// Its name here, DID, id or alias.
    name: String,
    #[command(flatten)]
    place: Place,
}

/// List the identities whose keys are kept here.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  auto id list\n  auto id list --json")]
pub(super) struct List {
    #[command(flatten)]
    place: Place,
}

fn summary(session: &Session<'_>, record: &IdentityRecord) -> Value {
    json!({
        "name": session.name(&record.id), "id": record.id.to_string(),
        "did": record.id.did(&session.state.network()).to_string(),
        "kind": record.kind.name(), "status": record.status.name(),
    })
}

/// Everything about an identity as data.
pub(crate) async fn details(session: &mut Session<'_>, id: &AutoId) -> Result<Value, CliError> {
    let record = session.record(id).await?;
    let alias = alias_of(&mut session.state, id).await?.map(|alias| alias.to_string());
    let above = |state: &dyn StateRead| Ok::<_, SdkError>(who_answers(&StateView::new(state)?, id)?);
    let answers = session.state.view(above).await?;
    let vault = session.vault(id).await?;
    let mut data = summary(session, &record);
    data["alias"] = json!(alias);
    data["version"] = json!(record.version());
    data["epoch"] = json!(record.grant_epoch);
    data["vault"] = json!(vault);
    data["created"] = json!(record.created);
    data["updated"] = json!(record.updated);
    data["block"] = json!(session.state.number());
    data["suspended"] = json!(record.suspension.map(|present| suspended(&present)));
    data["revoked"] = json!(record.revocation.map(|reason| format!("{reason:?}")));
    data["guardians"] = json!(record.recovery.is_some());
    data["recovery_ready"] = json!(record.recovering.as_ref().map(|recovery| recovery.ready));
    data["certificate"] = json!(record.certificate.map(hex::encode));
    let services = record.services.iter();
    data["services"] =
        services.map(|one| json!({ "name": one.name, "type": one.kind, "endpoint": one.endpoint })).collect();
    let issuers = record.issuers.iter();
    data["issuers"] = issuers
        .map(|id| json!({ "id": id.to_string(), "called": session.called(id), "endorsed": record.is_endorsed_by(id) }))
        .collect();
    data["issuers_needed"] = json!(record.threshold);
    data["endorsable_until"] = json!(record.deadline);
    let keys = record.keys.keys.iter();
    data["keys"] = keys
        .map(|key| json!({ "number": key.kid, "key": key.key.multikey(), "until": key.not_after.map(|time| time.0) }))
        .collect();
    data["answers"] = answers
        .iter()
        .map(|one| json!({ "id": one.id.to_string(), "called": session.called(&one.id), "kind": one.kind.name(), "status": one.status.name() }))
        .collect();
    Ok(data)
}

/// Who suspended an identity, and why.
fn suspended(present: &Suspension) -> String {
    let by = match present.by {
        Standing::Controller => "itself".to_owned(),
        Standing::Issuers => "its issuers".to_owned(),
        Standing::Ancestor { above: 1 } => "the identity above it".to_owned(),
        Standing::Ancestor { above } => format!("the identity {above} steps above it"),
    };
    format!("by {by}, reason {:?}", present.reason)
}

/// What is there of some identities only, in rows.
fn more(data: &Value) -> Vec<Vec<String>> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut rows = Vec::new();
    for (field, name) in
        [("suspended", "suspended"), ("revoked", "revoked, reason"), ("certificate", "certificate")]
    {
        if !data[field].is_null() {
            rows.push(vec![name.to_owned(), text(&data[field])]);
        }
    }
    for issuer in data["issuers"].as_array().into_iter().flatten() {
        let standing = if issuer["endorsed"] == true { "endorsed it" } else { "has not endorsed it" };
        rows.push(vec!["issuer".to_owned(), format!("{} {standing}", text(&issuer["called"]))]);
    }
    if !data["endorsable_until"].is_null() {
        let (needed, until) = (&data["issuers_needed"], &data["endorsable_until"]);
        rows.push(vec!["needs".to_owned(), format!("{needed} endorsements until block {until}")]);
    }
    for service in data["services"].as_array().into_iter().flatten() {
        let [name, kind, endpoint] = ["name", "type", "endpoint"].map(|field| text(&service[field]));
        rows.push(vec!["service".to_owned(), format!("{name} {kind} {endpoint}")]);
    }
    if data["guardians"] == true {
        rows.push(vec!["guardians".to_owned(), "named".to_owned()]);
    }
    if !data["recovery_ready"].is_null() {
        let ready = &data["recovery_ready"];
        let told = format!("under way, can be finished from block {ready} on; its key can veto until then");
        rows.push(vec!["recovery".to_owned(), told]);
    }
    rows
}

pub(super) async fn show(context: &Context, args: &Show) -> Result<(), CliError> {
    let mut session = Session::open(context, &args.place).await?;
    let id = session.identity(&args.name).await?;
    let data = details(&mut session, &id).await?;
    let vault = session.vault(&id).await?;
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut rows = Vec::new();
    let fields =
        [("did", "did"), ("kind", "kind"), ("status", "status"), ("name", "name here"), ("alias", "alias")];
    for (field, name) in fields {
        if !data[field].is_null() {
            rows.push(vec![name.to_owned(), text(&data[field])]);
        }
    }
    let above = data["answers"].as_array().into_iter().flatten().skip(1);
    let above: Vec<_> = above.map(|one| text(&one["called"])).collect();
    let above = if above.is_empty() { "itself".to_owned() } else { above.join(", ") };
    rows.push(vec!["answered for by".to_owned(), above]);
    for key in data["keys"].as_array().into_iter().flatten() {
        rows.push(vec!["key".to_owned(), format!("{} {}", key["number"], text(&key["key"]))]);
    }
    rows.extend(more(&data));
    rows.push(vec!["vault".to_owned(), vault.to_string()]);
    for (field, name) in [("version", "version"), ("epoch", "epoch"), ("block", "proven in block")] {
        rows.push(vec![name.to_owned(), text(&data[field])]);
    }
    context.ui.result(&data, &table(&[], &rows));
    Ok(())
}

pub(super) async fn list(context: &Context, args: &List) -> Result<(), CliError> {
    let mut session = Session::open(context, &args.place).await?;
    let (mut found, mut rows) = (Vec::new(), Vec::new());
    for name in context.keystore().identity_names()? {
        let file = context.keystore().read_identity(&name)?;
        if file.name.network != session.state.network() {
            context.ui.note(&format!("{name} is an identity of another network"));
            continue;
        }
        let id = file.name.id;
        let record = match session.record(&id).await {
            Ok(record) => record,
            Err(error) => {
                context.ui.warn(&format!("{name}: {}", error.what));
                continue;
            }
        };
        let (kind, status): (Kind, _) = (record.kind, record.status);
        rows.push(vec![
            name,
            kind.name().to_owned(),
            status.name().to_owned(),
            id.did(&session.state.network()).to_string(),
        ]);
        found.push(summary(&session, &record));
    }
    context.ui.result(&found, &table(&["name", "kind", "status", "did"], &rows));
    Ok(())
}
