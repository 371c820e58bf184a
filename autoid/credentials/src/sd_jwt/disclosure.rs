//! One claim that the holder may show.

use super::hash;
use crate::encoding::{from_base64url, to_base64url};
use crate::error::CredentialError;
use crate::json;
use serde_json::{Value, json};

/// Largest disclosure.
const DISCLOSURE_BYTES_MAX: usize = 16_384;

/// A disclosure: `[salt, name, value]` for a member, `[salt, value]` for an element.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Disclosure {
    pub(super) text: String,
    pub(super) digest: String,
    pub(super) name: Option<String>,
    pub(super) value: Value,
}

impl Disclosure {
    pub(super) fn parse(text: &str) -> Result<Self, CredentialError> {
        let malformed = |why| CredentialError::Disclosure { why };
        if text.len() > DISCLOSURE_BYTES_MAX {
            return Err(malformed("it is too large"));
        }
        let bytes = from_base64url(text).ok_or(malformed("it is not base64url"))?;
        let (name, value) = match json::parse(&bytes)? {
            Value::Array(parts) => match <[Value; 3]>::try_from(parts) {
                Ok([Value::String(_), Value::String(name), value]) => (Some(name), value),
                Ok(_) => return Err(malformed("its salt or name is no text")),
                Err(parts) => match <[Value; 2]>::try_from(parts) {
                    Ok([Value::String(_), value]) => (None, value),
                    _ => return Err(malformed("it has neither two parts nor three")),
                },
            },
            _ => return Err(malformed("it is no list")),
        };
        if matches!(name.as_deref(), Some("_sd" | "...")) {
            return Err(malformed("its name is reserved"));
        }
        Ok(Self { text: text.to_owned(), digest: hash(text), name, value })
    }

    pub(super) fn new(salt: [u8; 16], name: Option<&str>, value: Value) -> Result<Self, CredentialError> {
        let salt = to_base64url(&salt);
        let parts = match name {
            Some(name) => json!([salt, name, value]),
            None => json!([salt, value]),
        };
        Self::parse(&to_base64url(json::canonical(&parts)?.as_bytes()))
    }
}
