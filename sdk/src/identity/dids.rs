//! DIDs of method `auto`: documents out of proven records.
//!
//! A document is a pure function of the record, so the proof of the record is the proof of the document.
//!
//! # Older versions
//! `versionId` and `versionTime` are looked for among the blocks whose state the node still has: those since the
//! newest confirmed one, and more where it keeps more. A version that was replaced within one block was never a
//! state of the chain and has no document.

use super::parties::named;
use crate::{At, DomainClient, DomainState, Prover, SdkError};
use auto_core::{BlockNumber, ErrorCode as _};
use auto_state::StateRead;
use autoid_core::document::{Resolution, document, metadata};
use autoid_core::{AutoId, IdentityRecord, Refusal, Time};
use autoid_credentials::did::{Did, DidError, Source};
use autoid_interface::IDENTITIES;
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

struct Written {
    document: String,
    metadata: String,
    record: IdentityRecord,
}

fn write(
    state: &dyn StateRead,
    id: &AutoId,
    (network, now): (&autoid_core::Genesis, Time),
) -> Result<Option<Written>, SdkError> {
    let Some(record) = IDENTITIES.get(state, id)? else { return Ok(None) };
    let alias = named(state, id)?.map(|alias| format!("auto:{alias}"));
    let resolution = Resolution { also_known_as: alias.as_slice(), certificate: None };
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
            while low < high {
                let middle = low.saturating_add(high.saturating_sub(low) / 2);
                let (there, found) = self.at(id, At::Block(BlockNumber(middle))).await?;
                if fits(&there, found.as_ref()) { high = middle } else { low = middle.saturating_add(1) }
            }
            let block = match version {
                Version::Time(_) => high.checked_sub(1).ok_or_else(|| missing(version))?,
                _ => high,
            };
            let (there, found) = self.at(id, At::Block(BlockNumber(block))).await?;
            written = found.ok_or_else(|| missing(version))?;
            if matches!(version, Version::Id(wanted) if written.record.version() != wanted) {
                return Err(missing(version));
            }
            state = there;
        }
        let Written { document, metadata, record } = written;
        Ok(Resolved { document, metadata, record, state })
    }
}

fn missing(version: Version) -> SdkError {
    let key = match version {
        Version::Newest => "newest".to_owned(),
        Version::Id(id) => id.to_string(),
        Version::Time(time) => format!("of {time}"),
    };
    SdkError::NotFound { what: "version", key }
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
