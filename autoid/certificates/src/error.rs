//! Why a certificate is not issued.

use auto_core::{ErrorCode, ErrorEntry};
use autoid_core::Refusal;
use x509_cert::der;

/// A failure to ask for or issue a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The request is no PKCS#10 request in DER.
    #[error("not a certificate request: {0}")]
    Malformed(String),
    /// The request is not signed by the key that it asks for.
    #[error("the request is not signed by its own key")]
    NoPossession,
    /// The request does not answer the challenge.
    #[error("the request does not answer this issuer's challenge")]
    Challenge,
    /// The requested key is not one of the identity's.
    #[error("the requested key is not a current key of the identity")]
    ForeignKey,
    /// The times make no certificate.
    #[error("the validity is empty, over the limit of {limit} seconds, or cannot be written")]
    Validity {
        /// The longest validity.
        limit: i64,
    },
    /// A name cannot be issued.
    #[error("`{name}` is no host name that the issuer may give")]
    Name {
        /// The name.
        name: String,
    },
    /// The signing key is not one of the issuer's.
    #[error("the signing key is not a current key of the issuer")]
    ForeignIssuer,
    /// A key or the signer refuses.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The certificate cannot be encoded.
    #[error("the certificate cannot be encoded: {0}")]
    Encoding(String),
}

impl From<der::Error> for IssueError {
    fn from(error: der::Error) -> Self {
        Self::Encoding(error.to_string())
    }
}

impl From<x509_cert::builder::Error> for IssueError {
    fn from(error: x509_cert::builder::Error) -> Self {
        Self::Encoding(error.to_string())
    }
}

impl ErrorCode for IssueError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "AID-0601",
            Self::NoPossession => "AID-0602",
            Self::Challenge => "AID-0603",
            Self::ForeignKey => "AID-0604",
            Self::Validity { .. } => "AID-0605",
            Self::Name { .. } => "AID-0606",
            Self::ForeignIssuer => "AID-0607",
            Self::Refused(refusal) => refusal.code(),
            Self::Encoding(_) => "AID-0608",
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "AID-0601",
        "The request is no certificate request.",
        "It is not PKCS#10 in DER, or of an algorithm that identities do not use.",
        "Make it again, with an Ed25519 or P-256 key of the identity.",
    ),
    entry(
        "AID-0602",
        "The request does not prove possession of its key.",
        "Its signature is not by the key that it asks a certificate for.",
        "Sign the request with the key that is to be certified.",
    ),
    entry(
        "AID-0603",
        "The request does not answer the challenge.",
        "It was made for another issuer, identity or network, or for an earlier challenge.",
        "Ask the issuer for a challenge, and make the request with it.",
    ),
    entry(
        "AID-0604",
        "The key is not one of the identity's.",
        "A certificate stands for an identity, so its key is in the identity's key set.",
        "Ask with a current key of the identity.",
    ),
    entry(
        "AID-0605",
        "The certificate would last too long, or no time at all.",
        "Software gets certificates for a week, people and organisations for 398 days.",
        "Ask for a shorter time.",
    ),
    entry(
        "AID-0606",
        "A name cannot be issued.",
        "It is no host name, or not within the names that the issuer has authority over.",
        "Leave it out, or ask an issuer with authority over it.",
    ),
    entry(
        "AID-0607",
        "The signing key is not one of the issuer's.",
        "A certificate is signed by a current key of the parent, or of the root itself.",
        "Sign with a current key of the issuer.",
    ),
    entry(
        "AID-0608",
        "The certificate cannot be encoded.",
        "A value does not fit into its field.",
        "Check names and times; otherwise report it.",
    ),
];
