//! Keys of identities. One Ed25519 key controls an identity, for every use, and commits to the one after it.

use crate::{KeyError, Secret};
use autoid_core::signed::KeyOf;
use autoid_core::{AutoId, Genesis, Key, KeySet, PublicKey, Refusal, Relations, Signature, Signer};
use ed25519_dalek::SigningKey;
use std::fmt;
use zeroize::Zeroizing;

/// What stands before the secret of an Ed25519 key in PKCS#8: version, algorithm and two lengths.
const PKCS8_ED25519: &[u8] =
    &[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The key of an identity that is in force, or the one that is next. Wiped when dropped, never shown.
pub struct IdentityKey {
    id: AutoId,
    network: Genesis,
    number: u32,
    pair: SigningKey,
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityKey")
            .field("id", &self.id)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl IdentityKey {
    /// A key of an identity on a network.
    #[must_use]
    pub fn new(id: AutoId, network: Genesis, number: u32, secret: &Secret) -> Self {
        Self { id, network, number, pair: SigningKey::from_bytes(secret) }
    }

    pub(crate) fn public_of(secret: &Secret) -> [u8; 32] {
        SigningKey::from_bytes(secret).verifying_key().to_bytes()
    }

    /// The identity.
    #[must_use]
    pub const fn id(&self) -> AutoId {
        self.id
    }

    /// The network that it signs for.
    #[must_use]
    pub const fn network(&self) -> Genesis {
        self.network
    }

    /// Its number in the identity's key set.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Its name in a signature.
    #[must_use]
    pub const fn name(&self) -> KeyOf {
        KeyOf { identity: self.id, kid: self.number }
    }

    /// The key set that consists of it.
    pub(crate) fn alone(&self) -> Result<KeySet, Refusal> {
        next_keys(self.number, self.public_key())
    }

    pub(crate) fn secret(&self) -> Secret {
        Secret::new(self.pair.to_bytes())
    }

    /// The key in PKCS#8 (RFC 8410), for other programs: whoever has it controls the identity.
    #[must_use]
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([PKCS8_ED25519, self.secret().as_slice()].concat())
    }

    /// Refuses to sign for another network than the key's own.
    pub(crate) fn on(&self, network: &Genesis) -> Result<(), Refusal> {
        if self.network == *network { Ok(()) } else { Err(Refusal::Network) }
    }
}

impl Signer for IdentityKey {
    fn public_key(&self) -> PublicKey {
        self.pair.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, Refusal> {
        Signer::sign(&self.pair, message)
    }
}

/// The key set of one key that does everything; identities of this SDK commit to such sets.
///
/// # Errors
/// When the key is none.
pub fn next_keys(number: u32, key: PublicKey) -> Result<KeySet, Refusal> {
    KeySet::new(vec![Key { kid: number, key, relations: Relations::ALL, not_after: None }], 1)
}

/// Secrets that an identity begins with, or is recovered to: of its key, and of the one that it commits to.
pub struct FreshKeys {
    first: u32,
    current: Secret,
    next: Secret,
}

impl fmt::Debug for FreshKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FreshKeys").field("first", &self.first).finish_non_exhaustive()
    }
}

impl FreshKeys {
    /// These secrets, for a new identity.
    #[must_use]
    pub const fn of(current: Secret, next: Secret) -> Self {
        Self { first: 1, current, next }
    }

    /// New ones, for a new identity.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self::of(Self::secret()?, Self::secret()?))
    }

    /// New ones for an identity that is recovered: their numbers are above those of all its keys and of the key
    /// that it had committed to.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn after(keys: &KeySet) -> Result<Self, KeyError> {
        let last = keys.keys.iter().map(|key| key.kid).max().unwrap_or_default();
        Ok(Self { first: last.saturating_add(2), ..Self::generate()? })
    }

    pub(crate) fn secret() -> Result<Secret, KeyError> {
        let mut secret = Secret::default();
        fill(secret.as_mut_slice())?;
        Ok(secret)
    }

    /// The secrets with their numbers.
    pub(crate) const fn secrets(&self) -> [(u32, &Secret); 2] {
        [(self.first, &self.current), (self.first.saturating_add(1), &self.next)]
    }

    /// The first key set and the one that is committed to.
    pub(crate) fn sets(&self) -> Result<(KeySet, KeySet), Refusal> {
        let [current, next] = self
            .secrets()
            .map(|(number, secret)| next_keys(number, PublicKey::Ed25519(IdentityKey::public_of(secret))));
        Ok((current?, next?))
    }

    /// The key that they begin with.
    #[must_use]
    pub fn key(&self, id: AutoId, network: Genesis) -> IdentityKey {
        IdentityKey::new(id, network, self.first, &self.current)
    }
}

/// Fills bytes with the system's randomness.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), KeyError> {
    getrandom::fill(bytes).map_err(|error| KeyError::Randomness(error.to_string()))
}

/// Sixteen random bytes: a salt, a nonce, the number of a call.
pub(crate) fn drawn() -> Result<[u8; 16], KeyError> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    Ok(bytes)
}
