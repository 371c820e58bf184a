//! Audits of agents that anybody may have written.

#![no_main]

use auto_core::Hash;
use auto_sdk::audit::{AuditFile, Trusted};
use libfuzzer_sys::fuzz_target;

/// There is one text for one audit, and noise leads to no block that was trusted before.
fn check(text: &str) {
    let Ok(file) = AuditFile::parse(text) else { return };
    assert_eq!(file.to_text(), text);
    let _ = file.verify(&Trusted::default());
    let trusted = Trusted { block_hash: Some(Hash([0x5a; 32])), ..Trusted::default() };
    assert!(file.verify(&trusted).is_err(), "noise leads to a block that was chosen before");
}

fuzz_target!(|text: &str| check(text));
