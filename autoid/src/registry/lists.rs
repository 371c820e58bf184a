//! Revocation lists, and who has which place in them.

use crate::state::PLACES;
use crate::{AutoidError, deposit};
use auto_module::CallContext;
use auto_state::StateWrite;
use autoid_core::{AutoId, GrantId, RevocationPlace};
use autoid_interface::{REVOKED, RevocationList};

/// Takes a place of an issuer's for a grant; tells whether it was the grant's before.
pub(crate) fn take(
    state: &mut dyn StateWrite,
    issuer: AutoId,
    place: RevocationPlace,
    grant: GrantId,
) -> Result<bool, AutoidError> {
    match PLACES.get(state, &(issuer, place))? {
        Some(other) if other != grant => Err(AutoidError::PlaceTaken { grant: other }),
        Some(_) => Ok(true),
        None => {
            PLACES.put(state, &(issuer, place), &grant);
            Ok(false)
        }
    }
}

/// The list of a place. One that does not exist yet begins here, at the signer's expense: it stays for ever,
/// and whoever revokes later need not pay for it.
pub(crate) fn begin(
    state: &mut dyn StateWrite,
    cx: &CallContext<'_>,
    issuer: AutoId,
    place: RevocationPlace,
) -> Result<RevocationList, AutoidError> {
    let key = (issuer, place.list);
    if let Some(list) = REVOKED.get(state, &key)? {
        return Ok(list);
    }
    let list = RevocationList::default();
    deposit::burn(state, cx, &list)?;
    REVOKED.put(state, &key, &list);
    Ok(list)
}
