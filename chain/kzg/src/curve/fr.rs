//! The scalar field of the curve, in Montgomery form.

use auto_core::SCALAR_BYTES;
use blst::{
    blst_bendian_from_scalar, blst_fr, blst_fr_add, blst_fr_eucl_inverse, blst_fr_from_scalar,
    blst_fr_from_uint64, blst_fr_mul, blst_fr_sqr, blst_fr_sub, blst_lendian_from_scalar, blst_scalar,
    blst_scalar_fr_check, blst_scalar_from_bendian, blst_scalar_from_fr,
};

/// An element of the scalar field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Fr(blst_fr);

impl Fr {
    /// Zero, which Montgomery form leaves as it is.
    pub(crate) const ZERO: Self = Self(blst_fr { l: [0; 4] });

    pub(crate) fn one() -> Self {
        Self::from_u64(1)
    }

    pub(crate) fn from_u64(value: u64) -> Self {
        let limbs = [value, 0, 0, 0];
        let mut out = blst_fr::default();
        // SAFETY: the input is an array of the four limbs that the call reads.
        unsafe { blst_fr_from_uint64(&raw mut out, limbs.as_ptr()) };
        Self(out)
    }

    /// Out of canonical big-endian bytes; `None` for a number not below the order of the field.
    pub(crate) fn from_bytes(bytes: &[u8; SCALAR_BYTES]) -> Option<Self> {
        let mut scalar = blst_scalar::default();
        let mut out = blst_fr::default();
        // SAFETY: the input is an array of the 32 bytes that the first call reads; the others take
        // references to initialised values.
        unsafe {
            blst_scalar_from_bendian(&raw mut scalar, bytes.as_ptr());
            if !blst_scalar_fr_check(&raw const scalar) {
                return None;
            }
            blst_fr_from_scalar(&raw mut out, &raw const scalar);
        }
        Some(Self(out))
    }

    fn to_scalar(self) -> blst_scalar {
        let mut scalar = blst_scalar::default();
        // SAFETY: both point to initialised values that outlive the call.
        unsafe { blst_scalar_from_fr(&raw mut scalar, &raw const self.0) };
        scalar
    }

    /// The canonical big-endian bytes.
    pub(crate) fn to_bytes(self) -> [u8; SCALAR_BYTES] {
        let scalar = self.to_scalar();
        let mut bytes = [0; SCALAR_BYTES];
        // SAFETY: the output is an array of the 32 bytes that the call writes.
        unsafe { blst_bendian_from_scalar(bytes.as_mut_ptr(), &raw const scalar) };
        bytes
    }

    /// The canonical little-endian bytes.
    pub(crate) fn to_le_bytes(self) -> [u8; SCALAR_BYTES] {
        let scalar = self.to_scalar();
        let mut bytes = [0; SCALAR_BYTES];
        // SAFETY: the output is an array of the 32 bytes that the call writes.
        unsafe { blst_lendian_from_scalar(bytes.as_mut_ptr(), &raw const scalar) };
        bytes
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.l == [0; 4]
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        let mut out = blst_fr::default();
        // SAFETY: all three point to initialised field elements that outlive the call.
        unsafe { blst_fr_add(&raw mut out, &raw const self.0, &raw const other.0) };
        Self(out)
    }

    pub(crate) fn sub(&self, other: &Self) -> Self {
        let mut out = blst_fr::default();
        // SAFETY: all three point to initialised field elements that outlive the call.
        unsafe { blst_fr_sub(&raw mut out, &raw const self.0, &raw const other.0) };
        Self(out)
    }

    pub(crate) fn mul(&self, other: &Self) -> Self {
        let mut out = blst_fr::default();
        // SAFETY: all three point to initialised field elements that outlive the call.
        unsafe { blst_fr_mul(&raw mut out, &raw const self.0, &raw const other.0) };
        Self(out)
    }

    pub(crate) fn square(&self) -> Self {
        let mut out = blst_fr::default();
        // SAFETY: both point to initialised field elements that outlive the call.
        unsafe { blst_fr_sqr(&raw mut out, &raw const self.0) };
        Self(out)
    }

    pub(crate) fn negate(&self) -> Self {
        Self::ZERO.sub(self)
    }

    /// The inverse; zero for zero. Takes variable time.
    pub(crate) fn invert(&self) -> Self {
        let mut out = blst_fr::default();
        // SAFETY: both point to initialised field elements that outlive the call.
        unsafe { blst_fr_eucl_inverse(&raw mut out, &raw const self.0) };
        Self(out)
    }

    pub(crate) fn pow(&self, exponent: &[u64]) -> Self {
        let mut result = Self::one();
        for limb in exponent.iter().rev() {
            for bit in (0..64).rev() {
                result = result.square();
                if (limb >> bit) & 1 == 1 {
                    result = result.mul(self);
                }
            }
        }
        result
    }
}

/// Inverts every value with one inversion; zeros stay zero.
pub(crate) fn batch_invert(values: &mut [Fr]) {
    let mut products = Vec::with_capacity(values.len());
    let mut product = Fr::one();
    for value in values.iter() {
        products.push(product);
        if !value.is_zero() {
            product = product.mul(value);
        }
    }
    let mut inverse = product.invert();
    for (value, before) in values.iter_mut().zip(products).rev() {
        if !value.is_zero() {
            let own = inverse.mul(&before);
            inverse = inverse.mul(value);
            *value = own;
        }
    }
}
