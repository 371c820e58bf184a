//! Stored objects.

use super::block::Block;
use super::identifier::{NodeId, node_id};
use super::pin::Pin;
use super::scalar::{HashText, Height, Natural};
use super::{Node, fail};
use async_graphql::{Context, ID, Object, Result};
use auto_node::{ObjectPlace, ObjectView};

/// An object.
#[derive(Debug, Clone)]
pub(crate) struct StoredObject {
    pub(crate) view: ObjectView,
    pub(crate) pin: Pin,
}

/// Bytes stored on the chain, named by their content hash.
#[Object(name = "StoredObject")]
impl StoredObject {
    /// Global identifier for `node`.
    pub(crate) async fn id(&self) -> ID {
        node_id(NodeId::Object(self.view.hash))
    }

    /// Content hash: the tagged hash of the bytes.
    async fn hash(&self) -> HashText {
        self.view.hash.into()
    }

    /// Length in bytes.
    async fn size_bytes(&self) -> Natural {
        Natural(self.view.size_bytes)
    }

    /// Height of the block that stored it first.
    async fn stored_at(&self) -> Height {
        self.view.block.into()
    }

    /// The block that stored it first.
    async fn block(&self, ctx: &Context<'_>) -> Result<Option<Block>> {
        let view = ctx.data::<Node>()?.block(self.view.block).map_err(fail)?;
        Ok(view.map(|view| Block { view, pin: self.pin }))
    }

    /// Whether it is in the archived history, where any farmer can prove and serve it.
    async fn archived(&self) -> bool {
        matches!(self.view.place, ObjectPlace::Archived { .. })
    }

    /// The source piece in which it starts; none before it is archived.
    async fn piece(&self) -> Option<Natural> {
        match self.view.place {
            ObjectPlace::Archived { piece, .. } => Some(Natural(piece.0)),
            ObjectPlace::Pending { .. } => None,
        }
    }

    /// Offset in bytes inside that piece's raw record; none before it is archived.
    async fn offset(&self) -> Option<u32> {
        match self.view.place {
            ObjectPlace::Archived { offset, .. } => Some(offset),
            ObjectPlace::Pending { .. } => None,
        }
    }

    /// Path under which this server gives the bytes.
    async fn path(&self) -> String {
        format!("/objects/{}", self.view.hash)
    }
}
