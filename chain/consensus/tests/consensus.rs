//! A real tiny chain - real records, tables and proof of time - and what verification refuses on it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

#[path = "consensus/encodings.rs"]
mod encodings;
#[path = "consensus/fixture.rs"]
mod fixture;
#[path = "consensus/headers.rs"]
mod headers;
#[path = "consensus/segments.rs"]
mod segments;
#[path = "consensus/solutions.rs"]
mod solutions;
#[path = "consensus/time.rs"]
mod time;
