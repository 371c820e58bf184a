//! Headers as peers send them.

#![no_main]

use auto_core::{Hash, Header, PublicKey, decode_strict};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;

/// What decodes is canonical; no seal over noise holds.
fn check(bytes: &[u8]) {
    let Ok(header) = decode_strict::<Header>(bytes, 1 << 20) else { return };
    assert_eq!(header.encode(), bytes);
    let _ = (header.hash(), header.pre_digest(), header.segment_headers());
    if let Some(seal) = header.seal_signature() {
        assert_ne!(header.hash(), header.pre_seal_hash());
        let key = header.pre_digest().map_or(PublicKey([1; 32]), |claim| claim.solution.public_key);
        let _ = header.verify_seal(&key, &Hash([0x5a; 32]), seal);
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
