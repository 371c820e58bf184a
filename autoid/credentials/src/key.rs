//! Public and secret keys, as Multikey and as JWK.

use crate::did::DidError;
use crate::encoding::{from_base64url, from_multibase, to_base64url, to_multibase};
use ed25519_dalek::Signer as _;
use p256::ecdsa::signature::Verifier as _;
use serde_json::{Map, Value, json};
use std::fmt;
use zeroize::Zeroizing;

/// Multicodec prefixes.
const ED25519_PUBLIC: [u8; 2] = [0xed, 0x01];
const X25519_PUBLIC: [u8; 2] = [0xec, 0x01];
const P256_PUBLIC: [u8; 2] = [0x80, 0x24];
const ED25519_SECRET: [u8; 2] = [0x80, 0x26];
const P256_SECRET: [u8; 2] = [0x86, 0x26];

/// Members of a JWK that hold a secret.
const SECRET_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A key that others may know. It was checked: it is a point of its curve, in its only encoding, and
/// an Ed25519 key is not of small order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKey {
    /// Ed25519: signatures.
    Ed25519([u8; 32]),
    /// P-256, compressed: signatures.
    P256([u8; 33]),
    /// X25519: key agreement only.
    X25519([u8; 32]),
}

impl PublicKey {
    fn ed25519(bytes: &[u8]) -> Option<Self> {
        let bytes: [u8; 32] = bytes.try_into().ok()?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&bytes).ok()?;
        let is_canonical = key.to_edwards().compress().to_bytes() == bytes;
        (is_canonical && !key.is_weak()).then_some(Self::Ed25519(bytes))
    }

    fn p256(point: &[u8]) -> Option<Self> {
        let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
        Some(Self::P256(key.to_sec1_point(true).as_bytes().try_into().ok()?))
    }

    /// Reads a multibase text of a multicodec key.
    ///
    /// # Errors
    /// When it is not a key of a kind that is known here.
    pub fn from_multikey(text: &str) -> Result<Self, DidError> {
        let bytes = from_multibase(text).ok_or(DidError::Key { why: "it is not base58btc multibase" })?;
        let (codec, key) = bytes.split_at_checked(2).ok_or(DidError::Key { why: "it is too short" })?;
        let key = match codec.try_into() {
            Ok(ED25519_PUBLIC) => Self::ed25519(key),
            Ok(P256_PUBLIC) if key.len() == 33 => Self::p256(key),
            Ok(P256_PUBLIC) => None,
            Ok(X25519_PUBLIC) => key.try_into().ok().map(Self::X25519),
            _ => return Err(DidError::Key { why: "its multicodec is none of ed25519, p256 and x25519" }),
        };
        key.ok_or(DidError::Key { why: "it has a wrong length, or is no point of its curve" })
    }

    /// The multibase text.
    pub fn to_multikey(&self) -> String {
        to_multibase(&match self {
            Self::Ed25519(key) => [&ED25519_PUBLIC, key.as_slice()].concat(),
            Self::P256(key) => [&P256_PUBLIC, key.as_slice()].concat(),
            Self::X25519(key) => [&X25519_PUBLIC, key.as_slice()].concat(),
        })
    }

    /// Reads the members of a public JWK.
    ///
    /// # Errors
    /// When it is not a key of a kind that is known here, or holds a secret.
    pub fn from_jwk(members: &Map<String, Value>) -> Result<Self, DidError> {
        if SECRET_MEMBERS.iter().any(|name| members.contains_key(*name)) {
            return Err(DidError::Secret);
        }
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let bytes = |name: &str| {
            let bytes = text(name).and_then(from_base64url).filter(|bytes| bytes.len() == 32);
            bytes.ok_or(DidError::Key { why: "a coordinate is not 32 bytes in base64url" })
        };
        let key = match (text("kty"), text("crv")) {
            (Some("OKP"), Some("Ed25519")) => Self::ed25519(&bytes("x")?),
            (Some("OKP"), Some("X25519")) => bytes("x")?.try_into().ok().map(Self::X25519),
            (Some("EC"), Some("P-256")) => Self::p256(&[[4].as_slice(), &bytes("x")?, &bytes("y")?].concat()),
            _ => return Err(DidError::Key { why: "its curve is none of Ed25519, P-256 and X25519" }),
        };
        key.ok_or(DidError::Key { why: "it is no point of its curve" })
    }

    /// The JWK.
    pub fn to_jwk(&self) -> Value {
        match self {
            Self::Ed25519(key) => json!({ "kty": "OKP", "crv": "Ed25519", "x": to_base64url(key) }),
            Self::X25519(key) => json!({ "kty": "OKP", "crv": "X25519", "x": to_base64url(key) }),
            Self::P256(key) => {
                // It was checked when it was made.
                let point =
                    p256::ecdsa::VerifyingKey::from_sec1_bytes(key).map(|key| key.to_sec1_point(false));
                let half = |range: std::ops::Range<usize>| {
                    let bytes = point.as_ref().ok().and_then(|point| point.as_bytes().get(range));
                    to_base64url(bytes.unwrap_or_default())
                };
                json!({ "kty": "EC", "crv": "P-256", "x": half(1..33), "y": half(33..65) })
            }
        }
    }

    /// Whether a signature of 64 bytes is this key's: Ed25519 by the strict rule (canonical scalar, no point
    /// of small order), P-256 over SHA-256 as `r` and `s`. Both values of `s` are taken, as signers of others
    /// make both; nothing here takes a signature for an identifier.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => {
                let key = ed25519_dalek::VerifyingKey::from_bytes(key);
                let signature = ed25519_dalek::Signature::from_slice(signature);
                matches!((key, signature), (Ok(key), Ok(signature)) if key.verify_strict(message, &signature).is_ok())
            }
            Self::P256(key) => {
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key);
                let signature = p256::ecdsa::Signature::from_slice(signature);
                matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(message, &signature).is_ok())
            }
            Self::X25519(_) => false,
        }
    }
}

/// A key that signs; wiped when it is dropped.
pub enum SecretKey {
    /// Ed25519.
    Ed25519(ed25519_dalek::SigningKey),
    /// P-256.
    P256(p256::ecdsa::SigningKey),
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey of {}", self.public().to_multikey())
    }
}

impl SecretKey {
    /// The Ed25519 key of a seed.
    pub fn from_ed25519_seed(seed: &[u8; 32]) -> Self {
        Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Reads a multibase text of a multicodec secret key.
    ///
    /// # Errors
    /// When it is not a secret key of a kind that is known here.
    pub fn from_multikey(text: &str) -> Result<Self, DidError> {
        let malformed = DidError::Key { why: "it is no secret key of ed25519 or p256 in multibase" };
        let bytes = Zeroizing::new(from_multibase(text).ok_or_else(|| malformed.clone())?);
        let (codec, key) = bytes.split_at_checked(2).ok_or_else(|| malformed.clone())?;
        match codec.try_into() {
            Ok(ED25519_SECRET) => {
                let seed: &[u8; 32] = key.try_into().map_err(|_| malformed)?;
                Ok(Self::from_ed25519_seed(seed))
            }
            Ok(P256_SECRET) => {
                p256::ecdsa::SigningKey::from_slice(key).map(Self::P256).map_err(|_| malformed)
            }
            _ => Err(malformed),
        }
    }

    /// The multibase text.
    pub fn to_multikey(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new(match self {
            Self::Ed25519(key) => [&ED25519_SECRET, key.as_bytes().as_slice()].concat(),
            Self::P256(key) => [&P256_SECRET, Zeroizing::new(key.to_bytes()).as_slice()].concat(),
        });
        Zeroizing::new(to_multibase(&bytes))
    }

    /// The key that others may know.
    pub fn public(&self) -> PublicKey {
        match self {
            Self::Ed25519(key) => PublicKey::Ed25519(key.verifying_key().to_bytes()),
            Self::P256(key) => {
                let point = key.verifying_key().to_sec1_point(true);
                let mut bytes = [0; 33];
                bytes.iter_mut().zip(point.as_bytes()).for_each(|(to, from)| *to = *from);
                PublicKey::P256(bytes)
            }
        }
    }

    /// Signs; 64 bytes, the same ones for the same message.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        match self {
            Self::Ed25519(key) => key.sign(message).to_bytes(),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of the examples in vc-di-eddsa and vc-di-ecdsa (W3C).
    #[test]
    fn keys_of_the_standards_are_read_and_written() {
        for (secret, public) in [
            (
                "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq",
                "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            ),
            (
                "z42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN",
                "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",
            ),
        ] {
            let key = SecretKey::from_multikey(secret).unwrap();
            assert_eq!(key.public().to_multikey(), public);
            assert_eq!(key.to_multikey().as_str(), secret);
            assert_eq!(PublicKey::from_multikey(public).unwrap(), key.public());
            let jwk = key.public().to_jwk();
            assert_eq!(PublicKey::from_jwk(jwk.as_object().unwrap()).unwrap(), key.public());
            let signature = key.sign(b"message");
            assert!(key.public().verifies(b"message", &signature));
            assert!(!key.public().verifies(b"massage", &signature));
            assert!(!key.public().verifies(b"message", &signature[..63]));
            assert!(!format!("{key:?}").contains(secret));
        }
    }

    /// Small order, a second encoding of one point, and a scalar that is not reduced.
    #[test]
    fn threat_50_ed25519_has_one_encoding_and_no_small_order() {
        let multikey = |key: [u8; 32]| to_multibase(&[&ED25519_PUBLIC, key.as_slice()].concat());
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut beyond_the_field = [0xff; 32];
        beyond_the_field[0] = 0xee;
        beyond_the_field[31] = 0x7f;
        for key in [[0; 32], identity, beyond_the_field] {
            assert!(PublicKey::from_multikey(&multikey(key)).is_err(), "{key:?}");
        }
        let key = SecretKey::from_ed25519_seed(&[7; 32]);
        let mut signature = key.sign(b"message");
        // s + the group's order.
        let order = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let mut carry = 0u16;
        for (byte, more) in signature[32..].iter_mut().zip(order) {
            let sum = u16::from(*byte) + more + carry;
            (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
        assert_eq!(carry, 0);
        assert!(!key.public().verifies(b"message", &signature));
    }

    #[test]
    fn a_jwk_with_a_secret_is_refused() {
        let mut jwk = SecretKey::from_ed25519_seed(&[7; 32]).public().to_jwk();
        jwk["d"] = json!("c2VjcmV0");
        assert_eq!(PublicKey::from_jwk(jwk.as_object().unwrap()), Err(DidError::Secret));
    }
}
