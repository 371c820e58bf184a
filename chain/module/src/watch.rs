//! A state that remembers what went wrong with it.

use auto_state::{KEY_BYTES_MAX, Overlay, StateError, StateRead, StateWrite, VALUE_BYTES_MAX};
use std::cell::RefCell;

/// A state under a module: a failed read is remembered whatever the module makes of it, so that a call over
/// an incomplete witness never passes for a call that failed. What is too long to be committed is not written.
pub(crate) struct Watched<'a> {
    state: &'a mut dyn StateWrite,
    unreadable: RefCell<Option<StateError>>,
    oversized: Option<StateError>,
}

impl<'a> Watched<'a> {
    pub(crate) fn new(state: &'a mut dyn StateWrite) -> Self {
        Self { state, unreadable: RefCell::new(None), oversized: None }
    }

    /// Whether something went wrong.
    pub(crate) fn failed(&self) -> bool {
        self.oversized.is_some() || self.unreadable.borrow().is_some()
    }

    /// What went wrong: a read that failed, as the outer error; a write over a limit, as the inner one.
    pub(crate) fn finish(self) -> Result<Result<(), StateError>, StateError> {
        match self.unreadable.into_inner() {
            Some(error) => Err(error),
            None => Ok(self.oversized.map_or(Ok(()), Err)),
        }
    }
}

impl StateRead for Watched<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        self.state.get(key).inspect_err(|error| {
            self.unreadable.borrow_mut().get_or_insert_with(|| error.clone());
        })
    }
}

impl StateWrite for Watched<'_> {
    fn put(&mut self, key: &[u8], value: Vec<u8>) {
        let error = if key.len() > KEY_BYTES_MAX {
            StateError::KeyTooLong { actual: key.len(), limit: KEY_BYTES_MAX }
        } else if value.len() > VALUE_BYTES_MAX {
            StateError::ValueTooLong { actual: value.len(), limit: VALUE_BYTES_MAX }
        } else {
            return self.state.put(key, value);
        };
        self.oversized.get_or_insert(error);
    }

    fn delete(&mut self, key: &[u8]) {
        self.state.delete(key);
    }
}

/// Writes all changes of an overlay into the state below it.
pub(crate) fn write(changes: auto_state::Changes, state: &mut dyn StateWrite) {
    for (key, value) in changes {
        match value {
            Some(value) => state.put(&key, value),
            None => state.delete(&key),
        }
    }
}

/// Runs `work` over `state` and keeps what it wrote only when it succeeds.
///
/// The outer error is a read that failed.
pub(crate) fn atomically<T>(
    state: &mut dyn StateWrite,
    work: impl FnOnce(&mut dyn StateWrite) -> Result<T, crate::Failure>,
) -> Result<Result<T, crate::Failure>, StateError> {
    let mut overlay = Overlay::new(&*state);
    let mut watched = Watched::new(&mut overlay);
    let result = work(&mut watched);
    let result = match watched.finish()? {
        Ok(()) => result,
        Err(oversized) => Err(crate::Failure::of(&oversized)),
    };
    if result.is_ok() {
        let changes = overlay.into_changes();
        write(changes, state);
    }
    Ok(result)
}
