//! DIDs and DID URLs, as anybody writes them.

#![no_main]

use autoid_credentials::did::{Did, DidUrl, Document, derive, web_url};
use libfuzzer_sys::fuzz_target;

/// What is read is written the same; a document that follows from a DID is read back.
fn check(text: &str) {
    if let Ok(url) = text.parse::<DidUrl>() {
        assert_eq!(url.to_string(), text);
    }
    let Ok(did) = text.parse::<Did>() else { return };
    assert_eq!(did.to_string(), text);
    if let Ok(url) = web_url(&did) {
        assert!(url.starts_with("https://") && url.ends_with("/did.json"));
    }
    if let Some(Ok(document)) = derive(&did) {
        let written = document.json().to_string();
        assert_eq!(Document::parse(written.as_bytes(), &did).as_ref(), Ok(&document));
    }
}

fuzz_target!(|text: &str| check(text));
