//! DIDs that are their own document: `did:key` and `did:jwk`.

use super::{Did, DidError, Document, Method};
use crate::encoding::from_base64url;
use crate::json;
use crate::key::PublicKey;

/// Longest JWK, in base64url.
const JWK_MAX: usize = 1024;

/// The document of a `did:key` or `did:jwk`, which follows from its text; nothing for other methods.
///
/// A signing key gets every relation but key agreement, an X25519 key that one only. No X25519 key is derived
/// from an Ed25519 key.
///
/// # Errors
/// When the text holds no key.
pub fn derive(did: &Did) -> Option<Result<Document, DidError>> {
    match did.method() {
        Ok(Method::Key) => Some(of_key(did)),
        Ok(Method::Jwk) => Some(of_jwk(did)),
        _ => None,
    }
}

fn of_key(did: &Did) -> Result<Document, DidError> {
    Ok(Document::of_key(did, did.id(), PublicKey::from_multikey(did.id())?))
}

fn of_jwk(did: &Did) -> Result<Document, DidError> {
    let malformed = DidError::Key { why: "it is no JWK in base64url" };
    let text = Some(did.id()).filter(|id| id.len() <= JWK_MAX).and_then(from_base64url).ok_or(malformed)?;
    Ok(Document::of_key(did, "0", PublicKey::from_jwk(&json::members(&text, JWK_MAX)?)?))
}

impl PublicKey {
    /// The `did:key` of this key.
    pub fn to_did(&self) -> Did {
        let text = format!("did:key:{}", self.to_multikey());
        // Base58 has none of the characters that a DID may not have.
        Did::from_checked(text)
    }
}
