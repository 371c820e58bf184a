//! Which network identities belong to, and what time it is there.

use auto_core::{DomainId, Hash, Slot};
use autoid_core::{Genesis, Time};
use parity_scale_codec::{Decode, Encode};

/// Separates the identities of two domains of one chain.
const TAG: &[u8] = b"auto/v1/autoid/network\0";

/// The network that the identities of a domain belong to: what every identifier and every signed body names
/// as its genesis. Two domains of one chain are two networks, so nothing signed for one holds in the other.
#[must_use]
pub fn network_of(genesis: &Hash, domain: DomainId) -> Genesis {
    Genesis(auto_core::hash_parts(TAG, &[&genesis.0, &domain.0.to_le_bytes()]).0)
}

/// What the chain's time follows from: genesis states it, and it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Clock {
    /// Unix seconds of slot zero.
    pub start: u64,
    /// Length of a slot in milliseconds.
    pub slot_duration_ms: u64,
}

impl Clock {
    /// The chain's time in a slot, in whole seconds rounded down; the end of time when it overflows, so that
    /// nothing is valid then.
    #[must_use]
    pub const fn time(&self, slot: Slot) -> Time {
        let passed = slot.0.saturating_mul(self.slot_duration_ms) / 1_000;
        Time(self.start.saturating_add(passed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_differ_by_chain_and_domain() {
        let all = [
            network_of(&Hash([1; 32]), DomainId(1)),
            network_of(&Hash([1; 32]), DomainId(2)),
            network_of(&Hash([2; 32]), DomainId(1)),
        ];
        assert!(all[0] != all[1] && all[0] != all[2] && all[1] != all[2]);
    }

    #[test]
    fn time_follows_the_slots() {
        let clock = Clock { start: 1_000, slot_duration_ms: 250 };
        assert_eq!(clock.time(Slot(0)), Time(1_000));
        assert_eq!(clock.time(Slot(7)), Time(1_001));
        assert_eq!(clock.time(Slot(u64::MAX)), Time(1_000 + u64::MAX / 1_000));
    }
}
