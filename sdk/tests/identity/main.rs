//! Statements, grants, acts and audits against the modules themselves, over proofs of a domain that runs in the test.

#![allow(clippy::panic, reason = "a fixture of tests fails as tests do")]

mod acts;
mod audits;
mod contents;
mod dids;
mod identities;
mod proofs;
mod several;
mod world;
