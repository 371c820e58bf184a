//! The JSON form in which verification cases are exchanged, that of C2SP's x509-limbo.
//!
//! A document is one case, or `{"version": 1, "testcases": [...]}`. Fields the form does not have are
//! ignored, as the form grows, and so is the expected result: this module only says what the verifier
//! answers. A case of a list that is not of the form fails alone; a lone one is an error. `null` stands for
//! a missing field.
//!
//! A case without `id` is called by its position. Without `validation_kind` no purpose is asked of the
//! certificate but those of `extended_key_usage`. Names in `expected_peer_name` and `expected_peer_names`
//! are all asked for; only the first, which is a server's, is not asked of a `CLIENT` that the second names.
//! Text around a PEM block is skipped.
//!
//! Five optional fields go beyond the form: `profile` (`rfc5280` or `webpki`) and the policy inputs
//! `initial_policy_set`, `initial_explicit_policy`, `initial_policy_mapping_inhibit` and
//! `initial_inhibit_any_policy` under the names NIST's PKITS gives them. Without `profile` the first part of
//! the id says which rules the case is about, as it does in x509-limbo: those of the Web PKI if it is `webpki`,
//! else those of RFC 5280.

mod form;
mod moment;
mod pem;
mod words;

use alloc::{string::String, vec::Vec};

use serde::Serialize;
use thiserror::Error;

use form::{Case, Kind, Named, Suite};
use words::OwnedPurpose;

use super::{Ecdsa, PathRequest, PeerKind, PolicyInputs, Purpose, X509Error, verify_path};

/// Why a document was not run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CaseError {
    /// The document is not JSON of the form.
    #[error("not a verification case: {0}")]
    Json(#[from] serde_json::Error),
    /// The document has a version other than 1.
    #[error("version {0} of the case form is not known")]
    Version(u64),
    /// A field of a case has a value outside the form.
    #[error("case {id}: bad value in {field}")]
    Field {
        /// The case.
        id: String,
        /// The field.
        field: &'static str,
    },
}

/// What the verifier answers to one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseResult {
    /// The case.
    pub id: String,
    /// The verdict.
    pub result: Verdict,
    /// The code and text of the refusal; nothing on success.
    pub reason: Option<String>,
}

/// The verdict on one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// A path was found.
    Success,
    /// The certificate was refused.
    Failure,
}

/// Runs the cases of a document, each when its result is asked for; `now` is the Unix time for cases that name
/// none, `ecdsa` who verifies ECDSA signatures.
///
/// # Errors
/// When the document, or its only case, is not of the form. A case whose certificates do not decode is not
/// an error but fails.
pub fn run<'a>(
    text: &'a str,
    now: i64,
    ecdsa: &'a dyn Ecdsa,
) -> Result<impl Iterator<Item = CaseResult> + 'a, CaseError> {
    let Suite { version, testcases } = serde_json::from_str(text)?;
    let lone = match testcases {
        None => Some(run_case(&serde_json::from_str(text)?, now, ecdsa)?),
        Some(_) => None,
    };
    if let Some(version) = version.filter(|version| lone.is_none() && *version != 1) {
        return Err(CaseError::Version(version));
    }
    let listed = (1..).zip(testcases.unwrap_or_default());
    Ok(lone.into_iter().chain(listed.map(move |(at, case)| run_listed(at, case.get(), now, ecdsa))))
}

/// Runs one case of many, by its position.
fn run_listed(position: u64, text: &str, now: i64, ecdsa: &dyn Ecdsa) -> CaseResult {
    let case = serde_json::from_str::<Case>(text).map_err(CaseError::from);
    let result = case.and_then(|case| run_case(&case, now, ecdsa));
    let mut result = result.unwrap_or_else(|error| {
        let id = serde_json::from_str::<Named>(text).map(|named| named.id).unwrap_or_default();
        CaseResult { id, result: Verdict::Failure, reason: Some(alloc::format!("{error}")) }
    });
    if result.id.is_empty() {
        result.id = alloc::format!("{position}");
    }
    result
}

fn run_case(case: &Case, now: i64, ecdsa: &dyn Ecdsa) -> Result<CaseResult, CaseError> {
    let failure =
        |reason: String| CaseResult { id: case.id.clone(), result: Verdict::Failure, reason: Some(reason) };
    match answer(case, now, ecdsa)? {
        Answer::Found => Ok(CaseResult { id: case.id.clone(), result: Verdict::Success, reason: None }),
        Answer::Refused(error) => Ok(failure(alloc::format!("{}: {error}", error.code()))),
        Answer::NotPem(field) => Ok(failure(alloc::format!("{field}: not one PEM block"))),
    }
}

enum Answer {
    Found,
    Refused(X509Error),
    NotPem(&'static str),
}

fn answer(case: &Case, now: i64, ecdsa: &dyn Ecdsa) -> Result<Answer, CaseError> {
    let bad = |field: &'static str| CaseError::Field { id: case.id.clone(), field };
    let Some(leaf) = pem::decode(&case.peer_certificate, "CERTIFICATE") else {
        return Ok(Answer::NotPem("peer_certificate"));
    };
    // A block that does not decode becomes an empty certificate, which no path can use.
    let all = |blocks: &[String], label| {
        blocks.iter().map(|block| pem::decode(block, label).unwrap_or_default()).collect::<Vec<_>>()
    };
    let anchors = all(&case.trusted_certs, "CERTIFICATE");
    let intermediates = all(&case.untrusted_intermediates, "CERTIFICATE");
    let crls = all(&case.crls, "X509 CRL");
    let validation_time = match &case.validation_time {
        Some(text) => moment::rfc3339(text).ok_or_else(|| bad("validation_time"))?,
        None => now,
    };
    let names = case.names().map(form::Name::as_peer_name).collect::<Option<Vec<_>>>();
    let usages = case.key_usage.iter().map(|name| words::key_usage(name)).collect::<Option<Vec<_>>>();
    let purposes =
        case.extended_key_usage.iter().map(|name| OwnedPurpose::parse(name)).collect::<Option<Vec<_>>>();
    let mut purposes = purposes.ok_or_else(|| bad("extended_key_usage"))?;
    if case.validation_kind.is_none() && purposes.is_empty() {
        purposes.push(OwnedPurpose::Known(Purpose::Any));
    }
    let policies =
        case.initial_policy_set.iter().map(|dotted| words::oid_of(dotted)).collect::<Option<Vec<_>>>();
    let policies = policies.ok_or_else(|| bad("initial_policy_set"))?;
    let profile = case.profile().ok_or_else(|| bad("profile"))?;
    let request = PathRequest {
        trust_anchors: &slices(&anchors),
        intermediates: &slices(&intermediates),
        leaf: &leaf,
        crls: &slices(&crls),
        validation_time,
        expected_peer_names: &names.ok_or_else(|| bad("expected_peer_name"))?,
        peer_kind: match case.validation_kind {
            Some(Kind::Client) => PeerKind::Client,
            Some(Kind::Server) | None => PeerKind::Server,
        },
        max_chain_depth: case.max_chain_depth.map(|depth| u8::try_from(depth).unwrap_or(u8::MAX)),
        signature_algorithms: &case.signature_algorithms.iter().map(String::as_str).collect::<Vec<_>>(),
        key_usage: &usages.ok_or_else(|| bad("key_usage"))?,
        extended_key_usage: &purposes.iter().map(OwnedPurpose::borrow).collect::<Vec<_>>(),
        policies: PolicyInputs {
            initial: &slices(&policies),
            require_explicit: case.initial_explicit_policy,
            inhibit_mapping: case.initial_policy_mapping_inhibit,
            inhibit_any: case.initial_inhibit_any_policy,
        },
        profile,
        understood_extensions: &[],
        ecdsa,
    };
    Ok(match verify_path(&request) {
        Ok(_) => Answer::Found,
        Err(error) => Answer::Refused(error),
    })
}

fn slices(blocks: &[Vec<u8>]) -> Vec<&[u8]> {
    blocks.iter().map(Vec::as_slice).collect()
}
