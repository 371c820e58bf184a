//! X.509 certificates of identities: requests with proof of possession, and issuing along the identity tree.
//!
//! The profile is that of [`autoid_core::certificate`], which the chain holds certificates to when they are
//! attached. Here they are asked for and made.
//!
//! # Rules
//! * A [`Challenge`] of the issuer names network, issuer, holder and a nonce. The request carries it, so a
//!   request that one issuer received is worth nothing to another.
//! * [`request`] makes a PKCS#10 request signed by the key that is to be certified. [`read_request`] verifies that
//!   signature and the challenge, and takes nothing but the key from it: names, extensions and authority follow
//!   from the identity's record, whatever the request asks for.
//! * [`issue`] makes a certificate of an identity, signed by its parent, or by itself for the root of a tree. CA
//!   flag and path length are those of the identity's authority. An identity with authority over a subtree of
//!   names gets name constraints to it and to its own hierarchical name.
//!
//! # Guarantees
//! * What [`issue`] makes passes [`autoid_core::x509::verify_path`] and [`autoid_core::certificate::Holder`]
//!   as long as those above it do, and works in stock TLS.
//! * Serial numbers come from the caller as 16 random bytes, and are made positive; the chain refuses one that its
//!   issuer used before.
//! * No panic on any input.
//!
//! # Deviations
//! * The subject's common name is the identity, not its alias: names of certificates are compared along a path,
//!   and aliases change hands.
//! * A nonce is good for one request; remembering those that were used is the issuer's.

mod challenge;
mod error;
mod extensions;
mod issue;
mod pem;
mod request;
mod signing;

pub use challenge::Challenge;
pub use error::{ERRORS, IssueError};
pub use issue::{Order, issue};
pub use pem::Pem;
pub use request::{holder_key, read_request, request};
