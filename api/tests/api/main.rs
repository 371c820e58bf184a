//! The server over a small chain: every refusal, every page, every stream.

mod client;
mod explorer;
mod fixture;
mod graphql;
mod rest;
mod schema;
mod stream;
