//! The keystore file of an identity, version 1: its keys, each sealed by itself.
//!
//! The key in force is followed by the one that the identity committed to, and while a rotation is under way by
//! the one after that. Which of them is in force the identity's record says, so a crash between a rotation and
//! the next writing of the file loses nothing. Whoever uses the identity opens the key in force only; the next
//! one stays sealed until it is needed.
//!
//! Beside the keys are the guardians that the identity committed to, with the salt that hides them on the chain. They
//! are not encrypted: they let nobody act. The record says which of them are in force, so they are not authenticated
//! either.

use super::sealed::{self, Sealed, WrittenCipher, WrittenKdf};
use super::{KdfCost, KeyError, Secret};
use crate::identity::{FreshKeys, IdentityKey, WrittenGuardians};
use auto_core::{DomainId, hash_parts};
use autoid_core::{AutoId, Genesis, Guardians, KeySet, PublicKey};
use serde::{Deserialize, Serialize};

/// First bytes of what is authenticated beside each secret.
const TAG: &[u8] = b"auto/v1/sdk/identity-keystore\0";
/// Most keys of a file: in force, next, and the one after.
const KEYS_MAX: usize = 3;
/// Most sets of guardians of a file: the one that is committed to, and while it is replaced the one after.
const GUARDIANS_MAX: usize = 2;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u64,
    identity: String,
    network: String,
    domain: u32,
    keys: Vec<WrittenKey>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    guardians: Vec<WrittenGuardians>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKey {
    number: u32,
    public_key: String,
    kdf: WrittenKdf,
    cipher: WrittenCipher,
}

/// Whose keys a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityName {
    /// The identity.
    pub id: AutoId,
    /// Its network; its keys sign for no other.
    pub network: Genesis,
    /// Its domain.
    pub domain: DomainId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct SealedKey {
    number: u32,
    public: [u8; 32],
    sealed: Sealed,
}

/// An identity whose keys are encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityFile {
    /// Whose they are.
    pub name: IdentityName,
    keys: Vec<SealedKey>,
    guardians: Vec<Guardians>,
}

/// What a sealed key belongs to: identity, network, domain, its number and its public key.
fn belongs(name: &IdentityName, number: u32, public: &[u8; 32]) -> [u8; 32] {
    let IdentityName { id, network, domain } = name;
    let (domain, number) = (domain.0.to_le_bytes(), number.to_le_bytes());
    hash_parts(TAG, &[&id.0, &network.0, &domain, &number, public]).0
}

impl SealedKey {
    fn seal(
        name: &IdentityName,
        number: u32,
        secret: &Secret,
        (password, cost): (&[u8], KdfCost),
    ) -> Result<Self, KeyError> {
        let public = IdentityKey::public_of(secret);
        let sealed = Sealed::seal(secret, password, cost, (TAG, &belongs(name, number, &public)))?;
        Ok(Self { number, public, sealed })
    }

    fn open(&self, name: &IdentityName, password: &[u8]) -> Result<IdentityKey, KeyError> {
        let secret = self.sealed.open(password, (TAG, &belongs(name, self.number, &self.public)))?;
        if IdentityKey::public_of(&secret) != self.public {
            return Err(KeyError::malformed("a secret is not that of its public key"));
        }
        Ok(IdentityKey::new(name.id, name.network, self.number, &secret))
    }
}

impl IdentityFile {
    /// Encrypts the first keys of an identity.
    ///
    /// # Errors
    /// When the password is empty, the cost is out of bounds, or there is no randomness.
    pub fn seal(
        name: IdentityName,
        keys: &FreshKeys,
        password: &[u8],
        cost: KdfCost,
    ) -> Result<Self, KeyError> {
        let seal = |(number, secret)| SealedKey::seal(&name, number, secret, (password, cost));
        let keys = keys.secrets().into_iter().map(seal).collect::<Result<_, _>>()?;
        Ok(Self { name, keys, guardians: Vec::new() })
    }

    /// The place of the key that is in force.
    fn place(&self, keys: &KeySet) -> Result<usize, KeyError> {
        let is_in_force = |own: &SealedKey| {
            keys.key(own.number).is_some_and(|key| key.key == PublicKey::Ed25519(own.public))
        };
        // After a rotation both may be listed by a set that somebody else made; the newest counts.
        self.keys.iter().rposition(is_in_force).ok_or(KeyError::NotInForce(self.name.id.to_string()))
    }

    fn at(&self, place: Option<usize>) -> Result<&SealedKey, KeyError> {
        let found = place.and_then(|place| self.keys.get(place));
        found.ok_or_else(|| KeyError::NoNextKey(self.name.id.to_string()))
    }

    /// The key in force, by the keys of the identity's record.
    ///
    /// # Errors
    /// When none of the file's keys is in force, or the password is wrong.
    pub fn open(&self, keys: &KeySet, password: &[u8]) -> Result<IdentityKey, KeyError> {
        self.at(Some(self.place(keys)?))?.open(&self.name, password)
    }

    /// The key that the identity rotates to next.
    ///
    /// # Errors
    /// As [`IdentityFile::open`]; or the file does not hold it.
    pub fn open_next(&self, keys: &KeySet, password: &[u8]) -> Result<IdentityKey, KeyError> {
        self.at(self.place(keys)?.checked_add(1))?.open(&self.name, password)
    }

    /// Sees to the key after the next, which a rotation commits to, and gives its public part. The file must be
    /// written before the rotation is sent.
    ///
    /// # Errors
    /// As [`IdentityFile::open_next`]; or there is no randomness.
    pub fn prepare_rotation(
        &mut self,
        keys: &KeySet,
        password: &[u8],
        cost: KdfCost,
    ) -> Result<PublicKey, KeyError> {
        let next = self.place(keys)?.checked_add(1);
        // Whoever cannot open the next key must not rotate to it.
        let number = self.at(next)?.open(&self.name, password)?.number();
        let after = next.and_then(|next| next.checked_add(1)).and_then(|after| self.keys.get(after));
        if let Some(after) = after {
            return Ok(PublicKey::Ed25519(after.public));
        }
        let number = number.checked_add(1).ok_or_else(|| KeyError::NoNextKey(self.name.id.to_string()))?;
        let secret = FreshKeys::secret()?;
        let sealed = SealedKey::seal(&self.name, number, &secret, (password, cost))?;
        let public = PublicKey::Ed25519(sealed.public);
        self.keys.push(sealed);
        Ok(public)
    }

    /// Forgets keys that are not in force any more; tells whether there were any.
    ///
    /// # Errors
    /// When none of the file's keys is in force.
    pub fn settle(&mut self, keys: &KeySet) -> Result<bool, KeyError> {
        let old = self.place(keys)?;
        self.keys.drain(..old);
        Ok(old > 0)
    }

    /// The guardians that an identity committed to, by its record; nothing when they are not kept here.
    #[must_use]
    pub fn guardians(&self, commitment: Option<[u8; 32]>) -> Option<&Guardians> {
        self.guardians.iter().find(|set| Some(set.commitment()) == commitment)
    }

    /// Keeps guardians beside those that the identity committed to; the file must be written before the commitment
    /// is sent.
    pub fn keep_guardians(&mut self, commitment: Option<[u8; 32]>, guardians: Guardians) {
        self.settle_guardians(commitment);
        if self.guardians(Some(guardians.commitment())).is_none() {
            self.guardians.push(guardians);
        }
    }

    /// Forgets guardians that the identity does not commit to; tells whether there were any.
    pub fn settle_guardians(&mut self, commitment: Option<[u8; 32]>) -> bool {
        let before = self.guardians.len();
        self.guardians.retain(|set| Some(set.commitment()) == commitment);
        self.guardians.len() < before
    }

    /// Every secret of the file with its number, to be written down.
    ///
    /// # Errors
    /// When the password is wrong.
    pub fn secrets(&self, password: &[u8]) -> Result<Vec<(u32, Secret)>, KeyError> {
        let open = |key: &SealedKey| Ok((key.number, key.open(&self.name, password)?.secret()));
        self.keys.iter().map(open).collect()
    }

    /// Reads the text of a file strictly; no work is done on the password's behalf.
    ///
    /// # Errors
    /// When it is malformed, of another version, or its costs are out of bounds.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let written: Written = sealed::fields(text)?;
        let malformed = |what: &str| KeyError::malformed(what.to_owned());
        let id = written.identity.parse().map_err(|_| malformed("identity: not the id of one"))?;
        let network = Genesis(sealed::digits(&written.network, "network")?);
        let read = |key: &WrittenKey| {
            let sealed = Sealed::read(&key.kdf, &key.cipher)?;
            Ok(SealedKey {
                number: key.number,
                public: sealed::digits(&key.public_key, "public_key")?,
                sealed,
            })
        };
        let keys = written.keys.iter().map(read).collect::<Result<Vec<_>, KeyError>>()?;
        let follows = |pair: &[SealedKey]| match pair {
            [one, next] => one.number.checked_add(1) == Some(next.number),
            _ => false,
        };
        if !(1..=KEYS_MAX).contains(&keys.len()) || !keys.windows(2).all(follows) {
            return Err(malformed("keys: one to three, each numbered after the one before"));
        }
        let guardians = written.guardians.iter().map(WrittenGuardians::read).collect::<Option<Vec<_>>>();
        let guardians = guardians.filter(|sets| sets.len() <= GUARDIANS_MAX);
        let guardians = guardians.ok_or_else(|| malformed("guardians: at most two sets of guardians"))?;
        let name = IdentityName { id, network, domain: DomainId(written.domain) };
        Ok(Self { name, keys, guardians })
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let write = |key: &SealedKey| {
            let (kdf, cipher) = key.sealed.write();
            WrittenKey { number: key.number, public_key: hex::encode(key.public), kdf, cipher }
        };
        let IdentityName { id, network, domain } = self.name;
        sealed::text(&Written {
            version: 1,
            identity: id.to_string(),
            network: network.to_string(),
            domain: domain.0,
            keys: self.keys.iter().map(write).collect(),
            guardians: self.guardians.iter().map(WrittenGuardians::of).collect(),
        })
    }
}
