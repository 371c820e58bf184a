//! Bitstring Status List 1.0 (W3C).

use super::unfold::{Container, LIST_MAX, fold, unfold};
use crate::credential::Verified;
use crate::did::Did;
use crate::encoding::{from_base64url, to_base64url};
use crate::error::CredentialError;
use serde_json::{Value, json};

/// Fewest bits of a list, so that nobody is found by being among few.
pub const BITS_MIN: u64 = 131_072;

/// A list that its issuer signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    id: String,
    issuer: Did,
    purpose: String,
    bits: Vec<u8>,
}

impl StatusList {
    /// Takes the list out of the credential that carries it.
    ///
    /// # Errors
    /// When the credential carries no list, or one without an end: an old list that says "all clear" could be
    /// shown for ever.
    pub fn of(credential: &Verified) -> Result<Self, CredentialError> {
        let malformed = |why| CredentialError::List { why };
        let json = credential.json();
        let has_type = |value: &Value, wanted: &str| match value {
            Value::String(name) => name == wanted,
            Value::Array(names) => names.iter().any(|name| name == wanted),
            _ => false,
        };
        let subject = json.get("credentialSubject").unwrap_or(&Value::Null);
        let is_list = json.get("type").is_some_and(|kind| has_type(kind, "BitstringStatusListCredential"))
            && subject.get("type").is_some_and(|kind| has_type(kind, "BitstringStatusList"));
        if !is_list {
            return Err(malformed("its types are not those of a list"));
        }
        if credential.valid_until().is_none() {
            return Err(malformed("it has no end"));
        }
        let text = |member: &str| subject.get(member).and_then(Value::as_str);
        let purpose = text("statusPurpose").ok_or(malformed("it has no purpose, or several"))?;
        let encoded = text("encodedList").and_then(|text| text.strip_prefix('u')).and_then(from_base64url);
        let bits = unfold(&encoded.ok_or(malformed("it is not base64url multibase"))?, Container::Gzip)?;
        let id = credential.id().ok_or(malformed("it has no name"))?.to_owned();
        let list = Self { id, issuer: credential.issuer().clone(), purpose: purpose.to_owned(), bits };
        if list.length() < BITS_MIN {
            return Err(malformed("it has fewer than 131,072 entries"));
        }
        Ok(list)
    }

    /// Its name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Who issued it.
    pub const fn issuer(&self) -> &Did {
        &self.issuer
    }

    /// What it is for.
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    /// How many entries it has.
    pub fn length(&self) -> u64 {
        u64::try_from(self.bits.len()).unwrap_or(u64::MAX).saturating_mul(8)
    }

    /// Whether an entry is set. The first entry is the highest bit of the first byte.
    ///
    /// # Errors
    /// When there is no such entry.
    pub fn is_set(&self, index: u64) -> Result<bool, CredentialError> {
        let byte = usize::try_from(index / 8).ok().and_then(|at| self.bits.get(at));
        let byte = byte.ok_or(CredentialError::Index { index, length: self.length() })?;
        Ok(byte >> (7 - index % 8) & 1 == 1)
    }
}

/// The credential, still without a proof, that carries a list of `length` entries; `is_set` says which are
/// set. A module's revocation lists become one by asking them index by index. The list is filled up to the
/// fewest entries that are allowed.
///
/// # Errors
/// When the list is too long, or the moments cannot be written.
pub fn list_credential(
    id: &str,
    issuer: &Did,
    purpose: &str,
    (valid_from, valid_until): (i64, i64),
    length: u64,
    is_set: impl Fn(u64) -> bool,
) -> Result<Value, CredentialError> {
    let bytes = usize::try_from(length.max(BITS_MIN).div_ceil(8)).unwrap_or(usize::MAX);
    if bytes > LIST_MAX {
        return Err(CredentialError::Bomb { most: LIST_MAX });
    }
    let mut bits = vec![0u8; bytes];
    for (at, byte) in (0u64..).step_by(8).zip(&mut bits) {
        for bit in 0..8 {
            let index = at + bit;
            if index < length && is_set(index) {
                *byte |= 0x80 >> bit;
            }
        }
    }
    let moment = |seconds| {
        crate::time::write(seconds).ok_or(CredentialError::List { why: "a moment cannot be written" })
    };
    Ok(json!({
        "@context": [crate::credential::CREDENTIALS_V2],
        "id": id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.as_str(),
        "validFrom": moment(valid_from)?,
        "validUntil": moment(valid_until)?,
        "credentialSubject": {
            "id": format!("{id}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": format!("u{}", to_base64url(&fold(&bits, Container::Gzip)?)),
        },
    }))
}
