//! The built binary, as people and scripts use it.

mod agent;
mod binary;
mod content;
mod credentials;
mod domains;
mod id;
mod identity;
mod journey;
mod messages;
mod transfer;
mod wallet;
