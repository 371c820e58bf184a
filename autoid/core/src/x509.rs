//! X.509 certificates: path building and validation by RFC 5280.
//!
//! [`verify_path`] answers a [`PathRequest`] with a [`VerifiedPath`] or an [`X509Error`]. It builds the
//! path itself: the intermediates come in any order, and unrelated or broken ones do no harm.
//!
//! Beyond section 6 it holds every certificate of the path to the profile of section 4: version 3,
//! serial numbers, key identifiers, criticality, well-formed names. Names are matched in the subject
//! alternative name only.
//!
//! # Deviations
//! From RFC 5280, and the cases of C2SP's x509-limbo and NIST's PKITS that end otherwise than those suites say:
//!
//! | of | RFC 5280 | here | cases |
//! |---|---|---|---|
//! | algorithms | open | no DSA, MD5, SHA-1, SHA-224, no RSA under 2048 bits, of curves only P-256, P-384, P-521 | PKITS 4.1.4 and 4.1.5: DSA |
//! | the anchor | a name and a key | a certificate, held to its dates, path length, name and policy constraints (RFC 5937); its serial number and its own signature may be of any kind | none |
//! | rules for issuers | a relying party may overlook them | enforced: key identifiers are there, name constraints critical, policy constraints too where there are no policies beside them, names in preferred syntax | none |
//! | rules of the Web PKI | none | enforced where RFC 5280 does not contradict: no purposes beside serverAuth or on a root, no critical alternative name beside a subject | none |
//! | a leaf that is a CA or lists no purpose | allowed | refused by [`Profile::WebPki`] only | none |
//! | name constraints that are not critical | forbidden | allowed by [`Profile::WebPki`] only | none |
//! | a common name beside alternative names | any | must repeat one by [`Profile::WebPki`] only, as `webpki::cn` asks | `webpki::san::leftmost-wildcard-san` and `exact-localhost-ip-san`, whose common name is of no alternative name |
//! | wildcards | silent | `*.com` matches nothing, `*.co.uk` does: there is no public suffix list | two `webpki::san::public-suffix-*-wildcard-san` |
//! | a CA's basic constraints | critical | critical on the anchor | none |
//! | comparing names | prepared by RFC 4518 | case and white space folded, Unicode not normalized: two spellings of one accented letter differ | none |
//! | mail addresses in the subject | constrained where there is no alternative name | constrained always | none |
//! | GeneralizedTime before 2050 | not to be issued | read; refused by [`Profile::WebPki`] | none |
//! | a list that breaks its profile | not to be used | leaves the status unknown, which refuses the certificate, as most of x509-limbo's cases have it | `crl-invalid-version`, `crl-update-generalizedtime-2025`, `crl-missing-next-update` |
//! | a named part of an indirect list | also for the issuer's own certificates | only for those that name its issuer in the point | none |

#[cfg(feature = "json")]
pub mod case;
mod certificate;
mod constraints;
mod crl;
mod der;
mod distribution;
mod error;
mod explain;
mod extensions;
mod general_name;
mod key;
pub mod limits;
mod name;
mod oid;
mod peer;
mod policy;
mod profile;
mod request;
mod revocation;
mod search;
mod signature;
mod time;
mod verify;

pub use error::{CertRef, DerError, X509Error};
pub use explain::{ERRORS, ErrorEntry};
pub use request::{
    AltName, KeyUsage, PathRequest, PeerKind, PeerName, PolicyInputs, Profile, Purpose, ValidPolicies,
    VerifiedPath,
};
pub use signature::{Curve, Ecdsa, Hash, Portable};
pub use verify::verify_path;
