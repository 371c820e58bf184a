//! DIDs of method `auto`: documents out of proven records.
//!
//! A document is a pure function of what the chain has of the identity: its record, its certificate and its alias. So
//! their proof is the proof of the document, and [`ResolutionFile`](super::ResolutionFile) is that as a file.
//!
//! # Older versions
//! `versionId` and `versionTime` are looked for among the blocks whose state the node still has: those since the
//! newest confirmed one, and more where it keeps more. What lies before them is an error of its own
//! ([`SdkError::Forgotten`]), so that nobody takes it for what never was. A version that was replaced within one block
//! was never a state of the chain and has no document.

use super::parties::named;
use crate::{At, DomainClient, DomainState, Prover, SdkError};
use auto_core::{BlockNumber, ErrorCode as _};
use auto_state::StateRead;
use autoid_certificates::holder_key;
use autoid_core::document::{Resolution, document, metadata};
use autoid_core::{AutoId, IdentityRecord, Refusal, Time};
use autoid_credentials::did::{Did, DidError, Source};
use autoid_interface::{CERTIFICATES, IDENTITIES};
use std::future::Future;

/// Which version of a document is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// That of the newest block.
    Newest,
    /// The one of this `versionId`.
    Id(u64),
    /// The one that was in force at a time.
    Time(Time),
}

/// A document and what it follows from.
#[derive(Debug, Clone)]
pub struct Resolved<P> {
    /// The document, in JSON.
    pub document: String,
    /// Its metadata, in JSON.
    pub metadata: String,
    /// The record.
    pub record: IdentityRecord,
    /// The state that proves the record.
    pub state: DomainState<P>,
}

/// Somebody who can show the states of a domain's blocks. A node is one.
pub trait States: Send + Sync {
    /// What proves them.
    type Prover: Prover;

    /// The state of a block.
    fn state(&self, at: At) -> impl Future<Output = Result<DomainState<Self::Prover>, SdkError>> + Send;
}

impl States for DomainClient {
    type Prover = Self;

    async fn state(&self, at: At) -> Result<DomainState<Self>, SdkError> {
        Self::state(self, at).await
    }
}

/// Resolves `did:auto` on one domain: the source for `autoid_credentials::did::Resolver`.
#[derive(Debug, Clone)]
pub struct AutoDids<S = DomainClient> {
    states: S,
}

/// A document, and what it was made of.
pub(super) struct Written {
    pub(super) document: String,
    pub(super) metadata: String,
    pub(super) record: IdentityRecord,
}

/// The document of an identity in a state.
pub(super) fn write(
    state: &dyn StateRead,
    id: &AutoId,
    (network, now): (&autoid_core::Genesis, Time),
) -> Result<Option<Written>, SdkError> {
    let Some(record) = IDENTITIES.get(state, id)? else { return Ok(None) };
    let alias = named(state, id)?.map(|alias| format!("auto:{alias}"));
    let der = CERTIFICATES.get(state, id)?;
    // After a rotation the certificate may be that of a key which is not listed any more.
    let place = der.as_ref().and_then(|der| {
        let key = holder_key(der)?;
        record.keys.keys.iter().find(|own| own.key == key).map(|own| (own.kid, &**der))
    });
    let resolution = Resolution { also_known_as: alias.as_slice(), certificate: place };
    let document = document(&record, network, now, &resolution);
    Ok(Some(Written { document, metadata: metadata(&record), record }))
}

impl<S: States> AutoDids<S> {
    /// Resolves through these states.
    #[must_use]
    pub const fn new(states: S) -> Self {
        Self { states }
    }

    async fn at(&self, id: &AutoId, at: At) -> Result<(DomainState<S::Prover>, Option<Written>), SdkError> {
        let mut state = self.states.state(at).await?;
        let (network, now) = (state.network(), state.point().time);
        let written = state.view(|state| write(state, id, (&network, now))).await?;
        Ok((state, written))
    }

    /// The document of an identity as of a block.
    ///
    /// # Errors
    /// When there is no such identity, or the node has forgotten the state of the block.
    pub async fn resolve_at(&self, id: &AutoId, at: At) -> Result<Resolved<S::Prover>, SdkError> {
        let (state, written) = self.at(id, at).await?;
        let Written { document, metadata, record } = written.ok_or(Refusal::UnknownIdentity { id: *id })?;
        Ok(Resolved { document, metadata, record, state })
    }

    /// The document of an identity in a version.
    ///
    /// # Errors
    /// When there is no such identity or version, or the node has forgotten the state of that time.
    pub async fn resolve(&self, id: &AutoId, version: Version) -> Result<Resolved<S::Prover>, SdkError> {
        let (mut state, written) = self.at(id, At::Newest).await?;
        let mut written = written.ok_or(Refusal::UnknownIdentity { id: *id })?;
        let fits = |state: &DomainState<S::Prover>, written: Option<&Written>| match version {
            Version::Newest => true,
            Version::Id(wanted) => written.is_some_and(|written| written.record.version() >= wanted),
            Version::Time(wanted) => state.point().time > wanted,
        };
        // The first block of the version, or the first after the time: both rise with the blocks.
        let (mut low, mut high) = (written.record.created, state.number().0);
        let searched = match version {
            Version::Newest => false,
            Version::Id(wanted) => written.record.version() != wanted,
            Version::Time(wanted) => state.point().time > wanted,
        };
        if searched {
            if matches!(version, Version::Id(wanted) if written.record.version() < wanted) {
                return Err(missing(version));
            }
            let mut has_forgotten = false;
            while low < high {
                let middle = low.saturating_add(high.saturating_sub(low) / 2);
                // What was forgotten lies before everything that is kept.
                let is_reached = match self.at(id, At::Block(BlockNumber(middle))).await {
                    Ok((there, found)) => fits(&there, found.as_ref()),
                    Err(error) if is_forgotten(&error) => {
                        has_forgotten = true;
                        false
                    }
                    Err(error) => return Err(error),
                };
                if is_reached { high = middle } else { low = middle.saturating_add(1) }
            }
            let block = match version {
                Version::Time(_) => high.checked_sub(1).ok_or_else(|| missing(version))?,
                _ => high,
            };
            let gone = || if has_forgotten { forgotten(version) } else { missing(version) };
            let (there, found) = match self.at(id, At::Block(BlockNumber(block))).await {
                Err(error) if is_forgotten(&error) => return Err(forgotten(version)),
                found => found?,
            };
            written = found.ok_or_else(gone)?;
            if matches!(version, Version::Id(wanted) if written.record.version() != wanted) {
                return Err(gone());
            }
            state = there;
        }
        let Written { document, metadata, record } = written;
        Ok(Resolved { document, metadata, record, state })
    }
}

/// Whether somebody has forgotten the state of a block, which a node tells by the class of its refusal.
fn is_forgotten(error: &SdkError) -> bool {
    match error {
        SdkError::Refused { kind, .. } => kind == "HEIGHT_UNAVAILABLE",
        SdkError::Forgotten(_) => true,
        _ => false,
    }
}

fn worded(version: Version) -> String {
    match version {
        Version::Newest => "newest".to_owned(),
        Version::Id(id) => id.to_string(),
        Version::Time(time) => format!("of {time}"),
    }
}

fn missing(version: Version) -> SdkError {
    SdkError::NotFound { what: "version", key: worded(version) }
}

fn forgotten(version: Version) -> SdkError {
    SdkError::Forgotten(format!("version {}", worded(version)))
}

impl<S: States> Source for AutoDids<S> {
    async fn document(&self, did: &Did) -> Result<Vec<u8>, DidError> {
        let text = did.as_str().to_owned();
        let unknown = || DidError::Unknown { did: text.clone() };
        let parsed: autoid_core::Did = text.parse().map_err(|_| unknown())?;
        let failed = |error: SdkError| DidError::Fetch {
            url: text.clone(),
            why: format!("{} ({error})", error.code()),
        };
        let (state, written) = self.at(&parsed.id, At::Newest).await.map_err(failed)?;
        if !parsed.is_on(&state.network()) {
            return Err(unknown());
        }
        Ok(written.ok_or_else(unknown)?.document.into_bytes())
    }
}
