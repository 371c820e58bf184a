//! Subject public keys: which are accepted, and how they verify.

use rsa::{BoxedUint, RsaPublicKey};

use super::{
    der::{self, Reader, SEQUENCE},
    error::{At, CertRef, X509Error},
    oid,
};

/// The largest RSA modulus accepted, in bits; verification time grows with its square.
const RSA_BITS_MAX: usize = 8192;
const RSA_BITS_MIN: usize = 2048;

/// A public key whose type and strength were accepted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PublicKey<'a> {
    P256(&'a [u8]),
    P384(&'a [u8]),
    P521(&'a [u8]),
    Ed25519(&'a [u8; 32]),
    Rsa { modulus: &'a [u8], exponent: &'a [u8] },
    MlDsa44(&'a [u8]),
    MlDsa65(&'a [u8]),
    MlDsa87(&'a [u8]),
}

impl<'a> PublicKey<'a> {
    /// Decodes a SubjectPublicKeyInfo and judges the key.
    pub(crate) fn parse(spki: &'a [u8], at: CertRef) -> Result<Self, X509Error> {
        let mut reader = der::open(spki, SEQUENCE).at(at)?;
        let mut algorithm = reader.nested(SEQUENCE).at(at)?;
        let kind = der::oid(algorithm.value(der::OID).at(at)?).at(at)?;
        let key = der::octets(reader.value(der::BIT_STRING).at(at)?).at(at)?;
        reader.finish().at(at)?;
        let unsupported = X509Error::UnsupportedKey { at };
        if kind == oid::EC_PUBLIC_KEY {
            return Self::curve(algorithm, key, at);
        }
        if kind == oid::RSA_ENCRYPTION {
            return match algorithm.element(der::NULL) {
                Ok(null) if null.value.is_empty() && algorithm.is_empty() => Self::rsa(key, at),
                _ => Err(unsupported),
            };
        }
        if !algorithm.is_empty() {
            return Err(unsupported);
        }
        if kind == oid::ED25519 {
            return Self::ed25519(key, at);
        }
        let sized =
            |length: usize, made: Self| if key.len() == length { Ok(made) } else { Err(unsupported.clone()) };
        match kind {
            _ if kind == oid::ML_DSA_44 => sized(1312, Self::MlDsa44(key)),
            _ if kind == oid::ML_DSA_65 => sized(1952, Self::MlDsa65(key)),
            _ if kind == oid::ML_DSA_87 => sized(2592, Self::MlDsa87(key)),
            _ if kind == oid::RSASSA_PSS => Self::rsa(key, at),
            _ => Err(unsupported),
        }
    }

    /// Whether the key can only sign, so that usages for encryption and agreement contradict it.
    pub(crate) const fn signs_only(&self) -> bool {
        matches!(self, Self::Ed25519(_) | Self::MlDsa44(_) | Self::MlDsa65(_) | Self::MlDsa87(_))
    }

    fn curve(mut parameters: Reader<'a>, key: &'a [u8], at: CertRef) -> Result<Self, X509Error> {
        let unsupported = X509Error::UnsupportedKey { at };
        // Explicit curve parameters are a SEQUENCE and end here.
        let Ok(curve) = parameters.value(der::OID) else { return Err(unsupported) };
        if !parameters.is_empty() || key.first() != Some(&0x04) {
            return Err(unsupported);
        }
        let (made, on_curve) = if curve == oid::P256 {
            (Self::P256(key), p256::ecdsa::VerifyingKey::from_sec1_bytes(key).is_ok())
        } else if curve == oid::P384 {
            (Self::P384(key), p384::ecdsa::VerifyingKey::from_sec1_bytes(key).is_ok())
        } else if curve == oid::P521 {
            (Self::P521(key), p521::ecdsa::VerifyingKey::from_sec1_bytes(key).is_ok())
        } else {
            return Err(unsupported);
        };
        if on_curve { Ok(made) } else { Err(unsupported) }
    }

    fn ed25519(key: &'a [u8], at: CertRef) -> Result<Self, X509Error> {
        let Ok(bytes) = <&[u8; 32]>::try_from(key) else { return Err(X509Error::UnsupportedKey { at }) };
        match ed25519_dalek::VerifyingKey::from_bytes(bytes) {
            Ok(point) if point.is_weak() => Err(X509Error::WeakKey { at, bits: 0 }),
            Ok(_) => Ok(Self::Ed25519(bytes)),
            Err(_) => Err(X509Error::UnsupportedKey { at }),
        }
    }

    fn rsa(key: &'a [u8], at: CertRef) -> Result<Self, X509Error> {
        let unsupported = X509Error::UnsupportedKey { at };
        let Ok(mut reader) = der::open(key, SEQUENCE) else { return Err(unsupported) };
        let (Ok(modulus), Ok(exponent)) = (positive(&mut reader), positive(&mut reader)) else {
            return Err(unsupported);
        };
        if !reader.is_empty() {
            return Err(unsupported);
        }
        let leading = modulus.first().map_or(0, |first| first.leading_zeros());
        let leading = usize::try_from(leading).unwrap_or_default();
        let bits = modulus.len().saturating_mul(8).saturating_sub(leading);
        let odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
        if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) || bits % 8 != 0 || !odd(modulus) {
            return Err(X509Error::WeakKey { at, bits });
        }
        // One is no exponent at all; long ones only cost time.
        if !odd(exponent) || exponent == [1] || exponent.len() > 4 {
            return Err(X509Error::WeakKey { at, bits });
        }
        Ok(Self::Rsa { modulus, exponent })
    }

    /// The RSA key in the form that verifies, or nothing for other keys.
    pub(crate) fn to_rsa(self) -> Option<RsaPublicKey> {
        let Self::Rsa { modulus, exponent } = self else { return None };
        let bits = u32::try_from(modulus.len().checked_mul(8)?).ok()?;
        let modulus = BoxedUint::from_be_slice(modulus, bits).ok()?;
        let exponent = BoxedUint::from_be_slice(exponent, 64).ok()?;
        RsaPublicKey::new_with_size_limits(modulus, exponent, RSA_BITS_MIN..=RSA_BITS_MAX).ok()
    }
}

/// Reads a positive integer without its sign octet.
fn positive<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], super::error::DerError> {
    let content = der::integer(reader.value(der::INTEGER)?)?;
    match content {
        [0] | [0x80..=0xff, ..] => Err(super::error::DerError::Integer),
        [0, rest @ ..] => Ok(rest),
        _ => Ok(content),
    }
}
