//! Accounts.

use super::domain::{self, account::DomainAccount};
use super::identifier::{NodeId, node_id};
use super::page::{Page, PageArgs};
use super::pin::Pin;
use super::position::{self, Position};
use super::scalar::{AddressText, AmountText, BytesText, HashText, Height, Natural};
use super::transaction::Transaction;
use super::{Node, cost, fail};
use crate::ApiError;
use crate::cursor::Cursor;
use async_graphql::connection::{Connection, Edge};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use auto_core::{Address, BlockNumber};

/// An account, read lazily.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account {
    pub(crate) address: Address,
    pub(crate) pin: Pin,
}

/// Everything needed to check a balance without trusting this node.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct AccountProof {
    /// Height of the header.
    number: Height,
    /// Hash of the header.
    block_hash: HashText,
    /// The root that the proof leads to; a field of the header.
    root: HashText,
    /// The encoded header.
    header: BytesText,
    /// The encoded proof of the account's entry, or of its absence.
    proof: BytesText,
}

/// A holder of money. Every address is an account; one never used has nothing.
#[Object]
impl Account {
    /// Global identifier for `node`.
    pub(crate) async fn id(&self) -> ID {
        node_id(NodeId::Account(self.address))
    }

    /// The address.
    async fn address(&self) -> AddressText {
        AddressText(self.address)
    }

    /// Money held at the height of the request.
    async fn balance(&self, ctx: &Context<'_>) -> Result<AmountText> {
        let account = ctx.data::<Node>()?.account(&self.address, Some(self.pin.block.number));
        Ok(account.map_err(fail)?.balance.into())
    }

    /// Transactions sent at the height of the request.
    async fn nonce(&self, ctx: &Context<'_>) -> Result<Natural> {
        let account = ctx.data::<Node>()?.account(&self.address, Some(self.pin.block.number));
        Ok(Natural(account.map_err(fail)?.nonce.0))
    }

    /// The nonce that a new transaction should carry now, whatever the height of the request: behind the
    /// head and behind what waits in this node's pool.
    async fn next_nonce(&self, ctx: &Context<'_>) -> Result<Natural> {
        Ok(Natural(ctx.data::<Node>()?.next_nonce(&self.address).map_err(fail)?.0))
    }

    /// Transactions that touch the account, newest first, up to the height of the request.
    #[graphql(complexity = "cost::of_page(first, None, child_complexity)")]
    async fn transactions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
    ) -> Result<Connection<String, Transaction>> {
        let node = ctx.data::<Node>()?;
        let page = PageArgs { first, after, ..PageArgs::default() }.check(ctx)?;
        let Page::Forward(rows, cursor) = page else { return Err(fail(forward_only())) };
        let newest = self.pin.block.number.0.checked_add(1).map(|above| (BlockNumber(above), 0));
        let before = match cursor {
            None => newest,
            Some(Cursor::Sent(number, position)) => Some((BlockNumber(number), position)),
            Some(other) => return Err(fail(ApiError::Cursor(other.text()))),
        };
        let found = node.transactions_of(&self.address, before, rows.saturating_add(1)).map_err(fail)?;
        let mut connection = Connection::new(cursor.is_some(), found.len() > rows);
        for view in found.into_iter().take(rows) {
            let Some((block, position)) = view.included else { continue };
            let cursor = Cursor::Sent(block.number.0, position).text();
            connection.edges.push(Edge::new(cursor, Transaction { view, pin: self.pin }));
        }
        Ok(connection)
    }

    /// The account on every domain that this node follows, by domain.
    #[graphql(complexity = "20 + 10 * child_complexity")]
    async fn domains(&self, ctx: &Context<'_>) -> Result<Vec<DomainAccount>> {
        domain::account::everywhere(ctx, self.pin, self.address)
    }

    /// What the account has with operators of domains, by operator.
    #[graphql(complexity = "400 + 20 * child_complexity")]
    async fn positions(&self, ctx: &Context<'_>) -> Result<Vec<Position>> {
        position::list(ctx, self.pin, self.address)
    }

    /// Proof of balance and nonce at the height of the request, to be checked offline.
    #[graphql(complexity = "20 + child_complexity")]
    async fn proof(&self, ctx: &Context<'_>) -> Result<AccountProof> {
        let node = ctx.data::<Node>()?;
        let proof = node.account_proof(&self.address, Some(self.pin.block.number)).map_err(fail)?;
        let block = proof.account.at;
        let header = node.header(&block.hash).map_err(fail)?;
        let header = header.ok_or_else(|| fail(ApiError::CursorUnknown(block.hash)))?;
        Ok(AccountProof {
            number: block.number.into(),
            block_hash: block.hash.into(),
            root: header.state_root.into(),
            header: BytesText(proof.header),
            proof: BytesText(proof.proof),
        })
    }
}

/// The failure of a backward page on an index that runs one way.
pub(crate) fn forward_only() -> ApiError {
    ApiError::BadPage("this connection pages forward only".to_owned())
}
