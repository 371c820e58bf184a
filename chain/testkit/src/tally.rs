//! What really happened in simulations.

use auto_core::DomainId;
use auto_operator::Lie;
use std::collections::{BTreeMap, BTreeSet};

/// Counts of what happened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Height of the final head.
    pub height: u64,
    /// Blocks that the farmers of the simulation won.
    pub won: u64,
    /// Reorganisations, counted on each node.
    pub reorgs: u64,
    /// Blocks of the deepest one.
    pub deepest: u64,
    /// Those that took back a block which had scheduled entropy whose slot was already computed.
    pub reorgs_over_entropy: u64,
    /// Those that took back the last block of an era.
    pub reorgs_over_era: u64,
    /// Solutions given up because the chain of time below them was taken back.
    pub time_taken_back: u64,
    /// Divisions after which sides with different blocks came to one chain.
    pub divisions_healed: u64,
    /// Nodes that died between two steps and came back.
    pub restarts: u64,
    /// Nodes that died inside of a write and came back.
    pub torn_writes: u64,
    /// Nodes that came late and caught up.
    pub joined: u64,
    /// Messages that were lost.
    pub lost: u64,
    /// Connections that nodes ended themselves.
    pub dropped: u64,
    /// Segments that were archived after the first, counted once for the network.
    pub segments: u64,
    /// Sectors that were plotted anew.
    pub replotted: u64,
    /// Transactions on the final chain.
    pub transactions: u64,
    /// Blocks of domains on the final chain.
    pub domain_blocks: u64,
    /// Blocks of domains that are confirmed there.
    pub confirmed: u64,
    /// Transactions and messages that took effect on domains there.
    pub applied: u64,
    /// Most consensus blocks between two blocks of each domain there.
    pub stops: BTreeMap<DomainId, u64>,
    /// Wrong receipts that stood there until they were proven wrong.
    pub wrong_receipts: u64,
    /// Operators that lied there, and lost their stakes.
    pub slashed: u64,
    /// The ways in which they were set to lie.
    pub lies: BTreeSet<Lie>,
}

impl Tally {
    /// Adds what happened in another simulation.
    pub fn add(&mut self, other: &Self) {
        self.height = self.height.max(other.height);
        self.deepest = self.deepest.max(other.deepest);
        for (domain, stop) in &other.stops {
            let own = self.stops.entry(*domain).or_default();
            *own = (*own).max(*stop);
        }
        self.lies.extend(&other.lies);
        let pairs = [
            (&mut self.won, other.won),
            (&mut self.reorgs, other.reorgs),
            (&mut self.reorgs_over_entropy, other.reorgs_over_entropy),
            (&mut self.reorgs_over_era, other.reorgs_over_era),
            (&mut self.time_taken_back, other.time_taken_back),
            (&mut self.divisions_healed, other.divisions_healed),
            (&mut self.restarts, other.restarts),
            (&mut self.torn_writes, other.torn_writes),
            (&mut self.joined, other.joined),
            (&mut self.lost, other.lost),
            (&mut self.dropped, other.dropped),
            (&mut self.segments, other.segments),
            (&mut self.replotted, other.replotted),
            (&mut self.transactions, other.transactions),
            (&mut self.domain_blocks, other.domain_blocks),
            (&mut self.confirmed, other.confirmed),
            (&mut self.applied, other.applied),
            (&mut self.wrong_receipts, other.wrong_receipts),
            (&mut self.slashed, other.slashed),
        ];
        for (own, more) in pairs {
            *own = own.saturating_add(more);
        }
    }
}
