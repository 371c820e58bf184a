//! AES by the instructions of x86-64, one block per register.
//!
//! AES whitens a block with round key 0 before the first round, and each encryption of the chain follows
//! another. So the block is kept whitened: the last round takes `key 10 XOR key 0`, which ends one
//! encryption and starts the next, and an encryption is exactly ten dependent instructions. Decryption
//! does the same with the keys in reverse.

use super::{Block, Parts};
use auto_core::{CHECKPOINTS, PotCheckpoints, PotOutput};
use std::arch::x86_64::{
    __m128i, _mm_aesdec_si128, _mm_aesdeclast_si128, _mm_aesenc_si128, _mm_aesenclast_si128,
    _mm_aesimc_si128, _mm_aeskeygenassist_si128, _mm_cmpeq_epi8, _mm_cvtsi128_si64, _mm_movemask_epi8,
    _mm_set_epi64x, _mm_setzero_si128, _mm_shuffle_epi32, _mm_slli_si128, _mm_unpackhi_epi64, _mm_xor_si128,
};

/// The round keys of a slot, for kept-whitened blocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keys {
    /// Whitens an input: round key 0.
    pub(super) first: __m128i,
    /// Whitens an output: round key 10.
    pub(super) last: __m128i,
    /// Round keys 1 to 9 of an encryption; then 10 merged with 0.
    pub(super) forward: [__m128i; 10],
    /// Round keys 9 to 1 of a decryption, with the inverse mixed columns; then 0 merged with 10.
    pub(super) backward: [__m128i; 10],
}

/// The two halves of a block.
pub(super) fn halves(block: Block) -> (i64, i64) {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = block;
    (i64::from_le_bytes([a, b, c, d, e, f, g, h]), i64::from_le_bytes([i, j, k, l, m, n, o, p]))
}

#[inline]
#[target_feature(enable = "sse2")]
fn load(block: Block) -> __m128i {
    let (low, high) = halves(block);
    _mm_set_epi64x(high, low)
}

#[inline]
#[target_feature(enable = "sse2")]
fn store(register: __m128i) -> Block {
    let mut block = [0; 16];
    let (low, high) = block.split_at_mut(8);
    low.copy_from_slice(&_mm_cvtsi128_si64(register).to_le_bytes());
    high.copy_from_slice(&_mm_cvtsi128_si64(_mm_unpackhi_epi64(register, register)).to_le_bytes());
    block
}

/// The round key after `key`; `RCON` is the constant of its round (FIPS 197, 5.2).
#[inline]
#[target_feature(enable = "aes,sse2")]
fn next_key<const RCON: i32>(key: __m128i) -> __m128i {
    let word = _mm_shuffle_epi32::<0xff>(_mm_aeskeygenassist_si128::<RCON>(key));
    // Three times makes each word the sum of itself and all words before it.
    let mut sums = key;
    for _ in 0..3 {
        sums = _mm_xor_si128(sums, _mm_slli_si128::<4>(sums));
    }
    _mm_xor_si128(sums, word)
}

/// The round keys of `key`.
#[target_feature(enable = "aes,sse2")]
pub(super) fn expand(key: Block) -> Keys {
    let k0 = load(key);
    let k1 = next_key::<0x01>(k0);
    let k2 = next_key::<0x02>(k1);
    let k3 = next_key::<0x04>(k2);
    let k4 = next_key::<0x08>(k3);
    let k5 = next_key::<0x10>(k4);
    let k6 = next_key::<0x20>(k5);
    let k7 = next_key::<0x40>(k6);
    let k8 = next_key::<0x80>(k7);
    let k9 = next_key::<0x1b>(k8);
    let k10 = next_key::<0x36>(k9);
    let merged = _mm_xor_si128(k0, k10);
    let mut backward = [k9, k8, k7, k6, k5, k4, k3, k2, k1, merged];
    for key in &mut backward[..9] {
        *key = _mm_aesimc_si128(*key);
    }
    Keys { first: k0, last: k10, forward: [k1, k2, k3, k4, k5, k6, k7, k8, k9, merged], backward }
}

/// The checkpoints of a slot whose parts have `steps` encryptions each.
#[target_feature(enable = "aes,sse2")]
pub(super) fn prove(seed: Block, key: Block, steps: u64) -> PotCheckpoints {
    let Keys { first, forward: [k1, k2, k3, k4, k5, k6, k7, k8, k9, merged], .. } = expand(key);
    let mut block = _mm_xor_si128(load(seed), first);
    let mut checkpoints = [PotOutput::default(); CHECKPOINTS];
    for checkpoint in &mut checkpoints {
        for _ in 0..steps {
            block = _mm_aesenc_si128(block, k1);
            block = _mm_aesenc_si128(block, k2);
            block = _mm_aesenc_si128(block, k3);
            block = _mm_aesenc_si128(block, k4);
            block = _mm_aesenc_si128(block, k5);
            block = _mm_aesenc_si128(block, k6);
            block = _mm_aesenc_si128(block, k7);
            block = _mm_aesenc_si128(block, k8);
            block = _mm_aesenc_si128(block, k9);
            block = _mm_aesenclast_si128(block, merged);
        }
        *checkpoint = PotOutput(store(_mm_xor_si128(block, first)));
    }
    PotCheckpoints(checkpoints)
}

/// Whether `steps` encryptions of the inputs meet `steps` decryptions of the outputs.
#[target_feature(enable = "aes,sse2")]
pub(super) fn verify(parts: &Parts, steps: u64) -> bool {
    let keys = expand(parts.key);
    let mut forward = [_mm_setzero_si128(); CHECKPOINTS];
    let mut backward = forward;
    for (register, block) in forward.iter_mut().zip(parts.inputs) {
        *register = _mm_xor_si128(load(block), keys.first);
    }
    for (register, block) in backward.iter_mut().zip(parts.outputs) {
        *register = _mm_xor_si128(load(block), keys.last);
    }
    for _ in 0..steps {
        for key in &keys.forward[..9] {
            for block in &mut forward {
                *block = _mm_aesenc_si128(*block, *key);
            }
        }
        for block in &mut forward {
            *block = _mm_aesenclast_si128(*block, keys.forward[9]);
        }
        for key in &keys.backward[..9] {
            for block in &mut backward {
                *block = _mm_aesdec_si128(*block, *key);
            }
        }
        for block in &mut backward {
            *block = _mm_aesdeclast_si128(*block, keys.backward[9]);
        }
    }
    let mut meet = true;
    for (ahead, behind) in forward.into_iter().zip(backward) {
        let (ahead, behind) = (_mm_xor_si128(ahead, keys.first), _mm_xor_si128(behind, keys.last));
        meet &= _mm_movemask_epi8(_mm_cmpeq_epi8(ahead, behind)) == 0xffff;
    }
    meet
}
