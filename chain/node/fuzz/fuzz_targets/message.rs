//! Messages as peers send them.

#![no_main]

use auto_node::{MESSAGE_BYTES_MAX, Message};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;

/// What decodes is canonical and within its bound.
fn check(bytes: &[u8]) {
    let Ok(message) = Message::decode_bytes(bytes) else { return };
    assert!(bytes.len() <= MESSAGE_BYTES_MAX);
    assert_eq!(message.encode(), bytes);
}

fuzz_target!(|bytes: &[u8]| check(bytes));
