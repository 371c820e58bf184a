//! Where pieces come from while plotting.

use auto_core::{Piece, PieceIndex};

/// Why a source could not give a piece.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SourceError(pub String);

/// Gives pieces of the archived history by index, from several threads at once.
///
/// The source verifies what it gives: the record against its commitment, and the commitment against
/// its segment. The farmer plots what it is given.
pub trait PieceSource: Sync {
    /// The piece, or `None` if nobody has it.
    ///
    /// # Errors
    /// When it could not be fetched; plotting stops and can be continued later.
    fn piece(&self, index: PieceIndex) -> Result<Option<Piece>, SourceError>;
}

impl<F: Fn(PieceIndex) -> Result<Option<Piece>, SourceError> + Sync> PieceSource for F {
    fn piece(&self, index: PieceIndex) -> Result<Option<Piece>, SourceError> {
        self(index)
    }
}
