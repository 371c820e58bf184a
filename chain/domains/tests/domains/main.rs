//! The domains on a consensus chain that is made by hand.
//!
//! `world` is the chain: real execution of blocks over an in-memory state, with slots and outputs of its
//! own, real runtimes (bank and messages) and real operators. After every block it checks that no money was
//! made or lost.

#![allow(missing_docs, reason = "tests")]

mod world;

mod channels;
mod errors;
mod frauds;
mod freeze;
mod invalid;
mod money;
mod receipts;
mod submissions;
mod upgrades;
