//! Blocks as peers send them.

#![no_main]

use auto_core::{Block, decode_strict};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;

/// What decodes is canonical, and what every node derives from it is there.
fn check(bytes: &[u8]) {
    let Ok(block) = decode_strict::<Block>(bytes, 1 << 24) else { return };
    assert_eq!(block.encode(), bytes);
    assert_eq!(block.encoded_size(), bytes.len());
    let _ = (block.header.hash(), block.body.root());
}

fuzz_target!(|bytes: &[u8]| check(bytes));
