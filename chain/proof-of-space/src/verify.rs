//! Verification of one proof.

use crate::lanes::{Batch, LANES};
use crate::path::Path;
use crate::shape::{EXT, Meta, PROOF_VALUES, Shape, Step};
use crate::{SpaceError, challenge, first, matching, step};
use auto_core::{Hash, SBucket, SpaceProof};

/// Verifies that `proof` answers `bucket` with the tables of `seed` for parameter `k`.
///
/// # Errors
/// When `k` or `bucket` is out of range, the proof is of another parameter, repeats a value, pairs
/// entries that do not match, or answers another challenge.
pub fn verify(k: u8, seed: &Hash, bucket: SBucket, proof: &SpaceProof) -> Result<(), SpaceError> {
    verify_with(Path::detect(), k, seed, bucket, proof)
}

pub(crate) fn verify_with(
    path: Path,
    k: u8,
    seed: &Hash,
    bucket: SBucket,
    proof: &SpaceProof,
) -> Result<(), SpaceError> {
    let shape = Shape::new(k)?;
    let expected = challenge(k, bucket)?;
    if proof.k() != k || proof.bytes().len() != SpaceProof::length(k) {
        return Err(SpaceError::ProofParameter { expected: k, actual: proof.k() });
    }
    let xs = unpack(shape, proof.bytes());
    let mut sorted = xs;
    sorted.sort_unstable();
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(SpaceError::Repeated { x: pair[0] });
    }
    let mut ys = first::some_values(shape, seed, &xs);
    let mut metas = xs.map(|x| [x << (32 - u32::from(k)), 0, 0]);
    let mut pairs = PROOF_VALUES / 2;
    for table in 2..=7 {
        check_pairs(&ys[..2 * pairs], table)?;
        combine(path, &shape.step(table), &mut ys, &mut metas, pairs);
        pairs /= 2;
    }
    let actual = ys[0] >> EXT;
    if actual == expected { Ok(()) } else { Err(SpaceError::Challenge { expected, actual }) }
}

/// The values of a proof of `8 * k` bytes.
fn unpack(shape: Shape, bytes: &[u8]) -> [u32; PROOF_VALUES] {
    let mut xs = [0; PROOF_VALUES];
    let k = u32::from(shape.k);
    let (mut bits, mut count) = (0u64, 0u32);
    let mut bytes = bytes.iter();
    for x in &mut xs {
        while count < k {
            bits = (bits << 8) | u64::from(bytes.next().copied().unwrap_or(0));
            count += 8;
        }
        count -= k;
        *x = u32::try_from((bits >> count) & ((1 << k) - 1)).expect("holds because K is at most 20");
    }
    xs
}

/// Whether every pair of entries matches, left before right.
fn check_pairs(ys: &[u32], table: u8) -> Result<(), SpaceError> {
    for (pair, index) in ys.as_chunks::<2>().0.iter().zip(0..) {
        if !matching::matches(pair[0], pair[1]) {
            return Err(SpaceError::Mismatch { table, pair: index });
        }
    }
    Ok(())
}

/// Replaces entries by what their pairs make.
fn combine(
    path: Path,
    step: &Step,
    ys: &mut [u32; PROOF_VALUES],
    metas: &mut [Meta; PROOF_VALUES],
    pairs: usize,
) {
    for first in (0..pairs).step_by(LANES) {
        let count = LANES.min(pairs - first);
        let mut batch = Batch::ZERO;
        for lane in 0..count {
            let left = 2 * (first + lane);
            batch.put(lane, ys[left], &metas[left], &metas[left + 1]);
        }
        step::compute(path, &mut batch, step);
        for lane in 0..count {
            (ys[first + lane], metas[first + lane]) = batch.take(lane);
        }
    }
}
