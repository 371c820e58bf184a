//! Keys of an identity, what each may do, and how many of them control it.

mod public;
mod set;

pub use public::{Algorithm, PublicKey, Signature, Signer};
pub use set::{KeySet, next_commitment};

use alloc::vec::Vec;

use parity_scale_codec::{Decode, Encode};

use crate::cbor::{Canonical, CborError, Reader, Writer};
use crate::{Refusal, Time};

/// What a key may be used for: the verification relationships of a DID document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Relations(u8);

impl Relations {
    /// Controls the identity: signs its inception and operations.
    pub const AUTH: Self = Self(1);
    /// Speaks for the identity: endorses others, consents to children, signs credentials.
    pub const ASSERT: Self = Self(2);
    /// Makes and approves calls.
    pub const INVOKE: Self = Self(4);
    /// Issues grants.
    pub const DELEGATE: Self = Self(8);
    /// Agrees on encryption keys.
    pub const AGREE: Self = Self(16);
    /// Everything.
    pub const ALL: Self = Self(31);

    /// The relations of a set of bits.
    ///
    /// # Errors
    /// When a bit has no meaning, or none is set.
    pub fn from_bits(bits: u8) -> Result<Self, Refusal> {
        if bits == 0 || bits & !Self::ALL.0 != 0 { Err(CborError::Range.into()) } else { Ok(Self(bits)) }
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// These and others.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether all of `others` are among these.
    #[must_use]
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }
}

impl Canonical for Relations {
    fn write(&self, to: &mut Writer) {
        to.uint(u64::from(self.0));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        Self::from_bits(u8::read(from)?)
    }
}

/// One key of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Key {
    /// Its number, unique among the keys of the identity.
    pub kid: u32,
    /// The key itself.
    pub key: PublicKey,
    /// What it may be used for.
    pub relations: Relations,
    /// The last second of its use.
    pub not_after: Option<Time>,
}

impl Key {
    /// Refuses a use that the key is not for, or no longer for.
    ///
    /// # Errors
    /// When it lacks the relation, or its time is over.
    pub fn admit(&self, relation: Relations, now: Time) -> Result<(), Refusal> {
        if !self.relations.contains(relation) {
            return Err(Refusal::KeyRelation { kid: self.kid });
        }
        match self.not_after {
            Some(last) if now > last => Err(Refusal::KeyExpired { kid: self.kid }),
            _ => Ok(()),
        }
    }
}

impl Canonical for Key {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &self.kid);
            fields.value(2, &self.key);
            fields.value(3, &self.relations);
            fields.option(4, self.not_after.as_ref());
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let key = Self {
            kid: fields.need(1, u32::read)?,
            key: fields.need(2, PublicKey::read)?,
            relations: fields.need(3, Relations::read)?,
            not_after: fields.maybe(4, Time::read)?,
        };
        fields.close()?;
        Ok(key)
    }
}

/// The base58btc Multikey text of a key.
impl PublicKey {
    /// The key as a `Multikey`: `z` and base58btc of multicodec and key.
    #[must_use]
    pub fn multikey(&self) -> alloc::string::String {
        let (code, key): ([u8; 2], &[u8]) = match self {
            Self::Ed25519(key) => ([0xed, 0x01], key),
            Self::Es256(key) => ([0x80, 0x24], key),
        };
        let bytes: Vec<u8> = code.iter().chain(key).copied().collect();
        alloc::format!("z{}", bs58::encode(bytes).into_string())
    }
}
