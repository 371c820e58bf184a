//! The keystore file of an account, version 1.

use super::sealed::{self, KdfCost, Sealed, WrittenCipher, WrittenKdf};
use super::{KeyError, Secret};
use auto_core::{Address, KeyPair};
use serde::{Deserialize, Serialize};

/// First bytes of what is authenticated beside the secret.
const TAG: &[u8] = b"auto/v1/sdk/keystore\0";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u64,
    address: Address,
    kdf: WrittenKdf,
    cipher: WrittenCipher,
}

/// An encrypted account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFile {
    /// The account's address.
    pub address: Address,
    /// What opening it costs.
    pub cost: KdfCost,
    sealed: Sealed,
}

impl KeyFile {
    /// Encrypts a secret.
    ///
    /// # Errors
    /// When the password is empty, the cost is out of bounds, or there is no randomness.
    pub fn seal(secret: &Secret, password: &[u8], cost: KdfCost) -> Result<Self, KeyError> {
        let address = KeyPair::from_secret(secret).public_key().address();
        let sealed = Sealed::seal(secret, password, cost, (TAG, &address.0))?;
        Ok(Self { address, cost, sealed })
    }

    /// Decrypts the secret.
    ///
    /// # Errors
    /// When the password is wrong, or the secret is not that of the address.
    pub fn open(&self, password: &[u8]) -> Result<Secret, KeyError> {
        let secret = self.sealed.open(password, (TAG, &self.address.0))?;
        if KeyPair::from_secret(&secret).public_key().address() != self.address {
            return Err(KeyError::malformed("the secret is not that of the address"));
        }
        Ok(secret)
    }

    /// Reads the text of a file strictly; no work is done on the password's behalf.
    ///
    /// # Errors
    /// When it is malformed, of another version, or its costs are out of bounds.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let written: Written = sealed::fields(text)?;
        let sealed = Sealed::read(&written.kdf, &written.cipher)?;
        Ok(Self { address: written.address, cost: sealed.cost, sealed })
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let (kdf, cipher) = self.sealed.write();
        sealed::text(&Written { version: 1, address: self.address, kdf, cipher })
    }
}
