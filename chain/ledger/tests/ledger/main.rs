//! The ledger from the outside: adversarial cases, a model, objects and frozen vectors.

mod cases;
mod chain;
mod errors;
mod extension;
mod model;
mod objects;
mod vault;
mod vectors;
