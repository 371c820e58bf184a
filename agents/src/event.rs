//! What can happen.

use crate::{AgentRecord, Entry, Escrow, EscrowId};
use auto_core::{Address, Amount};
use autoid_core::{AutoId, GrantId};
use parity_scale_codec::{Decode, Encode};

/// Something that a call did.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    /// An agent was registered, or what it says about itself changed.
    #[codec(index = 0)]
    Registered(Box<AgentRecord>),
    /// An agent stays in searches for longer.
    #[codec(index = 1)]
    Renewed {
        /// The agent.
        agent: AutoId,
        /// The last block in which searches find it.
        live_until: u64,
    },
    /// The record of an agent ended, and what was held for it went back.
    #[codec(index = 2)]
    Retired {
        /// The agent.
        agent: AutoId,
        /// Who got it.
        payer: Address,
        /// Deposit and stake.
        returned: Amount,
    },
    /// Money came into a vault.
    #[codec(index = 3)]
    Deposited {
        /// The identity whose vault it is.
        to: AutoId,
        /// Who paid.
        from: Address,
        /// How much.
        amount: Amount,
    },
    /// Money left a vault by order.
    #[codec(index = 4)]
    Withdrawn {
        /// The identity whose vault it is.
        from: AutoId,
        /// Who ordered it: that identity, or one above it.
        by: AutoId,
        /// Who received it.
        to: Address,
        /// How much.
        amount: Amount,
    },
    /// A log grew.
    #[codec(index = 5)]
    Logged {
        /// Whose log it is.
        agent: AutoId,
        /// The new entry.
        entry: Box<Entry>,
    },
    /// An escrow was opened.
    #[codec(index = 6)]
    Opened {
        /// Its number.
        escrow: EscrowId,
        /// What it is.
        terms: Box<Escrow>,
    },
    /// An escrow ended.
    #[codec(index = 7)]
    Closed {
        /// Its number.
        escrow: EscrowId,
        /// What the payee got.
        paid: Amount,
        /// What went back.
        returned: Amount,
    },
    /// A carved meter has its reserve.
    #[codec(index = 8)]
    Funded {
        /// The grant.
        grant: GrantId,
        /// The reserve.
        amount: Amount,
    },
    /// What a carved meter had left went back to the meters above.
    #[codec(index = 9)]
    Reclaimed {
        /// The grant.
        grant: GrantId,
        /// What went back.
        amount: Amount,
    },
}
