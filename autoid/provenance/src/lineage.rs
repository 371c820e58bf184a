//! What a content was made from.

use crate::{ProvenanceError, Sealed, Unverified};
use std::collections::BTreeMap;

/// Most contents that one walk looks at.
pub const LINEAGE_MAX: usize = 1_024;

/// A content that another one was made from, directly or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ancestor {
    /// Its hash.
    pub content: [u8; 32],
    /// Its manifest, if there is one.
    pub manifest: Option<Sealed>,
}

/// Where the walk is in a content that it has begun.
struct Open {
    content: [u8; 32],
    parents: Vec<[u8; 32]>,
}

/// All that a content was made from, as far as manifests are known: every content once, those that it was made
/// from before it. `find` gives the manifest that counts for a content, or none.
///
/// Whether the manifests are true is for [`crate::verify()`] to say.
///
/// # Errors
/// When a content was made from itself, there are more than [`LINEAGE_MAX`] contents, a manifest is that of another
/// content, or `find` fails.
pub fn lineage<E>(
    of: &Sealed,
    mut find: impl FnMut(&[u8; 32]) -> Result<Option<Sealed>, E>,
) -> Result<Vec<Ancestor>, Unverified<E>> {
    let begin = |sealed: &Sealed| {
        let mut parents = sealed.manifest().parents.clone();
        // The next one is taken off the end.
        parents.reverse();
        Open { content: sealed.manifest().content, parents }
    };
    // A content that was begun has an entry; one that is done is in the list as well.
    let mut begun: BTreeMap<[u8; 32], Option<Sealed>> = BTreeMap::from([(of.manifest().content, None)]);
    let (mut open, mut done) = (vec![begin(of)], Vec::new());
    while let Some(last) = open.last_mut() {
        let Some(content) = last.parents.pop() else {
            let content = last.content;
            open.pop();
            if !open.is_empty() {
                done.push(Ancestor { content, manifest: begun.get(&content).cloned().flatten() });
            }
            continue;
        };
        if open.iter().any(|one| one.content == content) {
            return Err(ProvenanceError::Cycle { content }.into());
        }
        if begun.contains_key(&content) {
            continue;
        }
        if begun.len() > LINEAGE_MAX {
            return Err(ProvenanceError::TooManyAncestors { limit: LINEAGE_MAX }.into());
        }
        let manifest = find(&content).map_err(Unverified::View)?;
        match &manifest {
            Some(sealed) if sealed.manifest().content != content => {
                return Err(ProvenanceError::OtherContent.into());
            }
            Some(sealed) => open.push(begin(sealed)),
            None => open.push(Open { content, parents: Vec::new() }),
        }
        begun.insert(content, manifest);
    }
    Ok(done)
}
