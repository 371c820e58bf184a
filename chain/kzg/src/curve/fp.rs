//! The base field of the curve, in Montgomery form.

use blst::{
    blst_fp, blst_fp_add, blst_fp_cneg, blst_fp_eucl_inverse, blst_fp_from_uint64, blst_fp_mul, blst_fp_sqr,
    blst_fp_sub,
};

/// An element of the base field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Fp(pub(super) blst_fp);

impl Fp {
    /// Zero, which Montgomery form leaves as it is.
    pub(crate) const ZERO: Self = Self(blst_fp { l: [0; 6] });

    pub(crate) fn one() -> Self {
        let limbs = [1, 0, 0, 0, 0, 0];
        let mut out = blst_fp::default();
        // SAFETY: the input is an array of the six limbs that the call reads.
        unsafe { blst_fp_from_uint64(&raw mut out, limbs.as_ptr()) };
        Self(out)
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.l == [0; 6]
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        let mut out = blst_fp::default();
        // SAFETY: all three point to initialised field elements that outlive the call.
        unsafe { blst_fp_add(&raw mut out, &raw const self.0, &raw const other.0) };
        Self(out)
    }

    pub(crate) fn sub(&self, other: &Self) -> Self {
        let mut out = blst_fp::default();
        // SAFETY: all three point to initialised field elements that outlive the call.
        unsafe { blst_fp_sub(&raw mut out, &raw const self.0, &raw const other.0) };
        Self(out)
    }

    pub(crate) fn mul(&self, other: &Self) -> Self {
        let mut out = blst_fp::default();
        // SAFETY: all three point to initialised field elements that outlive the call.
        unsafe { blst_fp_mul(&raw mut out, &raw const self.0, &raw const other.0) };
        Self(out)
    }

    pub(crate) fn square(&self) -> Self {
        let mut out = blst_fp::default();
        // SAFETY: both point to initialised field elements that outlive the call.
        unsafe { blst_fp_sqr(&raw mut out, &raw const self.0) };
        Self(out)
    }

    pub(crate) fn negate(&self) -> Self {
        let mut out = blst_fp::default();
        // SAFETY: both point to initialised field elements that outlive the call.
        unsafe { blst_fp_cneg(&raw mut out, &raw const self.0, true) };
        Self(out)
    }

    /// The inverse; zero for zero. Takes variable time.
    pub(crate) fn invert(&self) -> Self {
        let mut out = blst_fp::default();
        // SAFETY: both point to initialised field elements that outlive the call.
        unsafe { blst_fp_eucl_inverse(&raw mut out, &raw const self.0) };
        Self(out)
    }
}
