//! The settings of the Ethereum ceremony, and what is computed from them once.

use crate::KzgError;
use crate::curve::{Affine, Fr, G1, G2Affine, batch_invert};
use crate::fourier::{evaluate_points, inverse_size, points, reverse_bits};
use crate::multiples::Multiples;
use crate::record::decode_record;
use auto_core::{CHUNKS_PER_RECORD, Commitment, S_BUCKETS, SBucket, ScalarBytes, Witness};
use rayon::prelude::*;
use std::fmt;
use std::sync::OnceLock;

/// Commitments to the Lagrange polynomials of the powers of `omega_4096`, in order of the powers.
const G1_LAGRANGE: &[u8] = include_bytes!("../data/g1_lagrange.bin");
/// The first 256 powers of the secret in G1.
const G1_MONOMIAL: &[u8] = include_bytes!("../data/g1_monomial.bin");
/// The secret in G2.
const G2_TAU: &[u8; 96] = include_bytes!("../data/g2_tau.bin");
/// Most pieces that a segment has.
pub(crate) const PIECES_MAX: usize = 256;

/// The ceremony's points and the tables derived from them; loaded once per process.
///
/// What verification needs is there at once. Tables for commitments (8 MiB, a fraction of a second) are
/// computed by the first call that commits or opens.
pub struct Kzg {
    pub(crate) tau: G2Affine,
    pub(crate) monomial: OnceLock<Vec<Affine>>,
    lagrange: OnceLock<Multiples>,
    /// Entry `m`: the transform that multiplies by powers of the secret, for segments of `2^m` pieces.
    shifted: [OnceLock<Vec<G1>>; 9],
}

impl fmt::Debug for Kzg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kzg").finish_non_exhaustive()
    }
}

fn decode_points(bytes: &[u8]) -> Vec<Affine> {
    let (points, _) = bytes.as_chunks::<48>();
    let decode = |bytes| Affine::from_bytes(bytes).expect("holds because a test decodes the embedded points");
    points.par_iter().map(decode).collect()
}

impl Kzg {
    /// The settings of the Ethereum ceremony (EIP-4844).
    pub fn ceremony() -> &'static Self {
        static CEREMONY: OnceLock<Kzg> = OnceLock::new();
        CEREMONY.get_or_init(|| Self {
            tau: G2Affine::from_bytes(G2_TAU).expect("holds because a test decodes the embedded point"),
            monomial: OnceLock::new(),
            lagrange: OnceLock::new(),
            shifted: [const { OnceLock::new() }; 9],
        })
    }

    /// Powers of the secret in G1.
    pub(crate) fn monomial(&self) -> &[Affine] {
        self.monomial.get_or_init(|| decode_points(G1_MONOMIAL))
    }

    /// Tables of the commitments to the Lagrange polynomials, in source order.
    fn lagrange(&self) -> &Multiples {
        self.lagrange.get_or_init(|| {
            let natural = decode_points(G1_LAGRANGE);
            let bits = CHUNKS_PER_RECORD.ilog2();
            let order = (0..CHUNKS_PER_RECORD).map(|index| reverse_bits(index, bits));
            Multiples::new(&order.filter_map(|index| natural.get(index)).copied().collect::<Vec<_>>())
        })
    }

    /// The transform of size `2 pieces` of the powers of the secret, from the highest used down.
    pub(crate) fn shifted(&self, pieces: usize) -> &[G1] {
        let compute = || {
            let powers = self.monomial().iter().take(pieces.saturating_sub(1)).rev();
            let mut values: Vec<G1> = powers.copied().map(G1::from).collect();
            values.resize(2 * pieces, G1::infinity());
            evaluate_points(&mut values, 0);
            values
        };
        let bits = usize::try_from(pieces.ilog2()).unwrap_or(usize::MAX);
        self.shifted.get(bits).map_or(&[], |cell| cell.get_or_init(compute))
    }

    /// Commits to a record: the polynomial with the record's scalars as values at source positions.
    ///
    /// # Errors
    /// [`KzgError::RecordLength`], [`KzgError::Scalar`].
    pub fn commit_record(&self, record: &[u8]) -> Result<Commitment, KzgError> {
        let scalars = decode_record(record)?;
        Ok(Commitment(self.lagrange().sum(&scalars).to_bytes()))
    }

    /// The chunk of a record at `s_bucket`, and the witness that it is.
    ///
    /// # Errors
    /// [`KzgError::SBucket`], [`KzgError::RecordLength`], [`KzgError::Scalar`].
    pub fn open_chunk(&self, record: &[u8], s_bucket: SBucket) -> Result<(ScalarBytes, Witness), KzgError> {
        let index = usize::from(s_bucket.0);
        let point = chunk_point(s_bucket)?;
        let scalars = decode_record(record)?;
        let (value, quotient) = match scalars.get(index) {
            Some(value) => (*value, quotient_inside(&scalars, index, &point, value)),
            None => quotient_outside(&scalars, &point),
        };
        let witness = self.lagrange().sum(&quotient);
        Ok((ScalarBytes(value.to_bytes()), Witness(witness.to_bytes())))
    }
}

/// Where in the field an s-bucket's chunk is a value of its record's polynomial.
pub(crate) fn chunk_point(s_bucket: SBucket) -> Result<Fr, KzgError> {
    let point = points().get(usize::from(s_bucket.0));
    point.copied().ok_or(KzgError::SBucket { bucket: s_bucket.0 })
}

/// `1 / (w - point)` for the points `w` of source positions; zero for `point` itself.
fn inverse_distances(point: &Fr) -> Vec<Fr> {
    let mut distances: Vec<Fr> = points().iter().take(CHUNKS_PER_RECORD).map(|w| w.sub(point)).collect();
    batch_invert(&mut distances);
    distances
}

/// Values at source positions of `(f(x) - value) / (x - point)`, for the point of source position `index`.
///
/// At that position the quotient is the sum over the others of `-q_i w_i / point`, since the polynomial
/// has a degree below 4096 (EIP-4844, `compute_quotient_eval_within_domain`).
fn quotient_inside(scalars: &[Fr], index: usize, point: &Fr, value: &Fr) -> Vec<Fr> {
    let inverses = inverse_distances(point);
    let mut quotient: Vec<Fr> =
        scalars.iter().zip(&inverses).map(|(scalar, inverse)| scalar.sub(value).mul(inverse)).collect();
    let sum = quotient.iter().zip(points()).fold(Fr::ZERO, |sum, (q, w)| sum.add(&q.mul(w)));
    if let Some(slot) = quotient.get_mut(index) {
        *slot = sum.negate().mul(&point.invert());
    }
    quotient
}

/// The value at a point that is no source position, and the quotient as in [`quotient_inside`].
fn quotient_outside(scalars: &[Fr], point: &Fr) -> (Fr, Vec<Fr>) {
    let inverses = inverse_distances(point);
    // Barycentric formula: f(z) = (1 - z^n) / n * sum of f_i w_i / (w_i - z).
    let terms = scalars.iter().zip(points()).zip(&inverses);
    let sum = terms.fold(Fr::ZERO, |sum, ((scalar, w), inverse)| sum.add(&scalar.mul(w).mul(inverse)));
    let power = (0..CHUNKS_PER_RECORD.ilog2()).fold(*point, |power, _| power.square());
    let value = Fr::one().sub(&power).mul(&inverse_size(CHUNKS_PER_RECORD)).mul(&sum);
    let quotient =
        scalars.iter().zip(&inverses).map(|(scalar, inverse)| scalar.sub(&value).mul(inverse)).collect();
    (value, quotient)
}

const _: () = assert!(PIECES_MAX.ilog2() == 8 && S_BUCKETS == 2 * CHUNKS_PER_RECORD);
