//! Token Status List (IETF).

use super::unfold::{Container, LIST_MAX, fold, unfold};
use crate::did::{Did, DidUrl, Document, Relation};
use crate::encoding::{from_base64url, to_base64url};
use crate::error::CredentialError;
use crate::jws::{self, Token};
use crate::key::SecretKey;
use serde_json::{Map, Value, json};

/// Kind of token that carries a list.
const KIND: &str = "statuslist+jwt";
/// Largest payload of a list's token.
const TOKEN_BYTES_MAX: usize = 1_500_000;

const fn malformed(why: &'static str) -> CredentialError {
    CredentialError::List { why }
}

/// Where the status of a token is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenEntry {
    /// The place in the list.
    pub index: u64,
    /// The name of the list.
    pub uri: String,
}

impl TokenEntry {
    /// Reads a `status` claim; one without a status list cannot be decided and is refused.
    pub(crate) fn of(status: &Value) -> Result<Self, CredentialError> {
        let list = status.get("status_list").and_then(Value::as_object);
        let list = list.ok_or(malformed("the status is kept in no status list"))?;
        let index = list.get("idx").and_then(Value::as_u64).ok_or(malformed("the status has no index"))?;
        let uri = list.get("uri").and_then(Value::as_str).ok_or(malformed("the status names no list"))?;
        Ok(Self { index, uri: uri.to_owned() })
    }
}

/// A list of the right form. Nothing of it is to be believed yet.
#[derive(Debug, Clone, PartialEq)]
pub struct UncheckedList {
    method: DidUrl,
    token: Token,
}

/// A list that its issuer signed, and that is current.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenList {
    uri: String,
    issuer: Did,
    width: u8,
    bytes: Vec<u8>,
}

impl UncheckedList {
    /// Reads the token that carries a list.
    ///
    /// # Errors
    /// When it is no such token, or names no key of a DID.
    pub fn parse(text: &str) -> Result<Self, CredentialError> {
        let token = Token::parse(text, &[KIND], TOKEN_BYTES_MAX)?;
        let method = token.method()?;
        if token.payload.get("iss").is_some_and(|issuer| issuer != method.did().as_str()) {
            return Err(CredentialError::ForeignKey {
                key: method.to_string(),
                signer: "its issuer".to_owned(),
            });
        }
        Ok(Self { method, token })
    }

    /// Who says to have issued it: whose document [`Self::verify`] needs.
    pub const fn issuer(&self) -> &Did {
        self.method.did()
    }

    /// Checks that the issuer signed it, and that it is current at `now` (Unix seconds). It must have an end: an
    /// old list that says "all clear" could be shown for ever.
    ///
    /// # Errors
    /// When it is not to be believed.
    pub fn verify(self, issuer: &Document, now: i64) -> Result<TokenList, CredentialError> {
        self.token.check_dates(now)?;
        if self.token.moment("exp")?.is_none() || self.token.moment("iat")?.is_none() {
            return Err(malformed("it does not say when it was made and when it ends"));
        }
        self.token.check(issuer.key(&self.method, Relation::AssertionMethod)?)?;
        let uri = self.token.text("sub").ok_or(malformed("it has no name"))?.to_owned();
        let list = self.token.payload.get("status_list").and_then(Value::as_object);
        let list = list.ok_or(malformed("there is none in the token"))?;
        let (width, bytes) = read_list(list.get("bits"), list.get("lst"))?;
        Ok(TokenList { uri, issuer: self.method.did().clone(), width, bytes })
    }
}

fn read_list(bits: Option<&Value>, list: Option<&Value>) -> Result<(u8, Vec<u8>), CredentialError> {
    let width = match bits.and_then(Value::as_u64) {
        Some(width @ (1 | 2 | 4 | 8)) => u8::try_from(width).unwrap_or(1),
        _ => return Err(malformed("its entries are not of 1, 2, 4 or 8 bits")),
    };
    let folded = list.and_then(Value::as_str).and_then(from_base64url);
    Ok((width, unfold(&folded.ok_or(malformed("it is not base64url"))?, Container::Zlib)?))
}

impl TokenList {
    /// Its name.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Who issued it.
    pub const fn issuer(&self) -> &Did {
        &self.issuer
    }

    /// The status in a place: 0 valid, 1 invalid, 2 suspended, others by agreement. The first entry is in the
    /// lowest bits of the first byte.
    ///
    /// # Errors
    /// When there is no such place.
    pub fn status(&self, index: u64) -> Result<u8, CredentialError> {
        let each = u64::from(8 / self.width);
        let length = u64::try_from(self.bytes.len()).unwrap_or(u64::MAX).saturating_mul(each);
        let byte = usize::try_from(index / each).ok().and_then(|at| self.bytes.get(at));
        let byte = byte.ok_or(CredentialError::Index { index, length })?;
        let shift = u32::try_from(index % each).unwrap_or_default() * u32::from(self.width);
        Ok(byte >> shift & (0xff >> (8 - self.width)))
    }
}

/// The claims of a list of `length` entries of one bit, not signed yet; `is_set` says which are set. A module's
/// revocation lists become one by asking them index by index.
///
/// # Errors
/// When the list is too long.
pub fn list_claims(
    uri: &str,
    issuer: &Did,
    (now, until): (i64, i64),
    length: u64,
    is_set: impl Fn(u64) -> bool,
) -> Result<Map<String, Value>, CredentialError> {
    let bytes = usize::try_from(length.div_ceil(8)).unwrap_or(usize::MAX);
    if bytes > LIST_MAX {
        return Err(CredentialError::Bomb { most: LIST_MAX });
    }
    let mut list = vec![0u8; bytes];
    for (at, byte) in (0u64..).step_by(8).zip(&mut list) {
        *byte =
            (0..8).filter(|bit| at + bit < length && is_set(at + bit)).fold(0, |byte, bit| byte | 1 << bit);
    }
    let claims = json!({
        "sub": uri, "iss": issuer.as_str(), "iat": now, "exp": until,
        "status_list": { "bits": 1, "lst": to_base64url(&fold(&list, Container::Zlib)?) },
    });
    let Value::Object(claims) = claims else { return Err(malformed("it is no object")) };
    Ok(claims)
}

/// Issues a list: [`list_claims`], signed.
///
/// # Errors
/// When the list is too long.
pub fn issue_list(
    uri: &str,
    validity: (i64, i64),
    length: u64,
    is_set: impl Fn(u64) -> bool,
    key: &SecretKey,
    method: &DidUrl,
) -> Result<String, CredentialError> {
    let claims = list_claims(uri, method.did(), validity, length, is_set)?;
    jws::sign(KIND, &claims, key, Some(method))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of one and two bits in draft-ietf-oauth-status-list.
    #[test]
    fn the_examples_of_the_draft_are_read() {
        for (bits, list, expected) in [
            (1, "eNrbuRgAAhcBXQ", vec![1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]),
            (2, "eNo76fITAAPfAgc", vec![1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]),
        ] {
            let (width, bytes) = read_list(Some(&json!(bits)), Some(&json!(list))).unwrap();
            let did: Did = "did:key:x".parse().unwrap();
            let list = TokenList { uri: String::new(), issuer: did, width, bytes };
            let found: Vec<_> = (0..).map_while(|index| list.status(index).ok()).collect();
            assert_eq!(found, expected);
        }
    }
}
