//! Archived segments.

use super::identifier::{NodeId, node_id};
use super::scalar::{BytesText, Height, Natural};
use async_graphql::{ID, Object};
use auto_node::SegmentView;

/// A segment.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    pub(crate) view: SegmentView,
}

/// A segment of the archived history: source pieces and as many parity pieces.
#[Object]
impl Segment {
    /// Global identifier for `node`.
    pub(crate) async fn id(&self) -> ID {
        node_id(NodeId::Segment(self.view.index.0))
    }

    /// Position in the history, from zero.
    async fn index(&self) -> Natural {
        Natural(self.view.index.0)
    }

    /// Commitment to its records: a compressed point of BLS12-381.
    async fn commitment(&self) -> BytesText {
        let text = self.view.commitment.0.to_string();
        BytesText(hex::decode(text.trim_start_matches("0x")).unwrap_or_default())
    }

    /// Height of the last block that begins in it.
    async fn last_block(&self) -> Height {
        self.view.last_block.into()
    }

    /// Pieces, source and parity.
    async fn pieces(&self) -> Natural {
        Natural(self.view.pieces)
    }

    /// How many of its pieces this node's farms hold in plotted sectors.
    async fn plotted_pieces(&self) -> Natural {
        Natural(self.view.plotted_pieces)
    }
}
