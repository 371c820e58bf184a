//! Addresses, amounts and hashes as people write them.

#![no_main]

use auto_core::{Address, Amount, Hash};
use libfuzzer_sys::fuzz_target;

/// A value that was read is written in the form that gives it again; an address has one form only.
fn check(text: &str) {
    if let Ok(address) = text.parse::<Address>() {
        assert_eq!(address.to_string(), text);
    }
    if let Ok(amount) = text.parse::<Amount>() {
        assert_eq!(amount.to_string().parse(), Ok(amount));
    }
    if let Ok(hash) = text.parse::<Hash>() {
        assert_eq!(hash.to_string().parse(), Ok(hash));
    }
}

fuzz_target!(|text: &str| check(text));
