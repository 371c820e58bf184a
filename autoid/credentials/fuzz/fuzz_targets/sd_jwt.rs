//! SD-JWT credentials: noise behind a token of the right form, so that disclosures are reached.

#![no_main]

use autoid_credentials::SecretKey;
use autoid_credentials::did::derive;
use autoid_credentials::sd_jwt::{Issue, Question, SdJwt, issue, present};
use libfuzzer_sys::fuzz_target;

/// A true credential takes no disclosure that was not issued; noise alone is no credential.
fn check(text: &str) {
    let key = SecretKey::from_ed25519_seed(&[0x5a; 32]);
    let did = key.public().to_did();
    let Some(Ok(document)) = derive(&did) else { return };
    let judge = |text: &str| SdJwt::parse(text).and_then(|read| read.verify(&document, 0, &Question::Own));
    assert!(judge(text).is_err());
    let _ = present(text, &[text], None);
    let what = Issue { kind: "k", claims: &Default::default(), hidden: &[], holder: None };
    let method = did.with_fragment(did.id());
    let Ok(issued) = issue(&what, &key, &method, 0, || [0; 16]) else { return };
    assert!(judge(&issued).is_ok());
    assert!(judge(&format!("{issued}{text}~")).is_err());
}

fuzz_target!(|text: &str| check(text));
