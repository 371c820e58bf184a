//! ECDSA in assembler, about three times as fast as what runs on chain; see [`autoid_core::x509::Ecdsa`].

use autoid_core::x509::{Curve, Ecdsa, Hash, Portable};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    EcdsaVerificationAlgorithm, UnparsedPublicKey,
};

/// ring for those curves and hashes it has, the portable verification for the others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ring;

const fn algorithm(curve: Curve, hash: Hash) -> Option<&'static EcdsaVerificationAlgorithm> {
    match (curve, hash) {
        (Curve::P256, Hash::Sha256) => Some(&ECDSA_P256_SHA256_ASN1),
        (Curve::P256, Hash::Sha384) => Some(&ECDSA_P256_SHA384_ASN1),
        (Curve::P384, Hash::Sha256) => Some(&ECDSA_P384_SHA256_ASN1),
        (Curve::P384, Hash::Sha384) => Some(&ECDSA_P384_SHA384_ASN1),
        _ => None,
    }
}

impl Ecdsa for Ring {
    fn verify(&self, curve: Curve, hash: Hash, point: &[u8], message: &[u8], signature: &[u8]) -> bool {
        match algorithm(curve, hash) {
            Some(algorithm) => UnparsedPublicKey::new(algorithm, point).verify(message, signature).is_ok(),
            None => Portable.verify(curve, hash, point, message, signature),
        }
    }
}

#[cfg(test)]
#[path = "ecdsa/tests.rs"]
mod tests;
