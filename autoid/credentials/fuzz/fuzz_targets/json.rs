//! JSON that is to be signed.

#![no_main]

use autoid_credentials::json::{canonical, parse};
use libfuzzer_sys::fuzz_target;

/// What is read has a canonical form, which is read back and is its own.
fn check(bytes: &[u8]) {
    let Ok(value) = parse(bytes) else { return };
    let text = canonical(&value).expect("what is read is within the limits");
    let again = parse(text.as_bytes()).expect("the canonical form is JSON");
    assert_eq!(canonical(&again).as_ref(), Ok(&text));
}

fuzz_target!(|bytes: &[u8]| check(bytes));
