//! The keystore file of an operator's key, version 1.

use super::sealed::{self, KdfCost, Sealed, WrittenCipher, WrittenKdf};
use super::{KeyError, Secret};
use auto_core::OperatorKey;
use auto_domains::election::OperatorPair;
use serde::{Deserialize, Serialize};

/// First bytes of what is authenticated beside the secret: no file of an account passes for one of an operator.
const TAG: &[u8] = b"auto/v1/sdk/operator-keystore\0";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u64,
    operator_key: String,
    kdf: WrittenKdf,
    cipher: WrittenCipher,
}

/// An encrypted operator key. It signs bundles and never moves money, so a machine that operates needs this
/// file and not that of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorKeyFile {
    /// The operator's public key.
    pub key: OperatorKey,
    /// What opening it costs.
    pub cost: KdfCost,
    sealed: Sealed,
}

impl OperatorKeyFile {
    /// Encrypts a secret.
    ///
    /// # Errors
    /// When the password is empty, the cost is out of bounds, or there is no randomness.
    pub fn seal(secret: &Secret, password: &[u8], cost: KdfCost) -> Result<Self, KeyError> {
        let key = OperatorPair::from_secret(secret).key();
        let sealed = Sealed::seal(secret, password, cost, (TAG, &key.0))?;
        Ok(Self { key, cost, sealed })
    }

    /// Decrypts the key pair.
    ///
    /// # Errors
    /// When the password is wrong, or the secret is not that of the key.
    pub fn open(&self, password: &[u8]) -> Result<OperatorPair, KeyError> {
        let secret = self.sealed.open(password, (TAG, &self.key.0))?;
        let pair = OperatorPair::from_secret(&secret);
        if pair.key() == self.key {
            Ok(pair)
        } else {
            Err(KeyError::malformed("the secret is not that of the operator key"))
        }
    }

    /// Reads the text of a file strictly; no work is done on the password's behalf.
    ///
    /// # Errors
    /// When it is malformed, of another version, or its costs are out of bounds.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let written: Written = sealed::fields(text)?;
        let sealed = Sealed::read(&written.kdf, &written.cipher)?;
        let key = OperatorKey(sealed::digits(&written.operator_key, "operator_key")?);
        Ok(Self { key, cost: sealed.cost, sealed })
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let (kdf, cipher) = self.sealed.write();
        sealed::text(&Written { version: 1, operator_key: self.key.to_string(), kdf, cipher })
    }
}
