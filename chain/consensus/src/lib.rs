//! Consensus on headers: who may claim a slot, what a header must say, and which fork is best.
//!
//! A farmer claims a slot of proof of time with a chunk of archived history whose masked form lies close
//! enough to the slot's challenge. A header carries that claim with everything that follows from its
//! parent, so a node verifies it with the parent's [`ChainState`], the commitments of the history and the
//! proof of time that travels beside it.
//!
//! # Rules
//! * The digest has one order: pre-digest, iterations, solution range; where there are any, next solution
//!   range, change of proof of time, segment headers; the seal last. Anything else is refused.
//! * Slots grow along a chain. A block is authored the authoring delay after its slot; its justification
//!   proves every slot after its parent's future slot up to its own.
//! * The last block of an era (height divisible by the era's length) declares the next range:
//!   `current * slots / era_blocks * slot_probability`, within a quarter and four times the current one.
//!   The first era starts at slot zero.
//! * Every `entropy_interval`-th block gives entropy, a tagged hash of its solution's chunk and proof of
//!   space. The block `entropy_lookback` intervals later schedules it, `entropy_delay` slots after its own
//!   slot. Genesis gives none.
//! * A block carries exactly the segment headers that archiving gives for it. A sector may draw from a
//!   history of one segment more than the parent's only in a block that announces a segment.
//! * The heaviest chain wins: the sum of `u64::MAX - solution range`. Equal weight keeps the first seen.
//!   Nothing deeper than the confirmation depth is reverted.
//! * Two blocks with the same key, sector, offset, chunk and slot are an equivocation, which two headers
//!   prove to anyone ([`Equivocation`](auto_core::Equivocation)).
//!
//! # Guarantees
//! * Pure and synchronous: no I/O, clock, floating point or unordered map.
//! * Author and verifier use the same derivation ([`ChainState::derive`]), so they cannot disagree.
//! * A [`VerifiedHeader`] and a [`CheckedSolution`] exist only where their checks passed.
//! * Checks run from cheap to dear; both openings of a solution share one pairing check.
//! * Every refusal has its own code and carries the values that were compared.
//!
//! # Deviations
//! * History size, piece offset and expiration are checked before any cryptography, not after.
//! * Entropy mixes in the proof of space beside the chunk.
//! * Iterations never change while a chain runs: a scheduled change carries those in force.
//! * The range never falls below 2, from where it could not grow again.
//! * Votes of farmers who did not win are not part of this crate's rules.

mod author;
mod digest;
mod era;
mod error;
mod fork;
mod solution;
mod state;
mod verify;

pub use author::{Proposal, Roots, build_header};
pub use digest::BlockDigest;
pub use era::{SOLUTION_RANGE_MIN, is_era_end, next_solution_range};
pub use error::{ConsensusError, ERRORS};
pub use fork::{ForkTree, Inserted, ReorgPath};
pub use solution::{CheckedSolution, Claim, History, check_solution, verify_solution};
pub use state::{ChainState, Derived, ENTROPIES_MAX, OUTPUTS_MAX, PendingEntropy, solution_entropy};
pub use verify::{Context, VerifiedHeader, verify_block};
