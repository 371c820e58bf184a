//! The server over a small chain: every refusal, every page, every stream.

mod client;
mod domains;
mod explorer;
mod fixture;
mod graphql;
mod nonce;
mod rest;
mod schema;
mod stream;
