//! Blocks.

use super::account::Account;
use super::identifier::{NodeId, node_id};
use super::page::{PageArgs, window};
use super::pin::Pin;
use super::scalar::{AddressText, AmountText, BytesText, HashText, Height, Natural};
use super::submission::{Event, Submission, events};
use super::transaction::Transaction;
use super::{Node, cost, fail};
use crate::cursor::Cursor;
use async_graphql::connection::{Connection, Edge};
use async_graphql::{Context, ID, Object, Result};
use auto_node::BlockView;
use parity_scale_codec::Encode;

/// A block.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) view: BlockView,
    pub(crate) pin: Pin,
}

/// A block: a header with its proofs, and the transactions it executed.
#[Object]
impl Block {
    /// Global identifier for `node`.
    pub(crate) async fn id(&self) -> ID {
        node_id(NodeId::Block(self.view.id.hash))
    }

    /// Height.
    async fn number(&self) -> Height {
        self.view.id.number.into()
    }

    /// Hash of the sealed header.
    async fn hash(&self) -> HashText {
        self.view.id.hash.into()
    }

    /// Hash of the parent; in the genesis block, of the protocol parameters.
    async fn parent_hash(&self) -> HashText {
        self.view.parent_hash.into()
    }

    /// The parent; none for the genesis block.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Block>> {
        let node = ctx.data::<Node>()?;
        let view = node.block_by_hash(&self.view.parent_hash).map_err(fail)?;
        Ok(view.map(|view| Block { view, pin: self.pin }))
    }

    /// Slot whose challenge the block answers; zero in genesis.
    async fn slot(&self) -> Natural {
        Natural(self.view.slot.0)
    }

    /// Public key of the farmer; none in genesis.
    async fn farmer(&self) -> Option<BytesText> {
        self.view.farmer.map(|key| BytesText(key.0.to_vec()))
    }

    /// Who is paid; none in genesis.
    async fn reward_address(&self) -> Option<AddressText> {
        self.view.reward_address.map(AddressText)
    }

    /// The account that is paid; none in genesis.
    async fn author(&self) -> Option<Account> {
        self.view.reward_address.map(|address| Account { address, pin: self.pin })
    }

    /// Reward and fees that the block issued to its author.
    async fn reward(&self) -> AmountText {
        self.view.reward.into()
    }

    /// Root of the state after the block.
    async fn state_root(&self) -> HashText {
        self.view.state_root.into()
    }

    /// Root over the transactions.
    async fn transactions_root(&self) -> HashText {
        self.view.transactions_root.into()
    }

    /// Root of the mountain range over the blocks before.
    async fn mmr_root(&self) -> HashText {
        self.view.mmr_root.into()
    }

    /// The range that the solution had to meet.
    async fn solution_range(&self) -> Natural {
        Natural(self.view.solution_range.0)
    }

    /// Weight of the chain up to here, in decimal.
    async fn weight(&self) -> &str {
        &self.view.weight
    }

    /// Indexes of the segments that the block adds to the archived history.
    async fn segments(&self) -> Vec<Natural> {
        self.view.segments.iter().map(|index| Natural(index.0)).collect()
    }

    /// Number of transactions.
    async fn transaction_count(&self) -> usize {
        self.view.transactions.len()
    }

    /// Transactions in order of execution.
    #[graphql(complexity = "cost::of_page(first, last, child_complexity)")]
    async fn transactions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(desc = "Rows from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<String, Transaction>> {
        let node = ctx.data::<Node>()?;
        let page = PageArgs { first, after, last, before }.check(ctx)?;
        let hashes = &self.view.transactions;
        let row_of = |cursor| match cursor {
            Cursor::Position(position) => Some(u64::from(position)),
            _ => None,
        };
        let rows = window(page, u64::try_from(hashes.len())?, row_of).map_err(fail)?;
        let mut connection = Connection::new(rows.previous, rows.next);
        for row in rows.start..rows.end {
            let Some(hash) = hashes.get(usize::try_from(row)?) else { continue };
            if let Some(view) = node.transaction(hash).map_err(fail)? {
                let cursor = Cursor::Position(u32::try_from(row)?).text();
                connection.edges.push(Edge::new(cursor, Transaction { view, pin: self.pin }));
            }
        }
        Ok(connection)
    }

    /// Number of submissions.
    async fn submission_count(&self) -> usize {
        self.view.submissions.len()
    }

    /// What operators submitted, in order of execution, before the transactions.
    #[graphql(complexity = "cost::of_page(first, last, child_complexity)")]
    async fn submissions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows from the start; 20 unless told, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to continue after.")] after: Option<String>,
        #[graphql(desc = "Rows from the end.")] last: Option<i32>,
        #[graphql(desc = "Cursor to stop before.")] before: Option<String>,
    ) -> Result<Connection<String, Submission>> {
        let page = PageArgs { first, after, last, before }.check(ctx)?;
        let views = &self.view.submissions;
        let row_of = |cursor| match cursor {
            Cursor::Position(position) => Some(u64::from(position)),
            _ => None,
        };
        let rows = window(page, u64::try_from(views.len())?, row_of).map_err(fail)?;
        let mut connection = Connection::new(rows.previous, rows.next);
        for row in rows.start..rows.end {
            let Some(view) = views.get(usize::try_from(row)?) else { continue };
            let position = u32::try_from(row)?;
            let submission = Submission { view: view.clone(), block: self.view.id, position, pin: self.pin };
            connection.edges.push(Edge::new(Cursor::Position(position).text(), submission));
        }
        Ok(connection)
    }

    /// What happened to the domains before the submissions and after the transactions of the block.
    #[graphql(complexity = "5 + 5 * child_complexity")]
    async fn events(&self, ctx: &Context<'_>) -> Result<Vec<Event>> {
        let told = ctx.data::<Node>()?.block_events(&self.view.id.hash).map_err(fail)?;
        Ok(events(&[told.begun, told.ended].concat()))
    }

    /// Length of the encoded block in bytes.
    async fn size_bytes(&self) -> Natural {
        Natural(self.view.size_bytes)
    }

    /// Length of the encoded solution in bytes; zero in genesis.
    async fn solution_bytes(&self) -> Natural {
        Natural(self.view.solution_bytes)
    }

    /// Whether the block is on the best chain now.
    async fn canonical(&self) -> bool {
        self.view.canonical
    }

    /// Whether the block lies below the confirmation depth now.
    async fn confirmed(&self) -> bool {
        self.view.confirmed
    }

    /// The encoded header, whose tagged hash is the block's hash.
    async fn header(&self, ctx: &Context<'_>) -> Result<Option<BytesText>> {
        let node = ctx.data::<Node>()?;
        let header = node.header(&self.view.id.hash).map_err(fail)?;
        Ok(header.map(|header| BytesText(header.encode())))
    }
}
