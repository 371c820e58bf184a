//! The stable code of each refusal.

use super::Refusal;

impl Refusal {
    /// The stable code, such as `AID-0001`; never reused for another failure.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Encoding(_) => "AID-0001",
            Self::TooLarge { .. } => "AID-0002",
            Self::Envelope => "AID-0003",
            Self::Identifier => "AID-0004",
            Self::Network => "AID-0005",
            Self::Algorithm => "AID-0006",
            Self::WeakKey => "AID-0007",
            Self::KeySet => "AID-0008",
            Self::Signature => "AID-0009",
            Self::UnknownKey { .. } => "AID-0010",
            Self::KeyRelation { .. } => "AID-0011",
            Self::KeyExpired { .. } => "AID-0012",
            Self::UnexpectedSigner { .. } => "AID-0013",
            Self::TooFewSignatures { .. } => "AID-0014",
            Self::UnknownIdentity { .. } => "AID-0030",
            Self::IdentityExists { .. } => "AID-0031",
            Self::Inactive { .. } => "AID-0032",
            Self::AncestorInactive { .. } => "AID-0033",
            Self::TreeTooDeep => "AID-0034",
            Self::TreeDamaged { .. } => "AID-0035",
            Self::Authority => "AID-0036",
            Self::ParentNotAuthority => "AID-0037",
            Self::ParentKind { .. } => "AID-0038",
            Self::ParentPathLength => "AID-0039",
            Self::ParentSubtree => "AID-0040",
            Self::ParentConsent => "AID-0041",
            Self::IssuerThreshold => "AID-0042",
            Self::GuardianSet => "AID-0043",
            Self::Service => "AID-0044",
            Self::Sequence { .. } => "AID-0045",
            Self::OperationExpired { .. } => "AID-0046",
            Self::WrongStatus { .. } => "AID-0047",
            Self::NextMismatch => "AID-0048",
            Self::KidReused { .. } => "AID-0049",
            Self::NotGuardians => "AID-0050",
            Self::TooFewGuardians { .. } => "AID-0051",
            Self::RecoveryNotStarted => "AID-0052",
            Self::RecoveryTooEarly { .. } => "AID-0053",
            Self::NoStanding => "AID-0054",
            Self::StandingTooLow => "AID-0055",
            Self::NotIssuer { .. } => "AID-0056",
            Self::AlreadyEndorsed { .. } => "AID-0057",
            Self::SamePrincipal { .. } => "AID-0058",
            Self::EndorserBelow { .. } => "AID-0059",
            Self::EndorsementClosed => "AID-0060",
            Self::Counter => "AID-0061",
            Self::Command => "AID-0080",
            Self::Resource => "AID-0081",
            Self::Selector => "AID-0082",
            Self::PolicyOperator => "AID-0083",
            Self::Asset => "AID-0084",
            Self::NullIdentity => "AID-0085",
            Self::NoCommand => "AID-0086",
            Self::EmptyWindow => "AID-0087",
            Self::RevocationPlace => "AID-0088",
            Self::Dangerous => "AID-0089",
            Self::RootNotOwner => "AID-0090",
            Self::RootHasParent => "AID-0091",
            Self::Meter => "AID-0092",
            Self::ApprovalThreshold => "AID-0093",
            Self::NothingSpent => "AID-0094",
            Self::ArgumentsDiffer => "AID-0095",
            Self::ChainLength => "AID-0096",
            Self::ChainMismatch { .. } => "AID-0097",
            Self::ParentMismatch { .. } => "AID-0098",
            Self::IssuerNotHolder { .. } => "AID-0099",
            Self::OwnerSwitched { .. } => "AID-0100",
            Self::Depth { .. } => "AID-0101",
            Self::CommandWidened { .. } => "AID-0102",
            Self::ResourceWidened { .. } => "AID-0103",
            Self::WindowWidened { .. } => "AID-0104",
            Self::StalenessWidened { .. } => "AID-0105",
            Self::ClassWidened { .. } => "AID-0106",
            Self::MeterWidened { .. } => "AID-0107",
            Self::CallsWidened { .. } => "AID-0108",
            Self::PayeesWidened { .. } => "AID-0109",
            Self::ApprovalDropped { .. } => "AID-0110",
            Self::GrantSignature { .. } => "AID-0111",
            Self::GrantNotYetValid { .. } => "AID-0112",
            Self::GrantExpired { .. } => "AID-0113",
            Self::GrantRevoked { .. } => "AID-0114",
            Self::EpochStale { .. } => "AID-0115",
            Self::GrantFromFuture { .. } => "AID-0116",
            Self::Stale { .. } => "AID-0117",
            Self::Policy { .. } => "AID-0118",
            Self::PolicyGas { .. } => "AID-0119",
            Self::ArgumentsMissing { .. } => "AID-0120",
            Self::CommandNotGranted { .. } => "AID-0121",
            Self::ResourceNotGranted { .. } => "AID-0122",
            Self::ClassNotGranted { .. } => "AID-0123",
            Self::MeterMissing { .. } => "AID-0124",
            Self::OverPerCall { .. } => "AID-0125",
            Self::PayeeNotGranted { .. } => "AID-0126",
            Self::ApprovalsMissing { .. } => "AID-0127",
            Self::ForeignApproval => "AID-0128",
            Self::ApprovalExpired => "AID-0129",
            Self::UnknownApprover { .. } => "AID-0130",
            Self::CallExpired { .. } => "AID-0131",
            Self::CallTooLong => "AID-0132",
            Self::Audience => "AID-0133",
            Self::Binding => "AID-0134",
            Self::NotHolder => "AID-0135",
            Self::CallSignature => "AID-0136",
            Self::ApprovalSignature { .. } => "AID-0137",
            Self::NotRevoker => "AID-0138",
            Self::NotByGrant => "AID-0139",
        }
    }

    /// The place in the chain of the grant whose rule refuses, from zero.
    #[must_use]
    pub const fn link(&self) -> Option<usize> {
        match self {
            Self::Depth { link } => *link,
            Self::ChainMismatch { link }
            | Self::ParentMismatch { link }
            | Self::IssuerNotHolder { link }
            | Self::OwnerSwitched { link }
            | Self::CommandWidened { link }
            | Self::ResourceWidened { link }
            | Self::WindowWidened { link }
            | Self::StalenessWidened { link }
            | Self::ClassWidened { link }
            | Self::MeterWidened { link }
            | Self::CallsWidened { link }
            | Self::PayeesWidened { link }
            | Self::ApprovalDropped { link }
            | Self::GrantSignature { link }
            | Self::GrantNotYetValid { link, .. }
            | Self::GrantExpired { link, .. }
            | Self::GrantRevoked { link }
            | Self::EpochStale { link }
            | Self::GrantFromFuture { link }
            | Self::Policy { link }
            | Self::PolicyGas { link }
            | Self::ArgumentsMissing { link }
            | Self::CommandNotGranted { link }
            | Self::ResourceNotGranted { link }
            | Self::ClassNotGranted { link }
            | Self::MeterMissing { link }
            | Self::OverPerCall { link, .. }
            | Self::PayeeNotGranted { link }
            | Self::ApprovalsMissing { link, .. } => Some(*link),
            _ => None,
        }
    }
}
