//! The registry of aliases: who takes a name, and who gives it back.
//!
//! A commitment binds alias, identity and salt, so whoever sees a reveal in the pool can neither take the alias
//! for another identity nor commit to it in time.

use crate::deposit::give_back;
use crate::state::{COMMITMENTS, PARAMS};
use crate::{Autoid, AutoidError, Event};
use auto_core::{Hash, hash_parts};
use auto_module::{CallContext, Events};
use auto_state::StateWrite;
use autoid_core::{AutoId, Genesis};
use autoid_interface::{ALIAS_OF, ALIASES, Alias, AliasRecord};

/// Separates commitments to aliases from every other hash.
const TAG: &[u8] = b"auto/v1/autoid/alias\0";

/// The commitment to an alias of an identity on a network.
#[must_use]
pub fn alias_commitment(genesis: &Genesis, id: &AutoId, salt: &[u8; 16], alias: &Alias) -> Hash {
    hash_parts(TAG, &[&genesis.0, &id.0, salt, alias.as_str().as_bytes()])
}

/// Gives an alias to the identity that committed to it. The deposit of the commitment becomes the alias's.
pub(crate) fn reveal(
    state: &mut dyn StateWrite,
    cx: &CallContext<'_>,
    events: &mut Events,
    id: AutoId,
    (alias, commitment): (Alias, Hash),
) -> Result<(), AutoidError> {
    let params = PARAMS.get(state)?.unwrap_or_default();
    let held = COMMITMENTS.get(state, &commitment)?.ok_or(AutoidError::UnknownCommitment)?;
    let now = cx.block.inherent.number.0;
    let (first, last) =
        (held.since.saturating_add(params.alias_age_min), held.since.saturating_add(params.alias_age_max));
    if !(first..=last).contains(&now) {
        return Err(AutoidError::CommitmentAge { first, last });
    }
    let look = alias.look();
    if ALIASES.get(state, &look)?.is_some() {
        return Err(AutoidError::AliasTaken);
    }
    if ALIAS_OF.get(state, &id)?.is_some() {
        return Err(AutoidError::HasAlias);
    }
    COMMITMENTS.delete(state, &commitment);
    ALIAS_OF.put(state, &id, &look);
    let record =
        AliasRecord { alias: alias.clone(), id, since: now, deposit: held.deposit, payer: held.payer };
    ALIASES.put(state, &look, &record);
    events.emit::<Autoid>(&Event::AliasTaken { id, alias });
    Ok(())
}

/// Frees the alias of an identity, if it has one, and gives the deposit back; tells whether it had one.
pub(crate) fn free(
    state: &mut dyn StateWrite,
    cx: &CallContext<'_>,
    events: &mut Events,
    id: AutoId,
) -> Result<bool, AutoidError> {
    let Some(look) = ALIAS_OF.get(state, &id)? else { return Ok(false) };
    let record = ALIASES.get(state, &look)?.ok_or(AutoidError::NoAlias)?;
    ALIAS_OF.delete(state, &id);
    ALIASES.delete(state, &look);
    give_back(state, cx, &record.payer, record.deposit)?;
    events.emit::<Autoid>(&Event::AliasFreed { id, alias: record.alias });
    Ok(true)
}
