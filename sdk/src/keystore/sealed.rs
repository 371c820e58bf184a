//! A secret under a password: what both kinds of keystore file hold.

use super::{KeyError, Secret};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;
/// Secret and authentication tag.
const SEALED_BYTES: usize = 32 + 16;

/// What deriving the key from the password costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KdfCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes that could run in parallel.
    pub lanes: u32,
}

impl KdfCost {
    /// The second recommended option of RFC 9106, section 4: 64 MiB, 3 passes, 4 lanes.
    pub const DEFAULT: Self = Self { memory_kib: 65_536, passes: 3, lanes: 4 };
    /// The least that a file may ask for.
    pub const MIN: Self = Self { memory_kib: 8192, passes: 1, lanes: 1 };
    /// The most that a file may ask for: half a GiB, 16 passes, 16 lanes.
    pub const MAX: Self = Self { memory_kib: 524_288, passes: 16, lanes: 16 };

    fn check(self) -> Result<(), KeyError> {
        let rules = [
            ("KiB of memory", self.memory_kib, Self::MIN.memory_kib, Self::MAX.memory_kib),
            ("passes", self.passes, Self::MIN.passes, Self::MAX.passes),
            ("lanes", self.lanes, Self::MIN.lanes, Self::MAX.lanes),
        ];
        match rules.iter().find(|(_, value, min, max)| !(*min..=*max).contains(value)) {
            Some((what, value, ..)) => Err(KeyError::Cost { what: format!("{value} {what}") }),
            None => Ok(()),
        }
    }
}

/// How the key was derived, as a file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenKdf {
    algorithm: String,
    cost: KdfCost,
    salt: String,
}

/// What was encrypted, as a file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenCipher {
    algorithm: String,
    nonce: String,
    sealed: String,
}

/// A secret under a password. What it belongs to is authenticated with it: a tag for the kind of file, and
/// the public name of the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) cost: KdfCost,
    salt: [u8; SALT_BYTES],
    nonce: [u8; NONCE_BYTES],
    sealed: [u8; SEALED_BYTES],
}

fn random<const N: usize>() -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| KeyError::Randomness(error.to_string()))?;
    Ok(bytes)
}

/// Bytes of a field in hex.
pub(super) fn digits<const N: usize>(text: &str, field: &str) -> Result<[u8; N], KeyError> {
    let mut bytes = [0; N];
    let decoded = hex::decode_to_slice(text, &mut bytes);
    decoded.map_err(|error| KeyError::malformed(format!("{field}: {error}")))?;
    Ok(bytes)
}

impl Sealed {
    pub(super) fn seal(
        secret: &Secret,
        password: &[u8],
        cost: KdfCost,
        (tag, public): (&[u8], &[u8; 32]),
    ) -> Result<Self, KeyError> {
        if password.is_empty() {
            return Err(KeyError::EmptyPassword);
        }
        cost.check()?;
        let mut file = Self { cost, salt: random()?, nonce: random()?, sealed: [0; SEALED_BYTES] };
        let cipher = file.cipher(password)?;
        let payload = Payload { msg: secret.as_slice(), aad: &file.authenticated(tag, public) };
        let sealed = cipher.encrypt(&XNonce::from(file.nonce), payload);
        let sealed = sealed.map_err(|error| KeyError::Randomness(error.to_string()))?;
        file.sealed =
            sealed.try_into().map_err(|_| KeyError::malformed("the sealed secret has another length"))?;
        Ok(file)
    }

    pub(super) fn open(
        &self,
        password: &[u8],
        (tag, public): (&[u8], &[u8; 32]),
    ) -> Result<Secret, KeyError> {
        let cipher = self.cipher(password)?;
        let payload = Payload { msg: self.sealed.as_slice(), aad: &self.authenticated(tag, public) };
        let opened =
            cipher.decrypt(&XNonce::from(self.nonce), payload).map_err(|_| KeyError::WrongPassword)?;
        let opened = Zeroizing::new(opened);
        let mut secret = Secret::default();
        if opened.len() != secret.len() {
            return Err(KeyError::malformed("the secret has another length"));
        }
        secret.copy_from_slice(&opened);
        Ok(secret)
    }

    fn cipher(&self, password: &[u8]) -> Result<XChaCha20Poly1305, KeyError> {
        let KdfCost { memory_kib, passes, lanes } = self.cost;
        let refused = |error: argon2::Error| KeyError::Cost { what: error.to_string() };
        let params = Params::new(memory_kib, passes, lanes, Some(32)).map_err(refused)?;
        let mut key = Secret::default();
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon.hash_password_into(password, &self.salt, key.as_mut_slice()).map_err(refused)?;
        Ok(XChaCha20Poly1305::new((&*key).into()))
    }

    /// Everything beside the secret that must not change.
    fn authenticated(&self, tag: &[u8], public: &[u8; 32]) -> Vec<u8> {
        let KdfCost { memory_kib, passes, lanes } = self.cost;
        let costs = [memory_kib, passes, lanes].map(u32::to_le_bytes).concat();
        [tag, public, &costs, &self.salt].concat()
    }

    pub(super) fn read(kdf: &WrittenKdf, cipher: &WrittenCipher) -> Result<Self, KeyError> {
        if kdf.algorithm != "argon2id" || cipher.algorithm != "xchacha20poly1305" {
            return Err(KeyError::malformed("an algorithm is not one of version 1"));
        }
        kdf.cost.check()?;
        Ok(Self {
            cost: kdf.cost,
            salt: digits(&kdf.salt, "salt")?,
            nonce: digits(&cipher.nonce, "nonce")?,
            sealed: digits(&cipher.sealed, "sealed")?,
        })
    }

    pub(super) fn write(&self) -> (WrittenKdf, WrittenCipher) {
        let kdf =
            WrittenKdf { algorithm: "argon2id".to_owned(), cost: self.cost, salt: hex::encode(self.salt) };
        let cipher = WrittenCipher {
            algorithm: "xchacha20poly1305".to_owned(),
            nonce: hex::encode(self.nonce),
            sealed: hex::encode(self.sealed),
        };
        (kdf, cipher)
    }
}

/// The fields of a file of version 1, strictly; no work is done on the password's behalf.
pub(super) fn fields<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, KeyError> {
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|error| KeyError::malformed(error.to_string()))?;
    match value.get("version").and_then(serde_json::Value::as_u64) {
        Some(1) => {}
        Some(found) => return Err(KeyError::Version { found }),
        None => return Err(KeyError::malformed("it has no version")),
    }
    serde_json::from_value(value).map_err(|error| KeyError::malformed(error.to_string()))
}

/// The text of a file.
pub(super) fn text(written: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(written).unwrap_or_default();
    format!("{text}\n")
}
