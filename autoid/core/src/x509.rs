//! X.509 certificates: path building and validation by RFC 5280.
//!
//! [`verify_path`] answers a [`PathRequest`] with a [`VerifiedPath`] or an [`X509Error`]. It builds the
//! path itself: the intermediates come in any order, and unrelated or broken ones do no harm.
//!
//! Beyond section 6 it holds every certificate of the path to the profile of section 4: version 3,
//! serial numbers, key identifiers, criticality, well-formed names. Names are matched in the subject
//! alternative name only.

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
pub use verify::verify_path;
