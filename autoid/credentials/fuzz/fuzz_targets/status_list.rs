//! Status lists of both kinds: noise in the place of the list, in what an issuer did sign.

#![no_main]

use autoid_credentials::SecretKey;
use autoid_credentials::credential::{Contexts, Credential, issue};
use autoid_credentials::did::derive;
use autoid_credentials::status::StatusList;
use autoid_credentials::status::bitstring::list_credential;
use autoid_credentials::status::token::UncheckedList;
use libfuzzer_sys::fuzz_target;

/// Whatever unfolds is within the bound, and has no entry beyond its end.
fn check(text: &str) {
    let _ = UncheckedList::parse(text);
    let key = SecretKey::from_ed25519_seed(&[0x5a; 32]);
    let did = key.public().to_did();
    let Some(Ok(document)) = derive(&did) else { return };
    let Ok(mut credential) = list_credential("urn:list", &did, "revocation", (0, 9), 8, |_| false) else {
        return;
    };
    credential["credentialSubject"]["encodedList"] = format!("u{text}").into();
    let contexts = Contexts::default();
    let Ok(signed) = issue(&credential, &contexts, &key, &did.with_fragment(did.id()), 0) else { return };
    let Ok(read) = Credential::parse_list(signed.to_string().as_bytes(), &contexts) else { return };
    let Ok(verified) = read.verify(&document, 1) else { return };
    if let Ok(list) = StatusList::of(&verified) {
        assert!(list.length() <= 1 << 23);
        assert!(list.is_set(list.length() - 1).is_ok() && list.is_set(list.length()).is_err());
    }
}

fuzz_target!(|text: &str| check(text));
