//! The crate as a verifier and its adversaries use it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod credential;
mod did;
mod sd_jwt;
mod status;

use auto_core::ErrorCode;
use autoid_credentials::did::{Did, DidUrl, Document, derive};
use autoid_credentials::{CredentialError, SecretKey};

/// 2023-11-14T22:13:20Z.
const NOW: i64 = 1_700_000_000;

/// Somebody with one key, who is a `did:key`.
struct Party {
    key: SecretKey,
}

impl Party {
    fn new(seed: u8) -> Self {
        Self { key: SecretKey::from_ed25519_seed(&[seed; 32]) }
    }

    fn p256() -> Self {
        let secret = "z42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN";
        Self { key: SecretKey::from_multikey(secret).unwrap() }
    }

    fn did(&self) -> Did {
        self.key.public().to_did()
    }

    fn document(&self) -> Document {
        derive(&self.did()).unwrap().unwrap()
    }

    fn method(&self) -> DidUrl {
        let did = self.did();
        did.with_fragment(did.id())
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, CredentialError>) -> &'static str {
    result.unwrap_err().code()
}
