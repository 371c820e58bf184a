//! Requests, certificates, and TLS with them.

mod issuing;
mod requests;
mod tls;
mod tree;
