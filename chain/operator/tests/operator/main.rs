//! Operators over a consensus chain in memory: honest ones, dishonest ones, branches, restarts, messages.

mod forks;
mod honest;
mod liars;
mod lies;
mod messages;
mod questions;
mod world;
