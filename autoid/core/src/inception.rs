//! How an identity begins.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use parity_scale_codec::{Decode, Encode};

use crate::cbor::{Canonical, CborError, Reader, Writer};
use crate::keys::KeySet;
use crate::limits::{INCEPTION_BYTES_MAX, ISSUERS_MAX};
use crate::signed::{Body, Sign};
use crate::{AutoId, Genesis, Refusal};

/// What an identity stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Kind {
    /// A person.
    Human,
    /// An organisation of persons.
    Org,
    /// A program that acts.
    Agent,
    /// A model that agents run.
    Model,
    /// An organisation with rules on chain.
    Dao,
    /// A program that answers.
    Service,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Human, Self::Org, Self::Agent, Self::Model, Self::Dao, Self::Service];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Org => "org",
            Self::Agent => "agent",
            Self::Model => "model",
            Self::Dao => "dao",
            Self::Service => "service",
        }
    }

    const fn number(self) -> u8 {
        match self {
            Self::Human => 0,
            Self::Org => 1,
            Self::Agent => 2,
            Self::Model => 3,
            Self::Dao => 4,
            Self::Service => 5,
        }
    }

    /// Whether it can be held to account: persons, organisations, and those that vote.
    #[must_use]
    pub const fn answers(self) -> bool {
        matches!(self, Self::Human | Self::Org | Self::Dao)
    }
}

impl Canonical for Kind {
    fn write(&self, to: &mut Writer) {
        to.uint(u64::from(self.number()));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let number = u8::read(from)?;
        Self::ALL.into_iter().find(|kind| kind.number() == number).ok_or(CborError::Range.into())
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Encode, Decode)]
pub struct KindSet(u8);

impl KindSet {
    /// These kinds.
    #[must_use]
    pub fn of(kinds: &[Kind]) -> Self {
        Self(kinds.iter().fold(0, |bits, kind| bits | 1 << kind.number()))
    }

    /// Whether a kind is among these.
    #[must_use]
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind.number()) != 0
    }

    /// Whether all of `others` are among these.
    #[must_use]
    pub const fn includes(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }
}

impl Canonical for KindSet {
    fn write(&self, to: &mut Writer) {
        to.uint(u64::from(self.0));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let bits = u8::read(from)?;
        if bits >> Kind::ALL.len() == 0 { Ok(Self(bits)) } else { Err(CborError::Range.into()) }
    }
}

/// Which identities may be placed under an identity.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Authority {
    /// Whether any may.
    pub is_ca: bool,
    /// How many identities with authority may follow below; without it there is no limit of its own.
    pub path_len: Option<u8>,
    /// Of which kinds.
    pub kinds: KindSet,
    /// The domain name that the names of certificates below must end in.
    pub name_subtree: Option<String>,
}

/// Bytes of a domain name.
const NAME_BYTES_MAX: usize = 253;

impl Authority {
    fn check(&self) -> Result<(), Refusal> {
        let empty = self.path_len.is_none() && self.kinds == KindSet::default();
        if !self.is_ca && !empty || self.name_subtree.as_deref().is_some_and(|name| !is_domain_name(name)) {
            return Err(Refusal::Authority);
        }
        Ok(())
    }

    /// Refuses a child that this authority does not cover.
    ///
    /// # Errors
    /// When there is no authority, or it does not reach to this kind, depth or subtree of names.
    pub fn admit(&self, kind: Kind, child: &Self) -> Result<(), Refusal> {
        if !self.is_ca {
            return Err(Refusal::ParentNotAuthority);
        }
        if !self.kinds.contains(kind) || !self.kinds.includes(child.kinds) {
            return Err(Refusal::ParentKind { kind });
        }
        let follows = match (self.path_len, child.path_len) {
            _ if !child.is_ca => true,
            (None, _) => true,
            (Some(own), Some(below)) => below < own,
            (Some(_), None) => false,
        };
        if !follows {
            return Err(Refusal::ParentPathLength);
        }
        match (&self.name_subtree, &child.name_subtree) {
            (None, _) => Ok(()),
            (Some(own), Some(below)) if is_within(below, own) => Ok(()),
            (Some(_), _) => Err(Refusal::ParentSubtree),
        }
    }
}

/// Whether a domain name is in the subtree of another.
pub(crate) fn is_within(name: &str, subtree: &str) -> bool {
    name.strip_suffix(subtree).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

pub(crate) fn is_domain_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    name.len() <= NAME_BYTES_MAX && name.split('.').all(is_label)
}

impl Canonical for Authority {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &self.is_ca);
            fields.option(2, self.path_len.as_ref());
            fields.value(3, &self.kinds);
            if let Some(name) = &self.name_subtree {
                fields.put(4, |to| to.text(name));
            }
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let authority = Self {
            is_ca: fields.need(1, bool::read)?,
            path_len: fields.maybe(2, u8::read)?,
            kinds: fields.need(3, KindSet::read)?,
            name_subtree: fields.maybe(4, |from| Ok(from.text(NAME_BYTES_MAX)?.to_string()))?,
        };
        fields.close()?;
        Ok(authority)
    }
}

/// The first statement of an identity; its hash is the identity's id, so a name never is.
///
/// It is signed by the identity's own keys and, when it has a parent, by a key of the parent that may speak
/// for it: nobody answers for a child unasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inception {
    /// What the identity stands for.
    pub kind: Kind,
    /// Its first keys.
    pub keys: KeySet,
    /// The commitment to the keys that come next: [`crate::keys::next_commitment`].
    pub next: [u8; 32],
    /// The commitment to its guardians: [`crate::Guardians::commitment`].
    pub recovery: Option<[u8; 32]>,
    /// The identity that answers for it.
    pub parent: Option<AutoId>,
    /// Who may endorse it, in rising order.
    pub issuers: Vec<AutoId>,
    /// How many of them must, before it is active.
    pub threshold: u8,
    /// Makes the id unique.
    pub salt: [u8; 16],
    /// Which identities may be placed under it.
    pub authority: Authority,
}

impl Inception {
    /// The id of the identity.
    #[must_use]
    pub fn id(&self, genesis: &Genesis) -> AutoId {
        AutoId::of(genesis, &self.to_cbor())
    }
}

impl Sign<Inception> {
    /// The id of the identity.
    #[must_use]
    pub fn id(&self, genesis: &Genesis) -> AutoId {
        AutoId::of(genesis, self.payload())
    }
}

impl Body for Inception {
    const TAG: &'static str = "auto/inception/v1";
    const BYTES_MAX: usize = INCEPTION_BYTES_MAX;

    fn check(&self) -> Result<(), Refusal> {
        if usize::from(self.threshold) > self.issuers.len() {
            return Err(Refusal::IssuerThreshold);
        }
        self.authority.check()
    }
}

impl Canonical for Inception {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &self.kind);
            fields.value(2, &self.keys);
            fields.value(3, &self.next);
            fields.option(4, self.recovery.as_ref());
            fields.option(5, self.parent.as_ref());
            fields.list(6, &self.issuers);
            fields.value(7, &self.threshold);
            fields.value(8, &self.salt);
            fields.value(9, &self.authority);
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let inception = Self {
            kind: fields.need(1, Kind::read)?,
            keys: fields.need(2, KeySet::read)?,
            next: fields.need(3, <[u8; 32]>::read)?,
            recovery: fields.maybe(4, <[u8; 32]>::read)?,
            parent: fields.maybe(5, AutoId::read)?,
            issuers: fields.maybe(6, |from| from.set(ISSUERS_MAX, AutoId::read))?.unwrap_or_default(),
            threshold: fields.need(7, u8::read)?,
            salt: fields.need(8, <[u8; 16]>::read)?,
            authority: fields.need(9, Authority::read)?,
        };
        fields.close()?;
        Ok(inception)
    }
}
