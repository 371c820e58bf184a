//! What tests are made with: a harness for one module, a consensus chain made by hand, and many nodes in one
//! process on a virtual clock.
//!
//! * [`DomainHarness`] runs the blocks of a domain as operators do, and has every lie about each of them proven
//!   wrong. It is all that the tests of a module need, and compiles no node.
//! * [`consensus::ConsensusChain`] executes consensus blocks without farming, for whoever brings submissions.
//! * `Simulation`, with the feature `simulation`, runs many nodes.
//!
//! # What is real in a simulation
//! The machines are the very `auto_node::NodeMachine`s that a node runs, with the `auto_operator::Operator`s
//! that follow them, over chains in stores that outlive them. Proofs of time are computed, sectors are plotted, audited and proven by
//! `auto_farmer::Farm`, blocks carry real openings, and every node verifies every block.
//!
//! # What is simulated
//! Time, the network between the nodes, and disks. A message takes a drawn time, may be lost, and does
//! not pass a division; connections end with the nodes at their ends. A timekeeper answers after the
//! length of a slot, a farmer after a drawn time. A node dies between two steps, or in the middle of a
//! write, which then is not done.
//!
//! # Guarantees
//! * A seed decides everything: `Plan::of` draws what happens, and no clock, thread or hash map of the
//!   process has a say. The same seed gives the same `Tally` and the same final head.
//! * After every step of a node: what it confirmed is what every other node confirmed at that height, no
//!   reorganisation is deeper than the confirmation depth, weight never falls, and balances, held
//!   earnings and what the chain's extension holds add up to the issuance.
//! * At the end the network, whole and without losses, must come to one head on all nodes, equal down to
//!   records and segments, with empty pools.
//! * Only honest nodes take part, so a node that accuses a peer of an invalid block fails the simulation.
//! * Operators may be set to lie (`Plan::of_liars`). No operator that never lies is ever slashed. At the end
//!   everything is replayed from genesis by the blocks alone: each receipt that was confirmed on the way is the
//!   right one, each domain has the money that the chain says, all invariants of its modules hold, and exactly
//!   those have lost their stakes that vouched for a wrong receipt or whose invalid bundle is confirmed. By
//!   then all that users sent on domains has run, and all money sent between chains has arrived.
//!
//! # Deviations
//! A farmer whose solution can no longer win does not prove it. Over segment zero the pieces of a plot are read
//! back once in a process, and solutions proven once: proving is what a simulation spends most of its time on.
//!
//! The challenge period of the simulated domains is longer than a division lasts and the honest ones are away:
//! a receipt that nobody could challenge in time would be confirmed, wrong or not.

#[cfg(feature = "simulation")]
mod checks;
pub mod consensus;
mod error;
pub mod genesis;
pub mod harness;
#[cfg(feature = "simulation")]
mod network;
#[cfg(feature = "simulation")]
mod node;
#[cfg(feature = "simulation")]
mod plan;
#[cfg(feature = "simulation")]
mod plot;
#[cfg(feature = "simulation")]
mod replay;
mod rng;
#[cfg(feature = "simulation")]
mod sim;
#[cfg(feature = "simulation")]
mod tally;
#[cfg(feature = "simulation")]
mod users;
#[cfg(feature = "simulation")]
mod world;

pub use error::Failure;
pub use harness::{DomainBuilder, DomainHarness, Done, HarnessError, Lie, Tx, address, key_pair, lies};
#[cfg(feature = "simulation")]
pub use plan::{Division, Outage, Part, Plan};
#[cfg(feature = "simulation")]
pub use plot::MemoryPlot;
pub use rng::Rng;
#[cfg(feature = "simulation")]
pub use sim::{Outcome, Simulation};
#[cfg(feature = "simulation")]
pub use tally::Tally;
#[cfg(feature = "simulation")]
pub use world::{FARMERS, USERS, World, WorldKind, plot_sector};
