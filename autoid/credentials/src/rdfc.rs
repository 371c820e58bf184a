//! The adapter to ssi: RDF Dataset Canonicalization for `eddsa-rdfc-2022` and `ecdsa-rdfc-2019`.
//!
//! ssi expands JSON-LD and canonicalizes the graph, nothing else: keys, signatures, dates and the data model stay
//! with this crate, so no old cryptography comes in with it. It never fetches: the contexts are those that ssi
//! carries, and each is pinned by its hash here, so that an update cannot change what a credential means.
//!
//! Canonicalization takes time that grows with the factorial of the nodes without a name. Documents that name
//! blank nodes, or hold more than eight objects without an `id`, are refused before it starts.

use crate::error::CredentialError;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use ssi_json_ld::json_ld::{LoadingResult, syntax::Parse};
use ssi_json_ld::{CompactJsonLd, Expandable, Loader, json_ld};
use ssi_rdf::{AnyLdEnvironment, LdEnvironment};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Most objects without a name.
const UNNAMED_MAX: usize = 8;

/// The contexts that may be expanded with, their texts as ssi carries them, and SHA-256 of these.
const PINNED: [(&str, &str, &str); 3] = [
    (
        "https://www.w3.org/ns/credentials/v2",
        ssi_contexts::CREDENTIALS_V2,
        "8a9f494a89ecc51db093e90e84713e07e84d6d9204364a9b3c7868b21751236f",
    ),
    (
        "https://w3id.org/security/data-integrity/v2",
        ssi_contexts::W3ID_DATA_INTEGRITY_V2,
        "0f77743daf5b4e8fc067fc5ba5b21044283053aa717fc6b0219843bed3b00363",
    ),
    (
        "https://www.w3.org/ns/credentials/examples/v2",
        ssi_contexts::CREDENTIALS_EXAMPLES_V2,
        "e6600df812cdc1872f20b42ab0c1cecac39755b7ed381e7f6a88dac7baab54d6",
    ),
];

fn failed(why: &'static str) -> CredentialError {
    CredentialError::Model { member: "@context", why }
}

/// SHA-256 of the canonical options, then of the canonical document.
pub(crate) fn digest(
    options: &Map<String, Value>,
    document: &Map<String, Value>,
) -> Result<Vec<u8>, CredentialError> {
    let mut options = options.clone();
    if let Some(context) = document.get("@context") {
        options.insert("@context".to_owned(), context.clone());
    }
    let hash = |members: &Map<String, Value>| -> Result<_, CredentialError> {
        Ok(Sha256::digest(canonical(&Value::Object(members.clone()))?))
    };
    Ok([hash(&options)?, hash(document)?].concat())
}

/// The canonical N-Quads of a document.
fn canonical(document: &Value) -> Result<String, CredentialError> {
    if unnamed(document)? > UNNAMED_MAX {
        return Err(failed("more than eight objects have no `id`, which cannot be ordered in bounded time"));
    }
    let text = crate::json::canonical(document)?;
    let (value, _) = json_ld::syntax::Value::parse_str(&text).map_err(|_| failed("it is no JSON-LD"))?;
    let document = CompactJsonLd(value);
    let mut environment = LdEnvironment::default();
    let expanded = at_once(document.expand_with(&mut environment, &Pinned))?;
    let expanded = expanded.map_err(|_| failed("a term has no meaning, or a context is not pinned"))?;
    let lines = environment.canonical_form_of(&expanded).map_err(|_| failed("it is no RDF"))?;
    Ok(lines.concat())
}

/// Counts objects without a name, and refuses names of blank nodes.
fn unnamed(value: &Value) -> Result<usize, CredentialError> {
    match value {
        Value::Object(members) => {
            let id = members.get("id").and_then(Value::as_str);
            if id.is_some_and(|id| id.starts_with("_:")) {
                return Err(failed("a blank node has a name"));
            }
            members.values().try_fold(usize::from(id.is_none()), |count, value| Ok(count + unnamed(value)?))
        }
        Value::Array(values) => values.iter().try_fold(0, |count, value| Ok(count + unnamed(value)?)),
        _ => Ok(0),
    }
}

/// Runs what waits for nothing, as the contexts are here.
fn at_once<T>(future: impl Future<Output = T>) -> Result<T, CredentialError> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err(failed("it waits for something")),
    }
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Gives the pinned contexts and no others.
struct Pinned;

impl Loader for Pinned {
    async fn load(&self, url: &iref::Iri) -> LoadingResult {
        let unknown = || json_ld::LoadError::new(url.to_owned(), UnknownContext);
        let pinned = PINNED.iter().find(|(known, ..)| *known == url.as_str());
        let (_, text, hash) = pinned.ok_or_else(unknown)?;
        if sha256(text) != *hash {
            return Err(unknown());
        }
        let (value, _) = json_ld::syntax::Value::parse_str(text).map_err(|_| unknown())?;
        Ok(json_ld::RemoteDocument::new(Some(url.to_owned()), None, value))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the context is not pinned")]
struct UnknownContext;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contexts_are_those_that_were_pinned() {
        for (url, text, hash) in PINNED {
            assert_eq!(sha256(text), hash, "{url}");
        }
    }
}
