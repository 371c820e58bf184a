//! What is said of a content.

mod licence;
mod media_type;

pub use licence::Licence;
pub use media_type::MediaType;

use autoid_core::cbor::{Canonical, CborError, Reader, Writer};
use autoid_core::{AutoId, Body, Genesis, GrantId, Refusal, Time};
use std::fmt;

/// Most contents that one is made from.
pub const PARENTS_MAX: usize = 16;
/// Bytes of a manifest, without its envelope.
pub const MANIFEST_BYTES_MAX: usize = 1_024;

/// A manifest: the hash of its body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ManifestId(pub [u8; 32]);

impl ManifestId {
    /// The manifest with a body.
    #[must_use]
    pub fn of(genesis: &Genesis, body: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(Manifest::TAG.as_bytes()).update(&genesis.0).update(body);
        Self(*hasher.finalize().as_bytes())
    }
}

impl fmt::Display for ManifestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&blake3::Hash::from_bytes(self.0), f)
    }
}

impl fmt::Debug for ManifestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ManifestId({self})")
    }
}

/// An agent that makes content in the name of an author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acting {
    /// The agent, which signs.
    pub agent: AutoId,
    /// The last grant of the chain that lets it.
    pub grant: GrantId,
}

/// What its author says of a content. Whoever signs is the agent, where there is one, or else the author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The network of the author.
    pub network: Genesis,
    /// BLAKE3 of the content, as `b3sum` prints it.
    pub content: [u8; 32],
    /// Bytes of the content.
    pub size: u64,
    /// What kind of content it is.
    pub media_type: MediaType,
    /// Who answers for it.
    pub author: AutoId,
    /// Who made it in the author's name.
    pub acting: Option<Acting>,
    /// The contents that it is made from, by their hashes in rising order.
    pub parents: Vec<[u8; 32]>,
    /// Under which licence it is given away; without one all rights are reserved.
    pub licence: Option<Licence>,
    /// When it was made, as whoever signed it says.
    pub made_at: Time,
}

impl Manifest {
    /// Who signs it.
    #[must_use]
    pub const fn signer(&self) -> AutoId {
        match &self.acting {
            Some(acting) => acting.agent,
            None => self.author,
        }
    }
}

impl Body for Manifest {
    const TAG: &'static str = "auto/manifest/v1";
    const BYTES_MAX: usize = MANIFEST_BYTES_MAX;

    fn check(&self) -> Result<(), Refusal> {
        let named = self.acting.map(|acting| acting.agent);
        if [Some(self.author), named].contains(&Some(AutoId([0; 32]))) {
            return Err(Refusal::NullIdentity);
        }
        // An author needs no grant of its own, and no content is made from itself.
        if named == Some(self.author) || self.parents.contains(&self.content) {
            return Err(CborError::Range.into());
        }
        Ok(())
    }
}

impl Canonical for Manifest {
    fn write(&self, to: &mut Writer) {
        to.fields(|fields| {
            fields.value(1, &self.network);
            fields.value(2, &self.content);
            fields.value(3, &self.size);
            fields.value(4, &self.media_type);
            fields.value(5, &self.author);
            fields.option(6, self.acting.as_ref());
            fields.list(7, &self.parents);
            fields.option(8, self.licence.as_ref());
            fields.value(9, &self.made_at);
        });
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        let mut fields = from.fields()?;
        let manifest = Self {
            network: fields.need(1, Genesis::read)?,
            content: fields.need(2, <[u8; 32]>::read)?,
            size: fields.need(3, u64::read)?,
            media_type: fields.need(4, MediaType::read)?,
            author: fields.need(5, AutoId::read)?,
            acting: fields.maybe(6, Acting::read)?,
            parents: fields.maybe(7, |from| from.set(PARENTS_MAX, <[u8; 32]>::read))?.unwrap_or_default(),
            licence: fields.maybe(8, Licence::read)?,
            made_at: fields.need(9, Time::read)?,
        };
        fields.close()?;
        Ok(manifest)
    }
}

impl Canonical for Acting {
    fn write(&self, to: &mut Writer) {
        to.array(2);
        self.agent.write(to);
        self.grant.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Refusal> {
        from.tuple(2)?;
        Ok(Self { agent: AutoId::read(from)?, grant: GrantId::read(from)? })
    }
}
