//! The journeys of the demo.

pub(crate) mod storage;
