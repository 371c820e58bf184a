//! A consensus chain in memory with domains, operators and accounts.
//!
//! ```ignore
//! let mut world = World::new(Setup::default());          // domain 1; operators 0 and 1 of accounts 1 and 2
//! let bundle = world.bundle(0, &[world.payment(D, 3, 0, 4, Amount::ai3(1))]);
//! world.submit(&[bundle]);                               // a block with it, and money counted after it
//! world.step(&[0, 1]);                                   // a block with an honest bundle of each operator
//! world.call(3, DomainsCall::Nominate { .. });            // a block with one call of account 3
//! ```

mod chain;
mod operators;
mod proofs;
mod setup;

pub(crate) use chain::World;
pub(crate) use setup::{D, E, Setup, TestRuntimes, address, operator_pair, pair};
