//! The built binary, as people and scripts use it.

mod binary;
mod journey;
mod messages;
mod wallet;
