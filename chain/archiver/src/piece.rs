//! Verification of single pieces.

use crate::ArchiveError;
use auto_core::{Piece, PieceIndex, ProtocolParams, SegmentHeader};
use auto_kzg::{Kzg, record_to_raw};

/// Verifies that `piece` is the piece at `index` of the history: its record has its commitment, and the
/// segment commits to that at the piece's position. Costs one commitment (tens of milliseconds).
///
/// # Errors
/// [`ArchiveError::ForeignPiece`], [`ArchiveError::WitnessMismatch`], [`ArchiveError::RecordMismatch`].
pub fn verify_piece(
    params: &ProtocolParams,
    header: &SegmentHeader,
    index: PieceIndex,
    piece: &Piece,
) -> Result<(), ArchiveError> {
    verify_piece_witness(params, header, index, piece)?;
    match Kzg::ceremony().commit_record(&piece.record) {
        Ok(commitment) if commitment == piece.commitment => Ok(()),
        _ => Err(ArchiveError::RecordMismatch(index)),
    }
}

/// Verifies only that the segment commits to `piece.commitment` at the position of `index`; the record is
/// not looked at. Costs about a millisecond.
///
/// # Errors
/// [`ArchiveError::ForeignPiece`], [`ArchiveError::WitnessMismatch`].
pub fn verify_piece_witness(
    params: &ProtocolParams,
    header: &SegmentHeader,
    index: PieceIndex,
    piece: &Piece,
) -> Result<(), ArchiveError> {
    let pieces = params.pieces_per_segment();
    let foreign = ArchiveError::ForeignPiece { piece: index, segment: header.index };
    if index.segment(pieces) != Some(header.index) {
        return Err(foreign);
    }
    let position = index.position(pieces).ok_or(foreign)?;
    Kzg::ceremony()
        .verify_record(&header.commitment, position, pieces, &piece.commitment, &piece.witness)
        .map_err(|_| ArchiveError::WitnessMismatch(index))
}

/// The raw record that a source piece holds, for [`crate::ObjectReader`] and [`crate::SegmentReader`].
///
/// # Errors
/// [`ArchiveError::RecordMismatch`] when the record does not have the form of a source record.
pub fn piece_to_raw(index: PieceIndex, piece: &Piece) -> Result<Vec<u8>, ArchiveError> {
    record_to_raw(&piece.record).ok_or(ArchiveError::RecordMismatch(index))
}
