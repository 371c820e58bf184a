//! The index, fed with blocks of a chain that is made up and compared with what the chain remembers itself.

#![allow(clippy::unwrap_used, reason = "a fixture of tests fails as tests do")]

mod chain;
mod content;
mod forks;
mod lists;
mod model;
mod search;
