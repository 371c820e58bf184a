//! Inceptions and operations in their envelopes, as the chain's calls carry them.

#![no_main]

use autoid_core::transition::check_inception;
use autoid_core::{Body, Genesis, Inception, Operation, Sign};
use libfuzzer_sys::fuzz_target;

fn envelope<T: Body>(bytes: &[u8]) -> Option<Sign<T>> {
    let signed = Sign::from_cose(bytes).ok()?;
    assert_eq!(signed.to_cose(), bytes);
    assert!(signed.signatures().is_sorted_by(|a, b| a.by < b.by));
    Some(signed)
}

/// What decodes is canonical, and no noise is signed by the identity that it makes.
fn check(bytes: &[u8]) {
    if let Some(inception) = envelope::<Inception>(bytes) {
        assert!(check_inception(&inception, &Genesis([0xff; 32])).is_err());
    }
    let _ = envelope::<Operation>(bytes);
}

fuzz_target!(|bytes: &[u8]| check(bytes));
