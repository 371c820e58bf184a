//! Decentralized identifiers (W3C DID 1.0) and their documents.
//!
//! The documents of `did:key` and `did:jwk` follow from the text alone: [`derive()`]. Those of `did:web` and
//! `did:auto` are read from what somebody answers: [`Document::parse`]. [`Resolver`] asks the right one.

mod document;
mod error;
#[cfg(feature = "web")]
mod fetch;
mod guard;
mod local;
mod resolver;
mod text;
mod web;

pub use document::{DOCUMENT_BYTES_MAX, Document, Relation, VerificationMethod};
pub use error::DidError;
#[cfg(feature = "web")]
pub use fetch::WebFetch;
pub use guard::{is_public, screen};
pub use local::derive;
pub use resolver::{Nobody, Resolver, Source};
pub use text::{Did, DidUrl, Method};
pub use web::web_url;
