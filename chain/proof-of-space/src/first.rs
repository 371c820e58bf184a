//! The first table's function: bits of a ChaCha8 keystream.

use crate::shape::{EXT, Shape, at};
use auto_core::Hash;
use chacha20::ChaCha8;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};

/// Bytes read at once around `K` bits; also the slack behind a keystream.
const WINDOW: usize = 8;

fn cipher(seed: &Hash) -> ChaCha8 {
    ChaCha8::new(&seed.0.into(), &[0; 12].into())
}

/// `y` of `x`, whose `K` bits of keystream start at bit `offset` of `window`.
#[inline(always)]
fn value(shape: Shape, x: u32, window: [u8; WINDOW], offset: u32) -> u32 {
    let bits = (u64::from_be_bytes(window) << offset) >> (64 - u32::from(shape.k));
    let bits = u32::try_from(bits).expect("holds because at most 20 bits are left");
    (bits << EXT) | (x >> (shape.k - EXT))
}

/// `y` of every `x`, in order of `x`, together with `x`: `y` in the upper half, `x` in the lower.
///
/// `keystream` is a buffer to reuse.
pub(crate) fn values(shape: Shape, seed: &Hash, keystream: &mut Vec<u8>, keys: &mut Vec<u64>) {
    let k = u32::from(shape.k);
    keystream.clear();
    keystream.resize(at(shape.values() / 8 * k) + WINDOW, 0);
    cipher(seed).apply_keystream(keystream);
    keys.clear();
    keys.extend((0..shape.values()).map(|x| {
        let first_bit = x * k;
        let mut window = [0; WINDOW];
        let start = at(first_bit / 8);
        window.copy_from_slice(&keystream[start..start + WINDOW]);
        (u64::from(value(shape, x, window, first_bit % 8)) << 32) | u64::from(x)
    }));
}

/// `y` of each of some values of `x`, without the whole table.
pub(crate) fn some_values<const N: usize>(shape: Shape, seed: &Hash, xs: &[u32; N]) -> [u32; N] {
    let mut cipher = cipher(seed);
    xs.map(|x| {
        let first_bit = x * u32::from(shape.k);
        let mut window = [0; WINDOW];
        cipher.seek(first_bit / 8);
        cipher.apply_keystream(&mut window);
        value(shape, x, window, first_bit % 8)
    })
}
