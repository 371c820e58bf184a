//! DID documents, read strictly.

use super::{Did, DidError, DidUrl};
use crate::json;
use crate::key::PublicKey;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Largest document.
pub const DOCUMENT_BYTES_MAX: usize = 65_536;
/// Most keys, services or uses of a key.
const ENTRIES_MAX: usize = 64;

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// To prove presence.
    Authentication,
    /// To issue credentials.
    AssertionMethod,
    /// To agree on keys.
    KeyAgreement,
    /// To invoke capabilities.
    CapabilityInvocation,
    /// To delegate capabilities.
    CapabilityDelegation,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 5] = [
        Self::Authentication,
        Self::AssertionMethod,
        Self::KeyAgreement,
        Self::CapabilityInvocation,
        Self::CapabilityDelegation,
    ];

    /// Its member in a document, and its purpose in a proof.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::AssertionMethod => "assertionMethod",
            Self::KeyAgreement => "keyAgreement",
            Self::CapabilityInvocation => "capabilityInvocation",
            Self::CapabilityDelegation => "capabilityDelegation",
        }
    }
}

/// A key of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationMethod {
    /// The key; nothing if it is of a kind that is not used here.
    pub key: Option<PublicKey>,
    /// What it may be used for.
    pub relations: BTreeSet<Relation>,
}

/// A document: the keys of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    subject: Did,
    methods: BTreeMap<String, VerificationMethod>,
    json: Value,
}

impl Document {
    /// The document of a DID that is one key.
    pub(super) fn of_key(did: &Did, fragment: &str, key: PublicKey) -> Self {
        let id = did.with_fragment(fragment).to_string();
        let agrees = matches!(key, PublicKey::X25519(_));
        let relations: BTreeSet<_> = Relation::ALL
            .into_iter()
            .filter(|relation| agrees == (*relation == Relation::KeyAgreement))
            .collect();
        let method = if did.method_name() == "jwk" {
            json!({ "id": id, "type": "JsonWebKey", "controller": did.as_str(), "publicKeyJwk": key.to_jwk() })
        } else {
            json!({ "id": id, "type": "Multikey", "controller": did.as_str(), "publicKeyMultibase": key.to_multikey() })
        };
        let context = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"];
        let mut json = json!({ "@context": context, "id": did.as_str(), "verificationMethod": [method] });
        if let Value::Object(members) = &mut json {
            members.extend(relations.iter().map(|relation| (relation.name().to_owned(), json!([id]))));
        }
        let methods = BTreeMap::from([(id, VerificationMethod { key: Some(key), relations })]);
        Self { subject: did.clone(), methods, json }
    }

    /// Reads the document that somebody answered for a DID.
    ///
    /// Every key must belong to the subject, no name may stand for two things, every use must name a key that
    /// is there. Kinds of keys that are not known are kept as names without a key. The `@context` is not
    /// looked at: no member means anything but what DID 1.0 says.
    ///
    /// # Errors
    /// When a rule is broken.
    pub fn parse(text: &[u8], did: &Did) -> Result<Self, DidError> {
        if text.len() > DOCUMENT_BYTES_MAX {
            return Err(DidError::TooLarge { most: DOCUMENT_BYTES_MAX });
        }
        let members = json::members(text, DOCUMENT_BYTES_MAX)?;
        let subject = members.get("id").and_then(Value::as_str);
        let subject = subject.ok_or(DidError::Malformed { why: "it has no subject" })?;
        if subject != did.as_str() {
            return Err(DidError::OtherSubject { found: subject.chars().take(200).collect() });
        }
        let mut reading = Reading { subject: did, methods: BTreeMap::new() };
        for method in list(&members, "verificationMethod")? {
            reading.method(method)?;
        }
        for relation in Relation::ALL {
            for entry in list(&members, relation.name())? {
                reading.relate(relation, entry)?;
            }
        }
        let methods = reading.methods;
        check_services(&members, did, &methods)?;
        Ok(Self { subject: did.clone(), methods, json: Value::Object(members) })
    }

    /// Whom it is about.
    pub const fn subject(&self) -> &Did {
        &self.subject
    }

    /// The keys, by their DID URLs.
    pub const fn methods(&self) -> &BTreeMap<String, VerificationMethod> {
        &self.methods
    }

    /// The document as JSON.
    pub const fn json(&self) -> &Value {
        &self.json
    }

    /// A key for a use.
    ///
    /// # Errors
    /// When the document has no such key, or it may not be used for this.
    pub fn key(&self, id: &DidUrl, relation: Relation) -> Result<&PublicKey, DidError> {
        let id = id.to_string();
        let method = self.methods.get(&id).ok_or_else(|| DidError::NoKey { id: id.clone() })?;
        if !method.relations.contains(&relation) {
            return Err(DidError::NotAllowed { id, relation: relation.name() });
        }
        method.key.as_ref().ok_or(DidError::NoKey { id })
    }

    /// The name of a key that may be used so, if the document has it.
    pub fn name_of(&self, key: &PublicKey, relation: Relation) -> Option<&str> {
        let named = self
            .methods
            .iter()
            .find(|(_, method)| method.key.as_ref() == Some(key) && method.relations.contains(&relation));
        named.map(|(id, _)| id.as_str())
    }
}

/// The elements of an array that may be missing.
fn list<'a>(members: &'a Map<String, Value>, name: &str) -> Result<&'a [Value], DidError> {
    match members.get(name) {
        None => Ok(&[]),
        Some(Value::Array(entries)) if entries.len() <= ENTRIES_MAX => Ok(entries),
        Some(_) => Err(DidError::Malformed { why: "keys, uses and services are arrays of at most 64" }),
    }
}

struct Reading<'a> {
    subject: &'a Did,
    methods: BTreeMap<String, VerificationMethod>,
}

impl Reading<'_> {
    /// Takes in a key, and gives its name.
    fn method(&mut self, entry: &Value) -> Result<String, DidError> {
        let members = entry.as_object().ok_or(DidError::Malformed { why: "a key is no object" })?;
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let id = text("id").ok_or(DidError::Malformed { why: "a key has no name" })?;
        let id = DidUrl::parse(id, Some(self.subject))?;
        if id.did() != self.subject || text("controller") != Some(self.subject.as_str()) {
            return Err(DidError::ForeignController { id: id.to_string() });
        }
        let has_secret = ["secretKeyMultibase", "privateKeyMultibase", "privateKeyJwk", "secretKeyJwk"];
        if has_secret.iter().any(|name| members.contains_key(*name)) {
            return Err(DidError::Secret);
        }
        let key = read_key(members)?;
        let id = id.to_string();
        let method = VerificationMethod { key, relations: BTreeSet::new() };
        if self.methods.insert(id.clone(), method).is_some() {
            return Err(DidError::Duplicate { id });
        }
        Ok(id)
    }

    /// Takes in a use: the name of a key, or a key that is for this use only.
    fn relate(&mut self, relation: Relation, entry: &Value) -> Result<(), DidError> {
        let id = match entry {
            Value::String(id) => DidUrl::parse(id, Some(self.subject))?.to_string(),
            entry => self.method(entry)?,
        };
        let method = self.methods.get_mut(&id).ok_or_else(|| DidError::NoKey { id: id.clone() })?;
        if method.relations.insert(relation) { Ok(()) } else { Err(DidError::Duplicate { id }) }
    }
}

/// The key of a method: of Multikey, JsonWebKey and their forerunners. It must be there once.
fn read_key(members: &Map<String, Value>) -> Result<Option<PublicKey>, DidError> {
    let kind = members.get("type").and_then(Value::as_str);
    let kind = kind.ok_or(DidError::Malformed { why: "a key has no type" })?;
    let (multibase, jwk) = (members.get("publicKeyMultibase"), members.get("publicKeyJwk"));
    if let Some(Value::Object(jwk)) = jwk
        && jwk.contains_key("d")
    {
        return Err(DidError::Secret);
    }
    let malformed = DidError::Malformed { why: "a key is not given once, in the form of its type" };
    let found = match (kind, multibase, jwk) {
        ("Multikey" | "Ed25519VerificationKey2020", Some(Value::String(key)), None) => {
            PublicKey::from_multikey(key)
        }
        ("JsonWebKey" | "JsonWebKey2020", None, Some(Value::Object(key))) => PublicKey::from_jwk(key),
        ("Multikey" | "Ed25519VerificationKey2020" | "JsonWebKey" | "JsonWebKey2020", ..) => {
            return Err(malformed);
        }
        _ => return Ok(None),
    };
    match found {
        Ok(PublicKey::Ed25519(key)) => Ok(Some(PublicKey::Ed25519(key))),
        Ok(_) if kind == "Ed25519VerificationKey2020" => Err(malformed),
        Ok(key) => Ok(Some(key)),
        Err(DidError::Secret) => Err(DidError::Secret),
        // A curve that is not used here; somebody else may use it.
        Err(_) => Ok(None),
    }
}

/// Services have names, and none that a key has.
fn check_services(
    members: &Map<String, Value>,
    did: &Did,
    methods: &BTreeMap<String, VerificationMethod>,
) -> Result<(), DidError> {
    let mut names = BTreeSet::new();
    for service in list(members, "service")? {
        let id = service.get("id").and_then(Value::as_str);
        let id = id.ok_or(DidError::Malformed { why: "a service has no name" })?;
        if service.get("type").is_none() || service.get("serviceEndpoint").is_none() {
            return Err(DidError::Malformed { why: "a service has no type or no endpoint" });
        }
        let id = if id.starts_with('#') { format!("{did}{id}") } else { id.to_owned() };
        if methods.contains_key(&id) || !names.insert(id.clone()) {
            return Err(DidError::Duplicate { id });
        }
    }
    Ok(())
}
