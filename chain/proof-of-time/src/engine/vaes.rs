//! AES on registers of two and of four blocks (VAES), with the same merged whitening as `x86`.

use super::x86::{expand, halves};
use super::{Block, Parts};
use std::arch::x86_64::{
    __m128i, __m256i, __m512i, _mm256_aesdec_epi128, _mm256_aesdeclast_epi128, _mm256_aesenc_epi128,
    _mm256_aesenclast_epi128, _mm256_broadcastsi128_si256, _mm256_or_si256, _mm256_set_epi64x,
    _mm256_setzero_si256, _mm256_testz_si256, _mm256_xor_si256, _mm512_aesdec_epi128,
    _mm512_aesdeclast_epi128, _mm512_aesenc_epi128, _mm512_aesenclast_epi128, _mm512_broadcast_i32x4,
    _mm512_cmpneq_epi64_mask, _mm512_set_epi64, _mm512_setzero_si512, _mm512_xor_si512,
};

#[inline]
#[target_feature(enable = "avx2")]
fn load_256(blocks: &[Block; 8]) -> [__m256i; 4] {
    let mut registers = [_mm256_setzero_si256(); 4];
    for (register, two) in registers.iter_mut().zip(blocks.as_chunks::<2>().0) {
        let [(a, b), (c, d)] = two.map(halves);
        *register = _mm256_set_epi64x(d, c, b, a);
    }
    registers
}

#[inline]
#[target_feature(enable = "avx2")]
fn spread_256(keys: &[__m128i; 10]) -> [__m256i; 10] {
    let mut spread = [_mm256_setzero_si256(); 10];
    for (wide, key) in spread.iter_mut().zip(keys) {
        *wide = _mm256_broadcastsi128_si256(*key);
    }
    spread
}

/// Whether `steps` encryptions of the inputs meet `steps` decryptions of the outputs.
#[target_feature(enable = "aes,sse2,vaes,avx2")]
pub(super) fn verify_256(parts: &Parts, steps: u64) -> bool {
    let keys = expand(parts.key);
    let (first, last) = (_mm256_broadcastsi128_si256(keys.first), _mm256_broadcastsi128_si256(keys.last));
    let (forward_keys, backward_keys) = (spread_256(&keys.forward), spread_256(&keys.backward));
    let (mut forward, mut backward) = (load_256(&parts.inputs), load_256(&parts.outputs));
    for (ahead, behind) in forward.iter_mut().zip(&mut backward) {
        *ahead = _mm256_xor_si256(*ahead, first);
        *behind = _mm256_xor_si256(*behind, last);
    }
    for _ in 0..steps {
        for round in 0..9 {
            for block in &mut forward {
                *block = _mm256_aesenc_epi128(*block, forward_keys[round]);
            }
            for block in &mut backward {
                *block = _mm256_aesdec_epi128(*block, backward_keys[round]);
            }
        }
        for block in &mut forward {
            *block = _mm256_aesenclast_epi128(*block, forward_keys[9]);
        }
        for block in &mut backward {
            *block = _mm256_aesdeclast_epi128(*block, backward_keys[9]);
        }
    }
    let mut differing = _mm256_setzero_si256();
    for (ahead, behind) in forward.into_iter().zip(backward) {
        let difference = _mm256_xor_si256(_mm256_xor_si256(ahead, first), _mm256_xor_si256(behind, last));
        differing = _mm256_or_si256(differing, difference);
    }
    _mm256_testz_si256(differing, differing) == 1
}

/// A slot on its way to the middle, in registers of four blocks.
#[derive(Clone, Copy)]
struct Wide {
    first: __m512i,
    last: __m512i,
    forward_keys: [__m512i; 10],
    backward_keys: [__m512i; 10],
    forward: [__m512i; 2],
    backward: [__m512i; 2],
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load_512(blocks: &[Block; 8], whitening: __m512i) -> [__m512i; 2] {
    let mut registers = [_mm512_setzero_si512(); 2];
    for (register, four) in registers.iter_mut().zip(blocks.as_chunks::<4>().0) {
        let [(a, b), (c, d), (e, f), (g, h)] = four.map(halves);
        *register = _mm512_xor_si512(_mm512_set_epi64(h, g, f, e, d, c, b, a), whitening);
    }
    registers
}

#[inline]
#[target_feature(enable = "avx512f")]
fn spread_512(keys: &[__m128i; 10]) -> [__m512i; 10] {
    let mut spread = [_mm512_setzero_si512(); 10];
    for (wide, key) in spread.iter_mut().zip(keys) {
        *wide = _mm512_broadcast_i32x4(*key);
    }
    spread
}

#[inline]
#[target_feature(enable = "aes,sse2,avx512f")]
fn widen(parts: &Parts) -> Wide {
    let keys = expand(parts.key);
    let (first, last) = (_mm512_broadcast_i32x4(keys.first), _mm512_broadcast_i32x4(keys.last));
    Wide {
        first,
        last,
        forward_keys: spread_512(&keys.forward),
        backward_keys: spread_512(&keys.backward),
        forward: load_512(&parts.inputs, first),
        backward: load_512(&parts.outputs, last),
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn meets(slot: &Wide) -> bool {
    let mut meet = true;
    for (ahead, behind) in slot.forward.into_iter().zip(slot.backward) {
        let (ahead, behind) = (_mm512_xor_si512(ahead, slot.first), _mm512_xor_si512(behind, slot.last));
        meet &= _mm512_cmpneq_epi64_mask(ahead, behind) == 0;
    }
    meet
}

/// For each of `N` slots: whether `steps` encryptions of its inputs meet `steps` decryptions of its
/// outputs. The slots' streams are interleaved.
#[target_feature(enable = "aes,sse2,vaes,avx2,avx512f")]
pub(super) fn verify_512<const N: usize>(parts: &[Parts; N], steps: u64) -> [bool; N] {
    let zero = _mm512_setzero_si512();
    let empty = Wide {
        first: zero,
        last: zero,
        forward_keys: [zero; 10],
        backward_keys: [zero; 10],
        forward: [zero; 2],
        backward: [zero; 2],
    };
    let mut slots = [empty; N];
    let (mut forward, mut backward) = ([[zero; 2]; N], [[zero; 2]; N]);
    for (index, parts) in parts.iter().enumerate() {
        slots[index] = widen(parts);
        (forward[index], backward[index]) = (slots[index].forward, slots[index].backward);
    }
    for _ in 0..steps {
        for round in 0..9 {
            for (slot, (ahead, behind)) in slots.iter().zip(forward.iter_mut().zip(&mut backward)) {
                for block in ahead {
                    *block = _mm512_aesenc_epi128(*block, slot.forward_keys[round]);
                }
                for block in behind {
                    *block = _mm512_aesdec_epi128(*block, slot.backward_keys[round]);
                }
            }
        }
        for (slot, (ahead, behind)) in slots.iter().zip(forward.iter_mut().zip(&mut backward)) {
            for block in ahead {
                *block = _mm512_aesenclast_epi128(*block, slot.forward_keys[9]);
            }
            for block in behind {
                *block = _mm512_aesdeclast_epi128(*block, slot.backward_keys[9]);
            }
        }
    }
    let mut verdicts = [false; N];
    for (index, slot) in slots.iter_mut().enumerate() {
        (slot.forward, slot.backward) = (forward[index], backward[index]);
        verdicts[index] = meets(slot);
    }
    verdicts
}
