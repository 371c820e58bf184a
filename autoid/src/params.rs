//! What genesis may set.

use auto_core::Amount;
use parity_scale_codec::{Decode, Encode};

/// Rates, delays and windows; blocks are those of the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Params {
    /// Held for every entry, whatever its size.
    pub entry_deposit: Amount,
    /// Held, or for what stays for ever burned, for every byte of an entry.
    pub byte_deposit: Amount,
    /// Held for every alias and for every commitment to one.
    pub alias_deposit: Amount,
    /// Blocks between the start of a recovery and its end.
    pub recovery_delay: u64,
    /// Blocks in which the issuers of an identity may endorse it.
    pub endorsement_window: u64,
    /// Blocks that a commitment to an alias waits before it is revealed.
    pub alias_age_min: u64,
    /// Blocks after which a commitment to an alias holds no more.
    pub alias_age_max: u64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            entry_deposit: Amount::from_base_units(10_000_000_000_000_000),
            byte_deposit: Amount::from_base_units(100_000_000_000_000),
            alias_deposit: Amount::ai3(1),
            recovery_delay: 7_200,
            endorsement_window: 7_200,
            alias_age_min: 3,
            alias_age_max: 7_200,
        }
    }
}

impl Params {
    /// Which of the values makes no working module.
    #[must_use]
    pub(crate) fn fault(&self, existential_deposit: Amount) -> Option<&'static str> {
        if self.entry_deposit.min(self.alias_deposit) < existential_deposit {
            return Some("entry_deposit and alias_deposit must be at least the existential deposit");
        }
        if self.recovery_delay == 0 {
            return Some("recovery_delay must be at least one block");
        }
        if self.endorsement_window == 0 {
            return Some("endorsement_window must be at least one block");
        }
        if self.alias_age_min == 0 || self.alias_age_min >= self.alias_age_max {
            return Some("alias_age_min must be at least one block and below alias_age_max");
        }
        None
    }
}
