//! What happens in a simulation, drawn from its seed.

use crate::{Rng, WorldKind, world::FARMERS};
use auto_operator::Lie;

mod domains;

/// A division of the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Height of the highest head at which it begins.
    pub from_height: u64,
    /// Blocks by which the higher side may grow until it ends.
    pub blocks: u64,
    /// Milliseconds after which it ends whatever was built.
    pub at_most: u64,
    /// Whether nodes notice: otherwise messages across vanish and connections stay.
    pub noticed: bool,
    /// The side of each node.
    pub sides: Vec<bool>,
}

/// A node that dies and comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// When, in milliseconds.
    pub at: u64,
    /// Which node.
    pub node: usize,
    /// For how long, in milliseconds.
    pub lasts: u64,
    /// Whether it dies inside of a write that the store refuses, and not between two steps.
    pub in_write: bool,
}

/// What a node does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Part {
    /// Number of its farmer.
    pub farmer: Option<usize>,
    /// Milliseconds in which it computes a slot, if it does.
    pub slot_ms: Option<u64>,
    /// Height of the highest head at which it starts; zero for at once.
    pub joins_at: u64,
    /// Blocks below the confirmed one whose state it keeps.
    pub states: u64,
    /// Operators of domains that it is, by number, and how each is dishonest.
    pub operators: Vec<(u64, Option<Lie>)>,
}

/// What happens in a simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Where everything random in it comes from.
    pub seed: u64,
    /// The rules.
    pub world: WorldKind,
    /// The nodes.
    pub parts: Vec<Part>,
    /// Shortest and longest time that a message takes, in milliseconds.
    pub latency: (u64, u64),
    /// Messages of a hundred that get lost.
    pub loss: u64,
    /// Divisions, one after the other.
    pub divisions: Vec<Division>,
    /// Outages.
    pub outages: Vec<Outage>,
    /// Transfers in a hundred seconds.
    pub transfers: u64,
    /// Height from which nobody sends money from one chain to another any more.
    pub between_chains: u64,
    /// Height at which the network is left alone.
    pub height: u64,
    /// Whether a division lasts so long that its sides can never come together again.
    pub for_ever_apart: bool,
}

impl Plan {
    /// The plan of a seed: a mix of everything that can happen to a network.
    #[must_use]
    pub fn of(seed: u64, slot_ms: u64) -> Self {
        let mut rng = Rng::new(seed);
        let world = if seed % 8 == 7 { WorldKind::Expiring } else { WorldKind::Lasting };
        let divided = rng.chance(65);
        let count = 3 + rng.index(3);
        let farmers = if divided { FARMERS.min(count) } else { 2 + rng.index(FARMERS.min(count) - 1) };
        let joiner = rng.chance(30);
        let parts: Vec<Part> = (0..count)
            .map(|node| Part {
                farmer: (node < farmers).then_some(node),
                // One in each half of a division, and maybe more.
                slot_ms: (node < 2 || rng.chance(30)).then(|| rng.between(slot_ms, slot_ms + slot_ms / 10)),
                joins_at: if joiner && node + 1 == count { rng.between(8, 18) } else { 0 },
                states: rng.between(0, 12),
                operators: Vec::new(),
            })
            .collect();
        let longest = match rng.between(0, 9) {
            0 => 4 * slot_ms,
            1..=3 => slot_ms + slot_ms / 2,
            _ => slot_ms / 3,
        };
        // Farmers and timekeepers on both sides.
        let sides: Vec<bool> = (0..count).map(|node| node % 2 == 1).collect();
        let mut from_height = rng.between(5, 13);
        let divisions = if divided { 1 + usize::from(rng.chance(25)) } else { 0 };
        let divisions = (0..divisions)
            .map(|_| {
                let division = Division {
                    from_height,
                    blocks: rng.between(4, 6),
                    at_most: 120 * slot_ms,
                    noticed: rng.chance(50),
                    sides: sides.clone(),
                };
                from_height += 10;
                division
            })
            .collect();
        let blackout = rng.chance(10).then(|| rng.between(5_000, 100_000));
        let outages = if rng.chance(60) { 1 + rng.index(4) } else { 0 };
        let outages = (0..outages).map(|_| (rng.between(5_000, 130_000), rng.index(count)));
        let blackout = blackout.into_iter().flat_map(|at| (0..count).map(move |node| (at, node)));
        let outages = outages.chain(blackout).collect::<Vec<_>>();
        let outages = outages
            .into_iter()
            .map(|(at, node)| Outage { at, node, lasts: rng.between(100, 30_000), in_write: rng.chance(50) })
            .collect();
        Self {
            seed,
            world,
            parts,
            latency: (rng.between(1, 50), longest),
            loss: if rng.chance(40) { rng.between(1, 15) } else { 0 },
            divisions,
            outages,
            transfers: if rng.chance(80) { rng.between(5, 40) } else { 0 },
            between_chains: 0,
            height: rng.between(24, 30),
            for_ever_apart: false,
        }
    }
}
