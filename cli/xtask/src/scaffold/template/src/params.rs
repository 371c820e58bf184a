//! Limits.

/// Bytes of a note.
pub const NOTE_BYTES_MAX: usize = 256;
