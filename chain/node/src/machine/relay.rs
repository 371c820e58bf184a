//! Transactions of domains on their way to operators.

use auto_core::Hash;
use std::collections::{BTreeSet, VecDeque};

/// Hashes that are remembered as passed on.
const SEEN: usize = 8192;

/// What this node passes on of domains, within bounds.
#[derive(Debug, Default)]
pub(super) struct Relay {
    seen: BTreeSet<Hash>,
    order: VecDeque<Hash>,
    /// Bytes that may still be passed on in this slot for domains that nobody here follows.
    budget: u64,
}

impl Relay {
    pub(super) fn knows(&self, hash: &Hash) -> bool {
        self.seen.contains(hash)
    }

    pub(super) fn remember(&mut self, hash: Hash) {
        if !self.seen.insert(hash) {
            return;
        }
        self.order.push_back(hash);
        if self.order.len() > SEEN
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
    }

    /// A slot has passed.
    pub(super) const fn refill(&mut self, bytes: u64) {
        self.budget = bytes;
    }

    /// Takes `bytes` out of the slot's budget; `false` when it is used up.
    pub(super) const fn spend(&mut self, bytes: u64) -> bool {
        match self.budget.checked_sub(bytes) {
            Some(left) => {
                self.budget = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_bytes_are_bounded() {
        let mut relay = Relay::default();
        assert!(!relay.spend(1), "nothing before the first slot");
        relay.refill(10);
        assert!(relay.spend(7) && !relay.spend(4) && relay.spend(3) && !relay.spend(1));
        let hash = |at: usize| auto_core::hash(&at.to_le_bytes());
        (0..=SEEN).for_each(|at| relay.remember(hash(at)));
        relay.remember(hash(SEEN));
        assert!(!relay.knows(&hash(0)) && relay.knows(&hash(1)) && relay.knows(&hash(SEEN)));
        assert_eq!((relay.seen.len(), relay.order.len()), (SEEN, SEEN));
    }
}
