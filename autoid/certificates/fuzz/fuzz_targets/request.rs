//! Certificate requests, as anybody sends them to an issuer.

#![no_main]

use autoid_certificates::{Challenge, read_request};
use autoid_core::{AutoId, Genesis};
use libfuzzer_sys::fuzz_target;

/// Noise does not answer a challenge.
fn check(bytes: &[u8]) {
    let challenge = Challenge {
        genesis: Genesis([1; 32]),
        issuer: AutoId([2; 32]),
        holder: AutoId([3; 32]),
        nonce: [4; 16],
    };
    assert!(read_request(bytes, &challenge).is_err());
}

fuzz_target!(|bytes: &[u8]| check(bytes));
