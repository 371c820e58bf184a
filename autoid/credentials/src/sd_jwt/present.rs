//! Presenting: the holder picks claims, and answers a verifier.

use super::reveal::reveal;
use super::{BINDING_KIND, SdJwt, hash};
use crate::error::CredentialError;
use crate::jws;
use crate::key::SecretKey;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The answer to a verifier who asked.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The holder's key, which the credential is bound to.
    pub key: &'a SecretKey,
    /// Who asked.
    pub audience: &'a str,
    /// What the verifier wants to see again.
    pub nonce: &'a str,
    /// When, Unix seconds.
    pub now: i64,
}

/// Keeps those disclosures of a credential that these JSON pointers need, and adds the answer. Elements are
/// counted as they were issued.
///
/// # Errors
/// When the text is no credential, a pointer leads to no disclosure, or the key is not the one it is bound to.
pub fn present(text: &str, shown: &[&str], answer: Option<&Answer<'_>>) -> Result<String, CredentialError> {
    let credential = SdJwt::parse(text)?;
    let pointers = reveal(&credential.token.payload, &credential.disclosures)?.pointers;
    let known: BTreeSet<_> = pointers.iter().map(String::as_str).collect();
    if let Some(unknown) = shown.iter().find(|pointer| !known.contains(**pointer)) {
        return Err(CredentialError::NoClaim { name: (*unknown).to_owned() });
    }
    let is_needed = |pointer: &str| {
        let holds = |wanted: &&str| {
            wanted.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        shown.iter().any(holds)
    };
    let token = text.split('~').next().unwrap_or_default();
    let mut presented = format!("{token}~");
    for (disclosure, _) in credential.disclosures.iter().zip(&pointers).filter(|(_, at)| is_needed(at)) {
        presented.push_str(&disclosure.text);
        presented.push('~');
    }
    if let Some(answer) = answer {
        if credential.holder()? != Some(answer.key.public()) {
            return Err(CredentialError::Unbound);
        }
        let payload = json!({
            "aud": answer.audience, "nonce": answer.nonce, "iat": answer.now, "sd_hash": hash(&presented),
        });
        let Value::Object(payload) = payload else { return Ok(presented) };
        presented.push_str(&jws::sign(BINDING_KIND, &payload, answer.key, None)?);
    }
    Ok(presented)
}
