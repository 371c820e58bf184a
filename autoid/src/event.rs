//! What can happen.

use auto_core::Hash;
use autoid_core::{AutoId, GrantId, Kind, Reason, RevocationPlace, Status};
use autoid_interface::Alias;
use parity_scale_codec::{Decode, Encode};

/// Something that a call did.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    /// An identity began.
    #[codec(index = 0)]
    Incepted {
        /// The identity.
        id: AutoId,
        /// What it stands for.
        kind: Kind,
        /// Who answers for it.
        parent: Option<AutoId>,
        /// Active, or pending until it is endorsed.
        status: Status,
    },
    /// An identity changed.
    #[codec(index = 1)]
    Changed {
        /// The identity.
        id: AutoId,
        /// Its version after the change.
        version: u64,
        /// Its status after the change.
        status: Status,
        /// What changed.
        change: Change,
    },
    /// A pending identity was not endorsed in time and is gone.
    #[codec(index = 2)]
    Expired {
        /// The identity.
        id: AutoId,
    },
    /// A grant is stored.
    #[codec(index = 3)]
    GrantRegistered {
        /// The grant.
        grant: GrantId,
        /// Who granted.
        issuer: AutoId,
        /// Who may act.
        holder: AutoId,
        /// In whose name.
        owner: AutoId,
        /// The grant that it rests on.
        parent: Option<GrantId>,
    },
    /// A grant is revoked.
    #[codec(index = 4)]
    GrantRevoked {
        /// The grant.
        grant: GrantId,
        /// Who granted it.
        issuer: AutoId,
        /// Its place in the issuer's lists.
        place: RevocationPlace,
        /// Who revoked it.
        by: AutoId,
    },
    /// A grant whose time is over is not stored any more.
    #[codec(index = 5)]
    GrantPruned {
        /// The grant.
        grant: GrantId,
    },
    /// Somebody committed to an alias.
    #[codec(index = 6)]
    AliasCommitted {
        /// The commitment.
        commitment: Hash,
    },
    /// An alias points to an identity.
    #[codec(index = 7)]
    AliasTaken {
        /// The identity.
        id: AutoId,
        /// The alias.
        alias: Alias,
    },
    /// An alias is free again.
    #[codec(index = 8)]
    AliasFreed {
        /// The identity that it pointed to.
        id: AutoId,
        /// The alias.
        alias: Alias,
    },
}

/// What changed about an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Change {
    /// Its keys were replaced by those committed to.
    #[codec(index = 0)]
    Rotated,
    /// It has other guardians, or none.
    #[codec(index = 1)]
    RecoverySet,
    /// It was stopped for a while.
    #[codec(index = 2)]
    Suspended {
        /// Why.
        reason: Reason,
    },
    /// It goes on.
    #[codec(index = 3)]
    Resumed,
    /// It ended.
    #[codec(index = 4)]
    Revoked {
        /// Why.
        reason: Reason,
    },
    /// Every grant that it issued before is dead.
    #[codec(index = 5)]
    EpochBumped {
        /// The new epoch.
        epoch: u32,
    },
    /// It ended by its own will.
    #[codec(index = 6)]
    Deactivated,
    /// It can be reached elsewhere.
    #[codec(index = 7)]
    ServicesSet,
    /// It has another certificate.
    #[codec(index = 8)]
    CertificateAttached {
        /// BLAKE3 of its DER.
        certificate: [u8; 32],
    },
    /// Issuers vouched for it.
    #[codec(index = 9)]
    Endorsed {
        /// Which of them did by now, by position.
        endorsements: u8,
    },
    /// Its guardians began to replace its keys.
    #[codec(index = 10)]
    RecoveryStarted {
        /// The first block in which they can finish.
        ready: u64,
    },
    /// Its controller ended the recovery.
    #[codec(index = 11)]
    RecoveryVetoed,
    /// Its keys were replaced by those of the recovery.
    #[codec(index = 12)]
    RecoveryFinished,
    /// It revoked a grant.
    #[codec(index = 13)]
    GrantRevoked {
        /// The grant.
        grant: GrantId,
    },
    /// It took an alias.
    #[codec(index = 14)]
    AliasTaken,
    /// It gave its alias back.
    #[codec(index = 15)]
    AliasReleased,
}
