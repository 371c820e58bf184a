//! `auto agent escrow`: payments that wait until they are earned.

use super::judged;
use crate::context::{Context, file_fault};
use crate::error::{CliError, Fault};
use crate::session::{Plan, Sending, Session};
use auto_agents::{Escrow as Held, EscrowId, Terms, view};
use auto_core::{Amount, Hash, hash};
use auto_sdk::SdkError;
use auto_sdk::agent::{Answer, open as opened, refund as refunded, settle as settled, settle_direct, told};
use autoid_core::Payee;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Payments that wait until they are earned.
///
/// An agent reserves a payment under its grants. Until the deadline whoever is paid takes up to that much, and only
/// while the grants still hold; then anyone gives it back.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto agent escrow open trader pay bob 5 --blocks 100 --agreement order.json
  auto agent escrow settle 5f3c... 4 --as bob
  auto agent escrow refund 5f3c... --from alice")]
pub(super) struct Escrow {
    #[command(subcommand)]
    action: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Reserve a payment.
    #[command(
        after_help = "Examples:\n  auto agent escrow open trader pay bob 5 --blocks 100\n  auto agent escrow open trader pay bob 5 --agreement order.json --json"
    )]
    Open {
        /// The agent, whose key is in the keystore.
        agent: String,
        /// What: `spend A to NAME`, `pay NAME A`, or `do CMD on RES spend A to NAME`.
        #[arg(required = true, value_name = "WHAT")]
        words: Vec<String>,
        /// Blocks until which it can be settled.
        #[arg(long, value_name = "BLOCKS", default_value_t = 1_000)]
        blocks: u64,
        /// What was agreed on; the chain gets its hash.
        #[arg(long, value_name = "FILE")]
        agreement: Option<PathBuf>,
        #[command(flatten)]
        sending: Sending,
    },
    /// Take what was earned; the rest goes back.
    #[command(
        after_help = "Examples:\n  auto agent escrow settle 5f3c... 4 --as bob\n  auto agent escrow settle 5f3c... 4 --from bob --json"
    )]
    Settle {
        /// The escrow: the hash of the call that opened it.
        escrow: EscrowId,
        /// How much, in AI3.
        amount: Amount,
        /// The identity that is paid, whose key is in the keystore; without it the account that pays the fee.
        #[arg(long = "as", value_name = "NAME")]
        by: Option<String>,
        #[command(flatten)]
        sending: Sending,
    },
    /// Give an escrow back after its deadline.
    #[command(
        after_help = "Examples:\n  auto agent escrow refund 5f3c... --from alice\n  auto agent escrow refund 5f3c... --from alice --json"
    )]
    Refund {
        /// The escrow: the hash of the call that opened it.
        escrow: EscrowId,
        #[command(flatten)]
        sending: Sending,
    },
}

pub(super) async fn run(context: &Context, args: &Escrow) -> Result<(), CliError> {
    match &args.action {
        Verb::Open { agent, words, blocks, agreement, sending } => {
            open(context, (agent, &words.join(" ")), (*blocks, agreement.as_deref()), sending).await
        }
        Verb::Settle { escrow, amount, by, sending } => {
            let mut session = Session::open(context, &sending.place).await?;
            let payee = held(&mut session, escrow).await?.payee;
            let payer = session.payer(sending, by.as_deref().unwrap_or_default())?;
            let call = match by {
                Some(name) => {
                    let key = session.key(name).await?;
                    if payee != Payee::Identity(key.id()) {
                        let other = session.payee(&payee);
                        return Err(Fault::Usage(format!("the escrow pays {other}, not {name}")).into());
                    }
                    settled(&key, *escrow, *amount)?
                }
                None => settle_direct(*escrow, *amount)?,
            };
            let effects = vec![format!("takes {amount} out of the escrow {escrow}")];
            let data = json!({ "escrow": escrow.to_string(), "amount": amount });
            let plan = Plan { calls: vec![call], effects, data, grave: false };
            session.carry_out(sending, &payer, plan, &format!("settled for {amount}")).await
        }
        Verb::Refund { escrow, sending } => {
            let mut session = Session::open(context, &sending.place).await?;
            let payer = session.payer(sending, "")?;
            let held = held(&mut session, escrow).await?;
            let owner = session.called(&held.subject);
            let effects = vec![format!("gives {} back to the vault of {owner}", held.reserved)];
            let data = json!({ "escrow": escrow.to_string(), "amount": held.reserved });
            let plan = Plan { calls: vec![refunded(*escrow)?], effects, data, grave: false };
            session.carry_out(sending, &payer, plan, &format!("{} went back", held.reserved)).await
        }
    }
}

/// An escrow that is open.
async fn held(session: &mut Session<'_>, id: &EscrowId) -> Result<Held, CliError> {
    let found = session.state.view(|state| view::escrow(state, id)).await?;
    let ended = || SdkError::NotFound { what: "open escrow", key: id.to_string() };
    Ok(found.ok_or_else(ended)?)
}

async fn open(
    context: &Context,
    (name, words): (&str, &str),
    (blocks, agreement): (u64, Option<&Path>),
    sending: &Sending,
) -> Result<(), CliError> {
    let agreement = match agreement {
        Some(file) => hash(&std::fs::read(file).map_err(|error| file_fault("read", file, error))?),
        None => Hash::ZERO,
    };
    let mut session = Session::open(context, &sending.place).await?;
    let payer = session.payer(sending, name)?;
    let request = session.request(words).await?;
    let errand = request.errand(&mut session.state, Some(&context.keystore())).await?;
    let id = context.keystore().read_identity(name)?.name.id;
    let chain = match judged(&mut session, id, &errand, false).await? {
        Answer::Yes { chain, .. } => chain,
        Answer::No { code, reason, .. } => return Err(CliError::refused(code, reason)),
    };
    let key = session.key(name).await?;
    let point = session.state.point();
    let terms = Terms { deadline: point.block.saturating_add(blocks), agreement };
    let intent = told(words);
    let done = opened(&key, point, chain, &errand, (&intent, &terms))?;
    let escrow = done.digest.to_string();
    let plan = Plan {
        calls: vec![done.reserved(Vec::new(), intent, terms)?],
        effects: vec![format!("{name} reserves `{request}` until block {}", terms.deadline)],
        data: json!({ "escrow": escrow, "what": request.to_string(), "deadline": terms.deadline }),
        grave: false,
    };
    session.carry_out(sending, &payer, plan, &format!("escrow {escrow}")).await
}
