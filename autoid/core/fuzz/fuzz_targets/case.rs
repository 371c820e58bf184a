//! The JSON form of verification cases.

#![no_main]

use autoid_core::x509::{Portable, case::run};
use libfuzzer_sys::fuzz_target;

/// A document is refused as a whole, or every case of it is answered, and answered alike each time.
fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(results) = run(text, 1_700_000_000, &Portable) else { return };
    let again = run(text, 1_700_000_000, &Portable).expect("as before");
    assert!(again.eq(results), "answers differ");
}

fuzz_target!(|bytes: &[u8]| check(bytes));
