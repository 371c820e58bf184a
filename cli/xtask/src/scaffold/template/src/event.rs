//! What can happen.

use crate::Note;
use auto_core::Address;
use parity_scale_codec::{Decode, Encode};

/// Something that a call did.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    /// An account set its note.
    #[codec(index = 0)]
    Written {
        /// The account.
        author: Address,
        /// Its note.
        note: Note,
    },
}
