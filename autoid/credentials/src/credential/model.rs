//! The data model, as far as a verifier relies on it.

use crate::did::Did;
use crate::error::CredentialError;
use crate::time;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The context that every credential begins with.
pub const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";
/// The type of every presentation.
pub(super) const PRESENTATION: &str = "VerifiablePresentation";
/// Most contexts, types or status entries.
const ENTRIES_MAX: usize = 16;

/// The contexts whose meaning the program knows. They are never fetched: a credential with any other is
/// refused, because its author could change what its terms mean after it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contexts(BTreeSet<String>);

impl Default for Contexts {
    /// The context of the data model, and that of Data Integrity, which is a part of it.
    fn default() -> Self {
        let known = [CREDENTIALS_V2, "https://w3id.org/security/data-integrity/v2"];
        Self(known.into_iter().map(str::to_owned).collect())
    }
}

impl Contexts {
    /// Knows one more.
    #[must_use]
    pub fn with(mut self, url: &str) -> Self {
        self.0.insert(url.to_owned());
        self
    }

    fn check(&self, context: Option<&Value>) -> Result<(), CredentialError> {
        let wrong =
            wrong("@context", "it is not a list of addresses that begins with that of credentials 2.0");
        let urls = match context {
            Some(Value::Array(urls)) if urls.len() <= ENTRIES_MAX => urls.as_slice(),
            _ => return Err(wrong),
        };
        if urls.first().and_then(Value::as_str) != Some(CREDENTIALS_V2) {
            return Err(wrong);
        }
        for url in urls {
            match url {
                Value::String(url) if self.0.contains(url) => {}
                Value::String(url) => {
                    return Err(CredentialError::Context { url: url.chars().take(200).collect() });
                }
                _ => return Err(CredentialError::Redefinition { member: "@context".to_owned() }),
            }
        }
        Ok(())
    }
}

/// Where the status of a credential is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEntry {
    /// What the status is about: `revocation`, `suspension`, or something else.
    pub purpose: String,
    /// The place in the list.
    pub index: u64,
    /// The name of the list.
    pub list: String,
}

/// What a verifier reads of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Model {
    pub(super) id: Option<String>,
    pub(super) issuer: Did,
    pub(super) subject: Option<String>,
    pub(super) valid_from: Option<i64>,
    pub(super) valid_until: Option<i64>,
    pub(super) status: Vec<StatusEntry>,
}

const fn wrong(member: &'static str, why: &'static str) -> CredentialError {
    CredentialError::Model { member, why }
}

pub(super) fn object(value: &Value) -> Result<&Map<String, Value>, CredentialError> {
    value.as_object().ok_or(wrong("", "it is no object"))
}

/// A text that may be missing.
pub(super) fn text<'a>(
    members: &'a Map<String, Value>,
    member: &'static str,
) -> Result<Option<&'a str>, CredentialError> {
    match members.get(member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(wrong(member, "it is no text")),
    }
}

/// Checks the contexts, that the types include this one, and that no term is redefined inside.
pub(super) fn check_frame(
    members: &Map<String, Value>,
    contexts: &Contexts,
    kind: &str,
) -> Result<(), CredentialError> {
    contexts.check(members.get("@context"))?;
    let types = match members.get("type") {
        Some(Value::Array(types)) if types.len() <= ENTRIES_MAX => types.as_slice(),
        Some(only) => std::slice::from_ref(only),
        None => &[],
    };
    if !types.iter().all(Value::is_string) || !types.iter().any(|name| name == kind) {
        return Err(wrong("type", "it is not a list of names with that of the data model"));
    }
    // The credentials of a presentation have frames of their own.
    let is_own = |name: &str| {
        matches!(name, "@context" | "proof") || name == "verifiableCredential" && kind == PRESENTATION
    };
    let inside = members.iter().filter(|(name, _)| !is_own(name));
    for (name, value) in inside {
        check_terms(name, value)?;
    }
    Ok(())
}

/// Keywords of JSON-LD could give a term another meaning.
fn check_terms(name: &str, value: &Value) -> Result<(), CredentialError> {
    if name.starts_with('@') {
        return Err(CredentialError::Redefinition { member: name.chars().take(80).collect() });
    }
    match value {
        Value::Object(members) => members.iter().try_for_each(|(name, value)| check_terms(name, value)),
        Value::Array(values) => values.iter().try_for_each(|value| check_terms("", value)),
        _ => Ok(()),
    }
}

/// One object, or an array of some.
pub(super) fn objects<'a>(
    members: &'a Map<String, Value>,
    member: &'static str,
) -> Result<Vec<&'a Map<String, Value>>, CredentialError> {
    let values = match members.get(member) {
        None => return Ok(Vec::new()),
        Some(Value::Array(values)) if (1..=ENTRIES_MAX).contains(&values.len()) => values.as_slice(),
        Some(only) => std::slice::from_ref(only),
    };
    let objects = values.iter().map(Value::as_object).collect::<Option<Vec<_>>>();
    objects.ok_or(wrong(member, "it is neither an object nor a list of some"))
}

impl Model {
    pub(super) fn of(members: &Map<String, Value>, contexts: &Contexts) -> Result<Self, CredentialError> {
        check_frame(members, contexts, "VerifiableCredential")?;
        let issuer = match members.get("issuer") {
            Some(Value::String(did)) => Some(did.as_str()),
            Some(Value::Object(issuer)) => text(issuer, "id")?,
            _ => None,
        };
        let issuer: Did = issuer.ok_or(wrong("issuer", "it names nobody"))?.parse()?;
        let subjects = objects(members, "credentialSubject")?;
        if subjects.is_empty() || subjects.iter().any(|subject| subject.is_empty()) {
            return Err(wrong("credentialSubject", "it says nothing"));
        }
        let subject = match subjects.as_slice() {
            [only] => text(only, "id")?.map(str::to_owned),
            _ => None,
        };
        let moment = |member: &'static str| match text(members, member)? {
            None => Ok(None),
            Some(text) => time::parse(text).map(Some).ok_or(wrong(member, "it is no moment with a zone")),
        };
        let (valid_from, valid_until) = (moment("validFrom")?, moment("validUntil")?);
        if matches!((valid_from, valid_until), (Some(from), Some(until)) if until < from) {
            return Err(wrong("validUntil", "it is before validFrom"));
        }
        for member in ["credentialSchema", "termsOfUse", "evidence", "refreshService"] {
            if objects(members, member)?.iter().any(|entry| !entry.contains_key("type")) {
                return Err(wrong(member, "it has no type"));
            }
        }
        let status = objects(members, "credentialStatus")?.into_iter().map(StatusEntry::of);
        Ok(Self {
            id: text(members, "id")?.map(str::to_owned),
            issuer,
            subject,
            valid_from,
            valid_until,
            status: status.collect::<Result<_, _>>()?,
        })
    }
}

impl StatusEntry {
    /// An entry of Bitstring Status List 1.0. Others cannot be decided, so they are refused.
    fn of(members: &Map<String, Value>) -> Result<Self, CredentialError> {
        if text(members, "type")? != Some("BitstringStatusListEntry") {
            return Err(wrong("credentialStatus", "it is not a BitstringStatusListEntry"));
        }
        if members.get("statusSize").is_some_and(|size| size != 1) {
            return Err(wrong("statusSize", "only entries of one bit are read"));
        }
        let required = |member: &'static str| text(members, member)?.ok_or(wrong(member, "there is none"));
        let index = required("statusListIndex")?;
        let index = index.parse::<u64>().ok().filter(|number| number.to_string() == index);
        Ok(Self {
            purpose: required("statusPurpose")?.to_owned(),
            index: index.ok_or(wrong("statusListIndex", "it is no number in a text"))?,
            list: required("statusListCredential")?.to_owned(),
        })
    }
}
