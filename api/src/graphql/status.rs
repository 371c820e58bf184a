//! The node at a glance, and what it is configured to allow.

use super::block::Block;
use super::pin::Pin;
use super::scalar::{AmountText, HashText, Height, Natural};
use super::{Limits, Node, fail};
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use auto_node::{BlockId, NodePhase, NodeStatus};

/// What the node is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "NodePhase")]
pub(crate) enum Phase {
    /// Opening the store and the ceremony.
    Starting,
    /// Importing blocks of peers.
    Syncing,
    /// At the head of the chain.
    Running,
}

/// A block by its place in the chain.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct BlockRef {
    /// Height.
    number: Height,
    /// Hash.
    hash: HashText,
}

impl From<BlockId> for BlockRef {
    fn from(id: BlockId) -> Self {
        Self { number: id.number.into(), hash: id.hash.into() }
    }
}

/// What can be read from this node, and how fresh it is.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct Meta {
    /// Best block.
    pub(crate) head: BlockRef,
    /// Last block below the confirmation depth.
    pub(crate) confirmed: BlockRef,
    /// Seconds since the head was imported.
    pub(crate) lag_seconds: Natural,
    /// Oldest height whose state can be read.
    pub(crate) oldest_state: Height,
}

/// The node as it is now.
#[derive(Debug, Clone)]
pub(crate) struct Status {
    pub(crate) view: NodeStatus,
    pub(crate) pin: Pin,
}

impl Status {
    fn block(&self, ctx: &Context<'_>, id: BlockId) -> Result<Option<Block>> {
        let view = ctx.data::<Node>()?.block_by_hash(&id.hash).map_err(fail)?;
        Ok(view.map(|view| Block { view, pin: self.pin }))
    }
}

/// The node as it is now; not read at the height of the request.
#[Object]
impl Status {
    /// Version of the program.
    async fn version(&self) -> &str {
        &self.view.version
    }

    /// Hash of the genesis block.
    async fn genesis(&self) -> HashText {
        self.view.genesis.into()
    }

    /// Hash of the protocol parameters.
    async fn params_hash(&self) -> HashText {
        self.view.params_hash.into()
    }

    /// What it is doing.
    async fn phase(&self) -> Phase {
        match self.view.phase {
            NodePhase::Starting => Phase::Starting,
            NodePhase::Syncing { .. } => Phase::Syncing,
            NodePhase::Running => Phase::Running,
        }
    }

    /// Height to reach while syncing.
    async fn sync_target(&self) -> Option<Height> {
        match self.view.phase {
            NodePhase::Syncing { target } => Some(target.into()),
            _ => None,
        }
    }

    /// Best block.
    async fn head(&self, ctx: &Context<'_>) -> Result<Option<Block>> {
        self.block(ctx, self.view.head)
    }

    /// Last block below the confirmation depth.
    async fn confirmed(&self, ctx: &Context<'_>) -> Result<Option<Block>> {
        self.block(ctx, self.view.confirmed)
    }

    /// Last proven slot.
    async fn slot(&self) -> Natural {
        Natural(self.view.slot.0)
    }

    /// Length of the archived history in segments.
    async fn history_size(&self) -> Natural {
        Natural(self.view.history_size.segments())
    }

    /// Range that the next block has to meet.
    async fn solution_range(&self) -> Natural {
        Natural(self.view.solution_range.0)
    }

    /// Space that the solution range stands for, in bytes.
    async fn pledged_bytes(&self) -> Natural {
        Natural(self.view.pledged_bytes)
    }

    /// Price of one byte in the head block.
    async fn byte_fee(&self, ctx: &Context<'_>) -> Result<AmountText> {
        Ok(ctx.data::<Node>()?.byte_fees().map_err(fail)?.0.into())
    }

    /// Price of one byte in the next block.
    async fn next_byte_fee(&self, ctx: &Context<'_>) -> Result<AmountText> {
        Ok(ctx.data::<Node>()?.byte_fees().map_err(fail)?.1.into())
    }

    /// All money there is.
    async fn issuance(&self) -> AmountText {
        self.view.issuance.into()
    }

    /// Peers connected.
    async fn peers(&self) -> u32 {
        self.view.peers
    }

    /// Transactions in the pool.
    async fn pool(&self) -> u32 {
        self.view.pool
    }

    /// Seconds since the head was imported.
    async fn head_age_seconds(&self) -> Natural {
        Natural(self.view.head_age_s)
    }

    /// Blocks that this node reverted since it started.
    async fn reorgs(&self) -> Natural {
        Natural(self.view.reorgs)
    }
}

/// Bounds on requests to this server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServiceConfig(pub(crate) Limits);

/// Bounds on requests to this server.
#[Object]
impl ServiceConfig {
    /// Levels of nesting, outside introspection.
    async fn depth_max(&self) -> usize {
        self.0.depth
    }

    /// Cost of a query; a connection costs its page size times what is below it.
    async fn complexity_max(&self) -> usize {
        self.0.complexity
    }

    /// Fields of a query with its fragments expanded.
    async fn nodes_max(&self) -> usize {
        self.0.nodes
    }

    /// Aliases of a query with its fragments expanded.
    async fn aliases_max(&self) -> usize {
        self.0.aliases
    }

    /// Bytes of a request apart from its `Bytes` variables.
    async fn query_bytes_max(&self) -> usize {
        self.0.query_bytes
    }

    /// Bytes of one encoded transaction.
    async fn transaction_bytes_max(&self) -> usize {
        self.0.transaction_bytes
    }

    /// Rows of a page when none are named.
    async fn page_default(&self) -> usize {
        self.0.page_default
    }

    /// Most rows of a page.
    async fn page_max(&self) -> usize {
        self.0.page_max
    }

    /// Seconds of one query.
    async fn timeout_seconds(&self) -> Natural {
        Natural(self.0.timeout_s)
    }

    /// Subscriptions of all clients together.
    async fn subscriptions_max(&self) -> usize {
        self.0.subscriptions
    }
}
