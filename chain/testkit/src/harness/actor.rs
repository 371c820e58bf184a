//! People by name.

use auto_core::{Address, Hash, KeyPair, hash_parts};

/// The key pair of a person.
#[must_use]
pub fn key_pair(name: &str) -> KeyPair {
    let Hash(secret) = hash_parts(b"auto/v1/testkit/person\0", &[name.as_bytes()]);
    KeyPair::from_secret(&secret)
}

/// The address of a person.
#[must_use]
pub fn address(name: &str) -> Address {
    key_pair(name).public_key().address()
}
