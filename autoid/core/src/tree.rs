//! The tree of identities, as a view shows it.

use alloc::vec::Vec;

use crate::inception::Kind;
use crate::limits::TREE_DEPTH_MAX;
use crate::record::{IdentityRecord, Status};
use crate::view::View;
use crate::{AutoId, Failure, Refusal};

/// Reads identities, each once.
#[derive(Debug)]
pub(crate) struct Tree<'v, V: ?Sized> {
    view: &'v V,
    read: Vec<IdentityRecord>,
}

impl<'v, V: View + ?Sized> Tree<'v, V> {
    pub(crate) const fn new(view: &'v V) -> Self {
        Self { view, read: Vec::new() }
    }

    /// An identity, whatever its status.
    pub(crate) fn identity(&mut self, id: &AutoId) -> Result<&IdentityRecord, Failure<V::Error>> {
        let at = match self.read.iter().position(|record| record.id == *id) {
            Some(at) => at,
            None => {
                let found = self.view.identity(id).map_err(Failure::View)?;
                self.read.push(found.ok_or(Refusal::UnknownIdentity { id: *id })?);
                self.read.len() - 1
            }
        };
        self.read.get(at).ok_or(Refusal::UnknownIdentity { id: *id }.into())
    }

    /// The identities above, the parent first.
    pub(crate) fn above(&mut self, id: &AutoId) -> Result<Vec<AutoId>, Failure<V::Error>> {
        let start = self.identity(id)?;
        let (mut depth, mut parent) = (start.depth, start.parent);
        let damaged = Refusal::TreeDamaged { id: *id };
        if depth > TREE_DEPTH_MAX {
            return Err(damaged.into());
        }
        let mut above = Vec::new();
        while let Some(next) = parent {
            let record = self.identity(&next)?;
            // Depths fall by one with every step, so no walk is longer than the first depth.
            if record.depth.checked_add(1) != Some(depth) {
                return Err(damaged.into());
            }
            above.push(next);
            (depth, parent) = (record.depth, record.parent);
        }
        if depth == 0 { Ok(above) } else { Err(damaged.into()) }
    }

    /// An identity that is active, as are all above it.
    pub(crate) fn active(&mut self, id: &AutoId) -> Result<&IdentityRecord, Failure<V::Error>> {
        let status = self.identity(id)?.status;
        if status != Status::Active {
            return Err(Refusal::Inactive { id: *id, status }.into());
        }
        for ancestor in self.above(id)? {
            let status = self.identity(&ancestor)?.status;
            if status != Status::Active {
                return Err(Refusal::AncestorInactive { id: *id, ancestor, status }.into());
            }
        }
        self.identity(id)
    }

    /// The identity at the top.
    pub(crate) fn principal(&mut self, id: &AutoId) -> Result<AutoId, Failure<V::Error>> {
        Ok(self.above(id)?.last().copied().unwrap_or(*id))
    }
}

/// One identity on the way from an actor to who answers for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answerer {
    /// The identity.
    pub id: AutoId,
    /// What it stands for.
    pub kind: Kind,
    /// Its status.
    pub status: Status,
}

/// The way from an identity to the top of its tree, itself first. Who answers for it is the first whose kind
/// [answers](Kind::answers); there may be none.
///
/// # Errors
/// When the identity is not known, the tree is inconsistent, or the state cannot be read.
pub fn who_answers<V: View + ?Sized>(view: &V, id: &AutoId) -> Result<Vec<Answerer>, Failure<V::Error>> {
    let mut tree = Tree::new(view);
    let mut path = Vec::from([*id]);
    path.extend(tree.above(id)?);
    path.iter()
        .map(|id| tree.identity(id).map(|one| Answerer { id: one.id, kind: one.kind, status: one.status }))
        .collect()
}
