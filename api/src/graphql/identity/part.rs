//! What the record of an identity is made of.

use async_graphql::{Enum, SimpleObject};
use autoid_core::{Key, Reason, Relations, Service};

/// What an identity stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "IdentityKind")]
pub(crate) enum Kind {
    /// A person.
    Human,
    /// An organisation.
    Org,
    /// A program that acts.
    Agent,
    /// A model.
    Model,
    /// An organisation that decides by its members' votes.
    Dao,
    /// A service.
    Service,
}

impl From<autoid_core::Kind> for Kind {
    fn from(kind: autoid_core::Kind) -> Self {
        use autoid_core::Kind as K;
        match kind {
            K::Human => Self::Human,
            K::Org => Self::Org,
            K::Agent => Self::Agent,
            K::Model => Self::Model,
            K::Dao => Self::Dao,
            K::Service => Self::Service,
        }
    }
}

/// Where an identity is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "IdentityStatus")]
pub(crate) enum Status {
    /// It waits for endorsements.
    Pending,
    /// It may act.
    Active,
    /// It may not act for a while.
    Suspended,
    /// It may never act again.
    Revoked,
    /// It ended by its own will.
    Deactivated,
}

impl From<autoid_core::Status> for Status {
    fn from(status: autoid_core::Status) -> Self {
        use autoid_core::Status as S;
        match status {
            S::Pending => Self::Pending,
            S::Active => Self::Active,
            S::Suspended => Self::Suspended,
            S::Revoked => Self::Revoked,
            S::Tombstone => Self::Deactivated,
        }
    }
}

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum KeyUse {
    /// To log in.
    Authentication,
    /// To make statements.
    Assertion,
    /// To act under grants.
    Invocation,
    /// To give grants.
    Delegation,
    /// To agree on keys.
    Agreement,
}

/// A key of an identity.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct IdentityKey {
    /// Its number in the identity.
    number: u32,
    /// The key as a multikey, which names its algorithm.
    multikey: String,
    /// What it may be used for.
    uses: Vec<KeyUse>,
    /// The last second of the chain's time in which it is good.
    not_after: Option<String>,
}

/// The uses of a key, by name.
const USES: [(Relations, KeyUse); 5] = [
    (Relations::AUTH, KeyUse::Authentication),
    (Relations::ASSERT, KeyUse::Assertion),
    (Relations::INVOKE, KeyUse::Invocation),
    (Relations::DELEGATE, KeyUse::Delegation),
    (Relations::AGREE, KeyUse::Agreement),
];

impl From<&Key> for IdentityKey {
    fn from(key: &Key) -> Self {
        let allowed = USES.iter().filter(|(relation, _)| key.relations.contains(*relation));
        Self {
            number: key.kid,
            multikey: key.key.multikey(),
            uses: allowed.map(|(_, name)| *name).collect(),
            not_after: key.not_after.map(|time| time.to_string()),
        }
    }
}

/// Where an identity can be reached.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct IdentityService {
    /// Its name.
    name: String,
    /// What kind of service it is.
    kind: String,
    /// Its address.
    endpoint: String,
}

impl From<&Service> for IdentityService {
    fn from(service: &Service) -> Self {
        let Service { name, kind, endpoint } = service;
        Self { name: name.to_string(), kind: kind.to_string(), endpoint: endpoint.to_string() }
    }
}

/// The words for a reason.
pub(super) const fn reason(found: Reason) -> &'static str {
    crate::module::autoid::reason(found)
}
