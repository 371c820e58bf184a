//! `auto agent deposit` and `auto agent withdraw`.

use crate::context::Context;
use crate::error::CliError;
use crate::session::{Plan, Sending, Session};
use auto_core::Amount;
use auto_sdk::agent::{deposit as deposited, withdraw as withdrawn};
use clap::Args;
use serde_json::json;

/// Pay into the vault of an identity.
///
/// What agents spend under grants comes out of the vault of the identity at the root of them, so pay into that one.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto agent deposit alice 50
  auto agent deposit alice 50 --from savings --dry-run --json")]
pub(super) struct Deposit {
    /// The identity: its name here, DID, id or alias.
    to: String,
    /// How much, in AI3.
    amount: Amount,
    #[command(flatten)]
    sending: Sending,
}

/// Take money out of the vault of an identity.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto agent withdraw alice 5 --to alice
  auto agent withdraw alice 5 --to 6FbZ... --from alice --json")]
pub(super) struct Withdraw {
    /// The identity, whose key is in the keystore.
    identity: String,
    /// How much, in AI3.
    amount: Amount,
    /// The account that receives it.
    #[arg(long, value_name = "NAME")]
    to: String,
    /// The vault, when it is that of an identity below which can never act again.
    #[arg(long, value_name = "NAME")]
    out_of: Option<String>,
    #[command(flatten)]
    sending: Sending,
}

pub(super) async fn deposit(context: &Context, args: &Deposit) -> Result<(), CliError> {
    let mut session = Session::open(context, &args.sending.place).await?;
    let payer = session.payer(&args.sending, &args.to)?;
    let id = session.identity(&args.to).await?;
    // Nobody could take it out of the vault of an identity that there is not.
    session.record(&id).await?;
    let plan = Plan {
        calls: vec![deposited(id, args.amount)?],
        effects: vec![format!("pays {} into the vault of {}", args.amount, session.called(&id))],
        data: json!({ "to": id.to_string(), "amount": args.amount }),
        grave: false,
    };
    let done = format!("{} are in the vault of {}", args.amount, session.called(&id));
    session.carry_out(&args.sending, &payer, plan, &done).await
}

pub(super) async fn withdraw(context: &Context, args: &Withdraw) -> Result<(), CliError> {
    let to = context.address(&args.to)?;
    let mut session = Session::open(context, &args.sending.place).await?;
    let payer = session.payer(&args.sending, &args.identity)?;
    let key = session.key(&args.identity).await?;
    let out_of = match &args.out_of {
        Some(name) => session.identity(name).await?,
        None => key.id(),
    };
    let call = withdrawn(&mut session.state, &key, (out_of, to), args.amount).await?;
    let plan = Plan {
        calls: vec![call],
        effects: vec![format!(
            "takes {} out of the vault of {} for {to}",
            args.amount,
            session.called(&out_of)
        )],
        data: json!({ "out_of": out_of.to_string(), "to": to, "amount": args.amount }),
        grave: false,
    };
    session.carry_out(&args.sending, &payer, plan, &format!("{to} received {}", args.amount)).await
}
