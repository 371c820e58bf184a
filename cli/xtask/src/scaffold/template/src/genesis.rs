//! What the module starts from.

use crate::{__Name__Error, NOTES, Note};
use auto_core::{Address, List};
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};

/// What the module starts from; by default nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct __Name__Genesis {
    /// Notes that exist from the start; of two of one account the later counts.
    pub notes: List<(Address, Note), 1024>,
}

pub(crate) fn genesis(config: &__Name__Genesis, state: &mut dyn StateWrite) -> Result<(), __Name__Error> {
    for (author, note) in config.notes.iter() {
        if note.is_empty() {
            return Err(__Name__Error::EmptyNote);
        }
        NOTES.put(state, author, note);
    }
    Ok(())
}
