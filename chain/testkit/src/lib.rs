//! Seeded simulation of many nodes in one process on a virtual clock.
//!
//! # What is real
//! The machines are the very [`auto_node::NodeMachine`]s that a node runs, over chains in stores that
//! outlive them. Proofs of time are computed, sectors are plotted, audited and proven by
//! [`auto_farmer::Farm`], blocks carry real openings, and every node verifies every block.
//!
//! # What is simulated
//! Time, the network between the nodes, and disks. A message takes a drawn time, may be lost, and does
//! not pass a division; connections end with the nodes at their ends. A timekeeper answers after the
//! length of a slot, a farmer after a drawn time. A node dies between two steps, or in the middle of a
//! write, which then is not done.
//!
//! # Guarantees
//! * A seed decides everything: [`Plan::of`] draws what happens, and no clock, thread or hash map of the
//!   process has a say. The same seed gives the same [`Tally`] and the same final head.
//! * After every step of a node: what it confirmed is what every other node confirmed at that height, no
//!   reorganisation is deeper than the confirmation depth, weight never falls, and balances and held
//!   earnings add up to the issuance.
//! * At the end the network, whole and without losses, must come to one head on all nodes, equal down to
//!   records and segments, with empty pools.
//! * Only honest nodes take part, so a node that accuses a peer of an invalid block fails the simulation.
//!
//! # Deviations
//! A farmer whose solution can no longer win does not prove it, and solutions over segment zero are
//! proven once in a process: proving is what a simulation spends most of its time on.

mod checks;
mod disk;
mod error;
mod network;
mod node;
mod plan;
mod plot;
mod rng;
mod sim;
mod tally;
mod users;
mod world;

pub use disk::Disk;
pub use error::Failure;
pub use plan::{Division, Outage, Part, Plan};
pub use plot::MemoryPlot;
pub use rng::Rng;
pub use sim::{Outcome, Simulation};
pub use tally::Tally;
pub use world::{FARMERS, USERS, World, WorldKind, plot_sector};
