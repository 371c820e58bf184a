//! Grants in their envelopes, as holders pass them on.

#![no_main]

use autoid_core::{Genesis, Grant, Sign1, attenuates};
use libfuzzer_sys::fuzz_target;

/// What decodes is canonical, reads as sentences, keeps within nothing but its like, and is signed by nobody.
fn check(bytes: &[u8]) {
    let Ok(signed) = Sign1::<Grant>::from_cose(bytes) else { return };
    assert_eq!(signed.to_cose(), bytes);
    let (grant, genesis) = (signed.body(), Genesis([0x5a; 32]));
    assert!(grant.sentences(&genesis).len() > 5);
    // A depth that does not fall is no attenuation, so a grant never follows itself.
    assert!(attenuates(grant, grant, 1).is_err());
    let stranger = autoid_core::PublicKey::Ed25519([3; 32]);
    assert!(signed.verify(&genesis, &stranger).is_err());
}

fuzz_target!(|bytes: &[u8]| check(bytes));
