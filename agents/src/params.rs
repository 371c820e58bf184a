//! Limits, and the parameters that genesis sets.

use auto_core::Amount;
use parity_scale_codec::{Decode, Encode};

/// Meters of a grant.
pub const METERS_MAX: usize = autoid_core::limits::METERS_MAX;
/// Grants that a debit passes.
pub const CHAIN_MAX: usize = autoid_core::limits::CHAIN_MAX;
/// Skills of an agent.
pub const SKILLS_MAX: usize = 16;
/// Tags of a skill.
pub const TAGS_MAX: usize = 8;
/// Bytes of the name of a skill, and of a tag.
pub const TAG_BYTES_MAX: usize = 32;
/// Interfaces of an agent.
pub const INTERFACES_MAX: usize = 8;
/// Bytes of an address of an interface.
pub const URL_BYTES_MAX: usize = 256;
/// Bytes of the purpose of an agent.
pub const PURPOSE_BYTES_MAX: usize = 512;
/// Assets that an agent accepts.
pub const ACCEPTS_MAX: usize = 8;
/// Entries that an act clears of what has run out: calls that expired, outcomes that are overdue.
pub const CLEARED_PER_ACT: u32 = 2;

/// What a domain can choose about agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Params {
    /// Held for every record.
    pub deposit: Amount,
    /// Held for every byte of a record.
    pub deposit_per_byte: Amount,
    /// Blocks from an act within which its outcome is due.
    pub outcome_blocks: u64,
    /// Acts of an identity that may wait for their outcome.
    pub pending_max: u64,
    /// Blocks that a record may be live for without being renewed.
    pub live_blocks_max: u64,
    /// Blocks that an escrow may stay open.
    pub escrow_blocks_max: u64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            deposit: Amount::ai3(1),
            // A record of a kilobyte holds about one AI3 more.
            deposit_per_byte: Amount::from_base_units(1_000_000_000_000_000),
            outcome_blocks: 600,
            pending_max: 1_024,
            live_blocks_max: 1_000_000,
            escrow_blocks_max: 100_000,
        }
    }
}
