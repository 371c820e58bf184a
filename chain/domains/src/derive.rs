//! Deriving a domain block: what the bundles of a consensus block make of the block before.
//!
//! Every operator, and everyone who checks one, derives the same block from the same consensus block:
//!
//! 1. [`verdict`]: a bundle runs as a whole or not at all. Its extrinsics are judged one by one, each alone
//!    over the state of the parent block, by the rules in the order of [`InvalidBundle`]; the weight comes
//!    last. The first rule that fails is the verdict.
//! 2. [`order()`]: the extrinsics of valid bundles run in an order which neither the order of the bundles nor
//!    that inside a bundle has any part in.
//! 3. [`execute()`]: the inherent, the extrinsics, the end of the block, and the root of the state after each.
//!
//! # Guarantees
//! * The very functions that judge an extrinsic and run a step here judge and run it inside a fraud proof,
//!   where the state is a witness: [`verdict::extrinsic`] and [`step()`].
//! * A read that fails is never taken for an extrinsic that fails.
//!
//! [`InvalidBundle`]: auto_core::InvalidBundle

pub mod error;
pub mod execute;
pub mod order;
pub mod step;
pub mod verdict;

pub use error::DeriveError;
pub use execute::{Derived, ParentTip, execute};
pub use order::{DigestEntry, bundle_digest, order};
pub use step::{Step, StepEffect, step};

use crate::state::DomainBlock;
use auto_module::{Domain, Environment};
use std::fmt;

/// What a domain block is judged by: the rules of its domain and what the consensus chain says of it.
#[derive(Clone, Copy)]
pub struct BlockRules<'a> {
    /// The rules, in the version that the inherent names.
    pub domain: &'a dyn Domain,
    /// What the domain never changes.
    pub environment: &'a Environment,
    /// Inherent, seed, range and inbox of the block.
    pub block: &'a DomainBlock,
}

impl fmt::Debug for BlockRules<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockRules")
            .field("domain", &self.environment.domain)
            .field("block", &self.block)
            .finish_non_exhaustive()
    }
}
