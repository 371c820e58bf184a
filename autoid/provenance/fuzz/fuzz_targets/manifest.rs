//! Signed manifests, as objects of the chain and as files.

#![no_main]

use autoid_provenance::{MAGIC, Sealed};
use libfuzzer_sys::fuzz_target;

/// What decodes is canonical, keeps its rules, and stays within its bounds.
fn check(bytes: &[u8]) {
    let object = [MAGIC, bytes].concat();
    for bytes in [bytes, &object] {
        let Ok(sealed) = Sealed::from_bytes(bytes) else { continue };
        assert_eq!(sealed.to_bytes(), bytes);
        let manifest = sealed.manifest();
        assert!(!manifest.parents.contains(&manifest.content));
        assert!(manifest.parents.is_sorted_by(|a, b| a < b));
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
