//! GraphQL, REST and an explorer over one node, on one port.
//!
//! # What is served
//! * `POST /graphql` and `GET /graphql/ws` (graphql-transport-ws); `GET /graphql` is an editor page of our own.
//! * `GET /objects/{hash}`: bytes of an object, or of a file whose manifest has that hash, with ranges.
//! * `GET /health` and `GET /metrics`.
//! * The explorer at `/`: pages rendered on the server, complete without JavaScript.
//!
//! # Guarantees
//! * Everything nested in one query is read at one height, which the response names in `extensions.at`.
//! * Every refusal has a stable code, the same on every surface; see [`ERRORS`].
//! * Cost is bounded before execution: depth, fields, aliases, complexity, bytes and time.
//! * Subscriptions resume by cursor on any node of the chain, and buffer nothing for a slow consumer.
//! * No page loads anything from another host; the content security policy is `default-src 'self'`.
//! * Object bytes come from the backend, which checks them against their hash.
//!
//! # Deviations
//! * `extensions.code` is the stable code (`API-0110`); the machine-readable class beside it
//!   (`BAD_USER_INPUT`, `HEIGHT_UNAVAILABLE`, ...) is `extensions.kind`.
//! * Connections whose index runs one way only (transactions of an account, objects) page forward only.
//! * The positions of an account are searched among the newest 4096 operators; those with older ones are found
//!   through the operator.
//! * Reads of this process's own store need no data loader: a read by key is a local lookup.

mod backend;
mod cursor;
mod error;
mod explorer;
mod graphql;
mod happening;
mod node;
mod position;
mod rest;
mod server;

pub use backend::{Backend, BackendError, EventStream, FailureKind, Lagged, StateReader};
pub use error::{ApiError, ERRORS};
pub use graphql::{ApiSchema, Limits, schema, sdl};
pub use server::{Config, DEFAULT_ADDR, ServerHandle, serve, serve_with};
