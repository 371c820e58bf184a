//! Identities, grants and calls, against a small world of people, organisations and agents.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod answers;
mod bytes;
mod identities;
mod journeys;
mod lives;
mod model;
mod policies;
mod statements;
mod threats;
mod vectors;
mod world;
