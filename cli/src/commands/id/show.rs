//! `auto id show` and `auto id list`: what the chain knows of identities.

use crate::context::Context;
use crate::error::CliError;
use crate::session::{Place, Session};
use crate::ui::table;
use auto_sdk::SdkError;
use auto_sdk::identity::alias_of;
use auto_state::StateRead;
use autoid_core::{AutoId, IdentityRecord, Kind, who_answers};
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
