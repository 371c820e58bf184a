//! Proof of time: an AES-128 chain that takes a slot to compute and a sixteenth of one to verify.
//!
//! A slot encrypts its 16-byte seed `iterations` times under the fixed key `blake3(seed)[..16]`. Eight
//! values at even distances are published; the last is the slot's output. Each encryption needs the one
//! before it, so proving runs at the latency of AES, whatever the machine. Verifying knows both ends of
//! each of the eight parts and meets in the middle of all of them at once: sixteen independent streams of
//! `iterations / 16` steps.
//!
//! # The limit of verification
//! Sixteen streams take at least `iterations / 16` latencies, so one slot is never verified more than
//! sixteen times as fast as it was proven, however wide the processor. What a processor has beyond that
//! is used across slots: [`verify_many`] interleaves two slots on a core and spreads pairs over cores, so
//! that its throughput goes past sixteen while each slot's latency does not.
//!
//! # Time on the chain
//! * Genesis counts as slot zero whose output is the genesis seed; slot one starts from it.
//! * A slot starts from the output of the one before. Where a [`auto_core::PotParametersChange`] is due,
//!   it starts from `blake3(entropy || output)[..16]` instead, and has the new iterations from there on.
//! * Iterations are a multiple of 16 and never fall.
//! * A block proves the slots from its parent's future slot (exclusive) to its own (inclusive).
//!
//! # Guarantees
//! * Every [`Engine`] gives the same bytes and the same verdicts; the fastest one is detected at run time.
//! * [`PotChain`] and [`verify_justification`] are deterministic: no clock, no I/O, no randomness.
//! * Whatever can be refused by comparing is refused before any AES runs. A proof for the next slot is
//!   only computed on when it starts from the one input that is right, so forged seeds cost nothing.
//! * Memory of [`PotChain`] and [`VerifiedCache`] is bounded, and so is the AES work that one source of
//!   proofs can cause.
//! * A verdict is cached under seed and iterations together: a value that is right on one fork says
//!   nothing about another.
//!
//! # Deviations
//! * Iterations of a proof ahead of the tip are bounded at one and a half times the present ones, as in
//!   production; for the very next slot they must be exact.
//! * When candidates for one slot abound, at most [`ChainLimits::candidates_per_slot`] are computed on,
//!   instead of proving the slot anew.

mod cache;
mod chain;
mod engine;
mod error;
mod input;
mod justification;
mod proof;

pub use cache::VerifiedCache;
pub use chain::{ChainLimits, Outcome, PotChain, Update};
pub use engine::Engine;
pub use error::{ERRORS, TimeError};
pub use input::{NextInput, TimeState, next_input};
pub use justification::{TimeClaim, VerifiedTime, verify_justification};
pub use proof::{SlotProof, first_invalid, is_valid_iterations, prove, verify, verify_many};
