//! Records as polynomials over the scalar field: extension to parity, and recovery from any half.

use crate::KzgError;
use crate::curve::{Fr, batch_invert};
use crate::fourier::{evaluate, interpolate, points};
use auto_core::{
    CHUNKS_PER_RECORD, RAW_RECORD_BYTES, RECORD_BYTES, S_BUCKETS, SAFE_SCALAR_BYTES, SCALAR_BYTES,
    ScalarBytes,
};

/// Roots multiplied one by one before products go through transforms; a power of two.
const LEAF_ROOTS: usize = 32;

/// Turns raw history into scalars: 31 bytes each, behind a zero byte.
///
/// `None` unless there are exactly [`RAW_RECORD_BYTES`].
#[must_use]
pub fn raw_to_record(raw: &[u8]) -> Option<Vec<u8>> {
    if raw.len() != RAW_RECORD_BYTES {
        return None;
    }
    let mut record = Vec::with_capacity(RECORD_BYTES);
    for chunk in raw.chunks_exact(SAFE_SCALAR_BYTES) {
        record.push(0);
        record.extend_from_slice(chunk);
    }
    Some(record)
}

/// Turns scalars back into raw history; the inverse of [`raw_to_record`].
///
/// `None` unless there are exactly [`RECORD_BYTES`] and every scalar starts with a zero byte.
#[must_use]
pub fn record_to_raw(record: &[u8]) -> Option<Vec<u8>> {
    if record.len() != RECORD_BYTES {
        return None;
    }
    let mut raw = Vec::with_capacity(RAW_RECORD_BYTES);
    for scalar in record.chunks_exact(SCALAR_BYTES) {
        let (0, rest) = scalar.split_first()? else { return None };
        raw.extend_from_slice(rest);
    }
    Some(raw)
}

/// The scalars of a record.
pub(crate) fn decode_record(record: &[u8]) -> Result<Vec<Fr>, KzgError> {
    if record.len() != RECORD_BYTES {
        return Err(KzgError::RecordLength { actual: record.len() });
    }
    let (scalars, _) = record.as_chunks::<SCALAR_BYTES>();
    scalars
        .iter()
        .enumerate()
        .map(|(index, bytes)| Fr::from_bytes(bytes).ok_or(KzgError::Scalar { index }))
        .collect()
}

fn encode_record(values: &[Fr]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_bytes()).collect()
}

/// Extends a record to twice its length: the values of its polynomial at every `z_j`.
///
/// The first half is the record itself, the second is parity; any half recovers the whole.
///
/// # Errors
/// [`KzgError::RecordLength`], [`KzgError::Scalar`].
pub fn extend_record(record: &[u8]) -> Result<Vec<ScalarBytes>, KzgError> {
    let mut values = decode_record(record)?;
    interpolate(&mut values);
    evaluate(&mut values, 1);
    let (source, _) = record.as_chunks::<SCALAR_BYTES>();
    let parity = values.iter().map(|value| ScalarBytes(value.to_bytes()));
    Ok(source.iter().copied().map(ScalarBytes).chain(parity).collect())
}

/// Recovers a record from any half or more of its extended chunks.
///
/// With more than half, chunks that do not fit together are noticed; with exactly half there is nothing
/// to notice them by, and the caller compares the record with its commitment.
///
/// # Errors
/// [`KzgError::RecordLength`] unless there are 8192 positions; [`KzgError::NotEnough`],
/// [`KzgError::Scalar`], [`KzgError::Contradiction`].
pub fn recover_record(chunks: &[Option<ScalarBytes>]) -> Result<Vec<u8>, KzgError> {
    if chunks.len() != S_BUCKETS {
        return Err(KzgError::RecordLength { actual: chunks.len().saturating_mul(SCALAR_BYTES) });
    }
    let known = chunks.iter().flatten().count();
    if known < CHUNKS_PER_RECORD {
        return Err(KzgError::NotEnough { known, needed: CHUNKS_PER_RECORD });
    }
    let mut values = Vec::with_capacity(S_BUCKETS);
    for (index, chunk) in chunks.iter().enumerate() {
        let value = chunk.as_ref().map(|chunk| Fr::from_bytes(&chunk.0).ok_or(KzgError::Scalar { index }));
        values.push(value.transpose()?);
    }
    let missing: Vec<bool> = chunks.iter().map(Option::is_none).collect();
    let recovery = Recovery::new(&missing);
    let mut product = recovery.product(&values);
    interpolate(&mut product);
    recovery.check(&product)?;
    derive(&mut product);
    // Source positions are the roots of x^4096 - 1, so powers may be folded before evaluating there.
    let (low, high) = product.split_at_mut(CHUNKS_PER_RECORD);
    for (a, b) in low.iter_mut().zip(high) {
        *a = a.add(b);
    }
    evaluate(low, 0);
    let source = values.iter().zip(low.iter().zip(&recovery.weights));
    let source: Vec<Fr> =
        source.map(|(value, (slope, weight))| value.unwrap_or_else(|| slope.mul(weight))).collect();
    Ok(encode_record(&source))
}

/// What recovery needs to know about which positions are missing; the same for every column.
///
/// With `Z` the polynomial that vanishes exactly at the missing positions, `P Z` is known everywhere, and
/// `P = (P Z)' / Z'` where `Z` vanishes.
pub(crate) struct Recovery {
    /// `Z` at every position.
    vanishing: Vec<Fr>,
    /// `1 / Z'` at missing positions of the part that is asked for; zero at the others.
    pub(crate) weights: Vec<Fr>,
    /// `P Z` has no power from this one on.
    degree_bound: usize,
}

impl Recovery {
    /// For positions in bit-reversed order, a power of two from 2 to 8192, at most half of them missing.
    ///
    /// Weights are computed for source positions of a record and for all positions of smaller domains.
    pub(crate) fn new(missing: &[bool]) -> Self {
        let size = missing.len();
        // The first points are those of the smaller domains too.
        let roots: Vec<Fr> =
            points().iter().zip(missing).filter(|(_, missing)| **missing).map(|(point, _)| *point).collect();
        let count = roots.len();
        let mut vanishing = vanishing_polynomial(roots);
        let weighted = if size == S_BUCKETS { CHUNKS_PER_RECORD } else { size };
        let mut weights = vanishing.clone();
        derive(&mut weights);
        weights.resize(weighted, Fr::ZERO);
        evaluate(&mut weights, 0);
        for (weight, missing) in weights.iter_mut().zip(missing) {
            if !missing {
                *weight = Fr::ZERO;
            }
        }
        batch_invert(&mut weights);
        vanishing.resize(size, Fr::ZERO);
        evaluate(&mut vanishing, 0);
        Self { vanishing, weights, degree_bound: (size / 2).saturating_add(count) }
    }

    /// `P Z` at every position.
    pub(crate) fn product(&self, values: &[Option<Fr>]) -> Vec<Fr> {
        let pairs = values.iter().zip(&self.vanishing);
        pairs.map(|(value, vanishing)| value.map_or(Fr::ZERO, |value| value.mul(vanishing))).collect()
    }

    /// Whether the coefficients of `P Z` are those of a `P` of at most half the positions.
    pub(crate) fn check(&self, product: &[Fr]) -> Result<(), KzgError> {
        if product.iter().skip(self.degree_bound).all(Fr::is_zero) {
            Ok(())
        } else {
            Err(KzgError::Contradiction)
        }
    }
}

/// Replaces coefficients by those of the derivative.
pub(crate) fn derive(coefficients: &mut [Fr]) {
    let one = Fr::one();
    let mut power = Fr::ZERO;
    for index in 0..coefficients.len() {
        power = power.add(&one);
        let next = coefficients.get(index.saturating_add(1)).map_or(Fr::ZERO, |next| next.mul(&power));
        if let Some(slot) = coefficients.get_mut(index) {
            *slot = next;
        }
    }
}

/// Coefficients of the monic polynomial with exactly these roots.
fn vanishing_polynomial(mut roots: Vec<Fr>) -> Vec<Fr> {
    let count = roots.len();
    // Roots of zero only shift the coefficients, and make the tree of products even.
    let padded = count.next_power_of_two().max(LEAF_ROOTS);
    roots.resize(padded, Fr::ZERO);
    let mut products: Vec<Fr> = roots.chunks_exact(LEAF_ROOTS).flat_map(multiply_roots).collect();
    let mut degree = LEAF_ROOTS;
    while degree < padded {
        for pair in products.chunks_exact_mut(2 * degree) {
            multiply_monic(pair);
        }
        degree *= 2;
    }
    products.push(Fr::one());
    products.split_off(padded.saturating_sub(count))
}

/// The coefficients of the product of `x - root`, all but the leading one.
fn multiply_roots(roots: &[Fr]) -> Vec<Fr> {
    let mut product: Vec<Fr> = Vec::with_capacity(roots.len());
    for root in roots {
        // (x + low) * (x - root), from the top down: each coefficient moves up one power.
        let mut above = Fr::one();
        for coefficient in product.iter_mut().rev() {
            let shifted = coefficient.sub(&above.mul(root));
            above = std::mem::replace(coefficient, shifted);
        }
        let constant = above.mul(root).negate();
        product.insert(0, constant);
    }
    product
}

/// Multiplies two monic polynomials of equal degree `d`, each half of `pair` without its leading one.
///
/// The leading `x^(2d)` of the product wraps to one in a transform of size `2d` and is taken off.
fn multiply_monic(pair: &mut [Fr]) {
    let degree = pair.len() / 2;
    let spread = |low: &[Fr]| {
        let mut values = low.to_vec();
        values.push(Fr::one());
        values.resize(2 * degree, Fr::ZERO);
        evaluate(&mut values, 0);
        values
    };
    let (low, high) = pair.split_at(degree);
    let (left, right) = (spread(low), spread(high));
    for ((slot, a), b) in pair.iter_mut().zip(&left).zip(&right) {
        *slot = a.mul(b);
    }
    interpolate(pair);
    if let Some(constant) = pair.first_mut() {
        *constant = constant.sub(&Fr::one());
    }
}
