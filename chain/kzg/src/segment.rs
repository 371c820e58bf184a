//! Segments: parity records and their commitments, the segment's own commitment, and recovery.

use crate::KzgError;
use crate::ceremony::{Kzg, PIECES_MAX};
use crate::curve::{Affine, Fr, G1};
use crate::fourier::{
    evaluate, evaluate_points, interpolate, interpolate_points_unscaled, inverse_size, points, reverse_bits,
};
use crate::record::{Recovery, derive};
use auto_core::{CHUNKS_PER_RECORD, Commitment, RECORD_BYTES, SCALAR_BYTES, Witness, hash};
use rayon::prelude::*;

/// Columns of one task.
const COLUMNS: usize = 64;
/// Fewest pieces of a segment.
const PIECES_MIN: usize = 4;

/// Checks the count of a segment's pieces.
fn check_pieces(pieces: usize) -> Result<(), KzgError> {
    if pieces.is_power_of_two() && (PIECES_MIN..=PIECES_MAX).contains(&pieces) {
        Ok(())
    } else {
        Err(KzgError::Count { count: u64::try_from(pieces).unwrap_or(u64::MAX) })
    }
}

/// Checks the count of a segment's source records, half its pieces.
fn check_source(source: usize) -> Result<(), KzgError> {
    let count = u64::try_from(source).unwrap_or(u64::MAX);
    check_pieces(source.saturating_mul(2)).map_err(|_| KzgError::Count { count })
}

/// Where in the field a position's element is a value of its segment's polynomial.
pub(crate) fn record_point(position: u64, pieces: u64) -> Result<Fr, KzgError> {
    let size = usize::try_from(pieces).unwrap_or(usize::MAX);
    check_pieces(size)?;
    let missing = KzgError::Position { position, pieces };
    let index =
        usize::try_from(position).ok().filter(|index| *index < size).ok_or_else(|| missing.clone())?;
    points().get(reverse_bits(index, size.ilog2())).copied().ok_or(missing)
}

/// The scalar that stands for a record in its segment: the BLAKE3 hash of its commitment, cut to 254 bits.
pub(crate) fn record_element(record: &Commitment) -> Fr {
    let mut bytes = hash(&record.0).0;
    if let Some(first) = bytes.first_mut() {
        *first &= 0x3f;
    }
    Fr::from_bytes(&bytes).expect("holds because the order of the field is above 2^254")
}

/// Parity records of `source` records: each column of scalars is extended over the field.
///
/// Source record `i` stands at position `2 i` of the segment and parity record `i` at `2 i + 1`.
///
/// # Errors
/// [`KzgError::Count`] unless there are 2 to 128 records, a power of two; [`KzgError::RecordLength`],
/// [`KzgError::Scalar`].
pub fn extend_segment(source: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, KzgError> {
    check_source(source.len())?;
    let bits = source.len().ilog2();
    let rows: Vec<Option<&[u8]>> =
        (0..source.len()).map(|slot| source.get(reverse_bits(slot, bits)).map(Vec::as_slice)).collect();
    let parity = by_columns(&rows, |column| {
        let mut values: Vec<Fr> = column.iter().map(|value| value.unwrap_or_default()).collect();
        interpolate(&mut values);
        evaluate(&mut values, 1);
        Ok(values)
    })?;
    Ok(reorder(parity))
}

/// Commitments of the parity records, from those of the source records alone.
///
/// Commitments are linear in the record, so they extend as the columns do.
///
/// # Errors
/// [`KzgError::Count`] unless there are 2 to 128 commitments, a power of two; [`KzgError::Point`].
pub fn extend_commitments(source: &[Commitment]) -> Result<Vec<Commitment>, KzgError> {
    check_source(source.len())?;
    let decode = |commitment: &Commitment| {
        Affine::from_bytes(&commitment.0).map(G1::from).ok_or(KzgError::Point { what: "record commitment" })
    };
    let scale = inverse_size(source.len());
    let scaled: Vec<G1> =
        source.par_iter().map(|c| decode(c).map(|point| point.mul(&scale))).collect::<Result<_, _>>()?;
    let mut values = reorder(scaled);
    interpolate_points_unscaled(&mut values);
    evaluate_points(&mut values, 1);
    Ok(reorder(values).into_iter().map(|point| Commitment(point.to_bytes())).collect())
}

/// Recovers every record of a segment from any half or more of them, parity included.
///
/// Positions are those of the segment: even source, odd parity. Known records are given back as they are.
/// With more than half, records that do not fit together are noticed; with exactly half there is nothing
/// to notice them by, and the caller compares each record with its commitment.
///
/// # Errors
/// [`KzgError::Count`] unless there are 4 to 256 positions, a power of two; [`KzgError::NotEnough`],
/// [`KzgError::RecordLength`], [`KzgError::Scalar`], [`KzgError::Contradiction`].
pub fn recover_segment(records: &[Option<Vec<u8>>]) -> Result<Vec<Vec<u8>>, KzgError> {
    check_pieces(records.len())?;
    let (known, needed) = (records.iter().flatten().count(), records.len() / 2);
    if known < needed {
        return Err(KzgError::NotEnough { known, needed });
    }
    let bits = records.len().ilog2();
    let rows: Vec<Option<&[u8]>> = (0..records.len())
        .map(|slot| records.get(reverse_bits(slot, bits)).and_then(Option::as_deref))
        .collect();
    let missing: Vec<bool> = rows.iter().map(Option::is_none).collect();
    let recovery = Recovery::new(&missing);
    let recovered = by_columns(&rows, |column| {
        let mut values = recovery.product(column);
        interpolate(&mut values);
        recovery.check(&values)?;
        derive(&mut values);
        evaluate(&mut values, 0);
        let slopes = column.iter().zip(values.iter().zip(&recovery.weights));
        Ok(slopes.map(|(known, (slope, weight))| known.unwrap_or_else(|| slope.mul(weight))).collect())
    })?;
    Ok(reorder(recovered))
}

/// Swaps between natural and bit-reversed order.
fn reorder<T>(values: Vec<T>) -> Vec<T> {
    let bits = values.len().checked_ilog2().unwrap_or(0);
    let mut indexed: Vec<(usize, T)> =
        values.into_iter().enumerate().map(|(index, value)| (reverse_bits(index, bits), value)).collect();
    indexed.sort_unstable_by_key(|(index, _)| *index);
    indexed.into_iter().map(|(_, value)| value).collect()
}

/// Maps each column of the rows to a column of new rows; absent rows give `None`.
fn by_columns(
    rows: &[Option<&[u8]>],
    map: impl Fn(&[Option<Fr>]) -> Result<Vec<Fr>, KzgError> + Sync,
) -> Result<Vec<Vec<u8>>, KzgError> {
    for row in rows.iter().flatten() {
        if row.len() != RECORD_BYTES {
            return Err(KzgError::RecordLength { actual: row.len() });
        }
    }
    let scalar = |row: &Option<&[u8]>, index: usize| {
        let Some(row) = row else { return Ok(None) };
        let (scalars, _) = row.as_chunks::<SCALAR_BYTES>();
        scalars.get(index).and_then(Fr::from_bytes).map(Some).ok_or(KzgError::Scalar { index })
    };
    let task = |task: usize| {
        let mut out = vec![Vec::with_capacity(COLUMNS * SCALAR_BYTES); rows.len()];
        for index in task * COLUMNS..(task + 1) * COLUMNS {
            let column = rows.iter().map(|row| scalar(row, index)).collect::<Result<Vec<_>, _>>()?;
            for (row, value) in out.iter_mut().zip(map(&column)?) {
                row.extend_from_slice(&value.to_bytes());
            }
        }
        Ok(out)
    };
    let parts: Vec<Vec<Vec<u8>>> =
        (0..CHUNKS_PER_RECORD / COLUMNS).into_par_iter().map(task).collect::<Result<_, KzgError>>()?;
    let mut records = vec![Vec::with_capacity(RECORD_BYTES); rows.len()];
    for part in parts {
        for (record, bytes) in records.iter_mut().zip(part) {
            record.extend_from_slice(&bytes);
        }
    }
    Ok(records)
}

impl Kzg {
    /// Commits to a segment, and proves every record's commitment at its position.
    ///
    /// All witnesses come at once (Feist and Khovratovich, "Fast amortized KZG proofs"): the quotients'
    /// commitments are the values of one polynomial over G1, whose coefficients are a convolution of the
    /// segment's coefficients with powers of the secret.
    ///
    /// # Errors
    /// [`KzgError::Count`] unless there are 4 to 256 commitments, a power of two.
    pub fn commit_segment(&self, records: &[Commitment]) -> Result<(Commitment, Vec<Witness>), KzgError> {
        let pieces = records.len();
        check_pieces(pieces)?;
        let mut coefficients = reorder(records.iter().map(record_element).collect());
        interpolate(&mut coefficients);
        let products = coefficients.par_iter().zip(self.monomial());
        let commitment = products
            .map(|(coefficient, power)| G1::from(*power).mul(coefficient))
            .reduce(G1::infinity, |a, b| a.add(&b));
        let mut factors = coefficients;
        factors.resize(2 * pieces, Fr::ZERO);
        evaluate(&mut factors, 0);
        let scale = inverse_size(2 * pieces);
        let shifted = factors.par_iter().zip(self.shifted(pieces));
        let mut convolution: Vec<G1> =
            shifted.map(|(factor, power)| power.mul(&factor.mul(&scale))).collect();
        interpolate_points_unscaled(&mut convolution);
        let mut witnesses = convolution.split_off(pieces.saturating_sub(1));
        witnesses.truncate(pieces.saturating_sub(1));
        witnesses.push(G1::infinity());
        evaluate_points(&mut witnesses, 0);
        let witnesses = reorder(witnesses).into_iter().map(|point| Witness(point.to_bytes())).collect();
        Ok((Commitment(commitment.to_bytes()), witnesses))
    }
}
