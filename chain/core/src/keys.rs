//! Ed25519 keys and signatures, with one strict verification rule, and addresses.

use crate::{Hash, hash_parts, tag};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use parity_scale_codec::{Decode, Encode};
use std::fmt;
use std::str::FromStr;

/// An Ed25519 public key as its 32 bytes; whether they are a key shows when a signature is verified.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct PublicKey(pub [u8; 32]);

/// Who holds a balance: the bytes of an account's public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Address(pub [u8; 32]);

/// An Ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub struct Signature(pub [u8; 64]);

/// A signature that does not hold under the strict rule (RFC 8032 with canonical encodings and no
/// point of small order).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not match the key and the message")]
pub struct SignatureError;

/// Why a text is not an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// It is not base58 of the right length.
    #[error("`{0}` is not an address: expected base58 of 36 bytes")]
    Malformed(String),
    /// The checksum is wrong, so a character was mistyped.
    #[error("`{0}` has a wrong checksum: a character is mistyped")]
    Checksum(String),
}

impl PublicKey {
    /// Verifies `signature` over `tag || genesis || message`.
    ///
    /// # Errors
    /// When the key is not a key, or the signature does not hold strictly.
    pub fn verify(
        &self,
        tag: &[u8],
        genesis: &Hash,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), SignatureError> {
        let preimage = preimage(tag, genesis, message);
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| SignatureError)?;
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        key.verify_strict(&preimage, &signature).map_err(|_| SignatureError)
    }

    /// The account of this key.
    #[must_use]
    pub const fn address(&self) -> Address {
        Address(self.0)
    }

    /// BLAKE3 of the key, which keys a farmer's sectors.
    #[must_use]
    pub fn hash(&self) -> Hash {
        crate::hash(&self.0)
    }
}

fn preimage(tag: &[u8], genesis: &Hash, message: &[u8]) -> Vec<u8> {
    [tag, genesis.as_ref(), message].concat()
}

/// An Ed25519 key pair; the secret is wiped from memory when it is dropped.
pub struct KeyPair(SigningKey);

impl KeyPair {
    /// The key pair of a 32-byte secret (RFC 8032, section 5.1.5).
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// The public half.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs `tag || genesis || message`.
    #[must_use]
    pub fn sign(&self, tag: &[u8], genesis: &Hash, message: &[u8]) -> Signature {
        Signature(self.0.sign(&preimage(tag, genesis, message)).to_bytes())
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyPair({})", self.public_key())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl serde::Serialize for PublicKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", hex::encode(self.0))
    }
}

impl Address {
    fn checksum(&self) -> [u8; 4] {
        let hash = hash_parts(tag::ADDRESS, &[&self.0]);
        let [a, b, c, d, ..] = hash.0;
        [a, b, c, d]
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.0.as_slice(), &self.checksum()].concat();
        f.write_str(&bs58::encode(bytes).into_string())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || AddressError::Malformed(text.to_owned());
        // 36 bytes take at most 50 base58 digits; longer texts are not worth decoding.
        if text.len() > 50 {
            return Err(malformed());
        }
        let bytes = bs58::decode(text).into_vec().map_err(|_| malformed())?;
        let (key, checksum) = bytes.split_at_checked(32).ok_or_else(malformed)?;
        if checksum.len() != 4 {
            return Err(malformed());
        }
        let address = Self(key.try_into().map_err(|_| malformed())?);
        if address.checksum() == checksum {
            Ok(address)
        } else {
            Err(AddressError::Checksum(text.to_owned()))
        }
    }
}

impl serde::Serialize for Address {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Address {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signature_holds_for_its_tag_genesis_and_message_only() {
        let pair = KeyPair::from_secret(&[7; 32]);
        let signature = pair.sign(tag::SEAL, &Hash::ZERO, b"message");
        let key = pair.public_key();
        assert_eq!(key.verify(tag::SEAL, &Hash::ZERO, b"message", &signature), Ok(()));
        assert!(key.verify(tag::TRANSACTION_SIGNATURE, &Hash::ZERO, b"message", &signature).is_err());
        assert!(key.verify(tag::SEAL, &Hash([1; 32]), b"message", &signature).is_err());
        assert!(key.verify(tag::SEAL, &Hash::ZERO, b"messagf", &signature).is_err());
    }

    #[test]
    fn one_mistyped_character_breaks_an_address() {
        let address = KeyPair::from_secret(&[7; 32]).public_key().address();
        let text = address.to_string();
        assert_eq!(text.parse(), Ok(address));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'2' { b'3' } else { b'2' };
            let wrong = String::from_utf8(bytes).expect("ASCII");
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }
}
