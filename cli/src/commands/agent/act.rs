//! `auto agent can` and `auto agent act`.

use super::judged;
use crate::context::Context;
use crate::error::CliError;
use crate::session::{Place, Plan, Sending, Session};
use crate::ui::Colour;
use auto_sdk::agent::{self, Answer, approve, told};
use clap::Args;
use serde_json::{Value, json};

/// Ask whether an agent may do something, and which grant decides. Nothing is sent.
///
/// The answer follows from the state that the node proves: grants, revocations, budgets and the money in the vault.
/// The exit code is 0 for yes and 4 for no.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto agent can trader 'spend 5 to bob'
  auto agent can booker 'do room/book on room:berlin/7 spend 2 to carol' --json")]
pub(super) struct Can {
    /// The agent: its name here, DID, id or alias.
    agent: String,
    /// What: `spend A to NAME`, `pay NAME A`, or `do CMD on RES [spend A to NAME]`.
    #[arg(required = true, value_name = "WHAT")]
    words: Vec<String>,
    /// In its own name, out of its own vault, without grants.
    #[arg(long)]
    own: bool,
    #[command(flatten)]
    place: Place,
}

/// Let an agent do something.
///
/// It signs with its key, which is in the keystore; the chain verifies the call under its grants, debits every
/// budget on the way to the root, and pays out of the vault there: all of it or nothing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto agent act trader pay bob 2
  auto agent act booker 'do room/book on room:berlin/7 spend 2 to carol' --from bob --json")]
pub(super) struct Act {
    /// The agent, whose key is in the keystore.
    agent: String,
    /// What: `spend A to NAME`, `pay NAME A`, or `do CMD on RES [spend A to NAME]`.
    #[arg(required = true, value_name = "WHAT")]
    words: Vec<String>,
    /// In its own name, out of its own vault, without grants.
    #[arg(long)]
    own: bool,
    /// An identity that approves, whose key is in the keystore; may be given several times.
    #[arg(long = "approved-by", value_name = "NAME")]
    approvers: Vec<String>,
    #[command(flatten)]
    sending: Sending,
}

/// An answer as data.
pub(crate) fn data(answer: &Answer) -> Value {
    match answer {
        Answer::Yes { chain, approvals } => json!({
            "allowed": true, "grant": chain.last().map(ToString::to_string),
            "chain": chain.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "approvals": approvals.map_or(0, |(_, count)| count),
        }),
        Answer::No { code, reason, grant } => json!({
            "allowed": false, "code": code, "reason": reason, "grant": grant.map(|grant| grant.to_string()),
        }),
    }
}

pub(super) async fn can(context: &Context, args: &Can) -> Result<(), CliError> {
    let mut session = Session::open(context, &args.place).await?;
    let id = session.identity(&args.agent).await?;
    let request = session.request(&args.words.join(" ")).await?;
    let errand = request.errand(&mut session.state, Some(&context.keystore())).await?;
    let answer = judged(&mut session, id, &errand, args.own).await?;
    let mut data = data(&answer);
    data["what"] = json!(request.to_string());
    data["block"] = json!(session.state.number());
    match answer {
        Answer::Yes { chain, approvals } => {
            let yes = context.ui.paint(Colour::Green, "yes");
            let by =
                chain.last().map_or_else(|| "in its own name".to_owned(), |last| format!("by grant {last}"));
            let also = approvals.map_or_else(String::new, |(_, count)| format!(", once {count} approve"));
            context.ui.result(&data, &format!("{yes}, {by}{also}"));
            Ok(())
        }
        Answer::No { code, reason, grant } => {
            let no = context.ui.paint(Colour::Red, "no");
            let by = grant.map_or_else(String::new, |grant| format!(", by grant {grant}"));
            context.ui.outcome(false, &data, &format!("{no}{by}: {reason}"));
            Err(CliError::refused(code, reason).told())
        }
    }
}

pub(super) async fn act(context: &Context, args: &Act) -> Result<(), CliError> {
    let (name, sending) = (&args.agent, &args.sending);
    let mut session = Session::open(context, &sending.place).await?;
    let payer = session.payer(sending, name)?;
    let words = args.words.join(" ");
    let request = session.request(&words).await?;
    let errand = request.errand(&mut session.state, Some(&context.keystore())).await?;
    let id = context.keystore().read_identity(name)?.name.id;
    let chain = match judged(&mut session, id, &errand, args.own).await? {
        Answer::Yes { chain, .. } => chain,
        Answer::No { code, reason, grant } => {
            if let Some(grant) = grant {
                context
                    .ui
                    .note(&format!("grant {grant} decides; `auto grant show {grant}` says what it allows"));
            }
            return Err(CliError::refused(code, reason));
        }
    };
    let key = session.key(name).await?;
    let intent = told(&words);
    let done = agent::act(&key, session.state.point(), chain.clone(), &errand, &intent)?;
    let mut approvals = Vec::new();
    for approver in &args.approvers {
        let key = session.key(approver).await?;
        approvals.push(approve(&key, session.state.point(), done.digest)?);
    }
    let digest = done.digest.to_string();
    let pays = match &errand.spend {
        Some((amount, payee)) => format!(", and pays {amount} to {}", session.payee(payee)),
        None => String::new(),
    };
    let plan = Plan {
        calls: vec![done.carried(approvals, intent)?],
        effects: vec![format!("{name} does {} on {}{pays}", errand.command, errand.resource)],
        data: json!({
            "agent": id.to_string(), "what": request.to_string(), "call": digest,
            "grant": chain.last().map(ToString::to_string),
            "pays": errand.spend.as_ref().map(|(amount, _)| amount),
        }),
        grave: false,
    };
    session.carry_out(sending, &payer, plan, &format!("{name} did `{request}`: call {digest}")).await
}
