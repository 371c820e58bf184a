//! What is said of contents, and by whom.

use super::fail;
use super::scalar::{BytesText, HashText, Height, Natural};
use crate::ApiError;
use crate::realm::not_an_identity;
use async_graphql::{OneofObject, Result, SimpleObject};
use auto_core::Hash;
use auto_index::{ContentOf, ContentRow};
use autoid_core::{AutoId, Did};

/// Which manifests: exactly one field.
#[derive(Debug, Clone, OneofObject)]
pub(crate) enum ContentBy {
    /// Those of a content, by its BLAKE3 hash.
    Hash(HashText),
    /// Those of contents that are made from a content.
    Parent(HashText),
    /// Those of an author: a DID, or the last part of one.
    Author(String),
    /// Those that an agent made in somebody's name: a DID, or the last part of one.
    Agent(String),
}

impl ContentBy {
    /// The question to the index.
    pub(super) fn of(&self) -> Result<ContentOf> {
        let identity = |text: &str| -> Result<AutoId> {
            // The network of a DID plays no part: a manifest names the whole of it.
            let named = text.parse::<Did>().map(|did| did.id).or_else(|_| text.parse());
            named.map_err(|_| fail(ApiError::BadValue(not_an_identity(text))))
        };
        Ok(match self {
            Self::Hash(hash) => ContentOf::Content(hash.0.0),
            Self::Parent(hash) => ContentOf::Parent(hash.0.0),
            Self::Author(id) => ContentOf::Author(identity(id)?),
            Self::Agent(id) => ContentOf::Agent(identity(id)?),
        })
    }
}

/// A signed statement about a content that was stored as an object. Its signature was not checked here.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Content {
    /// Its id: the hash of what was signed.
    id: String,
    /// BLAKE3 of the content.
    hash: HashText,
    /// Bytes of the content.
    size_bytes: Natural,
    /// What kind of content it is.
    media_type: String,
    /// DID of who answers for it.
    author: String,
    /// DID of the agent that made it in the author's name.
    agent: Option<String>,
    /// The grant that lets the agent.
    grant: Option<String>,
    /// The contents that it is made from.
    parents: Vec<HashText>,
    /// Under which licence it is given away; without one all rights are reserved.
    licence: Option<String>,
    /// When it was made, as whoever signed it says.
    made_at: String,
    /// The first block of the consensus chain that stored it.
    block: Height,
    /// Hash of the object that holds it.
    object: HashText,
    /// The object: the statement as it was signed, in its envelope.
    signed: BytesText,
}

impl From<ContentRow> for Content {
    fn from(row: ContentRow) -> Self {
        let manifest = row.sealed.manifest();
        let did = |id: &AutoId| id.did(&manifest.network).to_string();
        Self {
            id: row.sealed.id().to_string(),
            hash: Hash(manifest.content).into(),
            size_bytes: Natural(manifest.size),
            media_type: manifest.media_type.to_string(),
            author: did(&manifest.author),
            agent: manifest.acting.map(|acting| did(&acting.agent)),
            grant: manifest.acting.map(|acting| acting.grant.to_string()),
            parents: manifest.parents.iter().map(|parent| Hash(*parent).into()).collect(),
            licence: manifest.licence.as_ref().map(ToString::to_string),
            made_at: manifest.made_at.to_string(),
            block: row.block.into(),
            object: row.object.into(),
            signed: BytesText(row.sealed.to_bytes()),
        }
    }
}
