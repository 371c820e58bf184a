//! Deterministic records, commitments and field arithmetic by schoolbook methods.
#![allow(dead_code, reason = "each test binary uses its own part of these samples")]

use auto_core::{Commitment, RAW_RECORD_BYTES, RECORD_BYTES, hash};
use auto_kzg::{Kzg, raw_to_record};

/// Pseudo-random raw history.
pub(crate) fn raw(seed: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(RAW_RECORD_BYTES + 32);
    let mut state = hash(&seed.to_le_bytes());
    while bytes.len() < RAW_RECORD_BYTES {
        bytes.extend_from_slice(&state.0);
        state = hash(&state.0);
    }
    bytes.truncate(RAW_RECORD_BYTES);
    bytes
}

/// A record of raw history.
pub(crate) fn raw_record(seed: u64) -> Vec<u8> {
    raw_to_record(&raw(seed)).expect("exact length")
}

/// A record whose scalars use 254 bits, as parity does.
pub(crate) fn scalars_record(seed: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(RECORD_BYTES);
    let mut state = hash(&seed.to_be_bytes());
    while bytes.len() < RECORD_BYTES {
        let mut scalar = state.0;
        scalar[0] &= 0x3f;
        bytes.extend_from_slice(&scalar);
        state = hash(&state.0);
    }
    bytes
}

/// A commitment to a record that is constant.
pub(crate) fn commitment(seed: u64) -> Commitment {
    let mut scalar = [0; 32];
    scalar[24..].copy_from_slice(&(seed + 1).to_be_bytes());
    Kzg::ceremony().commit_record(&scalar.repeat(4096)).expect("canonical")
}

/// Reverses the low `bits` bits.
pub(crate) fn reverse(index: usize, bits: u32) -> usize {
    (0..bits).fold(0, |out, bit| (out << 1) | ((index >> bit) & 1))
}

/// The order of the field, big-endian limbs of 64 bits.
const ORDER: [u64; 4] =
    [0x73ed_a753_299d_7d48, 0x3339_d808_09a1_d805, 0x53bd_a402_fffe_5bfe, 0xffff_ffff_0000_0001];

fn double_add(value: [u64; 4], add: [u64; 4]) -> [u64; 4] {
    reduce(plus(reduce(plus(value, value)), add))
}

fn plus(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    let (mut out, mut carry) = ([0; 4], 0_u128);
    for i in (0..4).rev() {
        let sum = u128::from(a[i]) + u128::from(b[i]) + carry;
        out[i] = sum as u64;
        carry = sum >> 64;
    }
    out
}

fn reduce(a: [u64; 4]) -> [u64; 4] {
    if a < ORDER {
        return a;
    }
    let (mut out, mut borrow) = ([0; 4], false);
    for i in (0..4).rev() {
        let (first, one) = a[i].overflowing_sub(ORDER[i]);
        let (second, two) = first.overflowing_sub(u64::from(borrow));
        out[i] = second;
        borrow = one || two;
    }
    out
}

fn times(a: [u64; 4], b: [u64; 4]) -> [u64; 4] {
    let mut out = [0; 4];
    for bit in 0..256 {
        let set = (b[bit / 64] >> (63 - bit % 64)) & 1 == 1;
        out = double_add(out, if set { a } else { [0; 4] });
    }
    out
}

fn bytes(a: [u64; 4]) -> [u8; 32] {
    let mut out = [0; 32];
    for (chunk, limb) in out.chunks_exact_mut(8).zip(a) {
        chunk.copy_from_slice(&limb.to_be_bytes());
    }
    out
}

/// Every `z_j` from its definition, `7^((r - 1) / 8192 * brp13(j))`.
pub(crate) fn points() -> Vec<[u8; 32]> {
    let mut exponent = ORDER;
    exponent[3] -= 1;
    let mut shifted = [0; 4];
    for i in 0..4 {
        shifted[i] = exponent[i] >> 13 | if i > 0 { exponent[i - 1] << 51 } else { 0 };
    }
    let mut root = [0, 0, 0, 1];
    for bit in 0..256 {
        root = times(root, root);
        if (shifted[bit / 64] >> (63 - bit % 64)) & 1 == 1 {
            root = times(root, [0, 0, 0, 7]);
        }
    }
    let mut power = [0, 0, 0, 1];
    let mut powers = Vec::new();
    for _ in 0..8192 {
        powers.push(bytes(power));
        power = times(power, root);
    }
    (0..8192).map(|j| powers[reverse(j, 13)]).collect()
}
