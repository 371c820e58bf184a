//! Verification of openings, many at a time.

use crate::KzgError;
use crate::ceremony::{Kzg, chunk_point};
use crate::curve::{Affine, Fr, G1, G2Affine, pairings_cancel};
use crate::segment::{record_element, record_point};
use auto_core::{Commitment, SBucket, ScalarBytes, Witness, hash_parts, tag};

/// A claim that a committed polynomial has a value at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// A chunk of a record.
    Chunk {
        /// Commitment to the record.
        commitment: Commitment,
        /// Position of the chunk in the extended record.
        s_bucket: SBucket,
        /// The chunk.
        chunk: ScalarBytes,
        /// Proves the chunk.
        witness: Witness,
    },
    /// A record of a segment.
    Record {
        /// Commitment to the segment.
        segment: Commitment,
        /// Position of the piece in the segment.
        position: u64,
        /// Pieces of the segment.
        pieces: u64,
        /// Commitment to the record.
        record: Commitment,
        /// Proves the record's commitment.
        witness: Witness,
    },
}

/// An opening as field elements and points: `commitment` has `value` at `point`.
struct Claim {
    commitment: G1,
    witness: G1,
    point: Fr,
    value: Fr,
}

impl Opening {
    /// Every field at fixed width behind a byte for the kind, so no two openings read the same.
    fn transcript(&self) -> Vec<u8> {
        match self {
            Self::Chunk { commitment, s_bucket, chunk, witness } => {
                [&[0], commitment.0.as_slice(), &s_bucket.0.to_le_bytes(), &chunk.0, &witness.0].concat()
            }
            Self::Record { segment, position, pieces, record, witness } => {
                let numbers = [position.to_le_bytes(), pieces.to_le_bytes()].concat();
                [&[1], segment.0.as_slice(), &numbers, &record.0, &witness.0].concat()
            }
        }
    }

    fn decode(&self, index: usize) -> Result<Claim, KzgError> {
        let (point, value, commitment, witness) = match self {
            Self::Chunk { commitment, s_bucket, chunk, witness } => {
                let value = Fr::from_bytes(&chunk.0).ok_or(KzgError::Scalar { index })?;
                (
                    chunk_point(*s_bucket)?,
                    value,
                    (commitment, "record commitment"),
                    (witness, "chunk witness"),
                )
            }
            Self::Record { segment, position, pieces, record, witness } => {
                let value = record_element(record);
                let point = record_point(*position, *pieces)?;
                (point, value, (segment, "segment commitment"), (witness, "record witness"))
            }
        };
        let decode = |bytes, what| Affine::from_bytes(bytes).map(G1::from).ok_or(KzgError::Point { what });
        Ok(Claim {
            commitment: decode(&commitment.0.0, commitment.1)?,
            witness: decode(&witness.0.0, witness.1)?,
            point,
            value,
        })
    }
}

/// The factor of an opening in the combination: 128 bits that depend on all openings.
fn factor(seed: &[u8], index: usize) -> [u8; 16] {
    let index = u64::try_from(index).unwrap_or(u64::MAX);
    let wide = hash_parts(tag::KZG_OPENINGS, &[seed, &index.to_le_bytes()]);
    let (short, _) = wide.0.as_chunks::<16>();
    short.first().copied().unwrap_or_default()
}

fn factor_scalar(factor: &[u8; 16]) -> Fr {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().rev().zip(factor) {
        *to = *from;
    }
    Fr::from_bytes(&bytes).unwrap_or(Fr::ZERO)
}

impl Kzg {
    /// Checks that `chunk` is at `s_bucket` of the record that `commitment` commits to.
    ///
    /// # Errors
    /// [`KzgError::SBucket`], [`KzgError::Scalar`], [`KzgError::Point`], [`KzgError::Opening`].
    pub fn verify_chunk(
        &self,
        commitment: &Commitment,
        s_bucket: SBucket,
        chunk: &ScalarBytes,
        witness: &Witness,
    ) -> Result<(), KzgError> {
        let opening = Opening::Chunk { commitment: *commitment, s_bucket, chunk: *chunk, witness: *witness };
        self.verify_openings(&[opening])
    }

    /// Checks that the record which `record` commits to is at `position` of a segment of `pieces` pieces.
    ///
    /// # Errors
    /// [`KzgError::Count`], [`KzgError::Position`], [`KzgError::Point`], [`KzgError::Opening`].
    pub fn verify_record(
        &self,
        segment: &Commitment,
        position: u64,
        pieces: u64,
        record: &Commitment,
        witness: &Witness,
    ) -> Result<(), KzgError> {
        let opening =
            Opening::Record { segment: *segment, position, pieces, record: *record, witness: *witness };
        self.verify_openings(&[opening])
    }

    /// Checks any number of openings with two Miller loops.
    ///
    /// With `C` a commitment, `y` its value at `z` and `W` the witness, each opening states
    /// `e(C - y G + z W, g2) = e(W, tau g2)`; the openings are added up, each times a factor derived by
    /// hashing them all, so that a false one survives with a probability of 2^-128.
    ///
    /// # Errors
    /// Those of [`Kzg::verify_chunk`] and [`Kzg::verify_record`]; [`KzgError::Opening`] does not say which
    /// of the openings is false.
    pub fn verify_openings(&self, openings: &[Opening]) -> Result<(), KzgError> {
        let claims = openings
            .iter()
            .enumerate()
            .map(|(i, opening)| opening.decode(i))
            .collect::<Result<Vec<_>, _>>()?;
        let transcript: Vec<u8> = openings.iter().flat_map(Opening::transcript).collect();
        let seed = hash_parts(tag::KZG_OPENINGS, &[&transcript]);
        let (mut left, mut right, mut values) = (G1::infinity(), G1::infinity(), Fr::ZERO);
        for (index, claim) in claims.iter().enumerate() {
            // The first factor may be one: what counts is that the others cannot be foreseen.
            let (commitment, witness, scalar) = if index == 0 {
                (claim.commitment, claim.witness, Fr::one())
            } else {
                let factor = factor(seed.as_ref(), index);
                let scalar = factor_scalar(&factor);
                (claim.commitment.mul_short(&factor), claim.witness.mul_short(&factor), scalar)
            };
            left = left.add(&commitment).add(&witness.mul(&claim.point));
            right = right.add(&witness);
            values = values.add(&claim.value.mul(&scalar));
        }
        let left = left.sub(&G1::from(Affine::generator()).mul(&values));
        let pairs = [(left.to_affine(), &G2Affine::generator()), (right.negate().to_affine(), &self.tau)];
        if pairings_cancel(pairs) { Ok(()) } else { Err(KzgError::Opening) }
    }
}
