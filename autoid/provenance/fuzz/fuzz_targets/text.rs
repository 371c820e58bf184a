//! Licences and media types, as people write them.

#![no_main]

use autoid_provenance::{Licence, MediaType};
use libfuzzer_sys::fuzz_target;

/// What is accepted is kept as it is.
fn check(text: &str) {
    if let Ok(licence) = text.parse::<Licence>() {
        assert_eq!(licence.as_str(), text);
        assert!(text.len() <= 64 && text.is_ascii());
    }
    if let Ok(media_type) = text.parse::<MediaType>() {
        assert_eq!(media_type.as_str(), text);
        assert!(text.len() <= 127 && text.is_ascii());
    }
}

fuzz_target!(|text: &str| check(text));
