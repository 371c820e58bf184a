//! GraphQL, REST and an explorer over one node, on one port.
//!
//! # What is served
//! * `POST /graphql` and `GET /graphql/ws` (graphql-transport-ws); `GET /graphql` is an editor page of our own.
//! * `GET /objects/{hash}`: bytes of an object, or of a file whose manifest has that hash, with ranges.
//! * `GET /did/{did}`: a DID resolution result with the version and the proof of the record.
//! * `GET /status/{did}/{list}`: a revocation list as Bitstring and Token status list, with the proof of its bits.
//! * `GET /health` and `GET /metrics`.
//! * The explorer at `/`: pages rendered on the server, complete without JavaScript.
//!
//! # Guarantees
//! * Everything nested in one query is read at one height, which the response names in `extensions.at`.
//! * Every refusal has a stable code, the same on every surface; see [`ERRORS`].
//! * Cost is bounded before execution: depth, fields, aliases, complexity, bytes and time.
//! * Subscriptions resume by cursor on any node of the chain, and buffer nothing for a slow consumer.
//! * What an index finds is for finding; `domain { proof }` proves any value of a domain's state, down to a header of
//!   the consensus chain. Pages of a list are of one height, that of its first page.
//! * A transaction of a domain that would only cost its signer the fee is refused before it enters the pool.
//! * No page loads anything from another host; the content security policy is `default-src 'self'`.
//! * Object bytes come from the backend, which checks them against their hash.
//!
//! # Deviations
//! * `extensions.code` is the stable code (`API-0110`); the machine-readable class beside it
//!   (`BAD_USER_INPUT`, `HEIGHT_UNAVAILABLE`, ...) is `extensions.kind`.
//! * Connections whose index runs one way only (transactions of an account, objects) page forward only.
//! * What runs on domains is shown as this node derived it by following them; `standing` says whether operators
//!   vouched for the same on the consensus chain, and whether that can still be challenged.
//! * A node that does not follow a domain shows its records on the consensus chain only.
//! * The positions of an account are searched among the newest 4096 operators; those with older ones are found
//!   through the operator.
//! * The index holds what happened since it was begun, or since the oldest state that the node kept then: a file
//!   that is lost is not filled with what the node forgot. `auto_index` says more.
//! * Status lists are not signed: a node has no key of an issuer. The proof stands in for the signature, and the issuer
//!   can sign the very document.
//! * Reads of this process's own store need no data loader: a read by key is a local lookup.

mod backend;
mod called;
mod cursor;
mod described;
mod error;
mod explorer;
mod finder;
mod graphql;
mod happening;
mod module;
mod node;
mod position;
mod proof;
mod realm;
mod rest;
mod server;

pub use backend::{Backend, BackendError, EventStream, FailureKind, Lagged, StateReader};
pub use error::{ApiError, ERRORS};
pub use finder::Finder;
pub use graphql::{ApiSchema, Limits, schema, sdl};
pub use server::{Config, DEFAULT_ADDR, ServerHandle, serve, serve_with};
