//! Why a path was refused.

mod code;

use core::fmt;

use thiserror::Error;

/// A certificate of a request, by the place it was given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CertRef {
    /// The certificate to be verified.
    Leaf,
    /// The intermediate with this index.
    Intermediate(usize),
    /// The trust anchor with this index.
    Anchor(usize),
}

impl fmt::Display for CertRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leaf => formatter.write_str("leaf"),
            Self::Intermediate(index) => write!(formatter, "intermediate {index}"),
            Self::Anchor(index) => write!(formatter, "anchor {index}"),
        }
    }
}

/// Which rule of the encoding was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DerError {
    /// The input ends inside an element.
    #[error("truncated element")]
    Truncated,
    /// Bytes follow the last element.
    #[error("trailing bytes")]
    Trailing,
    /// An element of another type was expected.
    #[error("unexpected tag")]
    UnexpectedTag,
    /// A tag number over 30.
    #[error("high tag number")]
    HighTag,
    /// A length that is not written in the shortest form.
    #[error("length is not minimal")]
    Length,
    /// BER's indefinite length.
    #[error("indefinite length")]
    Indefinite,
    /// An integer that is empty, padded, or negative where it may not be.
    #[error("integer is not canonical")]
    Integer,
    /// A boolean other than 0x00 or 0xff.
    #[error("boolean is not canonical")]
    Boolean,
    /// A default value that is written out.
    #[error("default value is encoded")]
    EncodedDefault,
    /// A bit string with wrong padding.
    #[error("bit string is not canonical")]
    BitString,
    /// An object identifier that is malformed.
    #[error("object identifier is malformed")]
    ObjectIdentifier,
    /// A time outside the two forms of RFC 5280.
    #[error("time form is not allowed")]
    Time,
    /// A set whose members are not sorted, or repeated.
    #[error("set is not sorted")]
    SetOrder,
    /// A sequence that must have at least one member has none.
    #[error("sequence is empty")]
    Empty,
    /// A string with characters outside its type.
    #[error("string has characters outside its type")]
    Characters,
}

/// Why a certificate path was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum X509Error {
    /// The encoding is not strict DER, or not a certificate.
    #[error("{at}: {source}")]
    Der {
        /// The certificate.
        at: CertRef,
        /// The broken rule.
        source: DerError,
    },
    /// The certificate is larger than the limit.
    #[error("{at}: {bytes} bytes are too many")]
    TooLarge {
        /// The certificate.
        at: CertRef,
        /// Its size.
        bytes: usize,
    },
    /// The certificate is not of version 3, or has fields its version does not allow.
    #[error("{at}: not a version 3 certificate")]
    Version {
        /// The certificate.
        at: CertRef,
    },
    /// The serial number is zero, negative or longer than 20 octets.
    #[error("{at}: serial number is not a positive integer of at most 20 octets")]
    Serial {
        /// The certificate.
        at: CertRef,
    },
    /// Two certificates of the path have the same issuer and serial number.
    #[error("{at}: serial number is used twice by its issuer")]
    SerialReused {
        /// The certificate nearer to the leaf.
        at: CertRef,
    },
    /// The signed and the outer signature algorithm differ.
    #[error("{at}: signed and outer signature algorithm differ")]
    AlgorithmMismatch {
        /// The certificate.
        at: CertRef,
    },
    /// The signature algorithm is not one of those verified here.
    #[error("{at}: signature algorithm is not supported")]
    UnsupportedAlgorithm {
        /// The certificate.
        at: CertRef,
    },
    /// The signature algorithm is not in the caller's list.
    #[error("{at}: signature algorithm is not allowed by the caller")]
    AlgorithmNotAllowed {
        /// The certificate.
        at: CertRef,
    },
    /// The public key is malformed, of another type or on another curve.
    #[error("{at}: public key is not supported")]
    UnsupportedKey {
        /// The certificate.
        at: CertRef,
    },
    /// The public key is too weak.
    #[error("{at}: public key of {bits} bits is not allowed")]
    WeakKey {
        /// The certificate.
        at: CertRef,
        /// The size of the modulus, or 0 for a point of small order.
        bits: usize,
    },
    /// The signature does not verify under the issuer's key.
    #[error("{at}: signature does not verify")]
    BadSignature {
        /// The signed certificate.
        at: CertRef,
    },
    /// The issuer is empty, or the subject of a CA or of a certificate without alternative name.
    #[error("{at}: distinguished name is empty")]
    EmptyName {
        /// The certificate.
        at: CertRef,
    },
    /// The validity ends before it begins, or its dates have a form the profile forbids.
    #[error("{at}: validity is malformed")]
    Validity {
        /// The certificate.
        at: CertRef,
    },
    /// The certificate is not valid yet.
    #[error("{at}: not valid before {not_before}, time is {time}")]
    NotYetValid {
        /// The certificate.
        at: CertRef,
        /// Its first second, Unix time.
        not_before: i64,
        /// The moment of validation.
        time: i64,
    },
    /// The certificate has expired.
    #[error("{at}: not valid after {not_after}, time is {time}")]
    Expired {
        /// The certificate.
        at: CertRef,
        /// Its last second, Unix time.
        not_after: i64,
        /// The moment of validation.
        time: i64,
    },
    /// One extension appears twice.
    #[error("{at}: an extension appears twice")]
    DuplicateExtension {
        /// The certificate.
        at: CertRef,
    },
    /// A critical extension is not understood.
    #[error("{at}: a critical extension is not understood")]
    UnknownCriticalExtension {
        /// The certificate.
        at: CertRef,
    },
    /// An extension does not decode.
    #[error("{at}: {extension} is malformed")]
    MalformedExtension {
        /// The certificate.
        at: CertRef,
        /// The extension.
        extension: &'static str,
    },
    /// An extension is critical where it must not be, or the other way round.
    #[error("{at}: {extension} has the wrong criticality")]
    Criticality {
        /// The certificate.
        at: CertRef,
        /// The extension.
        extension: &'static str,
    },
    /// A key identifier that RFC 5280 demands is missing.
    #[error("{at}: {extension} is missing")]
    MissingKeyIdentifier {
        /// The certificate.
        at: CertRef,
        /// The extension.
        extension: &'static str,
    },
    /// A self-issued anchor names another key or certificate as its authority.
    #[error("{at}: self-issued anchor with a foreign authority key identifier")]
    AuthorityKey {
        /// The anchor.
        at: CertRef,
    },
    /// An issuer is not a CA.
    #[error("{at}: issuer is not a CA")]
    NotCa {
        /// The issuing certificate.
        at: CertRef,
    },
    /// An issuer's key usage lacks keyCertSign.
    #[error("{at}: issuer may not sign certificates")]
    MissingCertSign {
        /// The issuing certificate.
        at: CertRef,
    },
    /// Key usage contradicts basic constraints or the key's type.
    #[error("{at}: key usage contradicts the certificate")]
    KeyUsageInconsistent {
        /// The certificate.
        at: CertRef,
    },
    /// The leaf lacks a key usage the caller asked for.
    #[error("leaf lacks a requested key usage")]
    RequestedKeyUsage,
    /// A certificate is not for the purpose asked for.
    #[error("{at}: not for the requested purpose")]
    ExtendedKeyUsage {
        /// The certificate.
        at: CertRef,
    },
    /// A certificate combines purposes that its use forbids.
    #[error("{at}: extended key usage is forbidden for this use")]
    ForbiddenPurpose {
        /// The certificate.
        at: CertRef,
    },
    /// More CA certificates follow than a path length constraint allows.
    #[error("{at}: path length constraint exceeded")]
    PathLength {
        /// The certificate with the constraint.
        at: CertRef,
    },
    /// The path has more intermediates than allowed.
    #[error("path has more than {limit} intermediates")]
    ChainTooLong {
        /// The allowed number.
        limit: usize,
    },
    /// No trusted path leads on from a certificate.
    #[error("{at}: no path to a trust anchor")]
    NoIssuer {
        /// The last certificate reached.
        at: CertRef,
    },
    /// The caller gave no trust anchor.
    #[error("no trust anchor given")]
    NoTrustAnchor,
    /// The caller gave more certificates or lists than the limit.
    #[error("too many certificates or lists given")]
    TooManyInputs,
    /// The search for a path used up its budget.
    #[error("path search exceeded its budget of {what}")]
    BudgetExhausted {
        /// What was counted.
        what: &'static str,
    },
    /// A name lies in an excluded subtree.
    #[error("{at}: name in a subtree that {by} excludes")]
    NameExcluded {
        /// The named certificate.
        at: CertRef,
        /// The constraining certificate.
        by: CertRef,
    },
    /// A name lies in no permitted subtree.
    #[error("{at}: name outside the subtrees that {by} permits")]
    NameNotPermitted {
        /// The named certificate.
        at: CertRef,
        /// The constraining certificate.
        by: CertRef,
    },
    /// A name constraint does not decode, or its subtree is malformed.
    #[error("{at}: name constraints are malformed")]
    MalformedConstraint {
        /// The constraining certificate.
        at: CertRef,
    },
    /// A constrained name has a form that cannot be compared.
    #[error("{at}: name of a form that {by} constrains cannot be compared")]
    UnsupportedConstraint {
        /// The named certificate.
        at: CertRef,
        /// The constraining certificate.
        by: CertRef,
    },
    /// Name constraints on a certificate that is not a CA.
    #[error("{at}: name constraints on a certificate that is not a CA")]
    ConstraintPlacement {
        /// The certificate.
        at: CertRef,
    },
    /// A subject alternative name is malformed.
    #[error("{at}: subject alternative name is malformed")]
    MalformedName {
        /// The certificate.
        at: CertRef,
    },
    /// A name was expected, and the leaf has no subject alternative name.
    #[error("leaf has no subject alternative name")]
    MissingAltName,
    /// The leaf does not carry an expected name.
    #[error("leaf does not carry the expected name")]
    PeerName,
    /// An expected name given by the caller is malformed.
    #[error("expected name is malformed")]
    ExpectedName,
    /// A policy is required and none is valid for the whole path.
    #[error("{at}: no certificate policy is valid for the path")]
    Policy {
        /// Where the last policy died.
        at: CertRef,
    },
    /// A policy mapping maps from or to any-policy.
    #[error("{at}: policy mapping from or to any-policy")]
    PolicyMapping {
        /// The certificate.
        at: CertRef,
    },
    /// The policies of the path are too many.
    #[error("{at}: too many policies")]
    PolicyLimit {
        /// The certificate.
        at: CertRef,
    },
    /// A certificate is revoked.
    #[error("{at}: revoked, reason {reason}")]
    Revoked {
        /// The revoked certificate.
        at: CertRef,
        /// The reason code of RFC 5280 section 5.3.1.
        reason: u8,
    },
    /// Lists were given, and none decides a certificate's status.
    #[error("{at}: revocation status is not known")]
    RevocationUnknown {
        /// The certificate.
        at: CertRef,
    },
    /// A list does not decode, or breaks a rule of its profile.
    #[error("list {crl}: malformed revocation list")]
    CrlMalformed {
        /// The index of the list.
        crl: usize,
    },
    /// A list has a critical extension that is not understood.
    #[error("list {crl}: critical extension is not understood")]
    CrlUnknownCritical {
        /// The index of the list.
        crl: usize,
    },
    /// A list is not current, or does not say until when it is.
    #[error("list {crl}: revocation list is not current")]
    CrlNotCurrent {
        /// The index of the list.
        crl: usize,
    },
    /// A list does not cover the certificate.
    #[error("list {crl}: revocation list does not cover {at}")]
    CrlScope {
        /// The index of the list.
        crl: usize,
        /// The certificate.
        at: CertRef,
    },
    /// No authorized and trusted key verifies a list.
    #[error("list {crl}: revocation list has no authorized signer")]
    CrlSigner {
        /// The index of the list.
        crl: usize,
    },
    /// A rule of the Web PKI profile is broken.
    #[error("{at}: {rule}")]
    WebPki {
        /// The certificate.
        at: CertRef,
        /// The rule.
        rule: &'static str,
    },
}

/// Attaches a certificate to a decoding error.
pub(crate) trait At<T> {
    fn at(self, at: CertRef) -> Result<T, X509Error>;
    fn ext(self, at: CertRef, extension: &'static str) -> Result<T, X509Error>;
}

impl<T> At<T> for Result<T, DerError> {
    fn at(self, at: CertRef) -> Result<T, X509Error> {
        self.map_err(|source| X509Error::Der { at, source })
    }

    fn ext(self, at: CertRef, extension: &'static str) -> Result<T, X509Error> {
        self.map_err(|_| X509Error::MalformedExtension { at, extension })
    }
}
