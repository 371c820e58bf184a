//! Names for people: committed to first, revealed after a wait, so that nobody takes a name that he sees coming.

use super::{IdentityKey, call_of, operate};
use crate::SdkError;
use auto_core::{Call, Hash, hash_parts};
use autoid::{Autoid, CommitAlias, DropCommitment, FreeAlias};
use autoid_core::{Action, AutoId, IdentityRecord, Point};
use autoid_interface::Alias;

/// Separates the salts of commitments.
const SALT_TAG: &[u8] = b"auto/v1/sdk/alias-salt\0";

/// An alias out of text.
pub(super) fn alias(text: &str) -> Result<Alias, SdkError> {
    text.parse().map_err(|_| SdkError::Alias(text.chars().take(64).collect()))
}

/// What hides an alias until it is revealed. It follows from key and alias, so nothing has to be kept in between;
/// after a rotation the alias has to be committed to again.
fn salt(key: &IdentityKey, alias: &Alias) -> [u8; 16] {
    let full = hash_parts(SALT_TAG, &[key.secret().as_slice(), alias.as_str().as_bytes()]).0;
    let mut salt = [0; 16];
    for (to, from) in salt.iter_mut().zip(full) {
        *to = from;
    }
    salt
}

/// The commitment to an alias by an identity's key.
///
/// # Errors
/// When the text is no alias.
pub fn alias_commitment(text: &str, key: &IdentityKey) -> Result<Hash, SdkError> {
    let alias = alias(text)?;
    Ok(autoid::alias_commitment(&key.network(), &key.id(), &salt(key, &alias), &alias))
}

/// Commits to an alias without naming it.
///
/// # Errors
/// When the text is no alias.
pub fn commit_alias(text: &str, key: &IdentityKey) -> Result<Call, SdkError> {
    let commitment = alias_commitment(text, key)?;
    call_of::<Autoid>(&autoid::Call::CommitAlias(CommitAlias { commitment }))
}

/// Takes the alias that the same key committed to before; not before the wait is over, and not long after it.
///
/// # Errors
/// When the text is no alias.
pub fn reveal_alias(
    record: &IdentityRecord,
    point: Point,
    text: &str,
    key: &IdentityKey,
) -> Result<Call, SdkError> {
    let alias = alias(text)?;
    let action = Action::RevealAlias { alias: alias.to_string(), salt: salt(key, &alias) };
    operate(record, point, action, &[key])
}

/// Gives the deposit of a commitment back that was not revealed in time; anyone may.
///
/// # Errors
/// Never, for a call of this size.
pub fn drop_alias_commitment(commitment: Hash) -> Result<Call, SdkError> {
    call_of::<Autoid>(&autoid::Call::DropCommitment(DropCommitment { commitment }))
}

/// Takes the alias off an identity that ended; anyone may.
///
/// # Errors
/// Never, for a call of this size.
pub fn free_alias(id: AutoId) -> Result<Call, SdkError> {
    call_of::<Autoid>(&autoid::Call::FreeAlias(FreeAlias { id }))
}
