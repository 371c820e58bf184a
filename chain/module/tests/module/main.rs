//! The runtime, the bank and the messages as operators and the consensus chain use them.

mod bank;
mod cases;
mod channels;
mod encodings;
mod errors;
mod hub;
mod notes;
mod properties;
mod relay;
mod runtime;
mod world;
