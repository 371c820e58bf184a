//! What can be read.

use crate::{NOTES, Note};
use auto_core::Address;
use auto_module::StoredError;
use auto_state::StateRead;

/// The note of an account; `None` when it has none.
///
/// # Errors
/// When the state cannot be read.
pub fn note(state: &(impl StateRead + ?Sized), author: &Address) -> Result<Option<Note>, StoredError> {
    NOTES.get(state, author)
}
