//! Signed content that a node's index finds, and what was made from what.

use super::Client;
use crate::SdkError;
use crate::client::answer::{Fields, natural};
use crate::provenance::Sealed;
use auto_core::{BlockNumber, Hash};
use autoid_provenance::{LINEAGE_MAX, Unverified, lineage};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const CONTENT: &str = "query($of: ContentBy!, $after: String) { found: content(of: $of, first: 100, after: $after) { \
    edges { node { signed block } } pageInfo { hasNextPage endCursor } } }";

/// A manifest that was stored. Its signature was not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredManifest {
    /// The manifest.
    pub sealed: Sealed,
    /// The first consensus block that stored it.
    pub block: BlockNumber,
}

/// A content, and the manifest that counts for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// BLAKE3 of the content.
    pub content: [u8; 32],
    /// The first manifest that was stored for it, if there is one.
    pub manifest: Option<StoredManifest>,
    /// What it is made from, as far as that is known.
    pub parents: Vec<[u8; 32]>,
}

/// What a content was made from, and what was made from it. Nothing of it was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// The content.
    pub of: Made,
    /// What it was made from, directly or not: every content once, those that it was made from before it.
    pub ancestors: Vec<Made>,
    /// What was made from it, directly or not: every content once, the nearest first.
    pub descendants: Vec<Made>,
}

impl Made {
    fn of(content: [u8; 32], manifest: Option<StoredManifest>) -> Self {
        let parents = manifest.as_ref().map(|found| found.sealed.manifest().parents.clone());
        Self { content, manifest, parents: parents.unwrap_or_default() }
    }
}

fn text(hash: &[u8; 32]) -> String {
    Hash(*hash).to_string()
}

fn too_many() -> SdkError {
    autoid_provenance::ProvenanceError::TooManyAncestors { limit: LINEAGE_MAX }.into()
}

impl Client {
    async fn contents(&self, of: Value) -> Result<Vec<StoredManifest>, SdkError> {
        let (mut rows, mut after) = (Vec::new(), None::<String>);
        let read = |node: &Fields<'_>| -> Result<StoredManifest, SdkError> {
            let sealed = Sealed::from_bytes(&node.bytes("signed")?)?;
            Ok(StoredManifest { sealed, block: BlockNumber(natural(node, "block")?) })
        };
        while rows.len() <= LINEAGE_MAX {
            let data = self.query(CONTENT, json!({ "of": of, "after": after })).await?;
            let fields = self.fields(&data);
            let found = fields.at("found")?;
            for edge in found.list("edges")? {
                rows.push(read(&edge.at("node")?)?);
            }
            let page = found.at("pageInfo")?;
            if !page.boolean("hasNextPage")? {
                return Ok(rows);
            }
            after = Some(page.text("endCursor")?.to_owned());
        }
        Err(too_many())
    }

    /// The manifests that were stored for a content, the oldest first, as the node's index has them.
    ///
    /// # Errors
    /// When the node cannot be reached, or keeps no index.
    pub async fn manifests(&self, content: &[u8; 32]) -> Result<Vec<StoredManifest>, SdkError> {
        let mut rows = self.contents(json!({ "hash": text(content) })).await?;
        rows.retain(|row| row.sealed.manifest().content == *content);
        Ok(rows)
    }

    /// What a content was made from and what was made from it, as manifests say that were stored; the first one that
    /// was stored for a content counts. Whether they are true is for [`crate::provenance::verify`] to say.
    ///
    /// # Errors
    /// When the node cannot be reached, no manifest speaks of the content, there are more than 1,024 contents, or one was
    /// made from itself.
    pub async fn lineage(&self, content: &[u8; 32]) -> Result<Lineage, SdkError> {
        let mut known = BTreeMap::new();
        let (mut ahead, mut begun) = (vec![*content], BTreeSet::from([*content]));
        while let Some(next) = ahead.pop() {
            if known.len() > LINEAGE_MAX {
                return Err(too_many());
            }
            let made = Made::of(next, self.manifests(&next).await?.into_iter().next());
            ahead.extend(made.parents.iter().filter(|parent| begun.insert(**parent)));
            known.insert(next, made);
        }
        let missing = || SdkError::NotFound { what: "signed content", key: text(content) };
        let of = known.remove(content).ok_or_else(missing)?;
        let descendants = self.descendants(content).await?;
        if of.manifest.is_none() && descendants.is_empty() {
            return Err(missing());
        }
        let ancestors = match &of.manifest {
            None => Vec::new(),
            Some(manifest) => ancestors(&manifest.sealed, &known)?,
        };
        Ok(Lineage { of, ancestors, descendants })
    }

    async fn descendants(&self, content: &[u8; 32]) -> Result<Vec<Made>, SdkError> {
        let (mut ahead, mut begun) = (VecDeque::from([*content]), BTreeSet::from([*content]));
        let mut found = Vec::new();
        while let Some(next) = ahead.pop_front() {
            for row in self.contents(json!({ "parent": text(&next) })).await? {
                let child = row.sealed.manifest().content;
                if !row.sealed.manifest().parents.contains(&next) || !begun.insert(child) {
                    continue;
                }
                if found.len() >= LINEAGE_MAX {
                    return Err(too_many());
                }
                ahead.push_back(child);
                found.push(Made::of(child, Some(row)));
            }
        }
        Ok(found)
    }
}

/// The contents that one was made from, in the order that they were made in.
fn ancestors(of: &Sealed, known: &BTreeMap<[u8; 32], Made>) -> Result<Vec<Made>, SdkError> {
    let manifest = |content: &[u8; 32]| known.get(content)?.manifest.as_ref().map(|row| row.sealed.clone());
    let walked = lineage(of, |content| Ok::<_, SdkError>(manifest(content)));
    let walked = walked.map_err(|error| match error {
        Unverified::Refused(error) => error.into(),
        Unverified::View(error) => error,
    })?;
    Ok(walked.iter().filter_map(|one| known.get(&one.content).cloned()).collect())
}
