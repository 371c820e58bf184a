//! Transactions of domains on their way to operators.

use auto_core::{Hash, Slot};
use std::collections::BTreeSet;

/// Slots for which a hash is remembered at least; twice as many at most.
///
/// Nobody may have been there to take what was passed on. So after this long its sender can send it again.
const MEMORY_SLOTS: u64 = 64;
/// Hashes that are remembered at least.
const SEEN: usize = 8192;

/// What this node passes on of domains, within bounds.
#[derive(Debug, Default)]
pub(super) struct Relay {
    /// Hashes that were passed on since the memory was last turned over, and those before.
    seen: BTreeSet<Hash>,
    older: BTreeSet<Hash>,
    turned: Slot,
    /// Bytes that may still be passed on in this slot for domains that nobody here follows.
    budget: u64,
}

impl Relay {
    pub(super) fn knows(&self, hash: &Hash) -> bool {
        self.seen.contains(hash) || self.older.contains(hash)
    }

    pub(super) fn remember(&mut self, hash: Hash) {
        if self.seen.len() == SEEN {
            self.older = std::mem::take(&mut self.seen);
        }
        self.seen.insert(hash);
    }

    /// A slot has passed.
    pub(super) fn refill(&mut self, slot: Slot, bytes: u64) {
        self.budget = bytes;
        if slot.0.saturating_sub(self.turned.0) >= MEMORY_SLOTS {
            self.older = std::mem::take(&mut self.seen);
            self.turned = slot;
        }
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

    fn hash(at: usize) -> Hash {
        auto_core::hash(&at.to_le_bytes())
    }

    #[test]
    fn memory_and_bytes_are_bounded() {
        let mut relay = Relay::default();
        assert!(!relay.spend(1), "nothing before the first slot");
        relay.refill(Slot(1), 10);
        assert!(relay.spend(7) && !relay.spend(4) && relay.spend(3) && !relay.spend(1));
        (0..=2 * SEEN).for_each(|at| relay.remember(hash(at)));
        assert!(!relay.knows(&hash(0)) && relay.knows(&hash(SEEN)) && relay.knows(&hash(2 * SEEN)));
        assert_eq!((relay.seen.len(), relay.older.len()), (1, SEEN));
    }

    #[test]
    fn what_was_passed_on_long_ago_is_passed_on_again() {
        let mut relay = Relay::default();
        relay.refill(Slot(1), 10);
        relay.remember(hash(1));
        (2..=MEMORY_SLOTS).for_each(|slot| relay.refill(Slot(slot), 10));
        assert!(relay.knows(&hash(1)));
        (MEMORY_SLOTS..=2 * MEMORY_SLOTS).for_each(|slot| relay.refill(Slot(slot), 10));
        assert!(!relay.knows(&hash(1)));
    }
}
