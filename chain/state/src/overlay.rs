//! Changes held in memory over a state that is only read.

use crate::{Changes, StateError, StateRead, StateWrite};

/// Changes over a state, with checkpoints to fall back to.
///
/// [`Overlay::checkpoint`] opens a layer; [`Overlay::revert`] drops the newest layer, and
/// [`Overlay::accept`] merges it into the one below.
#[derive(Debug)]
pub struct Overlay<'a, R: ?Sized> {
    below: &'a R,
    base: Changes,
    layers: Vec<Changes>,
}

impl<'a, R: StateRead + ?Sized> Overlay<'a, R> {
    /// No changes yet over `below`.
    pub const fn new(below: &'a R) -> Self {
        Self { below, base: Changes::new(), layers: Vec::new() }
    }

    /// Opens a layer that can be dropped or merged.
    pub fn checkpoint(&mut self) {
        self.layers.push(Changes::new());
    }

    /// Drops what changed since the newest checkpoint; `false` when there is none.
    pub fn revert(&mut self) -> bool {
        self.layers.pop().is_some()
    }

    /// Keeps what changed since the newest checkpoint; `false` when there is none.
    pub fn accept(&mut self) -> bool {
        let Some(layer) = self.layers.pop() else { return false };
        self.newest().extend(layer);
        true
    }

    /// All changes, open layers included.
    pub fn into_changes(mut self) -> Changes {
        for layer in self.layers {
            self.base.extend(layer);
        }
        self.base
    }

    fn newest(&mut self) -> &mut Changes {
        self.layers.last_mut().unwrap_or(&mut self.base)
    }
}

impl<R: StateRead + ?Sized> StateRead for Overlay<'_, R> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        let layers = self.layers.iter().rev().chain([&self.base]);
        match layers.filter_map(|layer| layer.get(key)).next() {
            Some(value) => Ok(value.clone()),
            None => self.below.get(key),
        }
    }
}

impl<R: StateRead + ?Sized> StateWrite for Overlay<'_, R> {
    fn put(&mut self, key: &[u8], value: Vec<u8>) {
        self.newest().insert(key.to_vec(), Some(value));
    }

    fn delete(&mut self, key: &[u8]) {
        self.newest().insert(key.to_vec(), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn layers_hide_revert_and_merge() {
        let below: BTreeMap<Vec<u8>, Vec<u8>> = [(b"a".to_vec(), b"0".to_vec())].into();
        let mut overlay = Overlay::new(&below);
        overlay.put(b"b", b"1".to_vec());
        overlay.checkpoint();
        overlay.delete(b"a");
        overlay.checkpoint();
        overlay.put(b"a", b"2".to_vec());
        overlay.put(b"b", b"2".to_vec());
        assert_eq!(overlay.get(b"a"), Ok(Some(b"2".to_vec())));
        assert!(overlay.revert());
        assert_eq!(overlay.get(b"a"), Ok(None));
        assert_eq!(overlay.get(b"b"), Ok(Some(b"1".to_vec())));
        assert!(overlay.accept());
        assert!(!overlay.accept() && !overlay.revert());
        let changes = overlay.into_changes();
        assert_eq!(changes, [(b"a".to_vec(), None), (b"b".to_vec(), Some(b"1".to_vec()))].into());
    }

    #[test]
    fn overlays_stand_on_overlays() {
        let below = BTreeMap::new();
        let mut first = Overlay::new(&below);
        first.put(b"a", b"1".to_vec());
        let mut second = Overlay::new(&first);
        second.delete(b"a");
        assert_eq!(second.get(b"a"), Ok(None));
        assert_eq!(first.get(b"a"), Ok(Some(b"1".to_vec())));
    }
}
