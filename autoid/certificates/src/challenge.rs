//! What an issuer asks for in a request.

use auto_core::hash_parts;
use autoid_core::{AutoId, Genesis};

/// Separates challenges from every other hash.
const TAG: &[u8] = b"auto/v1/autoid/certificate-challenge\0";

/// Which request an issuer expects: from whom, on which network, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge {
    /// The network.
    pub genesis: Genesis,
    /// Who is asked.
    pub issuer: AutoId,
    /// Who asks.
    pub holder: AutoId,
    /// Fresh randomness of the issuer.
    pub nonce: [u8; 16],
}

impl Challenge {
    /// The challenge as requests carry it: a hash in hexadecimal.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { genesis, issuer, holder, nonce } = self;
        hash_parts(TAG, &[&genesis.0, &issuer.0, &holder.0, nonce]).to_string()
    }
}
