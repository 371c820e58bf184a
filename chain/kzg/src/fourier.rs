//! Fourier transforms over the scalar field and over G1, without permutations.
//!
//! Values stand in bit-reversed order, which is the order of s-buckets: index `j` of a transform of size
//! `2^m` belongs to `omega_(2^m)^(brp_m(j))`. One table serves every size, since its entry `i` is the
//! same root whatever the size. Evaluating the half of a domain of twice the size that holds odd powers
//! is the same transform started from block 1 instead of block 0.

use crate::curve::{Fr, G1};
use auto_core::S_BUCKETS;
use rayon::prelude::*;
use std::sync::OnceLock;

/// Largest transform, as a power of two.
pub(crate) const LOG_MAX: u32 = S_BUCKETS.ilog2();
/// Scalar multiplications in G1 below which splitting over threads costs more than it gives.
const PARALLEL_POINTS: usize = 4;

struct Tables {
    /// Entry `i`: `omega_8192^(brp12(i))`, so entry `i < 2^l` is `omega_(2^(l+1))^(brp_l(i))`.
    roots: Vec<Fr>,
    inverse_roots: Vec<Fr>,
    /// Every `z_j = omega_8192^(brp13(j))`.
    points: Vec<Fr>,
    /// Entry `m`: the inverse of `2^m`.
    inverse_sizes: Vec<Fr>,
}

/// Reverses the low `bits` bits of `index`, which has no others set.
pub(crate) fn reverse_bits(index: usize, bits: u32) -> usize {
    if bits == 0 { index } else { index.reverse_bits() >> (usize::BITS - bits) }
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        // (r - 1) / 2^32, little-endian limbs; 7 generates the multiplicative group, as in EIP-4844.
        let odd = [0xfffe_5bfe_ffff_ffff, 0x09a1_d805_53bd_a402, 0x299d_7d48_3339_d808, 0x73ed_a753];
        let mut root = Fr::from_u64(7).pow(&odd);
        for _ in LOG_MAX..32 {
            root = root.square();
        }
        let powers: Vec<Fr> =
            std::iter::successors(Some(Fr::one()), |power| Some(power.mul(&root))).take(S_BUCKETS).collect();
        let points: Vec<Fr> =
            (0..S_BUCKETS).filter_map(|j| powers.get(reverse_bits(j, LOG_MAX))).copied().collect();
        let half = S_BUCKETS / 2;
        let roots: Vec<Fr> =
            (0..half).filter_map(|i| powers.get(reverse_bits(i, LOG_MAX - 1))).copied().collect();
        let mut inverse_roots = roots.clone();
        crate::curve::batch_invert(&mut inverse_roots);
        let mut inverse_sizes: Vec<Fr> = (0..=LOG_MAX).map(|bits| Fr::from_u64(1 << bits)).collect();
        crate::curve::batch_invert(&mut inverse_sizes);
        Tables { roots, inverse_roots, points, inverse_sizes }
    })
}

/// Every `z_j = omega_8192^(brp13(j))`, in the order of s-buckets.
pub(crate) fn points() -> &'static [Fr] {
    &tables().points
}

/// The inverse of `size`, a power of two up to 8192; zero for any other.
pub(crate) fn inverse_size(size: usize) -> Fr {
    let bits = usize::try_from(size.checked_ilog2().unwrap_or(u32::MAX)).unwrap_or(usize::MAX);
    if size.is_power_of_two() {
        tables().inverse_sizes.get(bits).copied().unwrap_or(Fr::ZERO)
    } else {
        Fr::ZERO
    }
}

/// Coefficients to values on `block` (0, or 1 for the odd half of the domain of twice the size).
///
/// The length is a power of two up to 8192 divided by `block + 1`.
pub(crate) fn evaluate(values: &mut [Fr], block: usize) {
    let roots = &tables().roots;
    let (mut half, mut blocks) = (values.len() / 2, 1);
    while half > 0 {
        let twiddles = roots.iter().skip(block * blocks);
        for (part, root) in values.chunks_exact_mut(2 * half).zip(twiddles) {
            let (low, high) = part.split_at_mut(half);
            for (a, b) in low.iter_mut().zip(high) {
                let product = b.mul(root);
                (*a, *b) = (a.add(&product), a.sub(&product));
            }
        }
        (half, blocks) = (half / 2, blocks * 2);
    }
}

/// Values on block 0 to coefficients.
pub(crate) fn interpolate(values: &mut [Fr]) {
    let tables = tables();
    let mut half = 1;
    while half < values.len() {
        for (part, root) in values.chunks_exact_mut(2 * half).zip(&tables.inverse_roots) {
            let (low, high) = part.split_at_mut(half);
            for (a, b) in low.iter_mut().zip(high) {
                (*a, *b) = (a.add(b), a.sub(b).mul(root));
            }
        }
        half *= 2;
    }
    let scale = inverse_size(values.len());
    for value in values {
        *value = value.mul(&scale);
    }
}

/// As [`evaluate`], for polynomials whose coefficients are points.
pub(crate) fn evaluate_points(values: &mut [G1], block: usize) {
    let roots = &tables().roots;
    let one = Fr::one();
    let (mut half, mut blocks) = (values.len() / 2, 1);
    while half > 0 {
        let twiddles = roots.get(block * blocks..).unwrap_or(&[]);
        values.par_chunks_exact_mut(2 * half).zip(twiddles).for_each(|(part, root)| {
            let (low, high) = part.split_at_mut(half);
            low.par_iter_mut().zip(high).with_min_len(PARALLEL_POINTS).for_each(|(a, b)| {
                let product = if *root == one { *b } else { b.mul(root) };
                (*a, *b) = (a.add(&product), a.sub(&product));
            });
        });
        (half, blocks) = (half / 2, blocks * 2);
    }
}

/// As [`interpolate`], for points, but without the division by the length.
///
/// Callers scale a factor in the scalar field instead, which is cheaper.
pub(crate) fn interpolate_points_unscaled(values: &mut [G1]) {
    let tables = tables();
    let one = Fr::one();
    let mut half = 1;
    while half < values.len() {
        values.par_chunks_exact_mut(2 * half).zip(&tables.inverse_roots).for_each(|(part, root)| {
            let (low, high) = part.split_at_mut(half);
            low.par_iter_mut().zip(high).with_min_len(PARALLEL_POINTS).for_each(|(a, b)| {
                let difference = a.sub(b);
                *a = a.add(b);
                *b = if *root == one { difference } else { difference.mul(root) };
            });
        });
        half *= 2;
    }
}
