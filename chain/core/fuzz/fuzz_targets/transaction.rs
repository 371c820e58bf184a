//! Signed transactions as users send them.

#![no_main]

use auto_core::{Hash, SignedTransaction, decode_strict};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;

/// What decodes is canonical; no signature over noise holds.
fn check(bytes: &[u8]) {
    let Ok(signed) = decode_strict::<SignedTransaction>(bytes, 1 << 24) else { return };
    assert_eq!(signed.encode(), bytes);
    let _ = signed.hash();
    assert!(signed.verify(&Hash([0x5a; 32])).is_err());
}

fuzz_target!(|bytes: &[u8]| check(bytes));
