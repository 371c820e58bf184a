//! The derivations that tie a chunk to a sector, a slot and a price of winning (chain.md 1.3).

use crate::{
    CHUNKS_PER_RECORD, Commitment, Hash, HistorySize, PieceIndex, PieceOffset, PotOutput, ProtocolParams,
    PublicKey, S_BUCKETS, SBucket, ScalarBytes, SectorIndex, Slot, SolutionRange, hash, keyed_hash,
};

/// The identity of a sector: `blake3_keyed(blake3(public key); sector index || history size)`.
#[must_use]
pub fn sector_id(public_key: &PublicKey, sector: SectorIndex, history_size: HistorySize) -> Hash {
    let mut input = [0; 12];
    let (index, size) = input.split_at_mut(4);
    index.copy_from_slice(&sector.0.to_le_bytes());
    size.copy_from_slice(&history_size.segments().to_le_bytes());
    keyed_hash(public_key.hash().as_bytes(), &input)
}

/// A 256-bit little-endian number modulo `modulus`; zero for a modulus of zero.
fn modulo(number: &Hash, modulus: u64) -> u64 {
    let fold = |rest: u128, byte: &u8| {
        ((rest << 8) | u128::from(*byte)).checked_rem(u128::from(modulus)).unwrap_or(0)
    };
    let rest = number.0.iter().rev().fold(0, fold);
    u64::try_from(rest).expect("holds because a rest is below its 64-bit modulus")
}

/// Which piece of the history a sector holds at `offset`.
///
/// A tenth of a sector (the odd offsets among the first fifth) is drawn from recent history as soon
/// as the history is ten times as long as what counts as recent. `None` when a count overflows.
#[must_use]
pub fn piece_index(
    params: &ProtocolParams,
    sector_id: &Hash,
    history_size: HistorySize,
    offset: PieceOffset,
) -> Option<PieceIndex> {
    let mut key = [0; 32];
    let [first, second] = offset.0.to_le_bytes();
    (key[0], key[1]) = (first, second);
    let draw = keyed_hash(&key, sector_id.as_ref());
    let pieces = history_size.pieces(params.pieces_per_segment())?;
    let recent = params.recent_segments.checked_mul(params.pieces_per_segment())?;
    let (numerator, denominator) = params.recent_history_fraction;
    let long = pieces.checked_mul(u64::from(numerator))? > recent.checked_mul(u64::from(denominator))?;
    let share = u64::from(params.pieces_in_sector).checked_mul(2)?.checked_mul(u64::from(numerator))?;
    let early = u64::from(offset.0) < share.checked_div(u64::from(denominator))?;
    if long && early && offset.0 % 2 == 1 {
        let first_recent = pieces.checked_sub(recent)?;
        return modulo(&draw, recent).checked_add(first_recent).map(PieceIndex);
    }
    Some(PieceIndex(modulo(&draw, pieces)))
}

/// The seed of the tables that mask the piece at `offset`: `blake3(sector id || offset)`.
#[must_use]
pub fn evaluation_seed(sector_id: &Hash, offset: PieceOffset) -> Hash {
    hash(&[sector_id.as_ref(), offset.0.to_le_bytes().as_slice()].concat())
}

/// The challenge of a slot to every farmer: `blake3(blake3(output) || slot)`.
#[must_use]
pub fn global_challenge(output: &PotOutput, slot: Slot) -> Hash {
    hash(&[output.randomness().as_ref(), slot.0.to_le_bytes().as_slice()].concat())
}

/// The challenge of a slot to one sector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChallengeBits {
    /// `sector id XOR global challenge`; keys the audit of chunks.
    pub sector_slot_challenge: Hash,
    /// The s-bucket to read: the low 13 of the challenge's first 16 bits.
    pub s_bucket: SBucket,
    /// The class of pieces that may answer (`offset mod classes`): the bits above those 13.
    pub class: u16,
}

impl ChallengeBits {
    /// Derives the challenge of `sector_id`, whose pieces fall into `classes` (a power of two, at most 8).
    #[must_use]
    pub fn new(sector_id: &Hash, global_challenge: &Hash, classes: u16) -> Self {
        let mut challenge = sector_id.0;
        for (byte, other) in challenge.iter_mut().zip(global_challenge.0) {
            *byte ^= other;
        }
        let bits = u16::from_le_bytes([challenge[0], challenge[1]]);
        Self {
            sector_slot_challenge: Hash(challenge),
            s_bucket: SBucket(bits % 8192),
            class: (bits / 8192).checked_rem(classes).unwrap_or(0),
        }
    }
}

/// A chunk as it lies on disk, or back: `chunk XOR blake3(proof of space)`.
#[must_use]
pub fn mask_chunk(chunk: &ScalarBytes, proof_hash: &Hash) -> ScalarBytes {
    let mut masked = chunk.0;
    for (byte, other) in masked.iter_mut().zip(proof_hash.0) {
        *byte ^= other;
    }
    ScalarBytes(masked)
}

/// How far a masked chunk's audit value lies from the challenge, on the circle of 64-bit numbers.
#[must_use]
pub fn solution_distance(
    global_challenge: &Hash,
    sector_slot_challenge: &Hash,
    masked_chunk: &ScalarBytes,
) -> u64 {
    let audit = first_u64(&keyed_hash(sector_slot_challenge.as_bytes(), &masked_chunk.0));
    let target = first_u64(global_challenge);
    audit.wrapping_sub(target).min(target.wrapping_sub(audit))
}

fn first_u64(hash: &Hash) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = hash.0;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// Whether a distance wins: it is at most half the range.
#[must_use]
pub const fn is_within_range(distance: u64, range: SolutionRange) -> bool {
    distance <= range.0 / 2
}

/// The range at which `pieces` plotted pieces win a slot with the parameters' probability.
///
/// Half of all s-buckets are occupied and one class of pieces answers a slot, so one piece offers
/// `1 / (2 * classes)` chunks a slot on average. Saturates at the widest range.
#[must_use]
pub fn pieces_to_range(params: &ProtocolParams, pieces: u64) -> SolutionRange {
    SolutionRange(ratio(params, pieces))
}

/// The plotted pieces at which `range` gives the parameters' slot probability; inverse of
/// [`pieces_to_range`].
#[must_use]
pub fn range_to_pieces(params: &ProtocolParams, range: SolutionRange) -> u64 {
    ratio(params, range.0)
}

fn ratio(params: &ProtocolParams, divisor: u64) -> u64 {
    let (numerator, denominator) = params.slot_probability;
    let occupancy = u128::try_from(S_BUCKETS / CHUNKS_PER_RECORD).unwrap_or(u128::MAX);
    // At most 2^64 * 2^32 * 2 * 2^16, so no product overflows.
    let whole = u128::from(u64::MAX) * u128::from(numerator) / u128::from(denominator.max(1));
    let value = whole * occupancy * u128::from(params.audit_classes) / u128::from(divisor.max(1));
    u64::try_from(value).unwrap_or(u64::MAX)
}

/// At which length of the history a sector stops being valid.
///
/// With even odds the sector expires at a length in `(h, 2h]` or in `(2h, 4h]`, evenly inside either,
/// and never before the minimum lifetime. `commitment` is that of segment `h + minimum lifetime - 1`,
/// which nobody knows while plotting. A sector is invalid once the history is that long.
#[must_use]
pub fn expiration_history_size(
    sector_id: &Hash,
    history_size: HistorySize,
    commitment: &Commitment,
    min_sector_lifetime: u64,
) -> HistorySize {
    let draw = hash(&[sector_id.as_ref(), commitment.0.as_slice()].concat());
    let size = history_size.segments();
    let lifetime = size.saturating_add(min_sector_lifetime);
    let (low, high) = if draw.0[31].is_multiple_of(2) { (1, 2) } else { (2, 4) };
    let low = size.saturating_mul(low).max(lifetime);
    let width = size.saturating_mul(high).saturating_sub(low).max(1);
    let expires = low.saturating_add(modulo(&draw, width)).saturating_add(1);
    HistorySize::new(expires).unwrap_or(HistorySize::ONE)
}
