//! DID documents, as a host or a node answers them.

#![no_main]

use autoid_credentials::did::{Did, Document};
use libfuzzer_sys::fuzz_target;

/// Every key of what is read has a name of the subject, and what is written is read back.
fn check(bytes: &[u8]) {
    let Ok(did) = "did:web:a.example".parse::<Did>() else { return };
    let Ok(document) = Document::parse(bytes, &did) else { return };
    assert!(document.methods().keys().all(|id| id.starts_with("did:web:a.example#")));
    let written = document.json().to_string();
    assert_eq!(Document::parse(written.as_bytes(), &did).as_ref(), Ok(&document));
}

fuzz_target!(|bytes: &[u8]| check(bytes));
