//! The group G1: affine points, as they travel, and Jacobian points, as they are computed with.

use super::{Fp, Fr};
use blst::{
    BLST_ERROR, blst_p1, blst_p1_add_or_double, blst_p1_add_or_double_affine, blst_p1_affine,
    blst_p1_affine_compress, blst_p1_affine_generator, blst_p1_affine_in_g1, blst_p1_affine_is_inf,
    blst_p1_cneg, blst_p1_compress, blst_p1_double, blst_p1_from_affine, blst_p1_is_inf, blst_p1_mult,
    blst_p1_to_affine, blst_p1_uncompress,
};

/// A point of G1 by its coordinates; the point at infinity has both zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Affine {
    pub(crate) x: Fp,
    pub(crate) y: Fp,
}

impl Affine {
    /// The neutral element.
    pub(crate) const INFINITY: Self = Self { x: Fp::ZERO, y: Fp::ZERO };

    pub(crate) fn generator() -> Self {
        // SAFETY: the call returns a pointer to a constant that lives as long as the program.
        Self::from_blst(&unsafe { *blst_p1_affine_generator() })
    }

    fn from_blst(point: &blst_p1_affine) -> Self {
        Self { x: Fp(point.x), y: Fp(point.y) }
    }

    pub(super) fn to_blst(self) -> blst_p1_affine {
        blst_p1_affine { x: self.x.0, y: self.y.0 }
    }

    pub(crate) fn is_infinity(&self) -> bool {
        self.x.is_zero() && self.y.is_zero()
    }

    pub(crate) fn negate(&self) -> Self {
        Self { x: self.x, y: self.y.negate() }
    }

    /// Decodes a compressed point; `None` unless it is the canonical encoding of a member of G1.
    ///
    /// The canonical encoding of infinity is taken: it commits to zero and proves constants.
    pub(crate) fn from_bytes(bytes: &[u8; 48]) -> Option<Self> {
        let mut point = blst_p1_affine::default();
        let mut again = [0; 48];
        // SAFETY: the input and the output are arrays of the 48 bytes that the calls read and write;
        // the point is initialised and outlives them.
        let canonical = unsafe {
            blst_p1_uncompress(&raw mut point, bytes.as_ptr()) == BLST_ERROR::BLST_SUCCESS
                && (blst_p1_affine_is_inf(&raw const point) || blst_p1_affine_in_g1(&raw const point))
                && {
                    blst_p1_affine_compress(again.as_mut_ptr(), &raw const point);
                    again == *bytes
                }
        };
        canonical.then(|| Self::from_blst(&point))
    }
}

/// A point of G1 in Jacobian coordinates.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct G1(blst_p1);

impl G1 {
    pub(crate) fn infinity() -> Self {
        Self::default()
    }

    pub(crate) fn is_infinity(&self) -> bool {
        // SAFETY: points to an initialised point that outlives the call.
        unsafe { blst_p1_is_inf(&raw const self.0) }
    }

    /// The sum; complete, so also for equal, opposite and infinite points.
    pub(crate) fn add(&self, other: &Self) -> Self {
        let mut out = blst_p1::default();
        // SAFETY: all three point to initialised points that outlive the call.
        unsafe { blst_p1_add_or_double(&raw mut out, &raw const self.0, &raw const other.0) };
        Self(out)
    }

    pub(crate) fn add_affine(&self, other: &Affine) -> Self {
        let (mut out, other) = (blst_p1::default(), other.to_blst());
        // SAFETY: all three point to initialised points that outlive the call.
        unsafe { blst_p1_add_or_double_affine(&raw mut out, &raw const self.0, &raw const other) };
        Self(out)
    }

    pub(crate) fn double(&self) -> Self {
        let mut out = blst_p1::default();
        // SAFETY: both point to initialised points that outlive the call.
        unsafe { blst_p1_double(&raw mut out, &raw const self.0) };
        Self(out)
    }

    pub(crate) fn negate(&self) -> Self {
        let mut out = self.0;
        // SAFETY: points to an initialised point that outlives the call.
        unsafe { blst_p1_cneg(&raw mut out, true) };
        Self(out)
    }

    pub(crate) fn sub(&self, other: &Self) -> Self {
        self.add(&other.negate())
    }

    /// The point times a scalar.
    pub(crate) fn mul(&self, scalar: &Fr) -> Self {
        self.mul_bits(&scalar.to_le_bytes(), 255)
    }

    /// The point times a number of 128 bits, little-endian.
    pub(crate) fn mul_short(&self, scalar: &[u8; 16]) -> Self {
        let mut wide = [0; 32];
        for (to, from) in wide.iter_mut().zip(scalar) {
            *to = *from;
        }
        self.mul_bits(&wide, 128)
    }

    /// `bits` is at most the 256 that `scalar` holds.
    fn mul_bits(&self, scalar: &[u8; 32], bits: usize) -> Self {
        if self.is_infinity() {
            return *self;
        }
        let mut out = blst_p1::default();
        // SAFETY: both points are initialised; the call reads `bits / 8` bytes rounded up of the
        // scalar, at most the 32 of the array, as both callers of this private function ask for less.
        unsafe { blst_p1_mult(&raw mut out, &raw const self.0, scalar.as_ptr(), bits) };
        Self(out)
    }

    pub(crate) fn to_affine(self) -> Affine {
        let mut out = blst_p1_affine::default();
        if !self.is_infinity() {
            // SAFETY: both point to initialised points that outlive the call.
            unsafe { blst_p1_to_affine(&raw mut out, &raw const self.0) };
        }
        Affine::from_blst(&out)
    }

    /// The affine forms of `points` with one inversion.
    pub(crate) fn normalize(points: &[Self]) -> Vec<Affine> {
        let mut products = Vec::with_capacity(points.len());
        let mut product = Fp::one();
        for point in points {
            products.push(product);
            if !point.is_infinity() {
                product = product.mul(&Fp(point.0.z));
            }
        }
        let mut inverse = product.invert();
        let mut affine = vec![Affine::default(); points.len()];
        for ((point, before), out) in points.iter().zip(&products).zip(&mut affine).rev() {
            if !point.is_infinity() {
                let own = inverse.mul(before);
                inverse = inverse.mul(&Fp(point.0.z));
                let square = own.square();
                *out = Affine { x: Fp(point.0.x).mul(&square), y: Fp(point.0.y).mul(&square.mul(&own)) };
            }
        }
        affine
    }

    /// The compressed encoding.
    pub(crate) fn to_bytes(self) -> [u8; 48] {
        let mut bytes = [0; 48];
        // SAFETY: the output is an array of the 48 bytes that the call writes.
        unsafe { blst_p1_compress(bytes.as_mut_ptr(), &raw const self.0) };
        bytes
    }
}

impl From<Affine> for G1 {
    fn from(point: Affine) -> Self {
        if point.is_infinity() {
            return Self::infinity();
        }
        let (mut out, point) = (blst_p1::default(), point.to_blst());
        // SAFETY: both point to initialised points that outlive the call.
        unsafe { blst_p1_from_affine(&raw mut out, &raw const point) };
        Self(out)
    }
}
