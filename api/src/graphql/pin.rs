//! The height at which one request is read.

use super::scalar::{HashText, Height};
use super::{Node, fail};
use crate::ApiError;
use async_graphql::{Context, OneofObject, Result};
use auto_core::BlockNumber;
use auto_node::{BlockId, BlockView};
use std::sync::OnceLock;

/// The height to read at: exactly one field.
#[derive(Debug, Clone, Copy, OneofObject)]
pub(crate) enum At {
    /// A height of the best chain.
    Height(Height),
    /// A block of the best chain.
    Hash(HashText),
    /// The last confirmed block; give `true`.
    Confirmed(bool),
}

/// The block that everything below is read at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pin {
    pub(crate) block: BlockId,
}

impl Pin {
    pub(crate) fn holds(&self, number: BlockNumber) -> bool {
        number <= self.block.number
    }
}

/// What one request has been pinned to so far.
#[derive(Debug, Default)]
pub(crate) struct RequestPin {
    head: OnceLock<BlockId>,
    chosen: OnceLock<BlockId>,
}

impl RequestPin {
    /// The block that the response is read at; none while nothing was read.
    pub(crate) fn block(&self) -> Option<BlockId> {
        self.chosen.get().or_else(|| self.head.get()).copied()
    }

    /// The head as of the request's first read.
    pub(crate) fn head(&self, node: &Node) -> Result<Pin> {
        if let Some(block) = self.head.get() {
            return Ok(Pin { block: *block });
        }
        let head = node.status().map_err(fail)?.head;
        Ok(Pin { block: *self.head.get_or_init(|| head) })
    }

    fn choose(&self, block: BlockId) -> Result<Pin> {
        if *self.chosen.get_or_init(|| block) == block {
            Ok(Pin { block })
        } else {
            Err(fail(ApiError::TwoHeights))
        }
    }
}

/// The pin of a request without a choice: the head at its first read.
pub(crate) fn head(ctx: &Context<'_>) -> Result<Pin> {
    let node = ctx.data::<Node>()?;
    match ctx.data_opt::<RequestPin>() {
        Some(pin) => pin.head(node),
        None => Ok(Pin { block: node.status().map_err(fail)?.head }),
    }
}

/// The failure for a height outside what can be read.
fn unavailable(node: &Node, wanted: impl ToString) -> ApiError {
    match (node.oldest_state(), node.status()) {
        (Ok(oldest), Ok(status)) => {
            ApiError::HeightUnavailable { wanted: wanted.to_string(), oldest, newest: status.head.number }
        }
        (Err(error), _) | (_, Err(error)) => ApiError::Node(error),
    }
}

/// Pins the request to the block that was chosen.
pub(crate) fn choose(ctx: &Context<'_>, at: At) -> Result<Pin> {
    let node = ctx.data::<Node>()?;
    let block = match at {
        At::Height(Height(number)) => {
            let block = node.block(number).map_err(fail)?;
            block.ok_or_else(|| fail(unavailable(node, number)))?.id
        }
        At::Hash(HashText(hash)) => {
            let known = node.block_by_hash(&hash).map_err(fail)?.filter(|block: &BlockView| block.canonical);
            known.ok_or_else(|| fail(unavailable(node, format_args!("of block {hash}"))))?.id
        }
        At::Confirmed(true) => node.status().map_err(fail)?.confirmed,
        At::Confirmed(false) => {
            return Err(fail(ApiError::BadValue(
                "`confirmed` takes only `true`; leave `at` out for the head".into(),
            )));
        }
    };
    if block.number < node.oldest_state().map_err(fail)? {
        return Err(fail(unavailable(node, block.number)));
    }
    ctx.data::<RequestPin>()?.choose(block)
}
