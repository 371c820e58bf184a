//! Why a call is refused.

mod explain;

pub use explain::ERRORS;

use auto_core::ErrorCode;
use auto_module::StoredError;
use auto_module::bank::BankError;
use autoid_core::certificate::CertificateRefusal;
use autoid_core::x509::X509Error;
use autoid_core::{AutoId, Failure, GrantId, Refusal, Time};

/// A failure of the module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AutoidError {
    /// A rule of the verifier refuses the statement.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A certificate does not chain to those above it.
    #[error(transparent)]
    Path(#[from] X509Error),
    /// A certificate does not stand for the identity.
    #[error(transparent)]
    Certificate(#[from] CertificateRefusal),
    /// Money cannot move.
    #[error(transparent)]
    Bank(#[from] BankError),
    /// Genesis makes no module.
    #[error("the genesis of autoid is invalid: {0}")]
    GenesisInvalid(&'static str),
    /// The operation belongs into another call.
    #[error("the operation belongs into the call to {0}")]
    OtherCall(&'static str),
    /// The certificate is not the one that the operation names.
    #[error("the certificate is not the one whose hash is signed")]
    OtherCertificate,
    /// An ancestor has no certificate.
    #[error("{ancestor} above has no certificate")]
    AncestorUncertified {
        /// The ancestor.
        ancestor: AutoId,
    },
    /// The issuer used the serial number before.
    #[error("the issuer has used this serial number before")]
    SerialUsed,
    /// The grant is stored already.
    #[error("grant {grant} is stored already")]
    GrantStored {
        /// The grant.
        grant: GrantId,
    },
    /// The grant is not stored.
    #[error("grant {grant} is not stored")]
    UnknownGrant {
        /// The grant.
        grant: GrantId,
    },
    /// The grants shown do not end in the one that is revoked.
    #[error("the grants shown do not end in {grant}")]
    OtherGrant {
        /// The grant that is to be revoked.
        grant: GrantId,
    },
    /// Another grant has the place in the revocation lists.
    #[error("the place in the issuer's revocation lists belongs to grant {grant}")]
    PlaceTaken {
        /// That grant.
        grant: GrantId,
    },
    /// The grant's time is not over.
    #[error("the grant runs until {exp}, it is {now}")]
    GrantRuns {
        /// Its end.
        exp: Time,
        /// Chain time.
        now: Time,
    },
    /// A text is no alias.
    #[error("not an alias")]
    Alias,
    /// The commitment exists already.
    #[error("the commitment exists already")]
    CommitmentTaken,
    /// There is no such commitment.
    #[error("there is no such commitment")]
    UnknownCommitment,
    /// The commitment is too young or too old.
    #[error("the commitment can be revealed from block {first} to block {last}")]
    CommitmentAge {
        /// The first block.
        first: u64,
        /// The last block.
        last: u64,
    },
    /// The commitment still holds.
    #[error("the commitment holds until block {last}")]
    CommitmentHolds {
        /// Its last block.
        last: u64,
    },
    /// The alias, or one that looks like it, is taken.
    #[error("the alias, or one that looks like it, is taken")]
    AliasTaken,
    /// The identity has an alias.
    #[error("the identity has an alias already")]
    HasAlias,
    /// The identity has no alias.
    #[error("the identity has no alias")]
    NoAlias,
    /// Other modules hold something open in the name of the identity.
    #[error("{count} payments of {id} are open")]
    StillOpen {
        /// The identity.
        id: AutoId,
        /// How many.
        count: u64,
    },
    /// A number left its range.
    #[error("an amount or time overflows")]
    Overflow,
    /// The state cannot be used.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl From<Failure<StoredError>> for AutoidError {
    fn from(failure: Failure<StoredError>) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Refused(refusal),
            Failure::View(error) => Self::Stored(error),
        }
    }
}

impl ErrorCode for AutoidError {
    fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Path(error) => error.code(),
            Self::Certificate(refusal) => refusal.code(),
            Self::Bank(error) => error.code(),
            Self::GenesisInvalid(_) => "AID-0501",
            Self::OtherCall(_) => "AID-0502",
            Self::OtherCertificate => "AID-0503",
            Self::AncestorUncertified { .. } => "AID-0504",
            Self::SerialUsed => "AID-0505",
            Self::GrantStored { .. } => "AID-0506",
            Self::UnknownGrant { .. } => "AID-0507",
            Self::OtherGrant { .. } => "AID-0508",
            Self::PlaceTaken { .. } => "AID-0509",
            Self::GrantRuns { .. } => "AID-0510",
            Self::Alias => "AID-0511",
            Self::CommitmentTaken => "AID-0512",
            Self::UnknownCommitment => "AID-0513",
            Self::CommitmentAge { .. } => "AID-0514",
            Self::CommitmentHolds { .. } => "AID-0515",
            Self::AliasTaken => "AID-0516",
            Self::HasAlias => "AID-0517",
            Self::NoAlias => "AID-0518",
            Self::Overflow => "AID-0519",
            Self::StillOpen { .. } => "AID-0520",
            Self::Stored(error) => error.code(),
        }
    }
}
