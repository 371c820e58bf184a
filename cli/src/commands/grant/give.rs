//! `auto grant give` and `auto grant revoke`.

use crate::context::Context;
use crate::error::CliError;
use crate::session::{Plan, Sending, Session};
use auto_sdk::agent::Permission;
use auto_sdk::identity::IdentityKey;
use auto_sdk::identity::grant::{self, Terms, sentences};
use autoid_core::{AutoId, Grant, GrantId, Sign1};
use clap::Args;
use serde_json::json;

/// What `--can` may say, for every command that has it.
pub(crate) const CAN_HELP: &str = "Clauses, in any order, each once:
  spend<=A[/day|/hour|/block N]   pays up to A AI3, altogether or in any such stretch
  per-call<=A                     pays up to A at once
  approve>A by NAME,...           above A all of these must approve
  to NAME,...                     pays only these
  do CMD,... on RES,...           does these commands on these resources
  irreversible                    does also what cannot be undone, such as content/sign
  calls N   depth N   for 7d      at most N calls; passed on over N steps; for so long";

/// Grant something to an identity.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto grant give planner --by acme --can 'spend<=10/day per-call<=2 for 7d'
  auto grant give booker --by planner --under 5f3c... --can 'spend<=5 to bob' --from alice --json", after_long_help = CAN_HELP)]
pub(super) struct Give {
    /// Who may act: a name here, DID, id or alias.
    holder: String,
    /// Who grants: an identity whose key is in the keystore.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// What it allows; --help has the clauses.
    #[arg(long, value_name = "SENTENCE")]
    can: Permission,
    /// The grant that it rests on, if it is not in the name of who grants.
    #[arg(long, value_name = "GRANT")]
    under: Option<GrantId>,
    #[command(flatten)]
    sending: Sending,
}

/// Revoke a grant for ever, and with it all that rest on it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto grant revoke 5f3c... --as acme
  auto grant revoke 5f3c... --as acme --from alice --yes --json")]
pub(super) struct Revoke {
    /// The grant.
    grant: GrantId,
    /// Who revokes it: its issuer, an issuer above, its owner or its holder.
    #[arg(long = "as", value_name = "NAME")]
    by: String,
    #[command(flatten)]
    sending: Sending,
}

/// The terms of what a sentence allows.
pub(crate) async fn terms(session: &mut Session<'_>, can: &Permission) -> Result<Terms, CliError> {
    let mut can = can.clone();
    can.to = session.all_spelled(&can.to).await?;
    let keystore = session.context.keystore();
    let block_ms = session.there.block_time().await?;
    Ok(can.terms(&mut session.state, Some(&keystore), block_ms).await?)
}

/// A signed grant of an issuer to a holder.
pub(crate) async fn drawn(
    session: &mut Session<'_>,
    key: &IdentityKey,
    holder: AutoId,
    can: &Permission,
    under: Option<GrantId>,
) -> Result<Sign1<Grant>, CliError> {
    let terms = terms(session, can).await?;
    Ok(grant::issue(&mut session.state, key, holder, &terms, under).await?)
}

/// A grant in sentences, with the names of this keystore.
pub(crate) fn said(session: &Session<'_>, grant: &Grant) -> Vec<String> {
    sentences(grant, &session.state.network(), &|id| session.name(id))
}

pub(super) async fn give(context: &Context, args: &Give) -> Result<(), CliError> {
    let (by, sending) = (&args.by, &args.sending);
    let mut session = Session::open(context, &sending.place).await?;
    let payer = session.payer(sending, by)?;
    let holder = session.identity(&args.holder).await?;
    let key = session.key(by).await?;
    let signed = drawn(&mut session, &key, holder, &args.can, args.under).await?;
    let id = signed.id(&session.state.network());
    let plan = Plan {
        effects: said(&session, signed.body()),
        data: json!({
            "grant": id.to_string(), "issuer": key.id().to_string(), "holder": holder.to_string(),
            "can": args.can.to_string(), "parent": args.under.map(|parent| parent.to_string()),
        }),
        calls: vec![grant::store(signed)?],
        grave: false,
    };
    session.carry_out(sending, &payer, plan, &format!("grant {id}")).await
}

pub(super) async fn revoke(context: &Context, args: &Revoke) -> Result<(), CliError> {
    let (by, sending) = (&args.by, &args.sending);
    let mut session = Session::open(context, &sending.place).await?;
    let payer = session.payer(sending, by)?;
    let stored = grant::stored(&mut session.state, &args.grant).await?;
    let key = session.key(by).await?;
    let record = session.record(&key.id()).await?;
    let body = stored.grant.body();
    let effect = format!(
        "revokes for ever what {} granted to {}, and every grant that rests on it",
        session.called(&body.iss),
        session.called(&body.aud)
    );
    let call = grant::revoke(&record, session.state.point(), args.grant, Vec::new(), &key)?;
    let plan = Plan {
        calls: vec![call],
        effects: vec![effect],
        data: json!({ "grant": args.grant.to_string(), "by": key.id().to_string() }),
        grave: true,
    };
    session.carry_out(sending, &payer, plan, &format!("revoked grant {}", args.grant)).await
}
