//! Asking for a certificate.

use crate::signing::{algorithm, sign, spki, verifies};
use crate::{Challenge, IssueError};
use autoid_core::{PublicKey, Signer};
use x509_cert::attr::Attribute;
use x509_cert::der::asn1::{Any, SetOfVec, Utf8StringRef};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::name::Name;
use x509_cert::request::{CertReq, CertReqInfo, Version};

/// Largest request, in bytes.
const REQUEST_BYTES_MAX: usize = 16 * 1024;
/// The challengePassword attribute of PKCS#9.
const CHALLENGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.7");

/// A PKCS#10 request in DER for the signer's key, which answers a challenge.
///
/// # Errors
/// When the signer fails.
pub fn request(challenge: &Challenge, signer: &impl Signer) -> Result<Vec<u8>, IssueError> {
    let key = signer.public_key();
    let text = challenge.text();
    let mut values = SetOfVec::new();
    values.insert(Any::encode_from(&Utf8StringRef::new(&text)?)?)?;
    let mut attributes = SetOfVec::new();
    attributes.insert(Attribute { oid: CHALLENGE, values })?;
    let info =
        CertReqInfo { version: Version::V1, subject: Name::default(), public_key: spki(&key)?, attributes };
    let signature = sign(signer, &info.to_der()?)?;
    Ok(CertReq { info, algorithm: algorithm(key.algorithm()), signature }.to_der()?)
}

/// The key that a request asks a certificate for, when it was signed by that key and answers the challenge.
/// Everything else that it asks for is ignored.
///
/// # Errors
/// When it is no request, is not signed by its key, or does not answer the challenge.
pub fn read_request(der: &[u8], challenge: &Challenge) -> Result<PublicKey, IssueError> {
    if der.len() > REQUEST_BYTES_MAX {
        return Err(IssueError::Malformed(format!("{} bytes are over the limit", der.len())));
    }
    let malformed = |error: x509_cert::der::Error| IssueError::Malformed(error.to_string());
    let request = CertReq::from_der(der).map_err(malformed)?;
    let info = request.info.to_der().map_err(malformed)?;
    let spki = request.info.public_key.to_der().map_err(malformed)?;
    let key = PublicKey::from_spki(&spki).map_err(|refusal| IssueError::Malformed(refusal.to_string()))?;
    let signature = request.signature.as_bytes().unwrap_or_default();
    if request.algorithm != algorithm(key.algorithm()) || !verifies(&key, &info, signature) {
        return Err(IssueError::NoPossession);
    }
    let answers: Vec<&Attribute> =
        request.info.attributes.iter().filter(|attribute| attribute.oid == CHALLENGE).collect();
    let [answer] = answers[..] else { return Err(IssueError::Challenge) };
    let mut values = answer.values.iter();
    match (values.next(), values.next()) {
        (Some(value), None) if value.value() == challenge.text().as_bytes() => Ok(key),
        _ => Err(IssueError::Challenge),
    }
}

/// The key that a certificate stands for, when it is one that identities use. Nothing else of it is checked.
#[must_use]
pub fn holder_key(certificate: &[u8]) -> Option<PublicKey> {
    let certificate = x509_cert::Certificate::from_der(certificate).ok()?;
    let spki = certificate.tbs_certificate().subject_public_key_info().to_der().ok()?;
    PublicKey::from_spki(&spki).ok()
}
