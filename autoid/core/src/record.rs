//! What the chain knows of an identity.

use alloc::vec::Vec;

use parity_scale_codec::{Decode, Encode};

use crate::inception::{Authority, Kind};
use crate::keys::KeySet;
use crate::operation::{Reason, Service};
use crate::{AutoId, Time};

/// Where an identity is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub enum Status {
    /// It waits for endorsements.
    Pending,
    /// It may act.
    Active,
    /// It may not act for a while.
    Suspended,
    /// It may never act again.
    Revoked,
    /// It ended by its own will. Its id is never used again.
    Tombstone,
}

impl Status {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
            Self::Tombstone => "deactivated",
        }
    }
}

/// By what right somebody acts on an identity, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Standing {
    /// It controls the identity.
    Controller,
    /// Enough of those who vouched for the identity.
    Issuers,
    /// It stands so many steps above the identity in the tree.
    Ancestor {
        /// One for the parent.
        above: u8,
    },
}

/// A suspension, which only the same or a stronger standing ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Suspension {
    /// Who suspended.
    pub by: Standing,
    /// Why.
    pub reason: Reason,
}

/// A recovery that waits for the end of its delay.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Recovery {
    /// The new keys.
    pub keys: KeySet,
    /// The commitment to those that come after.
    pub next: [u8; 32],
    /// The first block in which it can be finished.
    pub ready: u64,
}

/// An identity as of a block.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct IdentityRecord {
    /// Its id.
    pub id: AutoId,
    /// What it stands for.
    pub kind: Kind,
    /// Where it is in its life.
    pub status: Status,
    /// Number of operations by its controller.
    pub seq: u64,
    /// Number of operations by others: ancestors, issuers, guardians. Counted apart, so that a controller
    /// who keeps operating cannot outrun those who want to stop it.
    pub oversight: u64,
    /// Its keys.
    pub keys: KeySet,
    /// The commitment to the keys that come next; of a tombstone, to the last keys.
    pub next: [u8; 32],
    /// The commitment to its guardians.
    pub recovery: Option<[u8; 32]>,
    /// A recovery that was started.
    pub recovering: Option<Recovery>,
    /// The identity that answers for it.
    pub parent: Option<AutoId>,
    /// Steps to the top of the tree.
    pub depth: u8,
    /// Who may endorse it, in rising order.
    pub issuers: Vec<AutoId>,
    /// How many of them must.
    pub threshold: u8,
    /// Which of them did, by position.
    pub endorsements: u8,
    /// The last block for endorsements, while it is pending.
    pub deadline: Option<u64>,
    /// Which identities may be placed under it.
    pub authority: Authority,
    /// Grants that name an earlier epoch are dead.
    pub grant_epoch: u32,
    /// BLAKE3 of its certificate.
    pub certificate: Option<[u8; 32]>,
    /// Where it can be reached.
    pub services: Vec<Service>,
    /// Its suspension.
    pub suspension: Option<Suspension>,
    /// Why it was revoked.
    pub revocation: Option<Reason>,
    /// What is held for its state, in base units.
    pub deposit: u128,
    /// The account that gets the deposit back.
    pub payer: [u8; 32],
    /// Block of its inception.
    pub created: u64,
    /// Block of its last change.
    pub updated: u64,
    /// Chain time of its last change.
    pub updated_at: Time,
}

impl IdentityRecord {
    /// The version of the record: it rises with every operation, and is the `versionId` of the DID document.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.seq.saturating_add(self.oversight)
    }

    /// Whether an issuer endorsed it.
    #[must_use]
    pub fn is_endorsed_by(&self, issuer: &AutoId) -> bool {
        self.issuers.iter().zip(0..8).any(|(known, at)| known == issuer && self.endorsements >> at & 1 == 1)
    }
}
