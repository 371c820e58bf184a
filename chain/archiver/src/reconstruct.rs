//! Reconstruction of a segment from any half of its pieces.

use crate::archiver::make_pieces;
use crate::{ArchiveError, piece_to_raw, verify_piece, verify_piece_witness};
use auto_core::{Commitment, Piece, PieceIndex, ProtocolParams, SegmentHeader};
use auto_kzg::{Kzg, recover_segment};
use rayon::prelude::*;

/// All pieces of a segment from at least half of them, by position.
///
/// Each piece that is used is verified first. A corrupted one is left out and another taken in its place
/// while there are any. The result is compared with the header's commitment.
///
/// # Errors
/// [`ArchiveError::PieceCount`], [`ArchiveError::NotEnoughPieces`] with the positions of corrupted pieces,
/// [`ArchiveError::SegmentMismatch`].
pub fn reconstruct_segment(
    params: &ProtocolParams,
    header: &SegmentHeader,
    pieces: &[Option<Piece>],
) -> Result<Vec<Piece>, ArchiveError> {
    let needed = usize::from(params.records_per_segment);
    let expected = needed.checked_mul(2).ok_or(ArchiveError::Overflow)?;
    if pieces.len() != expected {
        return Err(ArchiveError::PieceCount { expected, given: pieces.len() });
    }
    let given = pieces.iter().flatten().count();
    if given < needed {
        return Err(ArchiveError::NotEnoughPieces { good: given, needed, bad: Vec::new() });
    }
    let good = choose(params, header, pieces, needed)?;

    let mut records = vec![None; expected];
    let mut commitments: Vec<Option<Commitment>> = vec![None; expected];
    for (position, piece) in good {
        if let (Some(record), Some(commitment)) = (records.get_mut(position), commitments.get_mut(position)) {
            *record = Some(piece.record.clone());
            *commitment = Some(piece.commitment);
        }
    }
    let recovered = recover_segment(&records)?;
    drop(records);
    let source: Vec<(Vec<u8>, Option<Commitment>)> =
        recovered.into_iter().zip(commitments).step_by(2).collect();
    let made: Vec<(Vec<u8>, Commitment)> = source
        .into_par_iter()
        .map(|(record, known)| {
            let commitment = match known {
                Some(commitment) => commitment,
                None => Kzg::ceremony().commit_record(&record)?,
            };
            Ok((record, commitment))
        })
        .collect::<Result<_, ArchiveError>>()?;
    let (source, commitments) = made.into_iter().unzip();
    let (commitment, all) = make_pieces(source, commitments)?;
    if commitment == header.commitment { Ok(all) } else { Err(ArchiveError::SegmentMismatch(header.index)) }
}

/// As many verified pieces as needed, with their positions; source pieces first, as they save work.
fn choose<'a>(
    params: &ProtocolParams,
    header: &SegmentHeader,
    pieces: &'a [Option<Piece>],
    needed: usize,
) -> Result<Vec<(usize, &'a Piece)>, ArchiveError> {
    let index_of = |position: usize| -> Result<PieceIndex, ArchiveError> {
        let start = header.index.0.checked_mul(params.pieces_per_segment());
        let position = u64::try_from(position).ok();
        start
            .zip(position)
            .and_then(|(start, position)| start.checked_add(position))
            .map(PieceIndex)
            .ok_or(ArchiveError::Overflow)
    };
    let mut candidates: Vec<(usize, PieceIndex, &Piece)> = Vec::new();
    for (position, piece) in pieces.iter().enumerate() {
        if let Some(piece) = piece {
            candidates.push((position, index_of(position)?, piece));
        }
    }
    candidates.sort_by_key(|(position, ..)| (position % 2, *position));
    // Witnesses are cheap and weed out most; records are checked only for as many as are needed.
    let by_witness: Vec<bool> = candidates
        .par_iter()
        .map(|(_, index, piece)| verify_piece_witness(params, header, *index, piece).is_ok())
        .collect();
    let mut bad = Vec::new();
    let mut left = Vec::new();
    for (candidate, holds) in candidates.into_iter().zip(by_witness) {
        if holds { left.push(candidate) } else { bad.push(candidate.0) }
    }
    let mut left = left.into_iter();
    let mut good = Vec::new();
    while good.len() < needed {
        let batch: Vec<_> = left.by_ref().take(needed - good.len()).collect();
        if batch.is_empty() {
            bad.sort_unstable();
            return Err(ArchiveError::NotEnoughPieces { good: good.len(), needed, bad });
        }
        let checked: Vec<(usize, &Piece, bool)> = batch
            .into_par_iter()
            .map(|(position, index, piece)| {
                (position, piece, verify_piece(params, header, index, piece).is_ok())
            })
            .collect();
        for (position, piece, holds) in checked {
            if holds { good.push((position, piece)) } else { bad.push(position) }
        }
    }
    Ok(good)
}

/// The bytes of a segment out of its source pieces, the even ones of `pieces`; parity may be missing.
///
/// The pieces are not verified here.
///
/// # Errors
/// [`ArchiveError::PieceCount`], [`ArchiveError::NotEnoughPieces`] when a source piece is missing,
/// [`ArchiveError::RecordMismatch`].
pub fn join_source_pieces(
    params: &ProtocolParams,
    pieces: &[Option<Piece>],
) -> Result<Vec<u8>, ArchiveError> {
    let needed = usize::from(params.records_per_segment);
    let expected = needed.checked_mul(2).ok_or(ArchiveError::Overflow)?;
    if pieces.len() != expected {
        return Err(ArchiveError::PieceCount { expected, given: pieces.len() });
    }
    let good = pieces.iter().step_by(2).flatten().count();
    if good < needed {
        return Err(ArchiveError::NotEnoughPieces { good, needed, bad: Vec::new() });
    }
    let mut raw = Vec::with_capacity(params.segment_bytes());
    for (index, piece) in (0u64..).step_by(2).zip(pieces.iter().step_by(2).flatten()) {
        raw.extend_from_slice(&piece_to_raw(PieceIndex(index), piece)?);
    }
    Ok(raw)
}
