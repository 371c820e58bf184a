//! What an account can ask of the module.

mod attach_certificate;
mod commit_alias;
mod drop_commitment;
mod free_alias;
mod incept;
mod lapse;
mod operate;
mod prune_grant;
mod register_grant;
mod revoke_grant;

pub use attach_certificate::AttachCertificate;
pub use commit_alias::CommitAlias;
pub use drop_commitment::DropCommitment;
pub use free_alias::FreeAlias;
pub use incept::Incept;
pub use lapse::Lapse;
pub use operate::Operate;
pub use prune_grant::PruneGrant;
pub use register_grant::RegisterGrant;
pub use revoke_grant::RevokeGrant;

use parity_scale_codec::{Decode, Encode};

/// A call of the module.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Call {
    /// Begins an identity.
    #[codec(index = 0)]
    Incept(Incept),
    /// Changes an identity.
    #[codec(index = 1)]
    Operate(Operate),
    /// Buries a pending identity that was not endorsed in time.
    #[codec(index = 2)]
    Lapse(Lapse),
    /// Gives an identity a certificate.
    #[codec(index = 3)]
    AttachCertificate(AttachCertificate),
    /// Stores a grant.
    #[codec(index = 4)]
    RegisterGrant(RegisterGrant),
    /// Revokes a grant.
    #[codec(index = 5)]
    RevokeGrant(RevokeGrant),
    /// Forgets a grant whose time is over.
    #[codec(index = 6)]
    PruneGrant(PruneGrant),
    /// Commits to an alias.
    #[codec(index = 7)]
    CommitAlias(CommitAlias),
    /// Drops a commitment that holds no more.
    #[codec(index = 8)]
    DropCommitment(DropCommitment),
    /// Takes the alias off an identity that ended.
    #[codec(index = 9)]
    FreeAlias(FreeAlias),
}
