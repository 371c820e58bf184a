//! What an account has with an operator, and why it can or cannot be taken out.

use super::account::Account;
use super::domain::{Domain, read};
use super::operator::{Operator, Status};
use super::pin::Pin;
use super::scalar::{AmountText, Height, Natural128};
use crate::position::{Holding, explain, holding, holdings, total};
use async_graphql::{Context, Object, Result, SimpleObject};
use auto_core::{Address, OperatorId};

/// Something that an account took out of an operator's pool.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct Withdrawal {
    /// How much; an estimate at today's price as long as the shares have not left.
    amount: AmountText,
    /// Height of the domain that must be confirmed; none while the shares have not left, which they do when
    /// the epoch ends.
    locked_until: Option<Height>,
    /// Whether it can be unlocked now.
    is_free: bool,
}

/// What an account has with an operator.
#[derive(Debug, Clone)]
pub(crate) struct Position {
    pub(crate) address: Address,
    pub(crate) holding: Holding,
    pub(crate) pin: Pin,
}

/// All positions of an account.
pub(super) fn list(ctx: &Context<'_>, pin: Pin, address: Address) -> Result<Vec<Position>> {
    let found = read(ctx, pin, |state| holdings(state, &address))?;
    Ok(found.into_iter().map(|holding| Position { address, holding, pin }).collect())
}

/// The position of an account with one operator.
pub(super) fn load(
    ctx: &Context<'_>,
    pin: Pin,
    operator: OperatorId,
    address: Address,
) -> Result<Option<Position>> {
    let found = read(ctx, pin, |state| holding(state, operator, &address))?;
    Ok(found.map(|holding| Position { address, holding, pin }))
}

/// What an account has with an operator, and why it can or cannot be taken out.
#[Object]
impl Position {
    /// Whose.
    async fn account(&self) -> Account {
        Account { address: self.address, pin: self.pin }
    }

    /// The operator.
    async fn operator(&self) -> Operator {
        Operator { view: self.holding.operator.clone(), pin: self.pin }
    }

    /// The domain that it operates.
    async fn domain(&self) -> Domain {
        Domain { view: self.holding.domain.clone(), pin: self.pin }
    }

    /// What became of the operator.
    async fn status(&self) -> Status {
        self.holding.position.status.into()
    }

    /// Whether the account owns the operator.
    async fn is_owner(&self) -> bool {
        self.holding.position.is_owner
    }

    /// Shares of the pool.
    async fn shares(&self) -> Natural128 {
        Natural128(self.holding.position.shares)
    }

    /// What they are worth now.
    async fn stake(&self) -> AmountText {
        self.holding.position.stake.into()
    }

    /// What the account's shares of the storage fund are worth now.
    async fn fund(&self) -> AmountText {
        self.holding.position.fund.into()
    }

    /// What becomes stake when the epoch ends.
    async fn joining(&self) -> AmountText {
        self.holding.position.joining.into()
    }

    /// What was taken out and not unlocked.
    async fn withdrawals(&self) -> Vec<Withdrawal> {
        let withdrawals = self.holding.position.withdrawals.iter();
        withdrawals
            .map(|one| Withdrawal {
                amount: one.amount.into(),
                locked_until: one.locked_until.map(Height),
                is_free: one.is_free,
            })
            .collect()
    }

    /// All of it together; none when it overflows.
    async fn total(&self) -> Option<AmountText> {
        total(&self.holding.position).map(AmountText)
    }

    /// The newest confirmed height of the domain, up to which withdrawals are free.
    async fn confirmed(&self) -> Height {
        self.holding.position.confirmed.into()
    }

    /// All of it in sentences.
    async fn explanation(&self) -> Vec<String> {
        explain(&self.holding)
    }
}
