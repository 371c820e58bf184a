//! DID documents and status lists out of the chain's state, with what proves them.
//!
//! A node has no key of any issuer, so it cannot sign in an issuer's name. A status list is therefore served as its
//! issuer would sign it, without a signature; the proof of the state beside it shows the very bits, and who answers
//! for the state. Its name is the DID of the issuer with the path `/status/<list>`, whichever node serves it.

use crate::ApiError;
use crate::proof::Proven;
use crate::realm::{Realm, Which, not_an_identity};
use crate::server::App;
use auto_core::ErrorCode;
use auto_module::INHERENT;
use autoid_core::document::{self, Resolution};
use autoid_core::{Did, IdentityRecord, Status};
use autoid_credentials::status::{bitstring, token};
use autoid_interface::{CERTIFICATES, CLOCK, IDENTITIES, LIST_BITS, REVOKED};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

/// Seconds for which a status list may be used without asking again.
const LIST_SECONDS: u64 = 600;
/// The media type of a resolution result.
const RESOLUTION: &str = "application/did-resolution";
/// The media types of a document alone.
const DOCUMENTS: [&str; 3] = ["application/did", "application/did+json", "application/did+ld+json"];

/// Options of the request.
#[derive(Debug, Deserialize)]
pub(crate) struct Options {
    /// `true` reads the newest block that operators vouched for on the consensus chain, which has an anchor.
    #[serde(default)]
    vouched: bool,
}

/// The realm that a DID names.
fn realm(app: &App, did: Did, vouched: bool) -> Result<Realm, ApiError> {
    let (node, which) = (&*app.node, Which::Of(did));
    if vouched { Realm::vouched(node, which) } else { Realm::open(node, which, None) }
}

fn proven(app: &App, realm: &Realm, keys: &[Vec<u8>]) -> Result<Value, ApiError> {
    let head = app.node.status()?.head.number;
    let mut proof = Proven::read(&*app.node, (realm.domain, realm.number), head, keys)?.to_json();
    proof["domain"] = realm.domain.0.into();
    Ok(proof)
}

/// A JSON text that this program wrote.
fn value(text: &str) -> Result<Value, ApiError> {
    serde_json::from_str(text).map_err(|error| ApiError::Internal(format!("own JSON: {error}")))
}

/// `GET /did/{did}`: a resolution result, or the document alone when only that is accepted.
pub(crate) async fn did(
    State(app): State<App>,
    Path(text): Path<String>,
    Query(options): Query<Options>,
    headers: HeaderMap,
) -> Response {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let alone = DOCUMENTS.into_iter().find(|kind| *kind == accepted);
    match (resolved(&app, &text, options.vouched), alone) {
        (Ok((status, mut result)), Some(kind)) => {
            let document = result["didDocument"].take();
            (status, [(header::CONTENT_TYPE, kind)], Json(document)).into_response()
        }
        (Ok((status, result)), None) => {
            (status, [(header::CONTENT_TYPE, RESOLUTION)], Json(result)).into_response()
        }
        (Err(error), _) => unresolved(&error),
    }
}

fn resolved(app: &App, text: &str, vouched: bool) -> Result<(StatusCode, Value), ApiError> {
    let did: Did = text.parse().map_err(|_| ApiError::BadValue(not_an_identity(text)))?;
    let realm = realm(app, did, vouched)?;
    let missing = || ApiError::NotFound { what: "identity", which: did.to_string() };
    let record = realm.identity(&did.id)?.ok_or_else(missing)?;
    let document = document::document(&record, &realm.network, realm.point.time, &Resolution::default());
    let mut metadata = value(&document::metadata(&record))?;
    metadata["versionTime"] = realm.point.time.to_string().into();
    let keys = [IDENTITIES.key(&did.id), CERTIFICATES.key(&did.id), INHERENT.key(), CLOCK.key()];
    metadata["proof"] = proven(app, &realm, &keys)?;
    let result = json!({
        "@context": "https://w3id.org/did-resolution/v1",
        "didDocument": value(&document)?,
        "didResolutionMetadata": { "contentType": DOCUMENTS[0] },
        "didDocumentMetadata": metadata,
    });
    Ok((if ended(&record) { StatusCode::GONE } else { StatusCode::OK }, result))
}

const fn ended(record: &IdentityRecord) -> bool {
    matches!(record.status, Status::Revoked | Status::Tombstone)
}

/// A failure in the form of a resolution result, with the code that the other surfaces give.
fn unresolved(error: &ApiError) -> Response {
    let name = match error.status() {
        StatusCode::BAD_REQUEST => "invalidDid",
        StatusCode::NOT_FOUND => "notFound",
        _ => "internalError",
    };
    let result = json!({
        "@context": "https://w3id.org/did-resolution/v1",
        "didDocument": null,
        "didResolutionMetadata": {
            "error": name,
            "code": error.code(),
            "message": error.public_message(),
            "docs": error.docs(),
        },
        "didDocumentMetadata": {},
    });
    (error.status(), [(header::CONTENT_TYPE, RESOLUTION)], Json(result)).into_response()
}

/// `GET /status/{did}/{list}`: a revocation list as a Bitstring and as a Token status list, unsigned, with the proof
/// of its bits.
pub(crate) async fn status(
    State(app): State<App>,
    Path((text, list)): Path<(String, String)>,
    Query(options): Query<Options>,
) -> Result<Response, ApiError> {
    let did: Did = text.parse().map_err(|_| ApiError::BadValue(not_an_identity(&text)))?;
    let number: u32 = list
        .parse()
        .map_err(|_| ApiError::NotFound { what: "status list", which: list.chars().take(40).collect() })?;
    let realm = realm(&app, did, options.vouched)?;
    if realm.identity(&did.id)?.is_none() {
        return Err(ApiError::NotFound { what: "identity", which: did.to_string() });
    }
    let bits = realm.revocations(&did.id, number)?;
    let is_set = |index: u64| u32::try_from(index).is_ok_and(|index| bits.contains(index));
    let failed = |error: autoid_credentials::CredentialError| ApiError::Internal(error.to_string());
    let issuer: autoid_credentials::did::Did =
        did.to_string().parse().map_err(|_| ApiError::Internal("the own DID does not read".to_owned()))?;
    let (name, length) = (format!("{did}/status/{number}"), u64::from(LIST_BITS));
    let from = realm.point.time.0;
    let moment = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
    let validity = (moment(from), moment(from.saturating_add(LIST_SECONDS)));
    let credential =
        bitstring::list_credential(&name, &issuer, "revocation", validity, length, is_set).map_err(failed)?;
    let claims = token::list_claims(&name, &issuer, validity, length, is_set).map_err(failed)?;
    let keys = [REVOKED.key(&(did.id, number)), IDENTITIES.key(&did.id), INHERENT.key(), CLOCK.key()];
    let body = json!({
        "bitstring": credential,
        "token": claims,
        "revoked": bits.len(),
        "proof": proven(&app, &realm, &keys)?,
    });
    Ok(([(header::CACHE_CONTROL, "no-cache")], Json(body)).into_response())
}
