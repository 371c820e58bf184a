//! Agents in the harness, beside the modules that they build on; every block is attacked by lies about it.

#![allow(clippy::panic, reason = "a fixture of tests fails as tests do")]

mod audits;
mod journey;
mod logs;
mod meters;
mod payments;
mod random;
mod records;
mod threats;
mod vaults;
mod world;
