//! Words in vector registers of x86-64.
//!
//! Values of these types are used only inside functions of `step::x86` that are compiled for the
//! features in question (AVX2; AVX-512 F, BW and DQ) and are called only after they were detected.
#![allow(unsafe_code, reason = "vector instructions need features that the target does not guarantee")]

use super::{Lanes, Word};
use std::arch::x86_64::{
    __m128i, __m256i, __m512i, _mm_cvtsi32_si128, _mm_loadu_si128, _mm256_add_epi32, _mm256_and_si256,
    _mm256_broadcastsi128_si256, _mm256_loadu_si256, _mm256_or_si256, _mm256_set1_epi32, _mm256_shuffle_epi8,
    _mm256_sll_epi32, _mm256_slli_epi32, _mm256_srl_epi32, _mm256_srli_epi32, _mm256_storeu_si256,
    _mm256_xor_si256, _mm512_add_epi32, _mm512_and_si512, _mm512_broadcast_i32x4, _mm512_loadu_si512,
    _mm512_or_si512, _mm512_ror_epi32, _mm512_set1_epi32, _mm512_shuffle_epi8, _mm512_sll_epi32,
    _mm512_srl_epi32, _mm512_storeu_si512, _mm512_xor_si512,
};

/// Byte order of words rotated by 16 bits.
const ROTATE_16: [u8; 16] = [2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13];
/// Byte order of words rotated to the right by 8 bits.
const ROTATE_8: [u8; 16] = [1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12];
/// Byte order of words with their bytes in reverse.
const SWAP: [u8; 16] = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12];

#[inline(always)]
fn bytes(order: [u8; 16]) -> __m128i {
    // SAFETY: every x86-64 machine has SSE2; 16 bytes are read, and any alignment will do.
    unsafe { _mm_loadu_si128(order.as_ptr().cast()) }
}

impl Word for __m256i {
    const WIDTH: usize = 8;

    #[inline(always)]
    fn load(lanes: &Lanes, first: usize) -> Self {
        let words = &lanes[first..first + Self::WIDTH];
        // SAFETY: features as said above; the slice has as many bytes as are read, and any alignment will do.
        unsafe { _mm256_loadu_si256(words.as_ptr().cast()) }
    }

    #[inline(always)]
    fn store(self, lanes: &mut Lanes, first: usize) {
        let words = &mut lanes[first..first + Self::WIDTH];
        // SAFETY: features as said above; the slice has as many bytes as are written, and any alignment will do.
        unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), self) }
    }

    #[inline(always)]
    fn splat(word: u32) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm256_set1_epi32(word.cast_signed()) }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm256_add_epi32(self, other) }
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm256_xor_si256(self, other) }
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm256_or_si256(self, other) }
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm256_and_si256(self, other) }
    }

    #[inline(always)]
    fn left(self, bits: u32) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm256_sll_epi32(self, _mm_cvtsi32_si128(bits.cast_signed())) }
    }

    #[inline(always)]
    fn right(self, bits: u32) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm256_srl_epi32(self, _mm_cvtsi32_si128(bits.cast_signed())) }
    }

    #[inline(always)]
    fn rotate_16(self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm256_shuffle_epi8(self, _mm256_broadcastsi128_si256(bytes(ROTATE_16))) }
    }

    #[inline(always)]
    fn rotate_12(self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm256_or_si256(_mm256_srli_epi32::<12>(self), _mm256_slli_epi32::<20>(self)) }
    }

    #[inline(always)]
    fn rotate_8(self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm256_shuffle_epi8(self, _mm256_broadcastsi128_si256(bytes(ROTATE_8))) }
    }

    #[inline(always)]
    fn rotate_7(self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm256_or_si256(_mm256_srli_epi32::<7>(self), _mm256_slli_epi32::<25>(self)) }
    }

    #[inline(always)]
    fn swap_bytes(self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm256_shuffle_epi8(self, _mm256_broadcastsi128_si256(bytes(SWAP))) }
    }
}

impl Word for __m512i {
    const WIDTH: usize = 16;

    #[inline(always)]
    fn load(lanes: &Lanes, first: usize) -> Self {
        let words = &lanes[first..first + Self::WIDTH];
        // SAFETY: features as said above; the slice has as many bytes as are read, and any alignment will do.
        unsafe { _mm512_loadu_si512(words.as_ptr().cast()) }
    }

    #[inline(always)]
    fn store(self, lanes: &mut Lanes, first: usize) {
        let words = &mut lanes[first..first + Self::WIDTH];
        // SAFETY: features as said above; the slice has as many bytes as are written, and any alignment will do.
        unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), self) }
    }

    #[inline(always)]
    fn splat(word: u32) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm512_set1_epi32(word.cast_signed()) }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm512_add_epi32(self, other) }
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm512_xor_si512(self, other) }
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm512_or_si512(self, other) }
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm512_and_si512(self, other) }
    }

    #[inline(always)]
    fn left(self, bits: u32) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm512_sll_epi32(self, _mm_cvtsi32_si128(bits.cast_signed())) }
    }

    #[inline(always)]
    fn right(self, bits: u32) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm512_srl_epi32(self, _mm_cvtsi32_si128(bits.cast_signed())) }
    }

    #[inline(always)]
    fn rotate_16(self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm512_ror_epi32::<16>(self) }
    }

    #[inline(always)]
    fn rotate_12(self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm512_ror_epi32::<12>(self) }
    }

    #[inline(always)]
    fn rotate_8(self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm512_ror_epi32::<8>(self) }
    }

    #[inline(always)]
    fn rotate_7(self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm512_ror_epi32::<7>(self) }
    }

    #[inline(always)]
    fn swap_bytes(self) -> Self {
        // SAFETY: features as said above.
        unsafe { _mm512_shuffle_epi8(self, _mm512_broadcast_i32x4(bytes(SWAP))) }
    }
}
