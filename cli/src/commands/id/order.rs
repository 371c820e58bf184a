//! `auto id suspend`, `resume`, `revoke`, `endorse` and `bump-epoch`: what becomes of an identity by order of those who
//! may give it.

use super::several::write_operation;
use crate::context::Context;
use crate::error::CliError;
use crate::session::{Plan, Sending, Session};
use auto_sdk::identity::{IdentityKey, Side, operate, tell};
use autoid_core::{Action, AutoId, IdentityRecord, Reason, Status};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::PathBuf;

/// An identity, and who orders what becomes of it.
#[derive(Debug, Args)]
pub(super) struct Ordered {
    /// The identity: its name here, DID, id or alias.
    name: String,
    /// Who orders it, if not the identity itself: one above it or enough of its issuers, whose keys are in the
    /// keystore.
    #[arg(long = "as", value_name = "NAME,...", value_delimiter = ',')]
    by: Vec<String>,
    /// Write the operation with these signatures to a file for others to sign, and send nothing.
    #[arg(long, value_name = "FILE")]
    to_file: Option<PathBuf>,
    #[command(flatten)]
    sending: Sending,
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Why {
    /// No reason is given.
    #[default]
    Unspecified,
    /// Somebody else may have the key.
    Compromised,
    /// Another identity took its place.
    Superseded,
    /// It is not used any more.
    Ceased,
    /// It broke a rule.
    Misconduct,
}

impl From<Why> for Reason {
    fn from(why: Why) -> Self {
        match why {
            Why::Unspecified => Self::Unspecified,
            Why::Compromised => Self::KeyCompromise,
            Why::Superseded => Self::Superseded,
            Why::Ceased => Self::CessationOfOperation,
            Why::Misconduct => Self::PrivilegeWithdrawn,
        }
    }
}

/// Stop an identity for a while: it and everything under it can do nothing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id suspend planner --as acme --reason compromised
  auto id suspend diploma --as school,ministry
  auto id suspend diploma --as school --to-file suspend.json
  auto id suspend alice --json")]
pub(super) struct Suspend {
    #[command(flatten)]
    ordered: Ordered,
    /// Why.
    #[arg(long, value_enum, default_value_t)]
    reason: Why,
}

/// End an identity for ever, and everything under it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id revoke planner --as acme --reason misconduct
  auto id revoke old --yes --json")]
pub(super) struct Revoke {
    #[command(flatten)]
    ordered: Ordered,
    /// Why.
    #[arg(long, value_enum, default_value_t)]
    reason: Why,
}

/// End a suspension.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  auto id resume planner --as acme\n  auto id resume alice --json")]
pub(super) struct Resume {
    #[command(flatten)]
    ordered: Ordered,
}

/// Vouch for an identity that waits for its issuers.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id endorse diploma --as school
  auto id endorse did:auto:1f2e3d4c:z6Mk... --as ministry --from alice --json")]
pub(super) struct Endorse {
    /// The identity: its name here, DID, id or alias.
    name: String,
    /// The issuer that vouches for it, whose key is in the keystore.
    #[arg(long = "as", value_name = "ISSUER")]
    issuer: String,
    #[command(flatten)]
    sending: Sending,
}

/// Kill every grant that an identity issued, at once.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  auto id bump-epoch acme\n  auto id bump-epoch acme --yes --json")]
pub(super) struct BumpEpoch {
    /// The identity, whose key is in the keystore.
    name: String,
    #[command(flatten)]
    sending: Sending,
}

/// An action on an identity, and the identities here that sign it.
pub(super) struct Order<'a> {
    pub(super) id: AutoId,
    pub(super) action: Action,
    /// Their names; the first pays unless somebody else is named.
    pub(super) by: &'a [String],
    /// Where it is written to instead of being sent.
    pub(super) to_file: Option<&'a PathBuf>,
    /// Whether a person is asked even where money is worth nothing.
    pub(super) grave: bool,
}

impl Order<'_> {
    fn is_own(&self, keys: &[IdentityKey]) -> bool {
        !keys.is_empty() && keys.iter().all(|key| key.id() == self.id)
    }
}

/// The keys of identities here, each once.
pub(super) async fn keys(session: &mut Session<'_>, names: &[String]) -> Result<Vec<IdentityKey>, CliError> {
    let mut keys = Vec::with_capacity(names.len());
    for name in names {
        keys.push(session.key(name).await?);
    }
    Ok(keys)
}

/// Has an action signed by those that order it, and sends it or writes it down for others to sign.
pub(super) async fn order(
    session: &mut Session<'_>,
    sending: &Sending,
    order: Order<'_>,
) -> Result<(), CliError> {
    let record: IdentityRecord = session.record(&order.id).await?;
    if let Some(path) = order.to_file {
        let keys = keys(session, order.by).await?;
        let side = if order.is_own(&keys) { Side::Own } else { Side::Others };
        return write_operation(session, (&record, order.action, side), &keys, path);
    }
    let first = order.by.first().map_or("", String::as_str);
    let payer = session.payer(sending, first)?;
    let keys = keys(session, order.by).await?;
    let (name, by) = (order.action.name(), order.by.join(", "));
    let effects = tell(&order.id, &order.action, &|id| session.called(id));
    let signers: Vec<&IdentityKey> = keys.iter().collect();
    let call = operate(&record, session.state.point(), order.action, &signers)?;
    let signers: Vec<String> = keys.iter().map(|key| key.id().to_string()).collect();
    let plan = Plan {
        calls: vec![call],
        effects: [effects, vec![format!("by order of {by}")]].concat(),
        data: json!({ "id": order.id.to_string(), "action": name, "by": signers }),
        grave: order.grave,
    };
    let done = format!("{name}: {}", session.called(&order.id));
    session.carry_out(sending, &payer, plan, &done).await
}

/// Carries an action out, as the identity itself or as somebody above it.
async fn ordered(context: &Context, args: &Ordered, action: Action, grave: bool) -> Result<(), CliError> {
    let own = [args.name.clone()];
    let by = if args.by.is_empty() { &own[..] } else { &args.by };
    let mut session = Session::open(context, &args.sending.place).await?;
    let id = session.identity(&args.name).await?;
    let to_file = args.to_file.as_ref();
    order(&mut session, &args.sending, Order { id, action, by, to_file, grave }).await
}

pub(super) async fn suspend(context: &Context, args: &Suspend) -> Result<(), CliError> {
    ordered(context, &args.ordered, Action::Suspend { reason: args.reason.into() }, false).await
}

pub(super) async fn resume(context: &Context, args: &Resume) -> Result<(), CliError> {
    ordered(context, &args.ordered, Action::Resume, false).await
}

pub(super) async fn revoke(context: &Context, args: &Revoke) -> Result<(), CliError> {
    let action = Action::Revoke { reason: args.reason.into(), guardians: None };
    ordered(context, &args.ordered, action, true).await
}

pub(super) async fn bump_epoch(context: &Context, args: &BumpEpoch) -> Result<(), CliError> {
    own(context, (&args.name, &args.sending), Action::BumpEpoch, true).await
}

/// Carries an action of an identity on itself out.
pub(super) async fn own(
    context: &Context,
    (name, sending): (&String, &Sending),
    action: Action,
    grave: bool,
) -> Result<(), CliError> {
    let mut session = Session::open(context, &sending.place).await?;
    let id = context.keystore().read_identity(name)?.name.id;
    let by = std::slice::from_ref(name);
    order(&mut session, sending, Order { id, action, by, to_file: None, grave }).await
}

pub(super) async fn endorse(context: &Context, args: &Endorse) -> Result<(), CliError> {
    let Endorse { name, issuer, sending } = args;
    let mut session = Session::open(context, &sending.place).await?;
    let id = session.identity(name).await?;
    let record = session.record(&id).await?;
    let payer = session.payer(sending, issuer)?;
    let key = session.key(issuer).await?;
    let call = operate(&record, session.state.point(), Action::Endorse, &[&key])?;
    let called = session.called(&id);
    let plan = Plan {
        calls: vec![call],
        effects: tell(&id, &Action::Endorse, &|_| called.clone()),
        data: json!({ "id": id.to_string(), "action": "endorse", "by": [key.id().to_string()] }),
        grave: false,
    };
    let Some(approved) = session.approve(sending, &payer, plan).await? else { return Ok(()) };
    let mut sent = session.send(sending, approved).await?;
    let mut done = format!("{issuer} vouches for {called}");
    if sent.0.outcome.is_some() {
        session.refresh().await?;
        let record = session.record(&id).await?;
        let have = record.endorsements.count_ones();
        sent.1["endorsements"] = json!(have);
        sent.1["threshold"] = json!(record.threshold);
        sent.1["status"] = json!(record.status.name());
        let standing =
            if record.status == Status::Pending { "it waits for the others" } else { "it is active" };
        done = format!("{done}: {have} of {} endorsements, {standing}", record.threshold);
    }
    session.finish(&sent, &done);
    Ok(())
}
