//! The journeys of the demo.

pub(crate) mod agent;
mod checks;
pub(crate) mod domains;
pub(crate) mod storage;
