//! Setting one's note.

use crate::{__Name__, __Name__Error, Event, NOTES, Note};
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};

/// Sets the signer's note, in the place of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Write {
    /// The note; not empty.
    pub note: Note,
}

impl Write {
    /// That of one key and one event, until it is measured: see [`Weight`].
    pub(crate) const WEIGHT: Weight = Weight(80_000);

    pub(crate) fn check(&self) -> Result<(), __Name__Error> {
        if self.note.is_empty() { Err(__Name__Error::EmptyNote) } else { Ok(()) }
    }

    pub(crate) fn apply(&self, cx: &CallContext<'_>, state: &mut dyn StateWrite, events: &mut Events) {
        NOTES.put(state, &cx.signer, &self.note);
        events.emit::<__Name__>(&Event::Written { author: cx.signer, note: self.note.clone() });
    }
}
