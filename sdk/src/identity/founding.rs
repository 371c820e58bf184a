//! Beginning an identity.

use super::key::drawn;
use super::{FreshKeys, IdentityKey, call_of};
use crate::SdkError;
use auto_core::Call;
use autoid::{Autoid, Incept, Lapse};
use autoid_core::{Authority, AutoId, Genesis, Inception, Kind, KindSet, Refusal, Sign};
use autoid_interface::Envelope;

/// What an identity begins as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founding {
    /// What it stands for.
    pub kind: Kind,
    /// Who must endorse it before it is active; nobody by default.
    pub issuers: Vec<AutoId>,
    /// How many of them must.
    pub threshold: u8,
    /// The commitment to its guardians.
    pub guardians: Option<[u8; 32]>,
    /// Which identities may be placed under it.
    pub authority: Authority,
}

/// An identity that was founded, and the call that begins it on the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founded {
    /// Its id.
    pub id: AutoId,
    /// The call.
    pub call: Call,
}

impl Founding {
    /// An identity of a kind that needs nobody's endorsement. Persons, organisations and those that vote may have
    /// identities of every kind under them, agents and services other agents, models and services; models none.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        let kinds: &[Kind] = match kind {
            Kind::Human | Kind::Org | Kind::Dao => &Kind::ALL,
            Kind::Agent | Kind::Service => &[Kind::Agent, Kind::Model, Kind::Service],
            Kind::Model => &[],
        };
        let kinds = KindSet::of(kinds);
        let authority = Authority { is_ca: kinds != KindSet::default(), kinds, ..Authority::default() };
        Self { kind, issuers: Vec::new(), threshold: 0, guardians: None, authority }
    }

    /// An identity that is active once `threshold` of `issuers` endorsed it.
    #[must_use]
    pub fn endorsed_by(mut self, issuers: Vec<AutoId>, threshold: u8) -> Self {
        self.issuers = issuers;
        self.issuers.sort_unstable();
        self.issuers.dedup();
        self.threshold = threshold;
        self
    }

    /// Founds the identity with these keys; `parent` issues it and answers for it.
    ///
    /// # Errors
    /// When a rule of inceptions is broken, the parent is of another network, or there is no randomness.
    pub fn begin(
        self,
        network: Genesis,
        keys: &FreshKeys,
        parent: Option<&IdentityKey>,
    ) -> Result<Founded, SdkError> {
        parent.map_or(Ok(()), |parent| parent.on(&network))?;
        if self.threshold == 0 && !self.issuers.is_empty() {
            return Err(Refusal::IssuerThreshold.into());
        }
        let (current, next) = keys.sets()?;
        let inception = Inception {
            kind: self.kind,
            keys: current,
            next: next.commitment(),
            recovery: self.guardians,
            parent: parent.map(IdentityKey::id),
            issuers: self.issuers,
            threshold: self.threshold,
            salt: drawn()?,
            authority: self.authority,
        };
        let id = inception.id(&network);
        let own = keys.key(id, network);
        let mut signed = Sign::new(inception)?.signed(&network, own.name(), &own)?;
        if let Some(parent) = parent {
            signed = signed.signed(&network, parent.name(), parent)?;
        }
        let call = call_of::<Autoid>(&autoid::Call::Incept(Incept { inception: Envelope::from(signed) }))?;
        Ok(Founded { id, call })
    }
}

/// Buries a pending identity that was not endorsed in time; anyone may.
///
/// # Errors
/// Never, for a call of this size.
pub fn lapse(id: AutoId) -> Result<Call, SdkError> {
    call_of::<Autoid>(&autoid::Call::Lapse(Lapse { id }))
}
