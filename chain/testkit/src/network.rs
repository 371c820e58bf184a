//! The network between the nodes: connections, latency, loss and divisions.

use crate::Rng;
use std::collections::BTreeMap;

/// The connection of two nodes; each one that is made has a number of its own.
#[derive(Debug, Clone, Copy, Default)]
struct Link {
    up: bool,
    number: u64,
    /// When the last message of either direction arrives, so that none overtakes another.
    arrivals: [u64; 2],
}

/// Who is connected to whom, and what becomes of a message.
#[derive(Debug)]
pub(crate) struct Network {
    links: BTreeMap<(usize, usize), Link>,
    /// The side of each node, while the network is divided.
    sides: Option<Vec<bool>>,
    latency: (u64, u64),
    loss: u64,
    rng: Rng,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It arrives at that time over the connection of that number.
    Arrives { at: u64, link: u64 },
    /// It vanishes on the way.
    Lost,
    /// There is no connection.
    Unsent,
}

fn pair(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

impl Network {
    pub(crate) const fn new(latency: (u64, u64), loss: u64, rng: Rng) -> Self {
        Self { links: BTreeMap::new(), sides: None, latency, loss, rng }
    }

    /// Connects two nodes; false if they are connected or on different sides of a noticed division.
    pub(crate) fn connect(&mut self, one: usize, other: usize) -> bool {
        if self.are_divided(one, other) {
            return false;
        }
        let link = self.links.entry(pair(one, other)).or_default();
        let fresh = !link.up;
        if fresh {
            *link = Link { up: true, number: link.number.saturating_add(1), ..Link::default() };
        }
        fresh
    }

    /// Ends the connection of two nodes; false if there was none.
    pub(crate) fn disconnect(&mut self, one: usize, other: usize) -> bool {
        self.links.get_mut(&pair(one, other)).is_some_and(|link| std::mem::take(&mut link.up))
    }

    /// Whether a message of connection `number` still arrives.
    pub(crate) fn is_current(&self, one: usize, other: usize, number: u64) -> bool {
        self.links.get(&pair(one, other)).is_some_and(|link| link.up && link.number == number)
    }

    /// Divides the network, or makes it whole.
    pub(crate) fn divide(&mut self, sides: Option<Vec<bool>>) {
        self.sides = sides;
    }

    /// Whether two nodes are on different sides.
    pub(crate) fn are_divided(&self, one: usize, other: usize) -> bool {
        self.sides.as_ref().is_some_and(|sides| sides.get(one) != sides.get(other))
    }

    /// Loses nothing from now on.
    pub(crate) const fn lose_nothing(&mut self) {
        self.loss = 0;
    }

    /// How long something takes now.
    pub(crate) fn delay(&mut self) -> u64 {
        // Mostly short, now and then as long as can be.
        let (low, high) = self.latency;
        let high = if self.rng.chance(85) { low.saturating_add(high.saturating_sub(low) / 4) } else { high };
        self.rng.between(low, high)
    }

    /// Sends a message at time `now`.
    pub(crate) fn send(&mut self, from: usize, to: usize, now: u64) -> Fate {
        let divided = self.are_divided(from, to);
        let unlucky = self.loss > 0 && self.rng.chance(self.loss);
        let arrival = now.saturating_add(self.delay());
        let direction = usize::from(from > to);
        match self.links.get_mut(&pair(from, to)) {
            Some(link) if link.up && (divided || unlucky) => Fate::Lost,
            Some(link) if link.up => {
                let last = &mut link.arrivals[direction];
                *last = arrival.max(*last);
                Fate::Arrives { at: *last, link: link.number }
            }
            _ => Fate::Unsent,
        }
    }
}
