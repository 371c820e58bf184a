//! Why a credential is not believed.

use crate::did::DidError;
use crate::json::JsonError;
use auto_core::ErrorCode;

/// Why a credential, a presentation or a status list is not believed, or cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// It is not JSON that may be signed.
    #[error("no strict JSON")]
    Json(#[from] JsonError),
    /// A DID of it leads to no key.
    #[error("its DID leads to no key")]
    Did(#[from] DidError),
    /// A member breaks the data model.
    #[error("`{member}` breaks the data model: {why}")]
    Model {
        /// The member.
        member: &'static str,
        /// The rule.
        why: &'static str,
    },
    /// A context is not one whose meaning is fixed.
    #[error("the context `{url}` is not pinned")]
    Context {
        /// Its address.
        url: String,
    },
    /// It redefines terms.
    #[error("`{member}` redefines what terms mean")]
    Redefinition {
        /// The member.
        member: String,
    },
    /// Its proof breaks a rule.
    #[error("`{member}` of the proof breaks a rule: {why}")]
    Proof {
        /// The member.
        member: &'static str,
        /// The rule.
        why: &'static str,
    },
    /// Its proof is of a suite that is not checked here, or that does not fit the key.
    #[error("the suite `{suite}` is not checked here, or not with this key")]
    Suite {
        /// The suite.
        suite: String,
    },
    /// Its key is not that of the one who signs.
    #[error("the key `{key}` is not of {signer}")]
    ForeignKey {
        /// The key.
        key: String,
        /// Who was to sign.
        signer: String,
    },
    /// Its signature does not hold.
    #[error("the signature does not hold")]
    Signature,
    /// It is not valid yet.
    #[error("it is not valid before {from} (Unix seconds)")]
    TooEarly {
        /// When it will be.
        from: i64,
    },
    /// It has ended.
    #[error("it ended at {until} (Unix seconds)")]
    Ended {
        /// When it did.
        until: i64,
    },
    /// It answers another question than was asked.
    #[error("`{member}` is not what the verifier asked for")]
    Unasked {
        /// The member.
        member: &'static str,
    },
    /// It is no token.
    #[error("no token: {why}")]
    Token {
        /// The rule.
        why: &'static str,
    },
    /// Its algorithm is not accepted.
    #[error("the algorithm `{alg}` is not accepted, or not with this key")]
    Algorithm {
        /// The algorithm.
        alg: String,
    },
    /// It demands that something be understood.
    #[error("it demands that extensions be understood")]
    Critical,
    /// It brings or names its own key.
    #[error("`{member}` of the header would bring in a key")]
    RemoteKey {
        /// The member.
        member: &'static str,
    },
    /// It is a token of another kind.
    #[error("the token is of kind `{found}`")]
    Kind {
        /// Its kind.
        found: String,
    },
    /// A disclosure is malformed.
    #[error("a disclosure is malformed: {why}")]
    Disclosure {
        /// The rule.
        why: &'static str,
    },
    /// A digest is there twice.
    #[error("a digest is used twice")]
    DigestReuse,
    /// A disclosed claim has the name of another.
    #[error("the disclosed claim `{name}` hides another")]
    Shadow {
        /// The name.
        name: String,
    },
    /// A disclosure belongs to nothing.
    #[error("a disclosure belongs to nothing that was signed")]
    Stray,
    /// A claim that must be in the open was to be disclosed.
    #[error("the claim `{name}` must be in the open")]
    MustBeOpen {
        /// The name.
        name: String,
    },
    /// The holder has not proven to be the holder.
    #[error("the holder does not prove to be the holder")]
    Unbound,
    /// There is no such claim to disclose.
    #[error("there is no claim `{name}` to disclose")]
    NoClaim {
        /// The name.
        name: String,
    },
    /// A status list is malformed.
    #[error("the status list is malformed: {why}")]
    List {
        /// The rule.
        why: &'static str,
    },
    /// A status list unfolds to more than is allowed.
    #[error("the status list unfolds to more than {most} bytes")]
    Bomb {
        /// What is allowed.
        most: usize,
    },
    /// The list has no such entry.
    #[error("the status list has no entry {index}; it has {length}")]
    Index {
        /// The entry.
        index: u64,
        /// How many there are.
        length: u64,
    },
    /// The list is for another purpose.
    #[error("the status list is for `{found}`, not for `{wanted}`")]
    Purpose {
        /// What it is for.
        found: String,
        /// What it was to be for.
        wanted: String,
    },
    /// The list is of another issuer.
    #[error("the status list is by {found}, the credential by {wanted}")]
    ListIssuer {
        /// Who issued the list.
        found: String,
        /// Who issued the credential.
        wanted: String,
    },
    /// The credential was revoked or suspended.
    #[error("the status of the credential is {status} ({purpose})")]
    Status {
        /// The status.
        status: u8,
        /// What it is about.
        purpose: String,
    },
    /// The credential has a status, and no list was given that decides it.
    #[error("the status of the credential is not known")]
    StatusUnknown,
}

impl ErrorCode for CredentialError {
    fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::Did(error) => error.code(),
            Self::Model { .. } => "VC-0010",
            Self::Context { .. } => "VC-0011",
            Self::Redefinition { .. } => "VC-0012",
            Self::Proof { .. } => "VC-0013",
            Self::Suite { .. } => "VC-0014",
            Self::ForeignKey { .. } => "VC-0015",
            Self::Signature => "VC-0016",
            Self::TooEarly { .. } => "VC-0017",
            Self::Ended { .. } => "VC-0018",
            Self::Unasked { .. } => "VC-0019",
            Self::Token { .. } => "VC-0020",
            Self::Algorithm { .. } => "VC-0021",
            Self::Critical => "VC-0022",
            Self::RemoteKey { .. } => "VC-0023",
            Self::Kind { .. } => "VC-0024",
            Self::Disclosure { .. } => "VC-0025",
            Self::DigestReuse => "VC-0026",
            Self::Shadow { .. } => "VC-0027",
            Self::Stray => "VC-0028",
            Self::MustBeOpen { .. } => "VC-0029",
            Self::Unbound => "VC-0030",
            Self::NoClaim { .. } => "VC-0031",
            Self::List { .. } => "VC-0032",
            Self::Bomb { .. } => "VC-0033",
            Self::Index { .. } => "VC-0034",
            Self::Purpose { .. } => "VC-0035",
            Self::ListIssuer { .. } => "VC-0036",
            Self::Status { .. } => "VC-0037",
            Self::StatusUnknown => "VC-0038",
        }
    }
}
