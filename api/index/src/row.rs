//! What the index answers with.

use auto_agents::{AgentRecord, Entry};
use auto_core::{BlockNumber, Hash};
use autoid_core::{AutoId, Grant, GrantId, Kind, RevocationPlace, Sign1, Status, Time};
use autoid_interface::Alias;
use autoid_provenance::Sealed;

/// An identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityRow {
    /// The identity.
    pub id: AutoId,
    /// What it stands for.
    pub kind: Kind,
    /// Where it is in its life. Those above it may be inactive all the same.
    pub status: Status,
    /// Who answers for it.
    pub parent: Option<AutoId>,
    /// The alias that points to it.
    pub alias: Option<Alias>,
    /// The version of its record.
    pub version: u64,
    /// Block of its inception.
    pub created: BlockNumber,
    /// Block of its newest change.
    pub updated: BlockNumber,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// What it says about itself.
    pub record: AgentRecord,
    /// Whether it is live: its own identity is active and its last live block is not over.
    pub live: bool,
    /// The nearest identity from itself upwards that is not active. As long as there is one it cannot act.
    pub inactive: Option<AutoId>,
    /// The alias that points to it.
    pub alias: Option<Alias>,
}

/// A grant that was stored on chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRow {
    /// Its id.
    pub id: GrantId,
    /// The signed grant.
    pub grant: Sign1<Grant>,
    /// Block in which it was stored.
    pub since: BlockNumber,
    /// Block in which it was revoked. Its issuer may have ended it by other means: a new epoch or new keys.
    pub revoked: Option<BlockNumber>,
    /// Block in which the chain forgot it, its time being over.
    pub pruned: Option<BlockNumber>,
}

/// An entry of an agent's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// The entry.
    pub entry: Entry,
    /// The extrinsic that it happened in.
    pub extrinsic: Option<Hash>,
}

/// The revocation of a grant, stored or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevocationRow {
    /// The grant.
    pub grant: GrantId,
    /// Who granted it.
    pub issuer: AutoId,
    /// Its place in the issuer's lists.
    pub place: RevocationPlace,
    /// Who revoked it.
    pub by: AutoId,
    /// Block in which it was revoked.
    pub block: BlockNumber,
    /// Chain time in that block.
    pub time: Time,
}

/// A manifest that was stored on the consensus chain. Its signature was not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentRow {
    /// The signed manifest.
    pub sealed: Sealed,
    /// Block in which it was stored first.
    pub block: BlockNumber,
    /// The hash of the object that holds it.
    pub object: Hash,
}
