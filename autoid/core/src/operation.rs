//! What may be done to an identity after its inception.

mod codec;
mod parts;

pub use parts::{Guardians, Reason, Service};

use alloc::string::String;
use alloc::vec::Vec;

use crate::keys::KeySet;
use crate::limits::OPERATION_BYTES_MAX;
use crate::signed::Body;
use crate::{AutoId, GrantId, Refusal};

/// One change of an identity, signed by those who may make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The identity.
    pub id: AutoId,
    /// One more than the counter of the side that signs: [`crate::IdentityRecord::seq`] for the controller
    /// and [`crate::IdentityRecord::oversight`] for everybody else. Zero for an endorsement.
    pub seq: u64,
    /// The last block in which it may take effect.
    pub valid_until: u64,
    /// The change.
    pub action: Action,
}

/// A change of an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Replaces the keys by those that were committed to. Old and new keys sign.
    Rotate {
        /// The new keys.
        keys: KeySet,
        /// The commitment to those that come after.
        next: [u8; 32],
    },
    /// Replaces the commitment to the guardians.
    SetRecovery {
        /// [`Guardians::commitment`], or nothing for no guardians.
        guardians: Option<[u8; 32]>,
    },
    /// Stops the identity for a while.
    Suspend {
        /// Why.
        reason: Reason,
    },
    /// Ends a suspension.
    Resume,
    /// Ends the identity for ever.
    Revoke {
        /// Why.
        reason: Reason,
        /// The guardians, when it is they who sign.
        guardians: Option<Guardians>,
    },
    /// Kills every grant that the identity issued.
    BumpEpoch,
    /// Ends the identity by its own will; nothing but a tombstone stays.
    Deactivate,
    /// Replaces the services.
    SetServices {
        /// By rising name.
        services: Vec<Service>,
    },
    /// Replaces the certificate.
    AttachCertificate {
        /// BLAKE3 of its DER.
        certificate: [u8; 32],
    },
    /// Vouches for an identity that is pending.
    Endorse,
    /// Begins to replace the keys against the controller's silence.
    StartRecovery {
        /// Who the guardians are; what the record commits to.
        guardians: Guardians,
        /// The new keys.
        keys: KeySet,
        /// The commitment to those that come after.
        next: [u8; 32],
    },
    /// Ends a recovery. Any other operation of the controller does so too.
    VetoRecovery,
    /// Replaces the keys after the delay. The new keys sign.
    FinishRecovery,
    /// Revokes a grant for ever. The identity signs as issuer, as an issuer above, as owner or as holder.
    RevokeGrant {
        /// The grant.
        grant: GrantId,
    },
    /// Takes the alias that was committed to; the registry of aliases judges it.
    RevealAlias {
        /// The alias.
        alias: String,
        /// What hid it in the commitment.
        salt: [u8; 16],
    },
    /// Gives the alias back.
    ReleaseAlias,
}

impl Action {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Rotate { .. } => "rotate",
            Self::SetRecovery { .. } => "set-recovery",
            Self::Suspend { .. } => "suspend",
            Self::Resume => "resume",
            Self::Revoke { .. } => "revoke",
            Self::BumpEpoch => "bump-epoch",
            Self::Deactivate => "deactivate",
            Self::SetServices { .. } => "set-services",
            Self::AttachCertificate { .. } => "attach-certificate",
            Self::Endorse => "endorse",
            Self::StartRecovery { .. } => "start-recovery",
            Self::VetoRecovery => "veto-recovery",
            Self::FinishRecovery => "finish-recovery",
            Self::RevokeGrant { .. } => "revoke-grant",
            Self::RevealAlias { .. } => "reveal-alias",
            Self::ReleaseAlias => "release-alias",
        }
    }
}

impl Body for Operation {
    const TAG: &'static str = "auto/operation/v1";
    const BYTES_MAX: usize = OPERATION_BYTES_MAX;

    fn check(&self) -> Result<(), Refusal> {
        match &self.action {
            Action::SetServices { services } => services.iter().try_for_each(Service::check),
            Action::StartRecovery { guardians, .. } => guardians.check(),
            Action::Revoke { guardians: Some(guardians), .. } => guardians.check(),
            _ => Ok(()),
        }
    }
}
