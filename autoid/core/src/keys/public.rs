use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::Signer as _;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::elliptic_curve::sec1::ToSec1Point as _;
use parity_scale_codec::{Decode, Encode};
use sha2::{Digest as _, Sha256};

use crate::Refusal;
use crate::cbor::{Canonical, CborError, Reader, Writer};

/// A signature algorithm, by its number in COSE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Algorithm {
    /// EdDSA over Curve25519, verified strictly: no point of small order, no second form of a signature.
    Ed25519,
    /// ECDSA over P-256 with SHA-256; of the two values of `s` only the lower is accepted.
    Es256,
}

impl Algorithm {
    /// The number in COSE's registry.
    #[must_use]
    pub const fn number(self) -> i128 {
        match self {
            Self::Ed25519 => -8,
            Self::Es256 => -7,
        }
    }
}

impl Canonical for Algorithm {
    fn write(&self, to: &mut Writer) {
        to.int(self.number());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        match from.int()? {
            -8 => Ok(Self::Ed25519),
            -7 => Ok(Self::Es256),
            _ => Err(Refusal::Algorithm),
        }
    }
}

/// The 64 bytes of a signature: `R` and `s` of Ed25519, `r` and `s` of ES256.
#[derive(Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Signature(pub [u8; 64]);

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", crate::id::hexadecimal(&self.0))
    }
}

/// A public key. One that was decoded lies on its curve and is of full order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum PublicKey {
    /// 32 bytes.
    Ed25519([u8; 32]),
    /// A compressed point of P-256.
    Es256([u8; 33]),
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.multikey())
    }
}

/// SubjectPublicKeyInfo in front of an Ed25519 key.
const ED25519_SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// SubjectPublicKeyInfo in front of an uncompressed point of P-256.
const P256_SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

impl PublicKey {
    /// The algorithm that the key verifies.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::Ed25519,
            Self::Es256(_) => Algorithm::Es256,
        }
    }

    /// Refuses bytes that are no point, and points of small order.
    ///
    /// # Errors
    /// When the key cannot be used.
    pub fn check(&self) -> Result<(), Refusal> {
        let sound = match self {
            Self::Ed25519(key) => {
                is_reduced(key)
                    && ed25519_dalek::VerifyingKey::from_bytes(key).is_ok_and(|key| !key.is_weak())
            }
            Self::Es256(key) => p256::ecdsa::VerifyingKey::from_sec1_bytes(key).is_ok(),
        };
        if sound { Ok(()) } else { Err(Refusal::WeakKey) }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Ed25519(key) => key,
            Self::Es256(key) => key,
        }
    }

    /// Verifies a signature.
    ///
    /// # Errors
    /// When it is not by this key over this message.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), Refusal> {
        let holds = match self {
            Self::Ed25519(key) => ed25519_dalek::VerifyingKey::from_bytes(key).is_ok_and(|key| {
                key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0)).is_ok()
            }),
            Self::Es256(key) => {
                let signature = p256::ecdsa::Signature::from_slice(&signature.0)
                    .ok()
                    .filter(|signature| signature.normalize_s() == *signature);
                match (p256::ecdsa::VerifyingKey::from_sec1_bytes(key), signature) {
                    (Ok(key), Some(signature)) => {
                        key.verify_prehash(&Sha256::digest(message), &signature).is_ok()
                    }
                    _ => false,
                }
            }
        };
        if holds { Ok(()) } else { Err(Refusal::Signature) }
    }

    /// The SubjectPublicKeyInfo of X.509, in DER.
    ///
    /// # Errors
    /// When the key is no point of its curve.
    pub fn spki(&self) -> Result<Vec<u8>, Refusal> {
        match self {
            Self::Ed25519(key) => Ok([&ED25519_SPKI[..], key].concat()),
            Self::Es256(_) => Ok([&P256_SPKI[..], &self.point()?[..]].concat()),
        }
    }

    /// The uncompressed point of a P-256 key.
    pub(crate) fn point(&self) -> Result<Vec<u8>, Refusal> {
        let key = p256::PublicKey::from_sec1_bytes(self.bytes()).map_err(|_| Refusal::WeakKey)?;
        Ok(key.to_sec1_point(false).as_bytes().to_vec())
    }

    /// The key of a SubjectPublicKeyInfo, when it is of an accepted algorithm.
    ///
    /// # Errors
    /// When it is not.
    pub fn from_spki(der: &[u8]) -> Result<Self, Refusal> {
        let key = if let Some(key) = der.strip_prefix(&ED25519_SPKI[..]) {
            Self::Ed25519(key.try_into().map_err(|_| Refusal::WeakKey)?)
        } else {
            let point = der.strip_prefix(&P256_SPKI[..]).ok_or(Refusal::WeakKey)?;
            let key = p256::PublicKey::from_sec1_bytes(point).map_err(|_| Refusal::WeakKey)?;
            let compressed = key.to_sec1_point(true);
            Self::Es256(compressed.as_bytes().try_into().map_err(|_| Refusal::WeakKey)?)
        };
        key.check()?;
        if key.spki()? == der { Ok(key) } else { Err(Refusal::WeakKey) }
    }
}

/// Whether the coordinate of an Ed25519 point, without the sign in its last bit, is below 2^255 - 19.
fn is_reduced(key: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = key;
    *first < 0xed || middle.iter().any(|byte| *byte != 0xff) || last & 0x7f != 0x7f
}

impl Canonical for PublicKey {
    fn write(&self, to: &mut Writer) {
        to.array(2);
        self.algorithm().write(to);
        to.bytes(self.bytes());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        from.tuple(2)?;
        let key = match Algorithm::read(from)? {
            Algorithm::Ed25519 => Self::Ed25519(from.array_of_bytes()?),
            Algorithm::Es256 => Self::Es256(from.array_of_bytes()?),
        };
        key.check()?;
        Ok(key)
    }
}

impl Canonical for Signature {
    fn write(&self, to: &mut Writer) {
        to.bytes(&self.0);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        from.array_of_bytes().map(Self).map_err(|error: CborError| error.into())
    }
}

/// Something that signs: a key in memory, in a file or in a device.
pub trait Signer {
    /// The key by which its signatures verify.
    fn public_key(&self) -> PublicKey;

    /// Signs a message.
    ///
    /// # Errors
    /// When it cannot.
    fn sign(&self, message: &[u8]) -> Result<Signature, Refusal>;
}

impl Signer for ed25519_dalek::SigningKey {
    fn public_key(&self) -> PublicKey {
        PublicKey::Ed25519(self.verifying_key().to_bytes())
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, Refusal> {
        let signature = self.try_sign(message).map_err(|_| Refusal::Signature)?;
        Ok(Signature(signature.to_bytes()))
    }
}

impl Signer for p256::ecdsa::SigningKey {
    fn public_key(&self) -> PublicKey {
        let point = self.verifying_key().to_sec1_point(true);
        let mut key = [0; 33];
        for (to, from) in key.iter_mut().zip(point.as_bytes()) {
            *to = *from;
        }
        PublicKey::Es256(key)
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, Refusal> {
        use p256::ecdsa::signature::hazmat::PrehashSigner as _;
        let signature: p256::ecdsa::Signature =
            self.sign_prehash(&Sha256::digest(message)).map_err(|_| Refusal::Signature)?;
        Ok(Signature(signature.normalize_s().to_bytes().into()))
    }
}
