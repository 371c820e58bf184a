//! JSON that is signed: one meaning for one text, and one canonical form.
//!
//! [`parse`] is stricter than RFC 8259: no duplicate member, no number that would change when written
//! canonically, no lone surrogate, bounded size and depth. [`canonical`] is RFC 8785.

mod canonical;
mod number;
mod reader;

pub use canonical::canonical;
pub use reader::{DEPTH_MAX, JsonError, parse};

pub(crate) use reader::members;
