use thiserror::Error;

use crate::x509::ErrorEntry;

/// Why a certificate does not stand for an identity, although its path holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CertificateRefusal {
    /// The path is not the line of the identity's ancestors.
    #[error("the certificates of the path are not those of the identity and its ancestors")]
    Line,
    /// The only URI among the names is not the identity's DID.
    #[error("the certificate does not name the identity's DID and no other URI")]
    Did,
    /// The hierarchical host name is missing.
    #[error("the certificate lacks the identity's hierarchical host name")]
    HostName,
    /// A name lies outside of what the parent may name.
    #[error("the certificate carries a name that its issuer may not give")]
    ForeignName,
    /// The binding is missing or names another network, identity or a later state of it.
    #[error("the certificate is not bound to this network, identity and state of it")]
    Binding,
    /// The key is not one of the identity's, or has ended.
    #[error("the certificate's key is not a current key of the identity")]
    ForeignKey,
    /// It lasts too long.
    #[error("the certificate lasts longer than {limit} seconds")]
    Lifetime {
        /// The longest validity.
        limit: i64,
    },
    /// It makes the identity a CA, or a CA of longer paths, which it is not.
    #[error("the certificate gives the identity an authority that it does not have")]
    Authority,
}

impl CertificateRefusal {
    /// The stable code of the rule that is broken.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Line => "AID-0401",
            Self::Did => "AID-0402",
            Self::HostName => "AID-0403",
            Self::ForeignName => "AID-0404",
            Self::Binding => "AID-0405",
            Self::ForeignKey => "AID-0406",
            Self::Lifetime { .. } => "AID-0407",
            Self::Authority => "AID-0408",
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Certificates of identities: `AID-0401` and on.
pub const CERTIFICATE_ERRORS: &[ErrorEntry] = &[
    entry(
        "AID-0401",
        "the certificates of the path are not those of the identity's ancestors",
        "a certificate chains over exactly the identities above, the parent first",
        "have the parent issue the certificate, with the certificate that it has attached",
    ),
    entry(
        "AID-0402",
        "the certificate does not name the identity",
        "its only URI must be the DID of the identity",
        "issue it again with the DID as the only URI among its alternative names",
    ),
    entry(
        "AID-0403",
        "the hierarchical host name is missing",
        "name constraints of the certificates above work on it",
        "issue it again with the host name that the identity has in the tree",
    ),
    entry(
        "AID-0404",
        "the certificate carries a foreign name",
        "an issuer gives host names within its own subtree, and no mailboxes, addresses or directory names",
        "issue it again without the other names",
    ),
    entry(
        "AID-0405",
        "the certificate is not bound to the identity",
        "the private extension is missing, or names another network, identity or a state that is not there yet",
        "issue it again for this identity",
    ),
    entry(
        "AID-0406",
        "the certificate is for another key",
        "its key must be a current key of the identity",
        "ask for a certificate with a current key",
    ),
    entry(
        "AID-0407",
        "the certificate lasts too long",
        "software gets certificates for a week, people and organisations for 398 days",
        "issue it again for a shorter time",
    ),
    entry(
        "AID-0408",
        "the certificate gives too much authority",
        "it makes the identity a CA, or one of longer paths, which its inception does not",
        "issue it again within the identity's authority",
    ),
];
