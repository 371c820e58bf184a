//! Statements that an identity makes by itself.

use crate::keys::Relations;
use crate::record::IdentityRecord;
use crate::signed::{Body, Sign, Sign1};
use crate::transition::controls;
use crate::tree::Tree;
use crate::view::View;
use crate::{AutoId, Failure, Genesis, Refusal};

/// The record of an identity that is active, as are all above it.
///
/// # Errors
/// Which identity is missing or not active, or that the state cannot be read.
pub fn active<V: View + ?Sized>(view: &V, id: &AutoId) -> Result<IdentityRecord, Failure<V::Error>> {
    Tree::new(view).active(id).cloned()
}

/// The record of an [active] identity that signed a statement with as many keys as control it. A signature by
/// anybody or anything else refuses the statement.
///
/// # Errors
/// The first rule that refuses, or that the state cannot be read.
pub fn controlled_by<V: View + ?Sized, T: Body>(
    statement: &Sign<T>,
    id: &AutoId,
    view: &V,
    genesis: &Genesis,
) -> Result<IdentityRecord, Failure<V::Error>> {
    let record = active(view, id)?;
    if let Some(other) = statement.signatures().iter().find(|one| one.by.identity != *id) {
        return Err(Refusal::UnexpectedSigner { id: other.by.identity }.into());
    }
    controls(statement, genesis, id, &[&record.keys], view.point().time)?;
    Ok(record)
}

/// Refuses a statement that is not signed by a key of an [active] identity that may be used so.
///
/// # Errors
/// The first rule that refuses, or that the state cannot be read.
pub fn signed_by<V: View + ?Sized, T: Body>(
    statement: &Sign1<T>,
    id: &AutoId,
    relation: Relations,
    view: &V,
    genesis: &Genesis,
) -> Result<(), Failure<V::Error>> {
    let (record, kid) = (active(view, id)?, statement.kid());
    let key = record.keys.key(kid).ok_or(Refusal::UnknownKey { id: *id, kid })?;
    key.admit(relation, view.point().time)?;
    Ok(statement.verify(genesis, &key.key)?)
}
