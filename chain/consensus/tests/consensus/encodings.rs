//! Scalars, points and proofs of space in forms that no honest farmer writes.

use auto_core::SpaceProof;

/// The order of the scalar field, big-endian.
pub(crate) const FIELD_ORDER: &str = "73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001";
/// The order of the base field, big-endian.
pub(crate) const BASE_ORDER: &str = concat!(
    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f624",
    "1eabfffeb153ffffb9feffffffffaaab"
);

pub(crate) fn scalar(text: &str) -> [u8; 32] {
    hex::decode(text).unwrap().try_into().unwrap()
}

/// Big-endian sum, which must fit.
pub(crate) fn add(one: &[u8; 32], other: &[u8; 32]) -> [u8; 32] {
    let (mut sum, mut carry) = ([0; 32], 0u16);
    for index in (0..32).rev() {
        let digit = u16::from(one[index]) + u16::from(other[index]) + carry;
        sum[index] = digit.to_le_bytes()[0];
        carry = digit >> 8;
    }
    assert_eq!(carry, 0);
    sum
}

/// Encodings that are no point of the group: off the curve or outside the subgroup, bad flags, infinity.
pub(crate) fn bad_points(good: [u8; 48]) -> Vec<[u8; 48]> {
    let mut points = Vec::new();
    for x in 1..24 {
        // A small x is off the curve, or a point whose order is not that of the group.
        let mut point = [0; 48];
        (point[0], point[47]) = (0x80, x);
        points.push(point);
    }
    let flags: [fn(u8) -> u8; 4] = [|byte| byte & 0x7f, |byte| byte | 0x40, |byte| byte ^ 0x20, |_| 0];
    for flag in flags {
        let mut point = good;
        point[0] = flag(point[0]);
        points.push(point);
    }
    let mut infinity = [0; 48];
    infinity[0] = 0xc0;
    points.push(infinity);
    infinity[47] = 1;
    points.push(infinity);
    let mut over: [u8; 48] = hex::decode(BASE_ORDER).unwrap().try_into().unwrap();
    over[0] |= 0x80;
    points.push(over);
    points.push([0xff; 48]);
    points
}

/// The 64 values of a proof, 14 bits each.
pub(crate) fn values(proof: &SpaceProof) -> Vec<u16> {
    let bit = |index: usize| u16::from(proof.bytes()[index / 8] >> (7 - index % 8) & 1);
    (0..64).map(|value| (0..14).fold(0, |sum, index| sum << 1 | bit(value * 14 + index))).collect()
}

pub(crate) fn packed(values: &[u16]) -> SpaceProof {
    let mut bytes = vec![0; 112];
    for (position, value) in values.iter().enumerate() {
        for index in 0..14 {
            let at = position * 14 + index;
            let bit = (value >> (13 - index) & 1).to_le_bytes()[0];
            bytes[at / 8] |= bit << (7 - at % 8);
        }
    }
    SpaceProof::new(14, bytes).unwrap()
}
