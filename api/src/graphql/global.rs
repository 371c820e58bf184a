//! Anything by its global identifier.

use super::account::Account;
use super::block::Block;
use super::domain::{self, Domain};
use super::identifier::{NodeId, parse_node_id};
use super::object::StoredObject;
use super::operator::{self, Operator};
use super::pin::Pin;
use super::segment::Segment;
use super::transaction::Transaction;
use super::{Node, fail};
use async_graphql::{Context, ID, Interface, Result};
use auto_core::{DomainId, OperatorId, SegmentIndex};
use auto_node::{SegmentView, TransactionView};

/// Anything with a global identifier.
#[derive(Debug, Clone, Interface)]
#[graphql(name = "Node", field(name = "id", ty = "ID", desc = "Global identifier for `node`."))]
pub(crate) enum NodeInterface {
    /// A block.
    Block(Box<Block>),
    /// A transaction.
    Transaction(Box<Transaction>),
    /// An account.
    Account(Account),
    /// An object.
    Object(StoredObject),
    /// A segment.
    Segment(Segment),
    /// A domain.
    Domain(Box<Domain>),
    /// An operator.
    Operator(Box<Operator>),
}

pub(super) fn visible(view: &TransactionView, pin: Pin) -> bool {
    view.included.is_none_or(|(block, _)| pin.holds(block.number))
}

pub(super) fn segment(node: &Node, index: u64) -> Result<Option<SegmentView>> {
    let before = index.checked_add(1).map(SegmentIndex);
    let found = node.segments(before, 1).map_err(fail)?;
    Ok(found.into_iter().find(|view| view.index.0 == index))
}

/// What an identifier names, as of the height of the request.
pub(super) fn load(ctx: &Context<'_>, pin: Pin, id: &ID) -> Result<Option<NodeInterface>> {
    let node = ctx.data::<Node>()?;
    Ok(match parse_node_id(id)? {
        NodeId::Block(hash) => {
            let view = node.block_by_hash(&hash).map_err(fail)?.filter(|view| pin.holds(view.id.number));
            view.map(|view| NodeInterface::Block(Box::new(Block { view, pin })))
        }
        NodeId::Transaction(hash) => {
            let view = node.transaction(&hash).map_err(fail)?.filter(|view| visible(view, pin));
            view.map(|view| NodeInterface::Transaction(Box::new(Transaction { view, pin })))
        }
        NodeId::Account(address) => Some(NodeInterface::Account(Account { address, pin })),
        NodeId::Object(hash) => {
            let view = node.object_info(&hash).map_err(fail)?.filter(|view| pin.holds(view.block));
            view.map(|view| NodeInterface::Object(StoredObject { view, pin }))
        }
        NodeId::Segment(index) => {
            let view = segment(node, index)?.filter(|view| pin.holds(view.last_block));
            view.map(|view| NodeInterface::Segment(Segment { view }))
        }
        NodeId::Domain(number) => {
            let found = domain::load(ctx, pin, DomainId(number))?;
            found.map(|domain| NodeInterface::Domain(Box::new(domain)))
        }
        NodeId::Operator(number) => {
            let found = operator::load(ctx, pin, OperatorId(number))?;
            found.map(|operator| NodeInterface::Operator(Box::new(operator)))
        }
    })
}
