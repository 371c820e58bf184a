//! The state of a domain as a node shows it, checked here.
//!
//! A node gives the nodes of the state's tree that lead to what is asked for ([`Witness`]), the receipt of the
//! block, and what says on the consensus chain that operators vouch for that receipt ([`Anchor`]). From there on
//! the code of the chain itself reads: `autoid_interface::StateView`, `auto_agents::view`, the verifier. What a
//! node leaves out is an error, never an absence.
//!
//! # What has to be trusted
//! * Of an anchored state the hash of one consensus block, by which [`Anchor::block_hash`] names it, and that no
//!   fraud in the receipt stays unchallenged; a receipt that is [confirmed](Anchor::is_confirmed) cannot be
//!   challenged any more.
//! * Of a state without an anchor, the node.

mod anchor;
mod known;
mod shown;
mod witness;

pub use anchor::Anchor;
pub use known::{DomainState, Prover};

pub(crate) use anchor::decoded;
pub(crate) use shown::{Hex, Shown};
pub(crate) use witness::{Parts, is_minimal};

use auto_core::{BlockNumber, ExecutionReceipt};
use auto_state::Witness;

/// The keys that one request may ask for.
pub const PROOF_KEYS_MAX: usize = 256;

/// Which block of a domain is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The newest that the node has.
    Newest,
    /// The newest whose receipt is on the consensus chain, so that there is an anchor.
    Vouched,
    /// The newest whose receipt was on the consensus chain once its block of a height had run.
    AsOf(BlockNumber),
    /// The block of a height.
    Block(BlockNumber),
}

/// Part of a domain's state with the receipt that names its root, and what anchors the receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The receipt of the block.
    pub receipt: ExecutionReceipt,
    /// That operators vouch for the receipt on the consensus chain; none while they have not.
    pub anchor: Option<Anchor>,
    /// The nodes that lead from the state's root to what was asked for.
    pub witness: Witness,
}
