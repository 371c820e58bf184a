//! The pairing check.

use super::Affine;
use blst::{
    BLST_ERROR, blst_final_exp, blst_fp12, blst_fp12_is_one, blst_miller_loop_n, blst_p2_affine,
    blst_p2_affine_generator, blst_p2_affine_in_g2, blst_p2_affine_is_inf, blst_p2_uncompress,
};

/// A point of G2, never infinity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct G2Affine(blst_p2_affine);

impl G2Affine {
    pub(crate) fn generator() -> Self {
        // SAFETY: the call returns a pointer to a constant that lives as long as the program.
        Self(unsafe { *blst_p2_affine_generator() })
    }

    /// Decodes a compressed point; `None` unless it is a member of G2 other than infinity.
    pub(crate) fn from_bytes(bytes: &[u8; 96]) -> Option<Self> {
        let mut point = blst_p2_affine::default();
        // SAFETY: the input is an array of the 96 bytes that the call reads; the point is initialised.
        let valid = unsafe {
            blst_p2_uncompress(&raw mut point, bytes.as_ptr()) == BLST_ERROR::BLST_SUCCESS
                && !blst_p2_affine_is_inf(&raw const point)
                && blst_p2_affine_in_g2(&raw const point)
        };
        valid.then_some(Self(point))
    }
}

/// Whether the product of the pairings of `pairs` is one.
///
/// A pair whose first point is infinity contributes one and is left out.
pub(crate) fn pairings_cancel(pairs: [(Affine, &G2Affine); 2]) -> bool {
    let finite: Vec<_> = pairs
        .iter()
        .filter(|(first, _)| !first.is_infinity())
        .map(|(first, second)| (first.to_blst(), &second.0))
        .collect();
    if finite.is_empty() {
        return true;
    }
    let firsts: Vec<_> = finite.iter().map(|(first, _)| &raw const *first).collect();
    let seconds: Vec<_> = finite.iter().map(|(_, second)| &raw const **second).collect();
    let (mut product, mut result) = (blst_fp12::default(), blst_fp12::default());
    // SAFETY: both lists hold as many valid pointers as the count says, to points that live in `finite`
    // and in the caller's pairs; the outputs are initialised.
    unsafe {
        blst_miller_loop_n(&raw mut product, seconds.as_ptr(), firsts.as_ptr(), finite.len());
        blst_final_exp(&raw mut result, &raw const product);
        blst_fp12_is_one(&raw const result)
    }
}
