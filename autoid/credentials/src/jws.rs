//! Signed tokens (JWS in compact form), with a fixed choice of algorithms.
//!
//! The key always comes from the caller, never from the token: a header that carries or names one in another
//! way than `kid` is refused, and so is every algorithm but Ed25519 and ES256.

use crate::did::DidUrl;
use crate::encoding::{from_base64url, to_base64url};
use crate::error::CredentialError;
use crate::json;
use crate::key::{PublicKey, SecretKey};
use serde_json::{Map, Value, json};

/// Members of a header that bring in or fetch a key.
const KEY_MEMBERS: [&str; 6] = ["jku", "x5u", "jwk", "x5c", "x5t", "x5t#S256"];
/// Largest header.
const HEADER_BYTES_MAX: usize = 4096;

/// A token of the right form; whether its signature holds is another question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) header: Map<String, Value>,
    pub(crate) payload: Map<String, Value>,
    alg: String,
    signed: String,
    signature: Vec<u8>,
}

const fn malformed(why: &'static str) -> CredentialError {
    CredentialError::Token { why }
}

impl Token {
    /// Reads a token of one of these kinds (`typ`), with a payload of at most so many bytes.
    pub(crate) fn parse(text: &str, kinds: &[&str], most: usize) -> Result<Self, CredentialError> {
        let (signed, signature) = text.rsplit_once('.').ok_or(malformed("it has no signature"))?;
        let (header, payload) = signed.split_once('.').ok_or(malformed("it has not three parts"))?;
        if header.len() > HEADER_BYTES_MAX * 4 / 3 || payload.len() > most.saturating_mul(4) / 3 + 4 {
            return Err(malformed("it is too large"));
        }
        let bytes = |part: &str| from_base64url(part).ok_or(malformed("a part is not base64url"));
        let header = json::members(&bytes(header)?, HEADER_BYTES_MAX)?;
        let alg = header.get("alg").and_then(Value::as_str).unwrap_or_default();
        if !matches!(alg, "EdDSA" | "Ed25519" | "ES256") {
            return Err(CredentialError::Algorithm { alg: alg.chars().take(40).collect() });
        }
        if header.contains_key("crit") || header.contains_key("b64") {
            return Err(CredentialError::Critical);
        }
        if let Some(member) = KEY_MEMBERS.into_iter().find(|member| header.contains_key(*member)) {
            return Err(CredentialError::RemoteKey { member });
        }
        let kind = header.get("typ").and_then(Value::as_str).unwrap_or_default();
        if !kinds.contains(&kind) {
            return Err(CredentialError::Kind { found: kind.chars().take(40).collect() });
        }
        Ok(Self {
            alg: alg.to_owned(),
            payload: json::members(&bytes(payload)?, most)?,
            signature: bytes(signature)?,
            signed: signed.to_owned(),
            header,
        })
    }

    /// Checks the signature with a key that fits the algorithm.
    pub(crate) fn check(&self, key: &PublicKey) -> Result<(), CredentialError> {
        let fits = match key {
            PublicKey::Ed25519(_) => matches!(self.alg.as_str(), "EdDSA" | "Ed25519"),
            PublicKey::P256(_) => self.alg == "ES256",
            PublicKey::X25519(_) => false,
        };
        if !fits {
            return Err(CredentialError::Algorithm { alg: self.alg.clone() });
        }
        if key.verifies(self.signed.as_bytes(), &self.signature) {
            Ok(())
        } else {
            Err(CredentialError::Signature)
        }
    }

    /// The key's name, which must be a DID URL.
    pub(crate) fn method(&self) -> Result<DidUrl, CredentialError> {
        let kid = self.header.get("kid").and_then(Value::as_str).ok_or(malformed("it names no key"))?;
        Ok(kid.parse()?)
    }

    /// A text of the payload.
    pub(crate) fn text(&self, member: &'static str) -> Option<&str> {
        self.payload.get(member).and_then(Value::as_str)
    }

    /// A moment of the payload: whole Unix seconds.
    pub(crate) fn moment(&self, member: &'static str) -> Result<Option<i64>, CredentialError> {
        match self.payload.get(member) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or(malformed("a moment is not whole seconds")),
        }
    }

    /// Checks `nbf`, `exp` and that `iat` is not in the future.
    pub(crate) fn check_dates(&self, now: i64) -> Result<(), CredentialError> {
        let ahead = now.saturating_add(crate::credential::CLOCK_SKEW);
        let early = self.moment("nbf")?.filter(|from| *from > now);
        if let Some(from) = early.or(self.moment("iat")?.filter(|from| *from > ahead)) {
            return Err(CredentialError::TooEarly { from });
        }
        match self.moment("exp")?.filter(|until| *until <= now) {
            Some(until) => Err(CredentialError::Ended { until }),
            None => Ok(()),
        }
    }
}

/// Signs a payload as a token of this kind; the header names the key if it has a name.
pub(crate) fn sign(
    kind: &str,
    payload: &Map<String, Value>,
    key: &SecretKey,
    method: Option<&DidUrl>,
) -> Result<String, CredentialError> {
    let alg = match key {
        SecretKey::Ed25519(_) => "EdDSA",
        SecretKey::P256(_) => "ES256",
    };
    let mut header = json!({ "alg": alg, "typ": kind });
    if let Some(method) = method {
        header["kid"] = json!(method.to_string());
    }
    let part = |value: &Value| -> Result<_, CredentialError> {
        Ok(to_base64url(json::canonical(value)?.as_bytes()))
    };
    let signed = format!("{}.{}", part(&header)?, part(&Value::Object(payload.clone()))?);
    let signature = to_base64url(&key.sign(signed.as_bytes()));
    Ok(format!("{signed}.{signature}"))
}
