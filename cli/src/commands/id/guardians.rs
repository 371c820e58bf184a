//! `auto id guardians`: who may recover an identity whose keys are lost.

use crate::commands::wallet::write_private;
use crate::context::Context;
use crate::error::{CliError, Fault};
use crate::session::{Place, Plan, Sending, Session};
use crate::ui::table;
use auto_sdk::identity::{GuardiansFile, guardians, operate, tell};
use autoid_core::Action;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;

/// Who may recover an identity whose keys are lost.
///
/// The chain holds a salted hash of the guardians only. Who they are and the salt are kept in the identity's keystore
/// file; give the guardians a copy (`export`), because whoever loses the keys loses that file, too.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id guardians set alice bob carol dave --threshold 2
  auto id guardians export alice guardians.json
  auto id guardians show alice")]
pub(super) struct GuardiansArgs {
    #[command(subcommand)]
    action: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Name the guardians of an identity, in place of those that it has.
    #[command(
        after_help = "Examples:\n  auto id guardians set alice bob carol dave --threshold 2\n  auto id guardians set acme alice did:auto:1f2e3d4c:z6Mk... --threshold 2 --json"
    )]
    Set {
        /// The identity, whose key is in the keystore.
        name: String,
        /// The guardians: names, DIDs, ids or aliases; at most eight.
        #[arg(required = true)]
        members: Vec<String>,
        /// How many of them it takes.
        #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u8).range(1..))]
        threshold: u8,
        #[command(flatten)]
        sending: Sending,
    },
    /// Take the guardians off: then nobody can recover the identity.
    #[command(
        after_help = "Examples:\n  auto id guardians remove alice\n  auto id guardians remove alice --yes --json"
    )]
    Remove {
        /// The identity, whose key is in the keystore.
        name: String,
        #[command(flatten)]
        sending: Sending,
    },
    /// Show the guardians that are kept here, and whether the chain knows of them.
    #[command(
        after_help = "Examples:\n  auto id guardians show alice\n  auto id guardians show alice --json"
    )]
    Show {
        /// The identity, whose file is in the keystore.
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Write the guardians and their salt to a file, for the guardians to keep.
    #[command(
        after_help = "Examples:\n  auto id guardians export alice guardians.json\n  auto id guardians export alice guardians.json --json"
    )]
    Export {
        /// The identity, whose file is in the keystore.
        name: String,
        /// The file; it must not exist.
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
}

pub(super) async fn run(context: &Context, args: &GuardiansArgs) -> Result<(), CliError> {
    match &args.action {
        Verb::Set { name, members, threshold, sending } => {
            set(context, name, Some((members, *threshold)), sending).await
        }
        Verb::Remove { name, sending } => set(context, name, None, sending).await,
        Verb::Show { name, place } => show(context, name, place).await,
        Verb::Export { name, file, place } => {
            let kept = kept(context, name, place).await?;
            write_private(file, &kept.to_text())?;
            let data = json!({ "id": kept.identity.to_string(), "file": file });
            context
                .ui
                .result(&data, &format!("written to {}; every guardian should have it", file.display()));
            Ok(())
        }
    }
}

/// The guardians of an identity here, which are those that its record commits to.
async fn kept(context: &Context, name: &str, place: &Place) -> Result<GuardiansFile, CliError> {
    let file = context.keystore().read_identity(name)?;
    let mut session = Session::open(context, place).await?;
    let commitment = session.record(&file.name.id).await?.recovery;
    let found = file.guardians(commitment).cloned();
    let guardians = found.ok_or_else(|| Fault::NoGuardians(name.to_owned()))?;
    Ok(GuardiansFile::new(file.name.id, &file.name.network, guardians))
}

async fn show(context: &Context, name: &str, place: &Place) -> Result<(), CliError> {
    let kept = kept(context, name, place).await?;
    let session = Session::open(context, place).await?;
    let members: Vec<String> = kept.guardians.members.iter().map(|id| session.called(id)).collect();
    let data = json!({
        "id": kept.identity.to_string(), "threshold": kept.guardians.threshold,
        "members": kept.guardians.members.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    let rows: Vec<_> = members.into_iter().map(|name| vec!["guardian".to_owned(), name]).collect();
    let needed = vec![vec!["needed".to_owned(), kept.guardians.threshold.to_string()]];
    context.ui.result(&data, &table(&[], &[rows, needed].concat()));
    Ok(())
}

async fn set(
    context: &Context,
    name: &str,
    named: Option<(&Vec<String>, u8)>,
    sending: &Sending,
) -> Result<(), CliError> {
    let keystore = context.keystore();
    let mut file = keystore.read_identity(name)?;
    let id = file.name.id;
    let mut session = Session::open(context, &sending.place).await?;
    let record = session.record(&id).await?;
    let mut called = Vec::new();
    let new = match named {
        None => None,
        Some((members, threshold)) => {
            let mut ids = Vec::with_capacity(members.len());
            for member in members {
                let one = session.identity(member).await?;
                session.record(&one).await?;
                if one == id || ids.contains(&one) {
                    let why = if one == id { "the identity itself" } else { "named twice" };
                    return Err(Fault::Usage(format!("the guardian {member} is {why}")).into());
                }
                ids.push(one);
                called.push(session.called(&one));
            }
            Some(guardians(ids, threshold)?)
        }
    };
    let payer = session.payer(sending, name)?;
    let key = session.key(name).await?;
    let action = Action::SetRecovery { guardians: new.as_ref().map(autoid_core::Guardians::commitment) };
    let mut effects = tell(&id, &action, &|id| session.called(id));
    if let Some((_, threshold)) = named {
        effects.push(format!("it takes {threshold} of: {}", called.join(", ")));
    }
    let plan = Plan {
        calls: vec![operate(&record, session.state.point(), action, &[&key])?],
        effects,
        data: json!({
            "id": id.to_string(), "threshold": named.map(|(_, threshold)| threshold),
            "members": new.iter().flat_map(|set| &set.members).map(ToString::to_string).collect::<Vec<_>>(),
        }),
        grave: new.is_none(),
    };
    let Some(approved) = session.approve(sending, &payer, plan).await? else { return Ok(()) };
    // They are kept before anybody can be committed to them.
    if let Some(new) = new {
        file.keep_guardians(record.recovery, new);
        keystore.update_identity(name, &file)?;
    }
    let sent = session.send(sending, approved).await?;
    if sent.0.outcome.is_some() {
        session.refresh().await?;
        if file.settle_guardians(session.record(&id).await?.recovery) {
            keystore.update_identity(name, &file)?;
        }
    }
    let done = match named {
        Some((_, threshold)) => format!(
            "{threshold} of {} can recover {name} together\nrun `auto id guardians export {name} FILE` and give \
             them the file: without it nobody knows the salt if this keystore is lost",
            called.join(", ")
        ),
        None => format!("{name} has no guardians any more"),
    };
    session.finish(&sent, &done);
    Ok(())
}
