//! A node: the chain in its store, the machine that follows it, and the threads that serve the machine.
//!
//! # Parts
//! * [`Chain`] takes blocks in. Everything that a block changes is one atomic write, so a process that
//!   dies at any moment leaves a chain that opens again without repair.
//! * [`NodeMachine`] is the node without its surroundings: events in, effects out. The simulation drives
//!   the same machine on a virtual clock.
//! * [`Node`] runs the machine: a thread that drives it, a timekeeper, two threads for each farm.
//! * A [`Follower`] is told of every block and slot: an operator of domains on this node.
//! * [`NodeHandle`] answers what people and programs ask.
//!
//! # Guarantees
//! * The head is the heaviest valid chain known, of equals the first seen; blocks deeper than the
//!   confirmation depth are archived and never reverted.
//! * Slots advance by proofs alone. No clock takes part in any decision about blocks.
//! * Peers are reached only by [`Effect::Send`] and heard only by [`Event::Message`].
//! * A block of one's own holds the submissions that wait, then the transactions. A submission waits while
//!   its slot can be claimed, and waits again when its block is reverted.
//! * A follower is told of blocks that are stored, lowest first; after a restart it is told of what it
//!   missed. Transactions of domains go to followers and peers and never into the pool.
//! * Pools, caches, channels and answers are bounded.
//! * A failing store stops the node with its reason; nothing half-written is left.
//!
//! # Deviations
//! * All blocks are executed when they come in, those on side branches too: the state is content-addressed,
//!   so a reorganisation only moves pointers.
//! * A node that does not follow a domain cannot tell whether the signer of a transaction pays there; it
//!   passes on such transactions with a valid signature, as many bytes in a slot as a block may have.
//! * Headers are taken with their justifications; time is verified from the blocks and needs no gossip.

mod chain;
mod error;
mod event_log;
mod farming;
mod follower;
mod handle;
mod machine;
mod maintenance;
mod metrics;
mod node;
mod peer;
mod pool;
mod records;
mod retrieval;
mod submissions;
#[cfg(test)]
#[path = "../tests/faults/extension.rs"]
#[allow(dead_code, reason = "integration tests use the rest")]
mod testing;
mod timekeeper;
mod view;

pub use auto_ledger::{Extension, NoExtension};
pub use chain::{Chain, ImportError, Imported, Retention, Standing};
pub use error::{ERRORS, ErrorKind, NodeError};
pub use event_log::{EventLog, EventStream, Lagged, Numbered};
pub use follower::{FollowedBlock, FollowedHead, Follower, FollowerEffect, OperatorFollower};
pub use handle::{AccountProof, NodeHandle, Withheld};
pub use machine::{Audit, Effect, Event, NodeMachine, Roles, Tick};
pub use maintenance::{Dropped, drop_archived_copies};
pub use node::{FarmSetup, Node, NodeConfig, StoreKind, Transport};
pub use peer::{Hello, MESSAGE_BYTES_MAX, Message, PeerId};
pub use pool::{Pool, PoolLimits};
pub use submissions::{SubmissionLimits, SubmissionPool};
pub use view::{
    AccountView, BlockEvents, BlockId, BlockView, CallView, Commitment48, FarmView, MissedSolution,
    NodeEvent, NodePhase, NodeStatus, ObjectPlace, ObjectView, SectorState, SegmentView, SubmissionKind,
    SubmissionView, TransactionStage, TransactionView,
};

/// Every error code of the chain's crates, for `auto explain`.
#[must_use]
pub fn errors() -> Vec<auto_core::ErrorEntry> {
    let lists = [
        ERRORS,
        auto_archiver::ERRORS,
        auto_consensus::ERRORS,
        auto_farmer::ERRORS,
        auto_kzg::ERRORS,
        auto_ledger::ERRORS,
        auto_proof_of_space::ERRORS,
        auto_proof_of_time::ERRORS,
        auto_state::ERRORS,
        auto_store::ERRORS,
    ];
    lists.concat()
}
