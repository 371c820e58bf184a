//! Blocks of domains, as this node derived them.

use super::transaction::{DomainTransaction, ModuleEvent};
use super::{Domain, followed};
use crate::BackendError;
use crate::cursor::Cursor;
use crate::graphql::page::{PageArgs, window};
use crate::graphql::pin::Pin;
use crate::graphql::receipt::{BlockFees, BlockTransfers};
use crate::graphql::scalar::{HashText, Height};
use crate::graphql::{cost, fail};
use async_graphql::connection::{Connection, Edge};
use async_graphql::{Context, Enum, Object, Result};
use auto_core::BlockNumber;
use auto_operator::{DomainBlockView, DomainStatus, TransactionStatus};

/// How far the result of a domain block is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "DomainBlockStanding")]
pub(crate) enum Standing {
    /// This node derived it; no operator vouched for it on the consensus chain yet.
    Derived,
    /// An operator vouched for the same result; it can be challenged.
    Vouched,
    /// An operator vouched for another result than this node derived: that is to be proven wrong.
    Disputed,
    /// It can no longer be challenged.
    Confirmed,
}

impl Standing {
    pub(crate) fn of(status: &DomainStatus, number: BlockNumber) -> Self {
        if status.wrong.contains(&number) {
            Self::Disputed
        } else if number <= status.confirmed {
            Self::Confirmed
        } else if number <= status.head_receipt {
            Self::Vouched
        } else {
            Self::Derived
        }
    }
}

/// A block of a domain.
#[derive(Debug, Clone)]
pub(crate) struct DomainBlock {
    view: DomainBlockView,
    standing: Standing,
    pin: Pin,
}

impl DomainBlock {
    /// The block of a height, or the newest one, up to the height of the request.
    pub(super) fn load(ctx: &Context<'_>, of: &Domain, number: Option<BlockNumber>) -> Result<Option<Self>> {
        let (handle, status) = followed(ctx, of.view.domain)?;
        let newest = of.view.record.head.min(status.number);
        let number = number.unwrap_or(newest);
        if number > newest {
            return Ok(None);
        }
        let view = handle.block(of.view.domain, number);
        let view = view.map_err(|error| fail(BackendError::from(error)))?;
        Ok(view.map(|view| Self { standing: Standing::of(&status, number), view, pin: of.pin }))
    }
}

/// Blocks of a domain, newest first, up to the height of the request.
pub(super) fn list(
    ctx: &Context<'_>,
    of: &Domain,
    args: &PageArgs,
) -> Result<Connection<String, DomainBlock>> {
    let page = args.check(ctx)?;
    let (handle, status) = followed(ctx, of.view.domain)?;
    let newest = of.view.record.head.min(status.number).0;
    let row_of = |cursor| match cursor {
        Cursor::DomainBlock(height) => newest.checked_sub(height),
        _ => None,
    };
    let rows = window(page, newest.saturating_add(1), row_of).map_err(fail)?;
    let before = newest.saturating_sub(rows.start).saturating_add(1);
    let wanted = usize::try_from(rows.end.saturating_sub(rows.start))?;
    let found = handle.blocks(of.view.domain, Some(BlockNumber(before)), wanted);
    let found = found.map_err(|error| fail(BackendError::from(error)))?;
    // Of blocks that are long confirmed nothing is kept.
    let mut connection = Connection::new(rows.previous, rows.next && found.len() == wanted);
    for view in found {
        let number = view.receipt.number;
        let block = DomainBlock { standing: Standing::of(&status, number), view, pin: of.pin };
        connection.edges.push(Edge::new(Cursor::DomainBlock(number.0).text(), block));
    }
    Ok(connection)
}

/// A block of a domain, as this node derived it from its consensus block.
#[Object]
impl DomainBlock {
    /// Its height.
    async fn number(&self) -> Height {
        self.view.receipt.number.into()
    }

    /// Its hash.
    async fn hash(&self) -> HashText {
        self.view.receipt.block_hash.into()
    }

    /// The domain.
    async fn domain(&self, ctx: &Context<'_>) -> Result<Domain> {
        super::owning(ctx, self.pin, self.view.receipt.domain)
    }

    /// Hash of the receipt that this node would vouch for.
    async fn receipt_hash(&self) -> HashText {
        self.view.receipt_hash.into()
    }

    /// How far its result is settled.
    async fn standing(&self) -> Standing {
        self.standing
    }

    /// Height of the consensus block that it is derived from.
    async fn consensus_number(&self) -> Height {
        self.view.receipt.consensus_number.into()
    }

    /// Hash of that block.
    async fn consensus_hash(&self) -> HashText {
        self.view.receipt.consensus_hash.into()
    }

    /// Root of the domain's state after the block.
    async fn state_root(&self) -> HashText {
        self.view.receipt.final_state_root.into()
    }

    /// What it took.
    async fn fees(&self) -> BlockFees {
        (&self.view.receipt.fees).into()
    }

    /// What it moved between chains.
    async fn transfers(&self) -> BlockTransfers {
        (&self.view.receipt.transfers).into()
    }

    /// Number of transactions and messages that ran.
    async fn transaction_count(&self) -> usize {
        self.view.ran.len()
    }

    /// Transactions and messages in the order in which they ran.
    #[graphql(complexity = "cost::of_page(first, last, child_complexity)")]
    async fn transactions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(desc = "Rows from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<String, DomainTransaction>> {
        let page = PageArgs { first, after, last, before }.check(ctx)?;
        let row_of = |cursor| match cursor {
            Cursor::Position(position) => Some(u64::from(position)),
            _ => None,
        };
        let rows = window(page, u64::try_from(self.view.ran.len())?, row_of).map_err(fail)?;
        let mut connection = Connection::new(rows.previous, rows.next);
        for row in rows.start..rows.end {
            let Some(ran) = self.view.ran.get(usize::try_from(row)?) else { continue };
            let position = u32::try_from(row)?;
            let status = TransactionStatus::Executed {
                number: self.view.receipt.number,
                position,
                ran: Box::new(ran.clone()),
                confirmed: self.view.confirmed,
            };
            let domain = self.view.receipt.domain;
            let transaction = DomainTransaction::new(domain, ran.hash, status, None, self.pin);
            connection.edges.push(Edge::new(Cursor::Position(position).text(), transaction));
        }
        Ok(connection)
    }

    /// What happened at the end of the block.
    async fn events(&self) -> Vec<ModuleEvent> {
        self.view.finalized.iter().map(ModuleEvent::from).collect()
    }
}
