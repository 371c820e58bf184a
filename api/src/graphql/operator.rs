//! Operators.

use super::account::{Account, forward_only};
use super::domain::{Domain, owning, read};
use super::identifier::{NodeId, node_id};
use super::page::{Page, PageArgs};
use super::pin::Pin;
use super::position::Position;
use super::scalar::{AmountText, BytesText, HashText, Height, Natural, Natural128};
use super::{cost, fail};
use crate::ApiError;
use crate::cursor::Cursor;
use crate::position::holding;
use async_graphql::connection::{Connection, Edge};
use async_graphql::{Context, Enum, ID, Object, Result};
use auto_core::OperatorId;
use auto_domains::state::OperatorStatus;
use auto_domains::view::{self, OperatorView};

/// What became of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "OperatorStatus")]
pub(crate) enum Status {
    /// It takes part, from the epoch after it was registered.
    Registered,
    /// It rests.
    Deactivated,
    /// It ended.
    Deregistered,
    /// A receipt marks a bundle of it invalid.
    InvalidBundle,
    /// It vouched for a wrong receipt, and its stake is being taken.
    PendingSlash,
    /// Its stake was taken.
    Slashed,
}

impl From<OperatorStatus> for Status {
    fn from(status: OperatorStatus) -> Self {
        match status {
            OperatorStatus::Registered => Self::Registered,
            OperatorStatus::Deactivated(_) => Self::Deactivated,
            OperatorStatus::Deregistered(_) => Self::Deregistered,
            OperatorStatus::InvalidBundle(_) => Self::InvalidBundle,
            OperatorStatus::PendingSlash => Self::PendingSlash,
            OperatorStatus::Slashed => Self::Slashed,
        }
    }
}

/// An operator, loaded at the height of the request.
#[derive(Debug, Clone)]
pub(crate) struct Operator {
    pub(crate) view: OperatorView,
    pub(crate) pin: Pin,
}

/// The operator of a number.
pub(super) fn load(ctx: &Context<'_>, pin: Pin, number: OperatorId) -> Result<Option<Operator>> {
    let view = read(ctx, pin, |state| view::operator(state, number))?;
    Ok(view.map(|view| Operator { view, pin }))
}

/// Someone who executes a domain and answers for the result with a stake, that of nominators included.
#[Object]
impl Operator {
    /// Global identifier for `node`.
    pub(crate) async fn id(&self) -> ID {
        node_id(NodeId::Operator(self.view.operator.0))
    }

    /// Its number, from 0, in the order of registration.
    async fn number(&self) -> Natural {
        Natural(self.view.operator.0)
    }

    /// The domain that it operates.
    async fn domain(&self, ctx: &Context<'_>) -> Result<Domain> {
        owning(ctx, self.pin, self.view.record.domain)
    }

    /// Who owns it.
    async fn owner(&self) -> Account {
        Account { address: self.view.record.owner, pin: self.pin }
    }

    /// Its public key, by which its bundles are signed.
    async fn key(&self) -> BytesText {
        BytesText(self.view.record.key.0.to_vec())
    }

    /// What became of it.
    async fn status(&self) -> Status {
        self.view.record.status.into()
    }

    /// The epoch of its domain since which it rests.
    async fn resting_since(&self) -> Option<Natural> {
        self.view.record.rests_since.map(Natural)
    }

    /// The height of its domain at which it ended.
    async fn ended_at(&self) -> Option<Height> {
        match self.view.record.status {
            OperatorStatus::Deregistered(height) => Some(height.into()),
            _ => None,
        }
    }

    /// The receipt that marks a bundle of it invalid.
    async fn blamed_by(&self) -> Option<HashText> {
        match self.view.record.status {
            OperatorStatus::InvalidBundle(receipt) => Some(receipt.into()),
            _ => None,
        }
    }

    /// The least that others may add.
    async fn nomination_min(&self) -> AmountText {
        self.view.record.nomination_min.into()
    }

    /// Its share of the nominators' rewards in percent.
    async fn tax_percent(&self) -> u8 {
        self.view.record.tax_percent
    }

    /// Stake of its pool, without what joins at the end of the epoch.
    async fn stake(&self) -> AmountText {
        self.view.record.stake.into()
    }

    /// All that is staked with it, deposits of the epoch included.
    async fn staked(&self) -> AmountText {
        self.view.staked.into()
    }

    /// Its stake in the epoch of its domain, which decides its chances; none when it takes no part.
    async fn epoch_stake(&self) -> Option<AmountText> {
        self.view.elected_stake.map(AmountText)
    }

    /// Shares of the pool.
    async fn shares(&self) -> Natural128 {
        Natural128(self.view.record.shares)
    }

    /// What joins at the end of the epoch.
    async fn joining(&self) -> AmountText {
        self.view.record.deposits_in_epoch.into()
    }

    /// Shares that leave at the end of the epoch.
    async fn leaving_shares(&self) -> Natural128 {
        Natural128(self.view.record.withdrawals_in_epoch)
    }

    /// What is left for the bytes of its bundles.
    async fn storage_fund(&self) -> AmountText {
        self.view.record.storage_fund.into()
    }

    /// What the fund paid for bundles of blocks that are not confirmed; part of it comes back.
    async fn storage_outstanding(&self) -> AmountText {
        self.view.record.storage_outstanding.into()
    }

    /// The highest slot that it claimed in an earlier block.
    async fn last_slot(&self) -> Option<Natural> {
        self.view.record.last_slot.map(|slot| Natural(slot.0))
    }

    /// The highest domain block that it vouched for.
    async fn last_receipt(&self) -> Option<Height> {
        self.view.record.last_receipt.map(Height)
    }

    /// Its bundles in this epoch.
    async fn bundles_in_epoch(&self) -> Natural {
        Natural(self.view.record.bundles_in_epoch)
    }

    /// Number of its nominators, the owner included.
    async fn nominator_count(&self) -> u32 {
        self.view.record.nominators
    }

    /// What each nominator has with it; the order changes when one leaves.
    #[graphql(complexity = "cost::of_page(first, None, child_complexity)")]
    async fn nominators(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
    ) -> Result<Connection<String, Position>> {
        let page = PageArgs { first, after, ..PageArgs::default() }.check(ctx)?;
        let Page::Forward(rows, cursor) = page else { return Err(fail(forward_only())) };
        let from = match cursor {
            None => 0,
            Some(Cursor::Position(at)) => at.saturating_add(1),
            Some(other) => return Err(fail(ApiError::Cursor(other.text()))),
        };
        let wanted = u32::try_from(rows)?;
        let operator = self.view.operator;
        let found = read(ctx, self.pin, |state| {
            let addresses = view::nominators(state, operator, from, wanted)?;
            let load = |address: auto_core::Address| {
                Ok(holding(state, operator, &address)?.map(|holding| (address, holding)))
            };
            addresses
                .into_iter()
                .map(load)
                .filter_map(Result::transpose)
                .collect::<std::result::Result<Vec<_>, _>>()
        })?;
        let more = from.saturating_add(wanted) < self.view.record.nominators;
        let mut connection = Connection::new(from > 0, more);
        for (at, (address, holding)) in (from..).zip(found) {
            let position = Position { address, holding, pin: self.pin };
            connection.edges.push(Edge::new(Cursor::Position(at).text(), position));
        }
        Ok(connection)
    }
}
