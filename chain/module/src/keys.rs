//! Typed keys: the only way in which modules touch the state.

use auto_core::{CodecError, ErrorCode, decode_strict};
use auto_state::{StateError, StateRead, StateWrite, VALUE_BYTES_MAX};
use parity_scale_codec::{Decode, Encode};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// The whole content of a state, for tests and invariants: a chain never lists its keys.
pub type Contents = BTreeMap<Vec<u8>, Vec<u8>>;

/// A value of the state that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoredError {
    /// The state cannot be read.
    #[error(transparent)]
    State(#[from] StateError),
    /// The value does not decode.
    #[error("value under `{key}` is damaged: {error}")]
    Damaged {
        /// The key, or the prefix of the key.
        key: &'static str,
        /// What is wrong with the value.
        error: CodecError,
    },
}

impl ErrorCode for StoredError {
    fn code(&self) -> &'static str {
        match self {
            Self::State(error) => error.code(),
            Self::Damaged { .. } => "MOD-0001",
        }
    }
}

fn decode<T: Decode>(key: &'static str, bytes: &[u8]) -> Result<T, StoredError> {
    decode_strict(bytes, VALUE_BYTES_MAX).map_err(|error| StoredError::Damaged { key, error })
}

/// One value under one key.
pub struct Item<T> {
    key: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T> fmt::Debug for Item<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Item({})", self.key)
    }
}

impl<T: Encode + Decode> Item<T> {
    /// The value under `key`; by convention `<module>/<noun>`.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self { key, value: PhantomData }
    }

    /// The key, for proofs.
    #[must_use]
    pub fn key(&self) -> Vec<u8> {
        self.key.as_bytes().to_vec()
    }

    /// The value; `None` when there is none.
    ///
    /// # Errors
    /// When the state cannot be read or the value does not decode.
    pub fn get(&self, state: &(impl StateRead + ?Sized)) -> Result<Option<T>, StoredError> {
        match state.get(self.key.as_bytes())? {
            Some(bytes) => decode(self.key, &bytes).map(Some),
            None => Ok(None),
        }
    }

    /// Sets the value.
    pub fn put(&self, state: &mut (impl StateWrite + ?Sized), value: &T) {
        state.put(self.key.as_bytes(), value.encode());
    }

    /// Removes the value.
    pub fn delete(&self, state: &mut (impl StateWrite + ?Sized)) {
        state.delete(self.key.as_bytes());
    }
}

/// Values under a prefix, each under its own key: prefix, `/`, encoded key.
pub struct Map<K, T> {
    prefix: &'static str,
    types: PhantomData<fn(&K) -> T>,
}

impl<K, T> fmt::Debug for Map<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Map({})", self.prefix)
    }
}

impl<K: Encode, T: Encode + Decode> Map<K, T> {
    /// The values under `prefix`; by convention `<module>/<noun>`, and no prefix of another key.
    #[must_use]
    pub const fn new(prefix: &'static str) -> Self {
        Self { prefix, types: PhantomData }
    }

    /// The state's key of `key`, for proofs.
    #[must_use]
    pub fn key(&self, key: &K) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.prefix.len() + 1 + key.size_hint());
        bytes.extend_from_slice(self.prefix.as_bytes());
        bytes.push(b'/');
        key.encode_to(&mut bytes);
        bytes
    }

    /// The value of `key`; `None` when there is none.
    ///
    /// # Errors
    /// When the state cannot be read or the value does not decode.
    pub fn get(&self, state: &(impl StateRead + ?Sized), key: &K) -> Result<Option<T>, StoredError> {
        match state.get(&self.key(key))? {
            Some(bytes) => self.decode_value(&bytes).map(Some),
            None => Ok(None),
        }
    }

    /// The value out of its stored bytes, as a state proof gives them.
    ///
    /// # Errors
    /// When the bytes are not a value of this map.
    pub fn decode_value(&self, bytes: &[u8]) -> Result<T, StoredError> {
        decode(self.prefix, bytes)
    }

    /// Sets the value of `key`.
    pub fn put(&self, state: &mut (impl StateWrite + ?Sized), key: &K, value: &T) {
        state.put(&self.key(key), value.encode());
    }

    /// Removes the value of `key`.
    pub fn delete(&self, state: &mut (impl StateWrite + ?Sized), key: &K) {
        state.delete(&self.key(key));
    }

    /// All values, by rising encoded key; for tests and invariants.
    ///
    /// # Errors
    /// When a key or value does not decode.
    pub fn entries(&self, contents: &Contents) -> Result<Vec<(K, T)>, StoredError>
    where
        K: Decode,
    {
        let start = [self.prefix.as_bytes(), b"/"].concat();
        let entries = contents.range(start.clone()..).take_while(|(key, _)| key.starts_with(&start));
        entries
            .map(|(key, value)| Ok((decode(self.prefix, &key[start.len()..])?, self.decode_value(value)?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_state::Overlay;

    const COUNT: Item<u32> = Item::new("test/count");
    const NAMES: Map<(u8, u16), u64> = Map::new("test/names");

    #[test]
    fn values_round_trip_under_their_keys() {
        let below = Contents::new();
        let mut state = Overlay::new(&below);
        assert_eq!(COUNT.get(&state), Ok(None));
        COUNT.put(&mut state, &7);
        NAMES.put(&mut state, &(1, 2), &3);
        NAMES.put(&mut state, &(1, 1), &4);
        assert_eq!(COUNT.get(&state), Ok(Some(7)));
        assert_eq!(NAMES.get(&state, &(1, 2)), Ok(Some(3)));
        assert_eq!(NAMES.get(&state, &(2, 1)), Ok(None));
        assert_eq!(NAMES.key(&(1, 2)), b"test/names/\x01\x02\x00");
        let contents: Contents =
            state.into_changes().into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        assert_eq!(NAMES.entries(&contents), Ok(vec![((1, 1), 4), ((1, 2), 3)]));
    }

    #[test]
    fn damage_is_an_error_with_its_key() {
        let contents: Contents = [(b"test/count".to_vec(), vec![1, 2, 3])].into();
        let error = COUNT.get(&contents).expect_err("three bytes are no u32");
        assert!(matches!(error, StoredError::Damaged { key: "test/count", .. }));
        assert_eq!(error.code(), "MOD-0001");
    }
}
