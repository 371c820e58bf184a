//! Puts disclosed claims in the place of their digests.

use super::OPEN;
use super::disclosure::Disclosure;
use crate::error::CredentialError;
use crate::json::DEPTH_MAX;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The member that holds digests of members, and that of an element.
const MEMBERS: &str = "_sd";
const ELEMENT: &str = "...";

/// What was signed, with the disclosures in place.
#[derive(Debug)]
pub(super) struct Revealed {
    pub(super) claims: Map<String, Value>,
    /// The JSON pointers of the disclosures, in the order in which these were given.
    pub(super) pointers: Vec<String>,
}

/// Puts every disclosure in its place; each must have exactly one.
pub(super) fn reveal(
    payload: &Map<String, Value>,
    disclosures: &[Disclosure],
) -> Result<Revealed, CredentialError> {
    if payload.get("_sd_alg").is_some_and(|alg| alg != "sha-256") {
        return Err(CredentialError::Disclosure { why: "the digests are not of SHA-256" });
    }
    let mut by_digest = BTreeMap::new();
    for (at, disclosure) in disclosures.iter().enumerate() {
        if by_digest.insert(disclosure.digest.as_str(), at).is_some() {
            return Err(CredentialError::DigestReuse);
        }
    }
    let mut work =
        Work { disclosures, by_digest, seen: BTreeSet::new(), pointers: vec![None; disclosures.len()] };
    let mut claims = work.object(payload, "", 0)?;
    claims.remove("_sd_alg");
    let pointers = work.pointers.into_iter().collect::<Option<Vec<_>>>().ok_or(CredentialError::Stray)?;
    Ok(Revealed { claims, pointers })
}

struct Work<'a> {
    disclosures: &'a [Disclosure],
    by_digest: BTreeMap<&'a str, usize>,
    /// Digests that occurred, wherever.
    seen: BTreeSet<String>,
    pointers: Vec<Option<String>>,
}

impl<'a> Work<'a> {
    /// The disclosure of a digest, which must not have occurred before.
    fn take(&mut self, digest: &Value) -> Result<Option<(usize, &'a Disclosure)>, CredentialError> {
        let digest = digest.as_str().ok_or(CredentialError::Disclosure { why: "a digest is no text" })?;
        if !self.seen.insert(digest.to_owned()) {
            return Err(CredentialError::DigestReuse);
        }
        let at = self.by_digest.get(digest).copied();
        Ok(at.and_then(|at| Some((at, self.disclosures.get(at)?))))
    }

    fn value(&mut self, value: &Value, pointer: &str, depth: usize) -> Result<Value, CredentialError> {
        if depth > DEPTH_MAX {
            return Err(crate::json::JsonError::Depth.into());
        }
        match value {
            Value::Object(members) => Ok(Value::Object(self.object(members, pointer, depth)?)),
            Value::Array(elements) => Ok(Value::Array(self.array(elements, pointer, depth)?)),
            other => Ok(other.clone()),
        }
    }

    fn object(
        &mut self,
        members: &Map<String, Value>,
        pointer: &str,
        depth: usize,
    ) -> Result<Map<String, Value>, CredentialError> {
        if members.contains_key(ELEMENT) {
            return Err(CredentialError::Disclosure { why: "a member has the name of an element's digest" });
        }
        let mut shown = Map::new();
        for (name, value) in members.iter().filter(|(name, _)| *name != MEMBERS) {
            shown.insert(name.clone(), self.value(value, &below(pointer, name), depth + 1)?);
        }
        let digests = match members.get(MEMBERS) {
            None => return Ok(shown),
            Some(Value::Array(digests)) => digests,
            Some(_) => return Err(CredentialError::Disclosure { why: "the digests are no list" }),
        };
        for digest in digests {
            let Some((at, disclosure)) = self.take(digest)? else { continue };
            let name = disclosure.name.as_deref();
            let name = name.ok_or(CredentialError::Disclosure { why: "an element stands among members" })?;
            if depth == 0 && OPEN.contains(&name) {
                return Err(CredentialError::MustBeOpen { name: name.to_owned() });
            }
            if members.contains_key(name) || shown.contains_key(name) {
                return Err(CredentialError::Shadow { name: name.to_owned() });
            }
            let pointer = below(pointer, name);
            let value = self.value(&disclosure.value, &pointer, depth + 1)?;
            shown.insert(name.to_owned(), value);
            self.put(at, pointer);
        }
        Ok(shown)
    }

    fn array(
        &mut self,
        elements: &[Value],
        pointer: &str,
        depth: usize,
    ) -> Result<Vec<Value>, CredentialError> {
        let mut shown = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let pointer = below(pointer, &index.to_string());
            let digest = element.as_object().filter(|members| members.len() == 1);
            let Some(digest) = digest.and_then(|members| members.get(ELEMENT)) else {
                shown.push(self.value(element, &pointer, depth + 1)?);
                continue;
            };
            let Some((at, disclosure)) = self.take(digest)? else { continue };
            if disclosure.name.is_some() {
                return Err(CredentialError::Disclosure { why: "a member stands among elements" });
            }
            shown.push(self.value(&disclosure.value, &pointer, depth + 1)?);
            self.put(at, pointer);
        }
        Ok(shown)
    }

    fn put(&mut self, at: usize, pointer: String) {
        if let Some(place) = self.pointers.get_mut(at) {
            *place = Some(pointer);
        }
    }
}

/// The pointer of something inside (RFC 6901).
fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}
