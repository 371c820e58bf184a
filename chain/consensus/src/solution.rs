//! Verification of a farmer's claim to a slot: cheap checks first, cryptography last.

use crate::ConsensusError;
use auto_core::{
    ChallengeBits, Commitment, Hash, HistorySize, PieceIndex, PotOutput, ProtocolParams, SBucket,
    SegmentIndex, Slot, Solution, SolutionRange, evaluation_seed, expiration_history_size, global_challenge,
    hash, is_within_range, mask_chunk, piece_index, sector_id, solution_distance,
};
use auto_kzg::{Kzg, Opening};

/// The archived history as the block under verification sees it.
pub trait History {
    /// The commitment of a segment of the parent's history; `None` when there is no such segment.
    fn segment_commitment(&self, index: SegmentIndex) -> Option<Commitment>;
}

impl<T: History + ?Sized> History for &T {
    fn segment_commitment(&self, index: SegmentIndex) -> Option<Commitment> {
        (**self).segment_commitment(index)
    }
}

impl History for Vec<auto_core::SegmentHeader> {
    /// Reads a list of all segment headers from segment zero on.
    fn segment_commitment(&self, index: SegmentIndex) -> Option<Commitment> {
        let header = self.get(usize::try_from(index.0).ok()?)?;
        (header.index == index).then_some(header.commitment)
    }
}

/// What a solution is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The slot that is claimed.
    pub slot: Slot,
    /// Output of that slot.
    pub proof_of_time: PotOutput,
    /// The range that the solution must meet.
    pub solution_range: SolutionRange,
    /// Length of the history up to the parent.
    pub history_size: HistorySize,
    /// Whether the block announces a segment of its own, so that a sector may already draw from it.
    pub announces_segment: bool,
}

/// A solution that passed every cheap check, and what the checks derived.
///
/// Only [`check_solution`] makes one; the proofs inside are not verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedSolution<'a> {
    solution: &'a Solution,
    sector_id: Hash,
    piece_index: PieceIndex,
    s_bucket: SBucket,
    distance: u64,
    segment_commitment: Commitment,
}

impl CheckedSolution<'_> {
    /// The piece of the history that the chunk is from.
    #[must_use]
    pub const fn piece_index(&self) -> PieceIndex {
        self.piece_index
    }

    /// The s-bucket that the slot challenged.
    #[must_use]
    pub const fn s_bucket(&self) -> SBucket {
        self.s_bucket
    }

    /// Distance of the audit value from the challenge.
    #[must_use]
    pub const fn distance(&self) -> u64 {
        self.distance
    }

    /// Verifies the proof of space alone, which ties the solution to the challenge of its slot.
    ///
    /// # Errors
    /// When the proof of space does not hold for the challenged s-bucket.
    pub fn verify_space(&self, params: &ProtocolParams) -> Result<(), ConsensusError> {
        let solution = self.solution;
        let seed = evaluation_seed(&self.sector_id, solution.piece_offset);
        auto_proof_of_space::verify(params.space_k, &seed, self.s_bucket, &solution.proof_of_space)
            .map_err(ConsensusError::Space)
    }

    /// Verifies the proof of space, then both openings with one pairing check.
    ///
    /// # Errors
    /// When the proof of space or an opening does not hold.
    pub fn verify(&self, params: &ProtocolParams) -> Result<(), ConsensusError> {
        self.verify_space(params)?;
        let solution = self.solution;
        let pieces = params.pieces_per_segment();
        let position = self
            .piece_index
            .position(pieces)
            .ok_or(ConsensusError::HistoryOverflow { size: solution.history_size })?;
        let openings = [
            Opening::Chunk {
                commitment: solution.record_commitment,
                s_bucket: self.s_bucket,
                chunk: solution.chunk,
                witness: solution.chunk_witness,
            },
            Opening::Record {
                segment: self.segment_commitment,
                position,
                pieces,
                record: solution.record_commitment,
                witness: solution.record_witness,
            },
        ];
        Kzg::ceremony().verify_openings(&openings).map_err(ConsensusError::Opening)
    }
}

/// Checks everything about a solution that costs no cryptography beyond a few hashes.
///
/// This is also the quick variant for a farmer, who made the proofs and need not verify them.
///
/// # Errors
/// The first rule that the solution breaks.
pub fn check_solution<'a>(
    params: &ProtocolParams,
    history: &dyn History,
    claim: &Claim,
    solution: &'a Solution,
) -> Result<CheckedSolution<'a>, ConsensusError> {
    let (size, offset) = (solution.history_size, solution.piece_offset);
    if offset.0 >= params.pieces_in_sector {
        return Err(ConsensusError::PieceOffset { offset, pieces: params.pieces_in_sector });
    }
    let sector_id = sector_id(&solution.public_key, solution.sector_index, size);
    let challenge = global_challenge(&claim.proof_of_time, claim.slot);
    let bits = ChallengeBits::new(&sector_id, &challenge, params.audit_classes);
    let class = offset.0.checked_rem(params.audit_classes).unwrap_or(0);
    if class != bits.class {
        return Err(ConsensusError::PieceClass { class, challenged: bits.class });
    }
    let limit = claim.history_size.segments().saturating_add(u64::from(claim.announces_segment));
    let limit = HistorySize::new(limit).unwrap_or(claim.history_size);
    if size > limit {
        return Err(ConsensusError::HistorySize { declared: size, limit });
    }
    let overflow = ConsensusError::HistoryOverflow { size };
    let piece_index = piece_index(params, &sector_id, size, offset).ok_or_else(|| overflow.clone())?;
    let segment = piece_index.segment(params.pieces_per_segment()).ok_or(overflow)?;
    check_expiration(params, history, claim, &sector_id, size)?;
    if solution.proof_of_space.k() != params.space_k {
        return Err(ConsensusError::SpaceParameter {
            declared: solution.proof_of_space.k(),
            expected: params.space_k,
        });
    }
    let masked = mask_chunk(&solution.chunk, &hash(solution.proof_of_space.bytes()));
    let distance = solution_distance(&challenge, &bits.sector_slot_challenge, &masked);
    if !is_within_range(distance, claim.solution_range) {
        return Err(ConsensusError::OutsideRange { distance, limit: claim.solution_range.0 / 2 });
    }
    let segment_commitment =
        history.segment_commitment(segment).ok_or(ConsensusError::SegmentUnknown { index: segment })?;
    Ok(CheckedSolution {
        solution,
        sector_id,
        piece_index,
        s_bucket: bits.s_bucket,
        distance,
        segment_commitment,
    })
}

/// Refuses a sector whose end has come; one younger than the minimum lifetime has none yet.
fn check_expiration(
    params: &ProtocolParams,
    history: &dyn History,
    claim: &Claim,
    sector_id: &Hash,
    size: HistorySize,
) -> Result<(), ConsensusError> {
    let deciding = size.segments().checked_add(params.min_sector_lifetime).and_then(HistorySize::new);
    let Some(deciding) = deciding.filter(|deciding| *deciding <= claim.history_size) else {
        return Ok(());
    };
    let index = deciding.last_segment();
    let commitment = history.segment_commitment(index).ok_or(ConsensusError::SegmentUnknown { index })?;
    let expires = expiration_history_size(sector_id, size, &commitment, params.min_sector_lifetime);
    if expires <= claim.history_size {
        return Err(ConsensusError::SectorExpired { expires, current: claim.history_size });
    }
    Ok(())
}

/// Verifies a solution in full: [`check_solution`], then its proofs.
///
/// # Errors
/// The first rule that the solution breaks.
pub fn verify_solution(
    params: &ProtocolParams,
    history: &dyn History,
    claim: &Claim,
    solution: &Solution,
) -> Result<(), ConsensusError> {
    check_solution(params, history, claim, solution)?.verify(params)
}
