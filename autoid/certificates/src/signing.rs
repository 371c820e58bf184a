//! Identities' keys as X.509 knows them.

use crate::IssueError;
use autoid_core::{Algorithm, PublicKey, Signature, Signer};
use p256::ecdsa::signature::Keypair;
use sha2::{Digest as _, Sha256};
use x509_cert::der::asn1::{BitString, OctetString};
use x509_cert::der::{Decode as _, Document, oid::ObjectIdentifier};
use x509_cert::spki::{
    self, AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, EncodePublicKey,
    SubjectPublicKeyInfoOwned,
};

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// A key as SubjectPublicKeyInfo.
pub(crate) fn spki(key: &PublicKey) -> Result<SubjectPublicKeyInfoOwned, IssueError> {
    Ok(SubjectPublicKeyInfoOwned::from_der(&key.spki()?)?)
}

/// The key identifier of RFC 7093, method 1: the first 160 bits of SHA-256 over the key's bits.
pub(crate) fn key_identifier(key: &PublicKey) -> Result<OctetString, IssueError> {
    let info = spki(key)?;
    let hash = Sha256::digest(info.subject_public_key.raw_bytes());
    Ok(OctetString::new(hash.iter().take(20).copied().collect::<Vec<u8>>())?)
}

/// The signature algorithm of a key.
pub(crate) const fn algorithm(algorithm: Algorithm) -> AlgorithmIdentifierOwned {
    let oid = match algorithm {
        Algorithm::Ed25519 => ED25519,
        Algorithm::Es256 => ECDSA_SHA256,
    };
    AlgorithmIdentifierOwned { oid, parameters: None }
}

/// Signs bytes as X.509 encodes signatures.
pub(crate) fn sign(signer: &impl Signer, message: &[u8]) -> Result<BitString, IssueError> {
    let Signature(raw) = signer.sign(message)?;
    let bytes = match signer.public_key().algorithm() {
        Algorithm::Ed25519 => raw.to_vec(),
        Algorithm::Es256 => p256::ecdsa::Signature::from_slice(&raw)
            .map_err(|error| IssueError::Encoding(error.to_string()))?
            .to_der()
            .as_bytes()
            .to_vec(),
    };
    Ok(BitString::from_bytes(&bytes)?)
}

/// Whether a signature as X.509 encodes it is by a key. Of the two forms of an ECDSA signature both are taken:
/// other programs make either.
pub(crate) fn verifies(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    let raw = match key.algorithm() {
        Algorithm::Ed25519 => signature.try_into().ok(),
        Algorithm::Es256 => p256::ecdsa::Signature::from_der(signature)
            .ok()
            .map(|signature| signature.normalize_s().to_bytes().into()),
    };
    raw.is_some_and(|raw| key.verify(message, &Signature(raw)).is_ok())
}

/// A signer's key, as the builder of certificates wants to see it; signing itself goes through [`sign`].
#[derive(Clone)]
pub(crate) struct Adapter(pub(crate) PublicKey);

impl Keypair for Adapter {
    type VerifyingKey = Self;

    fn verifying_key(&self) -> Self {
        self.clone()
    }
}

impl EncodePublicKey for Adapter {
    fn to_public_key_der(&self) -> spki::Result<Document> {
        let der = self.0.spki().map_err(|_| spki::Error::KeyMalformed)?;
        Ok(Document::try_from(der)?)
    }
}

impl DynSignatureAlgorithmIdentifier for Adapter {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        Ok(algorithm(self.0.algorithm()))
    }
}
