use alloc::vec::Vec;

use parity_scale_codec::{Decode, Encode};

use super::{Key, Relations};
use crate::Refusal;
use crate::cbor::{Canonical, Reader, Writer};
use crate::id::tagged;
use crate::limits::KEYS_MAX;

/// The keys of an identity. As many [`Relations::AUTH`] keys as the threshold says control it together.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KeySet {
    /// Up to 16 keys, by rising number.
    pub keys: Vec<Key>,
    /// Signatures by which the identity is controlled.
    pub threshold: u8,
}

impl KeySet {
    /// A set of keys.
    ///
    /// # Errors
    /// When there are none or too many, two share a number or a key, or the threshold cannot be reached.
    pub fn new(keys: Vec<Key>, threshold: u8) -> Result<Self, Refusal> {
        let controlling = keys.iter().filter(|key| key.relations.contains(Relations::AUTH)).count();
        let distinct = keys.iter().enumerate().all(|(at, key)| {
            keys.iter().take(at).all(|earlier| earlier.key != key.key && earlier.kid < key.kid)
        });
        let reachable = threshold > 0 && usize::from(threshold) <= controlling;
        if keys.len() > KEYS_MAX || !distinct || !reachable {
            return Err(Refusal::KeySet);
        }
        Ok(Self { keys, threshold })
    }

    /// The key with a number.
    #[must_use]
    pub fn key(&self, kid: u32) -> Option<&Key> {
        self.keys.iter().find(|key| key.kid == kid)
    }

    /// The commitment to this set: see [`next_commitment`].
    #[must_use]
    pub fn commitment(&self) -> [u8; 32] {
        next_commitment(self)
    }
}

/// What an identity commits to before it rotates to `keys`: whoever steals today's keys does not know
/// tomorrow's.
#[must_use]
pub fn next_commitment(keys: &KeySet) -> [u8; 32] {
    tagged("auto/keys/v1", &[&keys.to_cbor()])
}

impl Canonical for KeySet {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.put(1, |to| to.list(&self.keys));
            fields.value(2, &self.threshold);
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let keys = fields.need(1, |from| from.list(KEYS_MAX, Key::read))?;
        let threshold = fields.need(2, u8::read)?;
        fields.close()?;
        Self::new(keys, threshold)
    }
}
