//! `auto operator deregister`, `deactivate` and `reactivate`: whether an operator takes part.

use super::send::{OneOperator, Request, Session};
use crate::context::Context;
use crate::error::CliError;
use auto_core::{Call, OperatorId};
use auto_sdk::domains;
use clap::Args;
use serde_json::json;

/// End an operator for good.
///
/// It takes no part any more, and its key never serves again. Once everything that it vouched for is
/// confirmed, owner and nominators take their money back with `auto operator unlock`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto operator deregister 3 --from savings
  auto operator deregister 3 --from savings --yes --json")]
pub(super) struct Deregister {
    #[command(flatten)]
    one: OneOperator,
}

/// Let an operator rest.
///
/// It is elected no more and earns nothing, and its stake stays; `auto operator reactivate` ends the rest.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto operator deactivate 3 --from savings
  auto operator deactivate 3 --from savings --dry-run --json")]
pub(super) struct Deactivate {
    #[command(flatten)]
    one: OneOperator,
}

/// End an operator's rest.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto operator reactivate 3 --from savings
  auto operator reactivate 3 --from savings --wait confirmed --json")]
pub(super) struct Reactivate {
    #[command(flatten)]
    one: OneOperator,
}

struct Change {
    call: fn(OperatorId) -> Call,
    verb: &'static str,
    done: &'static str,
    grave: bool,
}

async fn change(context: &Context, one: &OneOperator, change: Change) -> Result<(), CliError> {
    let session = Session::start(context, &one.sending).await?;
    let operator = one.id();
    let known = session.client.operator(operator).await?;
    let request = Request {
        call: (change.call)(operator),
        effect: format!("{} operator {operator} of {}", change.verb, known.domain_name),
        data: json!({ "operator": operator, "domain": known.domain }),
        grave: change.grave,
    };
    session.carry_out(request, &format!("{} operator {operator}", change.done)).await
}

pub(super) async fn deregister(context: &Context, args: &Deregister) -> Result<(), CliError> {
    let (call, grave) = (domains::deregister, true);
    change(context, &args.one, Change { call, verb: "end", done: "ended", grave }).await
}

pub(super) async fn deactivate(context: &Context, args: &Deactivate) -> Result<(), CliError> {
    let (call, grave) = (domains::deactivate, false);
    change(context, &args.one, Change { call, verb: "deactivate", done: "deactivated", grave }).await
}

pub(super) async fn reactivate(context: &Context, args: &Reactivate) -> Result<(), CliError> {
    let (call, grave) = (domains::reactivate, false);
    change(context, &args.one, Change { call, verb: "reactivate", done: "reactivated", grave }).await
}
