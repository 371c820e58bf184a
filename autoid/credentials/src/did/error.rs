//! Why a DID leads to no key.

use crate::json::JsonError;
use auto_core::ErrorCode;
use std::net::IpAddr;

/// Why a DID leads to no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DidError {
    /// The text is no DID.
    #[error("`{text}` is no DID: {why}")]
    Text {
        /// Its beginning.
        text: String,
        /// What is wrong.
        why: &'static str,
    },
    /// The method is not one that is resolved here.
    #[error("DIDs of method `{method}` are not resolved here")]
    Method {
        /// The method.
        method: String,
    },
    /// A key is malformed.
    #[error("the key is malformed: {why}")]
    Key {
        /// What is wrong.
        why: &'static str,
    },
    /// A secret key was published.
    #[error("a secret key is published")]
    Secret,
    /// The host of a `did:web` is not a host name.
    #[error("`{host}` is not a host name that did:web allows")]
    Host {
        /// The host.
        host: String,
    },
    /// The host leads into a private network.
    #[error("`{host}` leads to {address}, which is not public")]
    Private {
        /// The host.
        host: String,
        /// Where it leads.
        address: IpAddr,
    },
    /// The document could not be fetched.
    #[error("cannot fetch {url}: {why}")]
    Fetch {
        /// The address.
        url: String,
        /// What happened.
        why: String,
    },
    /// The document is too large.
    #[error("the document is larger than {most} bytes")]
    TooLarge {
        /// What is allowed.
        most: usize,
    },
    /// The document is not JSON that may be trusted.
    #[error("the document is no strict JSON")]
    Json(#[from] JsonError),
    /// The document breaks a rule.
    #[error("the document is malformed: {why}")]
    Malformed {
        /// The rule.
        why: &'static str,
    },
    /// The document is about another DID.
    #[error("the document is about `{found}`")]
    OtherSubject {
        /// The subject.
        found: String,
    },
    /// A key of the document belongs to somebody else.
    #[error("`{id}` is controlled by another DID")]
    ForeignController {
        /// The key.
        id: String,
    },
    /// Two things in the document have one name.
    #[error("`{id}` names two things")]
    Duplicate {
        /// The name.
        id: String,
    },
    /// The document has no such key.
    #[error("`{id}` is not a key of the document that can be used")]
    NoKey {
        /// The key that was asked for.
        id: String,
    },
    /// The key may not be used for this.
    #[error("`{id}` may not be used for {relation}")]
    NotAllowed {
        /// The key.
        id: String,
        /// What it was to be used for.
        relation: &'static str,
    },
    /// There is no such DID.
    #[error("`{did}` does not exist")]
    Unknown {
        /// The DID.
        did: String,
    },
}

impl ErrorCode for DidError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text { .. } => "DID-0001",
            Self::Method { .. } => "DID-0002",
            Self::Key { .. } => "DID-0003",
            Self::Secret => "DID-0004",
            Self::Host { .. } => "DID-0005",
            Self::Private { .. } => "DID-0006",
            Self::Fetch { .. } => "DID-0007",
            Self::TooLarge { .. } => "DID-0008",
            Self::Json(error) => error.code(),
            Self::Malformed { .. } => "DID-0009",
            Self::OtherSubject { .. } => "DID-0010",
            Self::ForeignController { .. } => "DID-0011",
            Self::Duplicate { .. } => "DID-0012",
            Self::NoKey { .. } => "DID-0013",
            Self::NotAllowed { .. } => "DID-0014",
            Self::Unknown { .. } => "DID-0015",
        }
    }
}
