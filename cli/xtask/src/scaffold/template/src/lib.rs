//! Notes: one short text of every account that wants to keep one.
//!
//! # Rules
//! * [`Write`] sets the note of its signer, in the place of an earlier one. A note has 1 to
//!   [`NOTE_BYTES_MAX`] bytes of any kind.
//! * Genesis may list notes, one of an account.
//!
//! # State
//! | key | value |
//! |---|---|
//! | `__name__/note/<address>` | [`Note`] |
//!
//! # Guarantees
//! * Only the signer's note changes.
//! * No note is empty.
//!
//! # Deviations
//! None.

mod calls;
mod error;
mod event;
mod genesis;
mod invariants;
mod module;
mod params;
mod state;
mod view;

pub use calls::{Call, Write};
pub use error::{ERRORS, __Name__Error};
pub use event::Event;
pub use genesis::__Name__Genesis;
pub use module::__Name__;
pub use params::NOTE_BYTES_MAX;
pub use state::{NOTES, Note};
pub use view::note;
