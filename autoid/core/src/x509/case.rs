//! The JSON form in which verification cases are exchanged, that of C2SP's x509-limbo.
//!
//! A document is one case, or `{"version": 1, "testcases": [...]}`. Fields the form does not have are
//! ignored, among them the expected result: this module only says what the verifier answers. A case of a
//! list that is not of the form fails alone; a lone one is an error.
//!
//! A case without `id` is called by its position. Without `validation_kind` no purpose is asked of the
//! certificate but those of `extended_key_usage`. Names in `expected_peer_name` and `expected_peer_names`
//! are all asked for, whatever the kind.
//!
//! Five optional fields go beyond the form: `profile` (`rfc5280` or `webpki`) and the policy inputs
//! `initial_policy_set`, `initial_explicit_policy`, `initial_policy_mapping_inhibit` and
//! `initial_inhibit_any_policy` under the names NIST's PKITS gives them.

mod pem;

use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use thiserror::Error;

use super::{
    KeyUsage, PathRequest, PeerKind, PeerName, PolicyInputs, Profile, Purpose, X509Error, time, verify_path,
};

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

/// Runs every case of a document; `now` is the Unix time for cases that name none.
///
/// # Errors
/// When the document, or its only case, is not of the form. A case whose certificates do not decode is not
/// an error but fails.
pub fn run(text: &str, now: i64) -> Result<Vec<CaseResult>, CaseError> {
    let suite: Suite<'_> = serde_json::from_str(text)?;
    let Some(cases) = suite.testcases else {
        return Ok(Vec::from([run_case(&serde_json::from_str(text)?, now)?]));
    };
    if let Some(version) = suite.version.filter(|version| *version != 1) {
        return Err(CaseError::Version(version));
    }
    Ok((1..).zip(cases).map(|(position, case)| run_listed(position, case.get(), now)).collect())
}

/// Runs one case of many, by its position.
fn run_listed(position: u64, text: &str, now: i64) -> CaseResult {
    let case = serde_json::from_str::<Case>(text).map_err(CaseError::from);
    let result = case.and_then(|case| run_case(&case, now));
    let mut result = result.unwrap_or_else(|error| {
        let id = serde_json::from_str::<Named>(text).map(|named| named.id).unwrap_or_default();
        CaseResult { id, result: Verdict::Failure, reason: Some(alloc::format!("{error}")) }
    });
    if result.id.is_empty() {
        result.id = alloc::format!("{position}");
    }
    result
}

#[derive(Deserialize)]
struct Suite<'a> {
    version: Option<u64>,
    #[serde(borrow)]
    testcases: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    id: String,
    #[serde(default)]
    validation_kind: Option<Kind>,
    trusted_certs: Vec<String>,
    #[serde(default)]
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    #[serde(default)]
    validation_time: Option<String>,
    #[serde(default)]
    signature_algorithms: Vec<String>,
    #[serde(default)]
    key_usage: Vec<String>,
    #[serde(default)]
    extended_key_usage: Vec<String>,
    #[serde(default)]
    expected_peer_name: Option<Name>,
    #[serde(default)]
    expected_peer_names: Vec<Name>,
    #[serde(default)]
    max_chain_depth: Option<u64>,
    #[serde(default)]
    crls: Option<Vec<String>>,
    #[serde(default)]
    profile: Option<String>,
    #[serde(default)]
    initial_policy_set: Vec<String>,
    #[serde(default)]
    initial_explicit_policy: bool,
    #[serde(default)]
    initial_policy_mapping_inhibit: bool,
    #[serde(default)]
    initial_inhibit_any_policy: bool,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
enum Kind {
    Server,
    Client,
}

#[derive(Deserialize)]
struct Name {
    kind: NameKind,
    value: String,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "UPPERCASE")]
enum NameKind {
    Dns,
    Ip,
    Rfc822,
}

fn run_case(case: &Case, now: i64) -> Result<CaseResult, CaseError> {
    let failure =
        |reason: String| CaseResult { id: case.id.clone(), result: Verdict::Failure, reason: Some(reason) };
    match answer(case, now)? {
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

fn answer(case: &Case, now: i64) -> Result<Answer, CaseError> {
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
    let crls = all(case.crls.as_deref().unwrap_or_default(), "X509 CRL");
    let validation_time = match &case.validation_time {
        Some(text) => rfc3339(text).ok_or_else(|| bad("validation_time"))?,
        None => now,
    };
    let names = case.expected_peer_name.iter().chain(&case.expected_peer_names);
    let names = names.map(peer_name).collect::<Option<Vec<_>>>();
    let usages = case.key_usage.iter().map(|name| key_usage(name)).collect::<Option<Vec<_>>>();
    let purposes =
        case.extended_key_usage.iter().map(|name| OwnedPurpose::parse(name)).collect::<Option<Vec<_>>>();
    let mut purposes = purposes.ok_or_else(|| bad("extended_key_usage"))?;
    if case.validation_kind.is_none() && purposes.is_empty() {
        purposes.push(OwnedPurpose::Known(Purpose::Any));
    }
    let policies = case.initial_policy_set.iter().map(|dotted| oid_of(dotted)).collect::<Option<Vec<_>>>();
    let policies = policies.ok_or_else(|| bad("initial_policy_set"))?;
    let profile = match case.profile.as_deref() {
        None | Some("rfc5280") => Profile::Rfc5280,
        Some("webpki") => Profile::WebPki,
        Some(_) => return Err(bad("profile")),
    };
    let request = PathRequest {
        trust_anchors: &slices(&anchors),
        intermediates: &slices(&intermediates),
        leaf: &leaf,
        crls: &slices(&crls),
        validation_time,
        expected_peer_names: &names.ok_or_else(|| bad("expected_peer_name"))?,
        peer_kind: if case.validation_kind == Some(Kind::Client) {
            PeerKind::Client
        } else {
            PeerKind::Server
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
    };
    Ok(match verify_path(&request) {
        Ok(_) => Answer::Found,
        Err(error) => Answer::Refused(error),
    })
}

fn slices(blocks: &[Vec<u8>]) -> Vec<&[u8]> {
    blocks.iter().map(Vec::as_slice).collect()
}

fn peer_name(name: &Name) -> Option<PeerName<'_>> {
    match (name.kind, name.value.parse::<IpAddr>()) {
        // An address is never a host name, whatever it is called.
        (NameKind::Dns | NameKind::Ip, Ok(address)) => Some(PeerName::Ip(address)),
        (NameKind::Ip, Err(_)) => None,
        (NameKind::Dns, Err(_)) => Some(PeerName::Dns(&name.value)),
        (NameKind::Rfc822, _) => Some(PeerName::Rfc822(&name.value)),
    }
}

fn key_usage(name: &str) -> Option<KeyUsage> {
    Some(match name {
        "digitalSignature" => KeyUsage::DigitalSignature,
        "contentCommitment" => KeyUsage::ContentCommitment,
        "keyEncipherment" => KeyUsage::KeyEncipherment,
        "dataEncipherment" => KeyUsage::DataEncipherment,
        "keyAgreement" => KeyUsage::KeyAgreement,
        "keyCertSign" => KeyUsage::KeyCertSign,
        "cRLSign" => KeyUsage::CrlSign,
        "encipherOnly" | "encipher_only" => KeyUsage::EncipherOnly,
        "decipherOnly" | "decipher_only" => KeyUsage::DecipherOnly,
        _ => return None,
    })
}

/// A purpose that owns its identifier.
enum OwnedPurpose {
    Known(Purpose<'static>),
    Other(Vec<u8>),
}

impl OwnedPurpose {
    fn parse(name: &str) -> Option<Self> {
        Some(Self::Known(match name {
            "anyExtendedKeyUsage" => Purpose::Any,
            "serverAuth" => Purpose::ServerAuth,
            "clientAuth" => Purpose::ClientAuth,
            "codeSigning" => Purpose::CodeSigning,
            "emailProtection" => Purpose::EmailProtection,
            "timeStamping" => Purpose::TimeStamping,
            "OCSPSigning" => Purpose::OcspSigning,
            dotted => return oid_of(dotted).map(Self::Other),
        }))
    }

    fn borrow(&self) -> Purpose<'_> {
        match self {
            Self::Known(purpose) => *purpose,
            Self::Other(content) => Purpose::Other(content),
        }
    }
}

/// The content octets of an object identifier in dotted form.
fn oid_of(dotted: &str) -> Option<Vec<u8>> {
    let mut arcs = dotted.split('.').map(|arc| arc.parse::<u32>().ok());
    let (first, second) = (arcs.next()??, arcs.next()??);
    if first > 2 || (first < 2 && second > 39) {
        return None;
    }
    let mut content = Vec::new();
    push_arc(&mut content, u64::from(first) * 40 + u64::from(second));
    for arc in arcs {
        push_arc(&mut content, u64::from(arc?));
    }
    Some(content)
}

fn push_arc(content: &mut Vec<u8>, arc: u64) {
    let groups = (1..10).take_while(|group| arc >> (7 * group) != 0).count();
    for group in (0..=groups).rev() {
        let more = if group > 0 { 0x80 } else { 0 };
        let bits = u8::try_from((arc >> (7 * group)) & 0x7f).unwrap_or_default();
        content.push(more | bits);
    }
}

/// Reads a time such as `2024-01-01T00:00:00+00:00`; parts of seconds are cut off, as certificates have
/// whole ones.
fn rfc3339(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(19)?;
    let fields = [(0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2)];
    let mut values = [0i64; 6];
    for (value, (at, length)) in values.iter_mut().zip(fields) {
        *value = digits(date.get(at..at + length)?)?;
    }
    let separators: Vec<u8> =
        [4, 7, 10, 13, 16].iter().filter_map(|at| date.as_bytes().get(*at).copied()).collect();
    if !matches!(separators.as_slice(), b"--T::" | b"--t::" | b"-- ::") {
        return None;
    }
    let [year, month, day, hour, minute, second] = values;
    if !(1..=12).contains(&month) || day < 1 || day > time::days_in(year, month) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|character: char| character.is_ascii_digit());
            (zone.len() < fraction.len()).then_some(zone)?
        }
        None => rest,
    };
    let seconds = time::days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(seconds - offset(zone)?)
}

/// The seconds by which a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

fn two_digits(text: &str) -> Option<i64> {
    if text.len() == 2 { digits(text) } else { None }
}

fn digits(text: &str) -> Option<i64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.to_owned().parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_zones_and_whole_seconds() {
        assert_eq!(rfc3339("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(rfc3339("2024-01-01T00:00:00+00:00"), Some(1_704_067_200));
        assert_eq!(rfc3339("2024-01-01T02:00:00.999+02:00"), Some(1_704_067_200));
        assert_eq!(rfc3339("2023-12-31T22:30:00-01:30"), Some(1_704_067_200));
        for bad in [
            "",
            "2024-01-01",
            "2024-02-30T00:00:00Z",
            "2024-01-01T00:00:00",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T24:00:00Z",
        ] {
            assert_eq!(rfc3339(bad), None, "{bad}");
        }
    }

    #[test]
    fn dotted_identifiers_become_octets() {
        assert_eq!(oid_of("2.5.29.32.0").unwrap(), [0x55, 0x1d, 0x20, 0x00]);
        assert_eq!(oid_of("1.2.840.113549").unwrap(), [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]);
        assert_eq!(oid_of("2.16.840.1.101").unwrap(), [0x60, 0x86, 0x48, 0x01, 0x65]);
        assert!(
            oid_of("3.1").is_none()
                && oid_of("1.40").is_none()
                && oid_of("1").is_none()
                && oid_of("a.b").is_none()
        );
    }
}
