//! `auto id create`, `endorse`, `rotate`, `suspend`, `resume` and `revoke`: the life of an identity.

use crate::context::Context;
use crate::error::{CliError, Exit};
use crate::session::{Plan, Sending, Session};
use auto_sdk::identity::{Founding, FreshKeys, IdentityKey, operate, rotate as rotation};
use auto_sdk::{IdentityFile, IdentityName, KdfCost, KeyError};
use autoid_core::{Action, Kind, Reason};
use clap::{Args, ValueEnum};
use serde_json::json;

/// Make an identity.
///
/// Its keys are made here and kept encrypted beside the accounts: the one in force, and the one that it will be
/// rotated to. Whoever it is under answers for it, and can suspend and revoke it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id create alice --kind human
  auto id create acme --kind org --under alice
  auto id create planner --kind agent --under acme --from alice --dry-run --json")]
pub(super) struct Create {
    /// Its name here; the chain does not know it.
    name: String,
    /// What it stands for.
    #[arg(long, value_enum)]
    kind: KindName,
    /// The identity that it is placed under, whose key is in the keystore.
    #[arg(long, value_name = "NAME")]
    under: Option<String>,
    #[command(flatten)]
    sending: Sending,
}

/// What an identity stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindName {
    /// A person.
    Human,
    /// An organisation.
    Org,
    /// An agent.
    Agent,
    /// A model.
    Model,
    /// A group that votes.
    Dao,
    /// A service.
    Service,
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Human => Self::Human,
            KindName::Org => Self::Org,
            KindName::Agent => Self::Agent,
            KindName::Model => Self::Model,
            KindName::Dao => Self::Dao,
            KindName::Service => Self::Service,
        }
    }
}

/// Replace the key of an identity by the one that it committed to.
///
/// Whoever stole the old key is left with nothing, and grants that it signed end.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id rotate alice
  auto id rotate acme --from alice --json")]
pub(super) struct Rotate {
    /// The identity.
    name: String,
    #[command(flatten)]
    sending: Sending,
}

/// An identity, and who orders what becomes of it.
#[derive(Debug, Args)]
pub(super) struct Ordered {
    /// The identity: its name here, DID, id or alias.
    name: String,
    /// Who orders it, if not the identity itself: one above it or its issuer, whose key is in the keystore.
    #[arg(long = "as", value_name = "NAME")]
    by: Option<String>,
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

/// Kill every grant that an identity issued, at once.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  auto id bump-epoch acme\n  auto id bump-epoch acme --yes --json")]
pub(super) struct BumpEpoch {
    /// The identity, whose key is in the keystore.
    name: String,
    #[command(flatten)]
    sending: Sending,
}

pub(super) async fn create(context: &Context, args: &Create) -> Result<(), CliError> {
    let (name, sending) = (&args.name, &args.sending);
    let keystore = context.keystore();
    if keystore.identity_path(name)?.exists() {
        return Err(KeyError::IdentityExists(name.clone()).into());
    }
    let mut session = Session::open(context, &sending.place).await?;
    let payer = session.payer(sending, args.under.as_deref().unwrap_or(name))?;
    let parent = match &args.under {
        Some(parent) => Some(session.key(parent).await?),
        None => None,
    };
    let password = context.new_password(&format!("New password of the identity {name}: "))?;
    let made = make(&session, name, args.kind.into(), parent.as_ref(), password.as_bytes())?;
    let kind = Kind::from(args.kind).name();
    let above = args.under.as_ref().map_or_else(String::new, |above| format!(" under {above}"));
    let did = made.id.did(&session.state.network()).to_string();
    let plan = Plan {
        calls: vec![made.call.clone()],
        effects: vec![format!("begins the identity {name}, {kind}{above}: {did}")],
        data: json!({ "name": name, "id": made.id.to_string(), "did": did, "kind": kind, "under": args.under }),
        grave: false,
    };
    let Some(approved) = session.approve(sending, &payer, plan).await? else { return Ok(()) };
    let sent = made.kept(context, session.send(sending, approved)).await?;
    session.finish(&sent, &format!("{name} is {did}"));
    Ok(())
}

/// A new identity whose keys are not kept yet.
pub(crate) struct Made {
    pub(crate) id: autoid_core::AutoId,
    /// The call that begins it.
    pub(crate) call: auto_core::Call,
    pub(crate) key: IdentityKey,
    name: String,
    file: IdentityFile,
}

/// Makes an identity with keys of its own.
pub(crate) fn make(
    session: &Session<'_>,
    name: &str,
    kind: Kind,
    parent: Option<&IdentityKey>,
    password: &[u8],
) -> Result<Made, CliError> {
    let (network, domain) = (session.state.network(), session.state.domain());
    let keys = FreshKeys::generate()?;
    let founded = Founding::of(kind).begin(network, &keys, parent)?;
    let id = founded.id;
    let file = IdentityFile::seal(IdentityName { id, network, domain }, &keys, password, KdfCost::DEFAULT)?;
    Ok(Made { id, call: founded.call, key: keys.key(id, network), name: name.to_owned(), file })
}

impl Made {
    /// Keeps the keys, then lets `sending` bring the identity to the chain. They are forgotten again when it is
    /// certain that there is no such identity.
    pub(crate) async fn kept<T>(
        &self,
        context: &Context,
        sending: impl Future<Output = Result<T, CliError>>,
    ) -> Result<T, CliError> {
        let keystore = context.keystore();
        keystore.add_identity(&self.name, &self.file)?;
        let result = sending.await;
        if let Err(error) = &result
            && matches!(error.exit, Exit::Rejected | Exit::User)
        {
            keystore.remove_identity(&self.name)?;
        }
        result
    }
}

pub(super) async fn rotate(context: &Context, args: &Rotate) -> Result<(), CliError> {
    let (name, sending) = (&args.name, &args.sending);
    let keystore = context.keystore();
    let mut file = keystore.read_identity(name)?;
    let mut session = Session::open(context, &sending.place).await?;
    let payer = session.payer(sending, name)?;
    let record = session.record(&file.name.id).await?;
    let password = context.password(&format!("Password of the identity {name}: "))?;
    let (current, next) =
        (file.open(&record.keys, password.as_bytes())?, file.open_next(&record.keys, password.as_bytes())?);
    let after = file.prepare_rotation(&record.keys, password.as_bytes(), KdfCost::DEFAULT)?;
    let call = rotation(&record, session.state.point(), (&current, &next), after)?;
    let plan = Plan {
        calls: vec![call],
        effects: vec![
            format!("replaces key {} of {name} by key {}", current.number(), next.number()),
            "ends the grants that the old key signed".to_owned(),
        ],
        data: json!({ "name": name, "id": record.id.to_string(), "key": next.number() }),
        grave: true,
    };
    let Some(approved) = session.approve(sending, &payer, plan).await? else { return Ok(()) };
    // The key after the next is kept before anybody can be committed to it.
    keystore.update_identity(name, &file)?;
    let sent = session.send(sending, approved).await?;
    if sent.0.outcome.is_some() {
        session.refresh().await?;
        if file.settle(&session.record(&record.id).await?.keys)? {
            keystore.update_identity(name, &file)?;
        }
    }
    session.finish(&sent, &format!("{name} has key {}", next.number()));
    Ok(())
}

/// Carries an action out, as the identity itself or as somebody above it.
async fn order(
    context: &Context,
    ordered: &Ordered,
    action: Action,
    effect: &str,
    grave: bool,
) -> Result<(), CliError> {
    let sending = &ordered.sending;
    let by = ordered.by.as_ref().unwrap_or(&ordered.name);
    let mut session = Session::open(context, &sending.place).await?;
    let payer = session.payer(sending, by)?;
    let id = session.identity(&ordered.name).await?;
    let record = session.record(&id).await?;
    let key = session.key(by).await?;
    let name = action.name();
    let call = operate(&record, session.state.point(), action, &[&key])?;
    let plan = Plan {
        calls: vec![call],
        effects: vec![format!("{effect} {}, by order of {by}", session.called(&id))],
        data: json!({ "id": id.to_string(), "action": name, "by": key.id().to_string() }),
        grave,
    };
    let done = format!("{name}: {}", session.called(&id));
    session.carry_out(sending, &payer, plan, &done).await
}

pub(super) async fn suspend(context: &Context, args: &Suspend) -> Result<(), CliError> {
    let action = Action::Suspend { reason: args.reason.into() };
    order(context, &args.ordered, action, "stops, with everything under it,", false).await
}

pub(super) async fn resume(context: &Context, args: &Resume) -> Result<(), CliError> {
    order(context, &args.ordered, Action::Resume, "lets go on", false).await
}

pub(super) async fn revoke(context: &Context, args: &Revoke) -> Result<(), CliError> {
    let action = Action::Revoke { reason: args.reason.into(), guardians: None };
    order(context, &args.ordered, action, "ends for ever, with everything under it,", true).await
}

pub(super) async fn bump_epoch(context: &Context, args: &BumpEpoch) -> Result<(), CliError> {
    let ordered = Ordered { name: args.name.clone(), by: None, sending: args.sending.clone() };
    order(context, &ordered, Action::BumpEpoch, "kills every grant issued by", true).await
}
