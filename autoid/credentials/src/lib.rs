//! DIDs, verifiable credentials and status lists, strict enough to trust.
//!
//! | what | where |
//! |---|---|
//! | `did:key`, `did:jwk`, `did:web`, `did:auto` to documents and keys | [`did`] |
//! | JSON that has one meaning, and its canonical form (RFC 8785) | [`json`] |
//! | W3C credentials and presentations with an embedded proof | [`credential`] |
//! | SD-JWT credentials, of which the holder shows parts | [`sd_jwt`] |
//! | Bitstring Status List and Token Status List | [`status`] |
//!
//! Every check has three steps: *parse* holds a text to its form and names who is said to have signed it; the
//! caller resolves that DID; *verify* checks the signature with the document and the dates with the caller's
//! time. So a verifier works offline, in a simulation and in a test just as it does online.
//!
//! # Guarantees
//! * No I/O, no clock and no randomness but in [`did::Source`]s and in arguments.
//! * Bounded work on any input: sizes, depth, entries, and what a list unfolds to have limits. Nothing panics.
//! * One text, one meaning: a member that is there twice and a number that canonicalization would change are
//!   refused, wherever something is signed.
//! * The key comes from the signer's DID document and must be listed there for the use; a token or a proof
//!   never brings or fetches one. The key decides the algorithm.
//! * Terms mean what the program knows: contexts are an allow-list and are never fetched, inline contexts and
//!   JSON-LD keywords are refused.
//! * A status that cannot be decided is a refusal, and a status list without an end is none.
//! * Secret keys are wiped when they are dropped, and never printed.
//! * Every refusal has one stable code, [`ERRORS`].
//!
//! # Features
//! * `web`: [`did::WebFetch`](did), which fetches documents of `did:web`. Without it a program brings its own
//!   [`did::Source`].
//! * `ssi`: the suites over canonical RDF. ssi only canonicalizes; it sees no key and no signature.
//!
//! # Deviations
//! * `did:key` is read here and not by the crate did-key, which panics on hostile texts and brings a signature
//!   library with known faults. X25519 keys are not derived from Ed25519 keys, and DID URLs have no paths and no
//!   queries.
//! * `did:web` follows no redirect, and hosts are DNS names on public addresses.
//! * Issuers are DIDs, although the data model allows any URL. A document has one proof; sets and chains of
//!   proofs are refused.
//! * Status entries of the W3C's list have one bit and one purpose.
//! * SD-JWT: SHA-256 only; `cnf` holds a `jwk`; claims that a verifier decides by cannot be kept back, of
//!   which `aud` is not on the standard's list.
//! * P-256 signatures are accepted with either value of `s`: signers of others make both.

pub mod credential;
pub mod did;
mod encoding;
mod error;
mod explain;
pub mod json;
mod jws;
mod key;
mod proof;
#[cfg(feature = "ssi")]
mod rdfc;
pub mod sd_jwt;
pub mod status;
mod time;

pub use error::CredentialError;
pub use explain::ERRORS;
pub use key::{PublicKey, SecretKey};
pub use proof::{ProofOptions, secure};
