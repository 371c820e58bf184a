//! Credentials and presentations.

#![no_main]

use autoid_credentials::SecretKey;
use autoid_credentials::credential::{Contexts, Credential, Presentation};
use autoid_credentials::did::derive;
use libfuzzer_sys::fuzz_target;

/// Noise is never signed by a key that signs nothing.
fn check(bytes: &[u8]) {
    let contexts = Contexts::default();
    let did = SecretKey::from_ed25519_seed(&[0x5a; 32]).public().to_did();
    let Some(Ok(document)) = derive(&did) else { return };
    if let Ok(credential) = Credential::parse(bytes, &contexts) {
        assert!(credential.verify(&document, 1_700_000_000).is_err());
    }
    if let Ok(presentation) = Presentation::parse(bytes, &contexts) {
        assert!(presentation.verify(&document, "c", "d", 1_700_000_000).is_err());
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
