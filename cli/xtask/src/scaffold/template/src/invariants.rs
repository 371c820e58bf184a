//! What holds after every block.

use crate::NOTES;
use auto_module::{Contents, Invariant};

pub(crate) const INVARIANTS: &[Invariant] = &[Invariant { name: "no note is empty", check: none_is_empty }];

fn none_is_empty(_before: &Contents, after: &Contents) -> Result<(), String> {
    let notes = NOTES.entries(after).map_err(|error| error.to_string())?;
    match notes.iter().find(|(_, note)| note.is_empty()) {
        Some((author, _)) => Err(format!("the note of {author} is empty")),
        None => Ok(()),
    }
}
