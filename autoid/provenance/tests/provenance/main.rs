//! Manifests, judged by states that the transitions of identities make.

#![allow(clippy::unwrap_used, reason = "a fixture of tests fails as tests do")]

mod bytes;
mod lineages;
mod threats;
mod world;
