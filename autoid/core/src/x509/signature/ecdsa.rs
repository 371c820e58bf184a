use core::fmt;

use p256::ecdsa::signature::hazmat::PrehashVerifier;

use super::Hash;

/// An elliptic curve of ECDSA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
}

/// Who verifies ECDSA signatures.
///
/// Consensus and everything that must agree with it use [`Portable`]. A program that only wants an answer sooner
/// may bring another, which accepts exactly what that one accepts.
pub trait Ecdsa: fmt::Debug {
    /// Whether a signature in DER over the hash of a message is by an uncompressed point that lies on its curve.
    fn verify(&self, curve: Curve, hash: Hash, point: &[u8], message: &[u8], signature: &[u8]) -> bool;
}

/// The verification that runs everywhere alike: no assembler, no `unsafe`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portable;

impl Ecdsa for Portable {
    fn verify(&self, curve: Curve, hash: Hash, point: &[u8], message: &[u8], signature: &[u8]) -> bool {
        hash.with(message, |digest| match curve {
            Curve::P256 => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point);
                let signature = p256::ecdsa::Signature::from_der(signature);
                matches!((key, signature), (Ok(key), Ok(signature))
                    if key.verify_prehash(digest, &signature).is_ok())
            }
            Curve::P384 => {
                let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point);
                let signature = p384::ecdsa::Signature::from_der(signature);
                matches!((key, signature), (Ok(key), Ok(signature))
                    if key.verify_prehash(digest, &signature).is_ok())
            }
            Curve::P521 => {
                let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(point);
                let signature = p521::ecdsa::Signature::from_der(signature);
                matches!((key, signature), (Ok(key), Ok(signature))
                    if key.verify_prehash(digest, &signature).is_ok())
            }
        })
    }
}
