//! `auto id create` and `rotate`: the keys of an identity.

use crate::context::Context;
use crate::error::{CliError, Exit, Fault};
use crate::session::{Plan, Sending, Session};
use auto_sdk::identity::{Founding, FreshKeys, IdentityKey, rotate as rotation};
use auto_sdk::{IdentityFile, IdentityName, KdfCost, KeyError};
use autoid_core::{Kind, KindSet};
use clap::{Args, ValueEnum};
use serde_json::json;

/// Make an identity.
///
/// Its keys are made here and kept encrypted beside the accounts: the one in force, and the one that it will be
/// rotated to. Whoever it is under answers for it, and can suspend and revoke it. With issuers it waits until enough
/// of them have endorsed it; then they can suspend and revoke it together.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id create alice --kind human
  auto id create acme --kind org --under alice --hosts-under acme.example
  auto id create api --kind service --under acme --leaf
  auto id create diploma --kind agent --issuers school,ministry --threshold 2
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
    /// Who must endorse it before it is active: names, DIDs, ids or aliases.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    issuers: Vec<String>,
    /// How many of the issuers must [default: all].
    #[arg(long, value_name = "COUNT", requires = "issuers", value_parser = clap::value_parser!(u8).range(1..))]
    threshold: Option<u8>,
    /// Nobody may be placed under it: for servers and clients, whose TLS certificate must not be that of a CA.
    #[arg(long)]
    leaf: bool,
    /// The domain name that host names in certificates under it must end in [default: that of its parent, if any].
    #[arg(long, value_name = "DOMAIN", conflicts_with = "leaf")]
    hosts_under: Option<String>,
    #[command(flatten)]
    sending: Sending,
}

impl Create {
    /// What it begins as.
    async fn founding(&self, session: &mut Session<'_>) -> Result<Founding, CliError> {
        let mut founding = Founding::of(self.kind.into());
        if self.leaf {
            founding.authority.is_ca = false;
            founding.authority.kinds = KindSet::default();
        }
        founding.authority.name_subtree.clone_from(&self.hosts_under);
        if self.issuers.is_empty() {
            return Ok(founding);
        }
        let mut issuers = Vec::with_capacity(self.issuers.len());
        for name in &self.issuers {
            let id = session.identity(name).await?;
            session.record(&id).await?;
            if issuers.contains(&id) {
                return Err(Fault::Usage(format!("{name} is among the issuers twice")).into());
            }
            issuers.push(id);
        }
        let count = u8::try_from(issuers.len()).unwrap_or(u8::MAX);
        Ok(founding.endorsed_by(issuers, self.threshold.unwrap_or(count)))
    }
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
    let founding = args.founding(&mut session).await?;
    let needed = founding.threshold;
    let made = make(&mut session, name, founding, parent.as_ref(), password.as_bytes()).await?;
    let kind = Kind::from(args.kind).name();
    let above = args.under.as_ref().map_or_else(String::new, |above| format!(" under {above}"));
    let did = made.id.did(&session.state.network()).to_string();
    let mut effects = vec![format!("begins the identity {name}, {kind}{above}: {did}")];
    let mut done = format!("{name} is {did}");
    if needed > 0 {
        let waits =
            format!("it waits until {needed} of its issuers endorsed it: {}", args.issuers.join(", "));
        done = format!("{done}\n{waits}; each does it with `auto id endorse {did} --as ISSUER`");
        effects.push(waits);
    }
    let plan = Plan {
        calls: vec![made.call.clone()],
        effects,
        data: json!({
            "name": name, "id": made.id.to_string(), "did": did, "kind": kind, "under": args.under,
            "issuers": args.issuers, "threshold": needed,
        }),
        grave: false,
    };
    let Some(approved) = session.approve(sending, &payer, plan).await? else { return Ok(()) };
    let sent = made.kept(context, session.send(sending, approved)).await?;
    session.finish(&sent, &done);
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

/// Makes an identity with keys of its own. Under a parent whose host names end in a domain its own do, too.
pub(crate) async fn make(
    session: &mut Session<'_>,
    name: &str,
    mut founding: Founding,
    parent: Option<&IdentityKey>,
    password: &[u8],
) -> Result<Made, CliError> {
    let (network, domain) = (session.state.network(), session.state.domain());
    if let (Some(parent), None) = (parent, &founding.authority.name_subtree) {
        founding.authority.name_subtree = session.record(&parent.id()).await?.authority.name_subtree;
    }
    let keys = FreshKeys::generate()?;
    let founded = founding.begin(network, &keys, parent)?;
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
