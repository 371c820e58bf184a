//! Stable radix sort of `(y, position)` pairs by `y`.

use crate::shape::at;

/// Sorts `keys` by their upper half, which is below `2^bits`; equal ones keep their order.
///
/// `scratch` is a buffer to reuse; its content does not matter.
pub(crate) fn by_upper_half(keys: &mut [u64], scratch: &mut Vec<u64>, bits: u32) {
    let low_bits = bits / 2;
    let high_bits = bits - low_bits;
    scratch.clear();
    scratch.resize(keys.len(), 0);
    pass(keys, scratch, 32, low_bits);
    pass(scratch, keys, 32 + low_bits, high_bits);
}

/// One stable pass over `bits` bits from bit `shift`.
fn pass(from: &[u64], to: &mut [u64], shift: u32, bits: u32) {
    let mask = (1u64 << bits) - 1;
    let digit = |key: u64| {
        at(u32::try_from((key >> shift) & mask).expect("holds because a digit has at most 13 bits"))
    };
    let mut offsets = vec![0u32; 1 << bits];
    for key in from {
        let offset = &mut offsets[digit(*key)];
        *offset = offset.wrapping_add(1);
    }
    let mut start = 0u32;
    for offset in &mut offsets {
        let count = *offset;
        *offset = start;
        start = start.wrapping_add(count);
    }
    for key in from {
        let offset = &mut offsets[digit(*key)];
        to[at(*offset)] = *key;
        *offset = offset.wrapping_add(1);
    }
}
