//! Every key, and the values under them.

use crate::NOTE_BYTES_MAX;
use auto_core::{Address, Blob};
use auto_module::Map;

/// A note.
pub type Note = Blob<NOTE_BYTES_MAX>;

/// The note of each account that has one.
pub const NOTES: Map<Address, Note> = Map::new("__name__/note");
