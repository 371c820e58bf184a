//! Keystore files that somebody else may have written.

#![no_main]

use auto_sdk::{KdfCost, KeyFile};
use libfuzzer_sys::fuzz_target;

/// A file that was read asks for bounded work, and is written in the one form that gives it again.
fn check(text: &str) {
    let Ok(file) = KeyFile::parse(text) else { return };
    assert!(file.cost.memory_kib <= KdfCost::MAX.memory_kib && file.cost.passes <= KdfCost::MAX.passes);
    let written = file.to_text();
    let read = KeyFile::parse(&written).expect("its own text");
    assert_eq!((&read, read.to_text()), (&file, written));
}

fuzz_target!(|text: &str| check(text));
