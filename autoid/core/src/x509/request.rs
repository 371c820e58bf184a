//! What is asked, and what is answered.

use alloc::vec::Vec;
use core::net::IpAddr;

use super::{
    error::CertRef,
    oid,
    signature::{Ecdsa, Portable},
};

/// A name the caller expects the leaf to carry in its subject alternative name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerName<'a> {
    /// A host name in ASCII; internationalized names as A-labels.
    Dns(&'a str),
    /// An address.
    Ip(IpAddr),
    /// A mailbox; the part before the at sign compares with case.
    Rfc822(&'a str),
}

/// Which side of a connection the leaf belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PeerKind {
    /// The leaf authenticates a server.
    #[default]
    Server,
    /// The leaf authenticates a client, a signer or a mailbox.
    Client,
}

/// Which rules apply where RFC 5280 and the Web PKI contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// RFC 5280.
    #[default]
    Rfc5280,
    /// The CA/Browser Forum's baseline requirements: the leaf is no CA, lists serverAuth or clientAuth,
    /// and repeats an alternative name as its common name if it has one; GeneralizedTime only from 2050;
    /// name constraints may be non-critical.
    WebPki,
}

/// A bit of the key usage extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUsage {
    /// Signatures other than those on certificates and lists.
    DigitalSignature,
    /// Non-repudiation.
    ContentCommitment,
    /// Encrypting keys.
    KeyEncipherment,
    /// Encrypting data.
    DataEncipherment,
    /// Agreeing on keys.
    KeyAgreement,
    /// Signing certificates.
    KeyCertSign,
    /// Signing revocation lists.
    CrlSign,
    /// Agreed keys only encrypt.
    EncipherOnly,
    /// Agreed keys only decrypt.
    DecipherOnly,
}

impl KeyUsage {
    pub(crate) const fn bit(self) -> u16 {
        match self {
            Self::DigitalSignature => 0x8000,
            Self::ContentCommitment => 0x4000,
            Self::KeyEncipherment => 0x2000,
            Self::DataEncipherment => 0x1000,
            Self::KeyAgreement => 0x0800,
            Self::KeyCertSign => 0x0400,
            Self::CrlSign => 0x0200,
            Self::EncipherOnly => 0x0100,
            Self::DecipherOnly => 0x0080,
        }
    }
}

/// A purpose of the extended key usage extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// Any purpose: nothing is asked of the extension.
    Any,
    /// TLS server.
    ServerAuth,
    /// TLS client.
    ClientAuth,
    /// Code signing.
    CodeSigning,
    /// Mail.
    EmailProtection,
    /// Time stamps.
    TimeStamping,
    /// OCSP answers.
    OcspSigning,
    /// Another purpose: the content octets of its object identifier.
    Other(&'a [u8]),
}

impl<'a> Purpose<'a> {
    pub(crate) const fn oid(self) -> &'a [u8] {
        match self {
            Self::Any => oid::ANY_EXTENDED_KEY_USAGE,
            Self::ServerAuth => oid::SERVER_AUTH,
            Self::ClientAuth => oid::CLIENT_AUTH,
            Self::CodeSigning => oid::CODE_SIGNING,
            Self::EmailProtection => oid::EMAIL_PROTECTION,
            Self::TimeStamping => oid::TIME_STAMPING,
            Self::OcspSigning => oid::OCSP_SIGNING,
            Self::Other(content) => content,
        }
    }
}

/// The policy inputs of RFC 5280 section 6.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PolicyInputs<'a> {
    /// The acceptable policies, as content octets of their object identifiers; empty means any.
    pub initial: &'a [&'a [u8]],
    /// The path must be valid for an acceptable policy.
    pub require_explicit: bool,
    /// Policy mapping is not allowed.
    pub inhibit_mapping: bool,
    /// The any-policy identifier does not match others.
    pub inhibit_any: bool,
}

/// One question to the verifier.
#[derive(Debug, Clone, Copy)]
pub struct PathRequest<'a> {
    /// Certificates the caller trusts, in DER.
    pub trust_anchors: &'a [&'a [u8]],
    /// Certificates that may lie between, in DER and any order; unrelated ones do no harm.
    pub intermediates: &'a [&'a [u8]],
    /// The certificate to be verified, in DER.
    pub leaf: &'a [u8],
    /// Revocation lists in DER. With none, revocation is not checked; with any, every certificate
    /// below the anchor needs a list that says it is not revoked.
    pub crls: &'a [&'a [u8]],
    /// The moment of validation: seconds since 1970-01-01T00:00:00Z.
    pub validation_time: i64,
    /// Names the leaf must carry, all of them. Empty asks for none.
    pub expected_peer_names: &'a [PeerName<'a>],
    /// Which side the leaf is.
    pub peer_kind: PeerKind,
    /// Most intermediates, not counting self-issued ones.
    pub max_chain_depth: Option<u8>,
    /// Allowed signature algorithms by name (`ECDSA_WITH_SHA256`, `ED25519`, `RSA_WITH_SHA256`,
    /// `RSASSA_PSS`, ...). Empty allows every supported one.
    pub signature_algorithms: &'a [&'a str],
    /// Usages the leaf's key must have, if it limits them.
    pub key_usage: &'a [KeyUsage],
    /// Purposes the leaf must be for, if it limits them. Empty means that of its kind of peer.
    pub extended_key_usage: &'a [Purpose<'a>],
    /// Policy inputs.
    pub policies: PolicyInputs<'a>,
    /// Whose rules apply where they differ.
    pub profile: Profile,
    /// Critical extensions the caller checks itself: content octets of their object identifiers.
    pub understood_extensions: &'a [&'a [u8]],
    /// Who verifies ECDSA signatures.
    pub ecdsa: &'a dyn Ecdsa,
}

impl<'a> PathRequest<'a> {
    /// A request with everything optional left open.
    pub const fn new(trust_anchors: &'a [&'a [u8]], leaf: &'a [u8], validation_time: i64) -> Self {
        Self {
            trust_anchors,
            intermediates: &[],
            leaf,
            crls: &[],
            validation_time,
            expected_peer_names: &[],
            peer_kind: PeerKind::Server,
            max_chain_depth: None,
            signature_algorithms: &[],
            key_usage: &[],
            extended_key_usage: &[],
            policies: PolicyInputs {
                initial: &[],
                require_explicit: false,
                inhibit_mapping: false,
                inhibit_any: false,
            },
            profile: Profile::Rfc5280,
            understood_extensions: &[],
            ecdsa: &Portable,
        }
    }
}

/// A name of the leaf, as its issuer certified it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AltName<'a> {
    /// A host name, perhaps with a wildcard as its first label.
    Dns(&'a str),
    /// A mailbox.
    Rfc822(&'a str),
    /// A URI, such as a DID.
    Uri(&'a str),
    /// The octets of an address, 4 or 16.
    Ip(&'a [u8]),
    /// A distinguished name in DER.
    Directory(&'a [u8]),
}

/// The certificate policies the path is valid for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidPolicies<'a> {
    /// Any policy of the caller's set.
    Any,
    /// These: content octets of their object identifiers. Empty when the path has none.
    Some(Vec<&'a [u8]>),
}

/// The answer: a path every rule allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedPath<'a> {
    /// The certificates from the leaf to the anchor, both included.
    pub chain: Vec<CertRef>,
    /// The leaf's SubjectPublicKeyInfo, in DER.
    pub spki: &'a [u8],
    /// The leaf's subject, in DER.
    pub subject: &'a [u8],
    /// The leaf's issuer, in DER.
    pub issuer: &'a [u8],
    /// The leaf's serial number: the content octets of the integer.
    pub serial: &'a [u8],
    /// The leaf's alternative names of the forms above.
    pub names: Vec<AltName<'a>>,
    /// The last second in which every certificate of the path is valid, Unix time.
    pub not_after: i64,
    /// The policies the path is valid for.
    pub policies: ValidPolicies<'a>,
    /// The leaf's own first and last second, Unix time.
    pub validity: (i64, i64),
    /// Whether the leaf is a CA, and how many CAs may follow it.
    pub authority: Option<Option<u32>>,
    /// The leaf's extensions that RFC 5280 does not define: content octets of the object identifier, value.
    pub others: Vec<(&'a [u8], &'a [u8])>,
}
