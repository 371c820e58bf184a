//! Signature algorithms: which are accepted, and how they are checked.

mod ecdsa;
#[cfg(all(test, feature = "std"))]
mod wycheproof;

pub use ecdsa::{Curve, Ecdsa, Portable};

use ml_dsa::{EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams};
use rsa::{
    pkcs1v15, pss,
    signature::{Verifier, hazmat::PrehashVerifier},
};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{
    der::{self, Reader, SEQUENCE},
    error::DerError,
    key::PublicKey,
    oid,
};

/// A hash function that signatures here are made over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// A signature algorithm this crate verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    RsaPkcs1(Hash),
    RsaPss(Hash),
    Ecdsa(Hash),
    Ed25519,
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

impl Hash {
    const fn bytes(self) -> u32 {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    fn of_oid(kind: &[u8]) -> Option<Self> {
        match kind {
            _ if kind == oid::SHA256 => Some(Self::Sha256),
            _ if kind == oid::SHA384 => Some(Self::Sha384),
            _ if kind == oid::SHA512 => Some(Self::Sha512),
            _ => None,
        }
    }

    fn with<R>(self, message: &[u8], then: impl FnOnce(&[u8]) -> R) -> R {
        match self {
            Self::Sha256 => then(&Sha256::digest(message)),
            Self::Sha384 => then(&Sha384::digest(message)),
            Self::Sha512 => then(&Sha512::digest(message)),
        }
    }
}

impl Algorithm {
    /// Decodes an AlgorithmIdentifier; nothing for algorithms that are not verified here.
    pub(crate) fn parse(identifier: &[u8]) -> Result<Option<Self>, DerError> {
        let mut reader = der::open(identifier, SEQUENCE)?;
        let kind = der::oid(reader.value(der::OID)?)?;
        let rsa = [
            (oid::RSA_SHA256, Hash::Sha256),
            (oid::RSA_SHA384, Hash::Sha384),
            (oid::RSA_SHA512, Hash::Sha512),
        ];
        if let Some((_, hash)) = rsa.iter().find(|(known, _)| *known == kind) {
            return Ok(null_or_absent(reader).then_some(Self::RsaPkcs1(*hash)));
        }
        if kind == oid::RSASSA_PSS {
            return Ok(pss_hash(reader).map(Self::RsaPss));
        }
        let plain = [
            (oid::ECDSA_SHA256, Self::Ecdsa(Hash::Sha256)),
            (oid::ECDSA_SHA384, Self::Ecdsa(Hash::Sha384)),
            (oid::ECDSA_SHA512, Self::Ecdsa(Hash::Sha512)),
            (oid::ED25519, Self::Ed25519),
            (oid::ML_DSA_44, Self::MlDsa44),
            (oid::ML_DSA_65, Self::MlDsa65),
            (oid::ML_DSA_87, Self::MlDsa87),
        ];
        let found = plain.iter().find(|(known, _)| *known == kind).map(|(_, algorithm)| *algorithm);
        Ok(found.filter(|_| reader.is_empty()))
    }

    /// The name of the algorithm in lists of allowed algorithms.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::RsaPkcs1(Hash::Sha256) => "RSA_WITH_SHA256",
            Self::RsaPkcs1(Hash::Sha384) => "RSA_WITH_SHA384",
            Self::RsaPkcs1(Hash::Sha512) => "RSA_WITH_SHA512",
            Self::RsaPss(_) => "RSASSA_PSS",
            Self::Ecdsa(Hash::Sha256) => "ECDSA_WITH_SHA256",
            Self::Ecdsa(Hash::Sha384) => "ECDSA_WITH_SHA384",
            Self::Ecdsa(Hash::Sha512) => "ECDSA_WITH_SHA512",
            Self::Ed25519 => "ED25519",
            Self::MlDsa44 => "ML_DSA_44",
            Self::MlDsa65 => "ML_DSA_65",
            Self::MlDsa87 => "ML_DSA_87",
        }
    }

    /// Whether the signature over the message verifies under the key.
    pub(crate) fn verify(
        self,
        key: PublicKey<'_>,
        message: &[u8],
        signature: &[u8],
        ecdsa: &dyn Ecdsa,
    ) -> bool {
        match (self, key) {
            (Self::Ecdsa(hash), PublicKey::P256(point)) => {
                ecdsa.verify(Curve::P256, hash, point, message, signature)
            }
            (Self::Ecdsa(hash), PublicKey::P384(point)) => {
                ecdsa.verify(Curve::P384, hash, point, message, signature)
            }
            (Self::Ecdsa(hash), PublicKey::P521(point)) => {
                ecdsa.verify(Curve::P521, hash, point, message, signature)
            }
            (Self::RsaPkcs1(hash), _) => {
                hash.with(message, |digest| verify_pkcs1(hash, key, digest, signature))
            }
            (Self::RsaPss(hash), _) => hash.with(message, |digest| verify_pss(hash, key, digest, signature)),
            (Self::Ed25519, PublicKey::Ed25519(bytes)) => {
                let (Ok(key), Ok(signature)) = (
                    ed25519_dalek::VerifyingKey::from_bytes(bytes),
                    ed25519_dalek::Signature::from_slice(signature),
                ) else {
                    return false;
                };
                key.verify_strict(message, &signature).is_ok()
            }
            (Self::MlDsa44, PublicKey::MlDsa44(bytes)) => verify_ml_dsa::<MlDsa44>(bytes, message, signature),
            (Self::MlDsa65, PublicKey::MlDsa65(bytes)) => verify_ml_dsa::<MlDsa65>(bytes, message, signature),
            (Self::MlDsa87, PublicKey::MlDsa87(bytes)) => verify_ml_dsa::<MlDsa87>(bytes, message, signature),
            _ => false,
        }
    }
}

fn null_or_absent(mut reader: Reader<'_>) -> bool {
    reader.is_empty() || (reader.value(der::NULL).is_ok_and(<[u8]>::is_empty) && reader.is_empty())
}

/// Reads RSASSA-PSS parameters: one hash for both uses, and a salt of its length.
fn pss_hash(mut reader: Reader<'_>) -> Option<Hash> {
    let mut parameters = reader.nested(SEQUENCE).ok()?;
    let mut hash = parameters.nested(der::constructed(0)).ok()?;
    let main = hash_identifier(&mut hash)?;
    let mut mask = parameters.nested(der::constructed(1)).ok()?;
    let mut generator = mask.nested(SEQUENCE).ok()?;
    if generator.value(der::OID).ok()? != oid::MGF1 {
        return None;
    }
    let second = hash_identifier(&mut generator)?;
    let mut salt = parameters.nested(der::constructed(2)).ok()?;
    let length = der::small(salt.value(der::INTEGER).ok()?).ok()?;
    // The trailer field has one value, which is its default and so never written.
    let ended = [reader, parameters, hash, mask, generator, salt].iter().all(Reader::is_empty);
    (ended && main == second && length == main.bytes()).then_some(main)
}

fn hash_identifier(reader: &mut Reader<'_>) -> Option<Hash> {
    let mut identifier = reader.nested(SEQUENCE).ok()?;
    let hash = Hash::of_oid(identifier.value(der::OID).ok()?)?;
    null_or_absent(identifier).then_some(hash)
}

fn verify_pkcs1(hash: Hash, key: PublicKey<'_>, digest: &[u8], signature: &[u8]) -> bool {
    let (Some(key), Ok(signature)) = (key.to_rsa(), pkcs1v15::Signature::try_from(signature)) else {
        return false;
    };
    match hash {
        Hash::Sha256 => pkcs1v15::VerifyingKey::<Sha256>::new(key).verify_prehash(digest, &signature),
        Hash::Sha384 => pkcs1v15::VerifyingKey::<Sha384>::new(key).verify_prehash(digest, &signature),
        Hash::Sha512 => pkcs1v15::VerifyingKey::<Sha512>::new(key).verify_prehash(digest, &signature),
    }
    .is_ok()
}

fn verify_pss(hash: Hash, key: PublicKey<'_>, digest: &[u8], signature: &[u8]) -> bool {
    let (Some(key), Ok(signature)) = (key.to_rsa(), pss::Signature::try_from(signature)) else {
        return false;
    };
    match hash {
        Hash::Sha256 => pss::VerifyingKey::<Sha256>::new(key).verify_prehash(digest, &signature),
        Hash::Sha384 => pss::VerifyingKey::<Sha384>::new(key).verify_prehash(digest, &signature),
        Hash::Sha512 => pss::VerifyingKey::<Sha512>::new(key).verify_prehash(digest, &signature),
    }
    .is_ok()
}

fn verify_ml_dsa<P: MlDsaParams>(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) =
        (EncodedVerifyingKey::<P>::try_from(key), ml_dsa::Signature::<P>::try_from(signature))
    else {
        return false;
    };
    ml_dsa::VerifyingKey::<P>::decode(&key).verify(message, &signature).is_ok()
}
