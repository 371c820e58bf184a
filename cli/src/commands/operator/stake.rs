//! `auto operator nominate`, `withdraw` and `unlock`: moving stake.

use super::send::{OneOperator, Request, Session};
use crate::context::Context;
use crate::error::{CliError, Fault};
use auto_core::{Amount, OperatorId};
use auto_sdk::{PositionInfo, domains};
use clap::Args;
use serde_json::json;

/// Add stake to an operator.
///
/// It becomes stake at the end of the domain's epoch; a fifth of it goes to the operator's storage fund.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto operator nominate 0 50 --from alice
  auto operator nominate 3 '1.5 AI3' --from savings --dry-run --json")]
pub(super) struct Nominate {
    #[command(flatten)]
    one: OneOperator,
    /// How much, in AI3.
    amount: Amount,
}

/// Begin to take stake back.
///
/// It leaves the pool at the end of the domain's epoch, and is locked until the height at which it left is
/// confirmed; then `auto operator unlock` pays it out. The part in the storage fund comes along.
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("how_much").required(true),
    after_help = "Examples:
  auto operator withdraw 0 20 --from alice
  auto operator withdraw 0 --all --from alice
  auto operator withdraw 3 --shares 5000000000000000000 --from savings --json"
)]
pub(super) struct Withdraw {
    #[command(flatten)]
    one: OneOperator,
    /// How much stake at today's worth, in AI3.
    #[arg(group = "how_much")]
    amount: Option<Amount>,
    /// All of it.
    #[arg(long, group = "how_much")]
    all: bool,
    /// So many shares of the pool.
    #[arg(long, group = "how_much", value_name = "COUNT")]
    shares: Option<u128>,
}

/// Take back what is no longer locked.
///
/// With an operator that ended, all that is left there comes back.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto operator unlock 0 --from alice
  auto operator unlock 3 --from savings --yes --json")]
pub(super) struct Unlock {
    #[command(flatten)]
    one: OneOperator,
}

pub(super) async fn nominate(context: &Context, args: &Nominate) -> Result<(), CliError> {
    let session = Session::start(context, &args.one.sending).await?;
    let (operator, amount) = (args.one.id(), args.amount);
    let known = session.client.operator(operator).await?;
    let request = Request {
        call: domains::nominate(operator, amount),
        effect: format!("nominate operator {operator} of {} with {amount}", known.domain_name),
        data: json!({ "operator": operator, "domain": known.domain, "amount": amount }),
        grave: false,
    };
    session.carry_out(request, &format!("nominated operator {operator} with {amount}")).await
}

/// `floor(shares * amount / stake)` without an intermediate overflow, for an amount below the stake.
fn shares_of(shares: u128, amount: u128, stake: u128) -> Option<u128> {
    let (whole, part) = (shares.checked_div(stake)?, shares.checked_rem(stake)?);
    let (mut quotient, mut rest) = (0u128, 0u128);
    // Binary multiplication that keeps quotient and rest of what was multiplied so far.
    for bit in (0..u128::BITS).rev() {
        quotient = quotient.checked_mul(2)?;
        rest = rest.checked_mul(2)?;
        if amount >> bit & 1 == 1 {
            quotient = quotient.checked_add(whole)?;
            rest = rest.checked_add(part)?;
        }
        quotient = quotient.checked_add(rest.checked_div(stake)?)?;
        rest = rest.checked_rem(stake)?;
    }
    Some(quotient)
}

async fn position(session: &Session<'_>, operator: OperatorId) -> Result<PositionInfo, CliError> {
    let found = session.client.positions(&session.address()).await?;
    let own = found.into_iter().find(|position| position.operator == operator);
    own.ok_or_else(|| Fault::NotFound { what: "stake with operator", key: operator.to_string() }.into())
}

pub(super) async fn withdraw(context: &Context, args: &Withdraw) -> Result<(), CliError> {
    let session = Session::start(context, &args.one.sending).await?;
    let operator = args.one.id();
    let (amount, words) = match (args.amount, args.shares) {
        (Some(amount), _) => {
            let own = position(&session, operator).await?;
            if amount >= own.stake {
                (auto_sdk::Withdraw::All, format!("all of the stake, {}", own.stake))
            } else {
                let shares = shares_of(own.shares, amount.base_units(), own.stake.base_units());
                let shares = shares.ok_or_else(|| Fault::Usage(format!("{amount} is too much")))?;
                (auto_sdk::Withdraw::Shares(shares), format!("{amount}"))
            }
        }
        (None, Some(shares)) => (auto_sdk::Withdraw::Shares(shares), format!("{shares} shares")),
        (None, None) => (auto_sdk::Withdraw::All, "all of the stake".to_owned()),
    };
    let shares = match amount {
        auto_sdk::Withdraw::All => None,
        auto_sdk::Withdraw::Shares(shares) => Some(shares.to_string()),
    };
    let request = Request {
        call: domains::withdraw(operator, amount),
        effect: format!("withdraw {words} from operator {operator}"),
        data: json!({ "operator": operator, "all": shares.is_none(), "shares": shares }),
        grave: false,
    };
    let Some((receipt, data)) = session.send(request).await? else { return Ok(()) };
    let done = format!("began to withdraw {words} from operator {operator}");
    let next = format!("`auto operator status --account {}` tells when it is free", args.one.sending.from);
    session.finish(&receipt, &data, &done, Some(&next));
    Ok(())
}

pub(super) async fn unlock(context: &Context, args: &Unlock) -> Result<(), CliError> {
    let session = Session::start(context, &args.one.sending).await?;
    let operator = args.one.id();
    let ended = session.client.operator(operator).await?.status == "DEREGISTERED";
    let (call, what) = if ended {
        (domains::unlock_nominator(operator), "all that is left")
    } else {
        (domains::unlock(operator), "what is no longer locked")
    };
    let request = Request {
        call,
        effect: format!("take back {what} with operator {operator}"),
        data: json!({ "operator": operator, "ended": ended }),
        grave: false,
    };
    session.carry_out(request, &format!("took back {what} with operator {operator}")).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_follow_the_amount_even_where_the_product_overflows() {
        let huge = u128::from(u64::MAX) << 40;
        for (shares, amount, stake, expected) in [
            (100, 50, 200, 25),
            (100, 1, 3, 33),
            (3, 2, 7, 0),
            (huge, huge - 1, huge, huge - 1),
            (huge / 2, huge / 4, huge, huge / 8),
            (0, 5, 7, 0),
        ] {
            assert_eq!(shares_of(shares, amount, stake), Some(expected), "{shares} * {amount} / {stake}");
        }
        assert_eq!(shares_of(1, 1, 0), None);
    }
}
