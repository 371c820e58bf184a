//! Files of identities' keys that somebody else may have written.

#![no_main]

use auto_sdk::IdentityFile;
use libfuzzer_sys::fuzz_target;

/// A file that was read is written in the one form that gives it again.
fn check(text: &str) {
    let Ok(file) = IdentityFile::parse(text) else { return };
    let written = file.to_text();
    let read = IdentityFile::parse(&written).expect("its own text");
    assert_eq!((&read, read.to_text()), (&file, written));
}

fuzz_target!(|text: &str| check(text));
