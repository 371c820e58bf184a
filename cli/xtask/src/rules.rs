//! The rules, each a pure function of what it looks at.

pub(crate) mod determinism;
pub(crate) mod layers;
pub(crate) mod text;
