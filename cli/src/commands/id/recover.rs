//! `auto id recover`: new keys for an identity whose keys are lost.

use super::order::{keys, own};
use super::read_at_most;
use super::several::write_operation;
use crate::context::Context;
use crate::error::{CliError, Exit, Fault};
use crate::session::{Place, Plan, Sending, Session};
use crate::ui::table;
use auto_sdk::identity::{
    FreshKeys, GuardiansFile, IdentityKey, Side, finish_recovery, operate, recovery_start, tell,
};
use auto_sdk::{IdentityFile, IdentityName, KdfCost, KeyError};
use autoid_core::{Action, AutoId, Guardians, IdentityRecord, Recovery, Refusal};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Most bytes of a file of guardians that are worth reading.
const FILE_BYTES_MAX: u64 = 16 << 10;

/// New keys for an identity whose keys are lost or stolen.
///
/// Its owner makes new keys and its guardians sign for them (`start`). For some days its old key can object (`veto`);
/// after that the new keys take over (`finish`).
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id recover start did:auto:1f2e3d4c:z6Mk... --keep alice2 --guardians guardians.json --to-file recover.json
  auto id sign recover.json --as bob
  auto id submit recover.json --from bob
  auto id recover status alice2
  auto id recover finish alice2 --from bob")]
pub(super) struct Recover {
    #[command(subcommand)]
    action: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make new keys, and have guardians sign for them: here, or on machines of their own through a file.
    #[command(
        after_help = "Examples:\n  auto id recover start alice --keep alice2 --as bob,carol\n  auto id recover start did:auto:1f2e3d4c:z6Mk... --keep alice --guardians guardians.json --to-file recover.json"
    )]
    Start(Start),
    /// Let the new keys take over, once the delay is over.
    #[command(
        after_help = "Examples:\n  auto id recover finish alice2 --from bob\n  auto id recover finish alice2 --from bob --json"
    )]
    Finish {
        /// The name under which the new keys are kept.
        name: String,
        #[command(flatten)]
        sending: Sending,
    },
    /// Object to a recovery with the key that is in force.
    #[command(after_help = "Examples:\n  auto id recover veto alice\n  auto id recover veto alice --json")]
    Veto {
        /// The identity, whose key is in the keystore.
        name: String,
        #[command(flatten)]
        sending: Sending,
    },
    /// Tell whether a recovery is under way, to which keys, and from when it can be finished.
    #[command(
        after_help = "Examples:\n  auto id recover status alice\n  auto id recover status alice --json"
    )]
    Status {
        /// The identity: its name here, DID, id or alias.
        name: String,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, Args)]
struct Start {
    /// The identity: its DID, id, alias, or a name here.
    identity: String,
    /// The name under which the new keys are kept here.
    #[arg(long, value_name = "NAME")]
    keep: String,
    /// The file of its guardians [default: those that are kept here].
    #[arg(long, value_name = "FILE")]
    guardians: Option<PathBuf>,
    /// Guardians whose keys are in the keystore; they sign here.
    #[arg(long = "as", value_name = "NAME,...", value_delimiter = ',', required_unless_present = "to_file")]
    by: Vec<String>,
    /// Write the operation to a file for the guardians to sign, and send nothing.
    #[arg(long, value_name = "FILE")]
    to_file: Option<PathBuf>,
    #[command(flatten)]
    sending: Sending,
}

pub(super) async fn run(context: &Context, args: &Recover) -> Result<(), CliError> {
    match &args.action {
        Verb::Start(args) => start(context, args).await,
        Verb::Finish { name, sending } => finish(context, name, sending).await,
        Verb::Veto { name, sending } => own(context, (name, sending), Action::VetoRecovery, false).await,
        Verb::Status { name, place } => status(context, name, place).await,
    }
}

/// The guardians of an identity: out of their file, or out of the keystore.
fn guardians(context: &Context, record: &IdentityRecord, file: Option<&Path>) -> Result<Guardians, CliError> {
    if let Some(file) = file {
        let read = GuardiansFile::parse(&read_at_most(file, FILE_BYTES_MAX)?)?;
        return if read.identity.id == record.id {
            Ok(read.guardians)
        } else {
            Err(Refusal::NotGuardians.into())
        };
    }
    let keystore = context.keystore();
    for name in keystore.identity_names()? {
        let file = keystore.read_identity(&name)?;
        if let Some(found) = file.guardians(record.recovery).filter(|_| file.name.id == record.id) {
            return Ok(found.clone());
        }
    }
    Err(Fault::NoGuardians(record.id.to_string()).into())
}

async fn start(context: &Context, args: &Start) -> Result<(), CliError> {
    let Start { keep, by, to_file, sending, .. } = args;
    let keystore = context.keystore();
    if keystore.identity_path(keep)?.exists() {
        return Err(KeyError::IdentityExists(keep.clone()).into());
    }
    let mut session = Session::open(context, &sending.place).await?;
    let id = session.identity(&args.identity).await?;
    let record = session.record(&id).await?;
    if record.recovery.is_none() {
        return Err(Refusal::NotGuardians.into());
    }
    let guardians = guardians(context, &record, args.guardians.as_deref())?;
    let fresh = FreshKeys::after(&record.keys)?;
    let action = recovery_start(&record, guardians, &fresh)?;
    let first = by.first().map_or("", String::as_str);
    let payer = if to_file.is_none() { Some(session.payer(sending, first)?) } else { None };
    let signers = keys(&mut session, by).await?;
    let password = context.new_password(&format!("New password of {keep}: "))?;
    let name = IdentityName { id, network: session.state.network(), domain: session.state.domain() };
    let file = IdentityFile::seal(name, &fresh, password.as_bytes(), KdfCost::DEFAULT)?;
    let Some(payer) = payer else {
        keystore.add_identity(keep, &file)?;
        let path = to_file.as_deref().unwrap_or(Path::new(""));
        let written = write_operation(&session, (&record, action, Side::Others), &signers, path);
        return written
            .or_else(|error| keystore.remove_identity(keep).map_err(CliError::from).and(Err(error)));
    };
    let effects = tell(&id, &action, &|id| session.called(id));
    let signers: Vec<&IdentityKey> = signers.iter().collect();
    let plan = Plan {
        calls: vec![operate(&record, session.state.point(), action, &signers)?],
        effects,
        data: json!({ "id": id.to_string(), "action": "start-recovery", "kept_as": keep }),
        grave: true,
    };
    let Some(approved) = session.approve(sending, &payer, plan).await? else { return Ok(()) };
    // The new keys are kept before anybody can be committed to them.
    keystore.add_identity(keep, &file)?;
    let sent = session.send(sending, approved).await;
    if let Err(error) = &sent
        && matches!(error.exit, Exit::Rejected | Exit::User)
    {
        keystore.remove_identity(keep)?;
    }
    let mut sent = sent?;
    session.refresh().await?;
    let ready = session.record(&id).await?.recovering.map(|recovery| recovery.ready);
    sent.1["ready"] = json!(ready);
    let from = ready.map_or_else(String::new, |ready| format!(" from block {ready} on"));
    session.finish(&sent, &format!("recovery started; `auto id recover finish {keep}` ends it{from}"));
    Ok(())
}

async fn finish(context: &Context, name: &str, sending: &Sending) -> Result<(), CliError> {
    let file = context.keystore().read_identity(name)?;
    let id = file.name.id;
    let mut session = Session::open(context, &sending.place).await?;
    let record = session.record(&id).await?;
    let recovery = record.recovering.clone().ok_or(Refusal::RecoveryNotStarted)?;
    if session.state.number().0.saturating_add(1) < recovery.ready {
        return Err(Refusal::RecoveryTooEarly { ready: recovery.ready }.into());
    }
    let payer = session.payer(sending, name)?;
    let password = context.password(&format!("Password of {name}: "))?;
    let key = file.open(&recovery.keys, password.as_bytes())?;
    let plan = Plan {
        calls: vec![finish_recovery(&record, session.state.point(), &key)?],
        effects: tell(&id, &Action::FinishRecovery, &|_| name.to_owned()),
        data: json!({ "id": id.to_string(), "action": "finish-recovery", "key": key.number() }),
        grave: true,
    };
    session.carry_out(sending, &payer, plan, &format!("{name} has key {}", key.number())).await
}

async fn status(context: &Context, name: &str, place: &Place) -> Result<(), CliError> {
    let mut session = Session::open(context, place).await?;
    let id: AutoId = session.identity(name).await?;
    let record = session.record(&id).await?;
    let block = session.state.number().0;
    let keys =
        |recovery: &Recovery| recovery.keys.keys.iter().map(|key| key.key.multikey()).collect::<Vec<_>>();
    let kept = guardians(context, &record, None).is_ok();
    let left = record.recovering.as_ref().map(|recovery| recovery.ready.saturating_sub(block));
    let data = json!({
        "id": id.to_string(), "guardians": record.recovery.is_some(), "guardians_known_here": kept,
        "recovering": record.recovering.is_some(), "keys": record.recovering.as_ref().map(keys),
        "ready": record.recovering.as_ref().map(|recovery| recovery.ready), "blocks_left": left, "block": block,
    });
    let guarded = match (record.recovery.is_some(), kept) {
        (true, true) => "named, and known here",
        (true, false) => "named, not known here",
        (false, _) => "none: nobody can recover it",
    };
    let mut rows = vec![vec!["guardians".to_owned(), guarded.to_owned()]];
    match &record.recovering {
        None => rows.push(vec!["recovery".to_owned(), "none under way".to_owned()]),
        Some(recovery) => {
            rows.extend(keys(recovery).into_iter().map(|key| vec!["new key".to_owned(), key]));
            let when = match left {
                Some(0) | None => "it can be finished now".to_owned(),
                Some(left) => {
                    format!("it can be finished from block {} on, in {left} blocks", recovery.ready)
                }
            };
            rows.push(vec!["recovery".to_owned(), when]);
        }
    }
    context.ui.result(&data, &table(&[], &rows));
    Ok(())
}
