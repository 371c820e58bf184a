//! A forge of certificates and lists, right and wrong ones, encoded octet by octet.
#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    reason = "each user needs another part, and bad input is its bug"
)]

mod certificate;
mod der;
mod extension;
mod key;
mod list;
mod trial;

pub(crate) use certificate::*;
pub(crate) use der::*;
pub(crate) use extension::*;
pub(crate) use key::*;
pub(crate) use list::*;
pub(crate) use trial::*;
