//! Freezing a domain: its owner stops it for a while, as when its code turns out to be wrong.

use super::domain::owned;
use super::{Caller, RegistryError};
use crate::state::{DOMAIN, FREEZE, Freeze, THAWS_AT};
use crate::{DomainsEvent, staking};
use auto_core::{DomainId, List};
use auto_ledger::BlockContext;
use auto_state::StateWrite;

/// Freezes a domain for as many consensus blocks as a challenge period has; only its owner may.
///
/// # Errors
/// When the caller is not the owner, the domain is frozen, or its last freeze ended less than a challenge
/// period ago.
pub fn freeze(
    caller: &Caller<'_>,
    domain: DomainId,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, RegistryError> {
    let mut record = owned(caller.signer, domain, state)?;
    let (cx, period) = (caller.cx, caller.rules.params.challenge_period);
    if record.frozen {
        return Err(RegistryError::Frozen(domain));
    }
    if let Some(last) = FREEZE.get(&*state, &domain)? {
        let from = last.until.checked_add(period).ok_or(RegistryError::Overflow)?;
        if cx.number < from {
            return Err(RegistryError::FrozenLately { domain, from });
        }
    }
    let until = cx.number.checked_add(period).ok_or(RegistryError::Overflow)?;
    let mut thaws = THAWS_AT.get(&*state, &until)?.unwrap_or_default().into_inner();
    thaws.push(domain);
    // A domain thaws once in a block, so there is room for all that may exist.
    let thaws = List::new(thaws).map_err(|_| RegistryError::Overflow)?;
    THAWS_AT.put(state, &until, &thaws);
    FREEZE.put(state, &domain, &Freeze { since: cx.slot, until });
    record.frozen = true;
    DOMAIN.put(state, &domain, &record);
    Ok(vec![DomainsEvent::DomainFrozen { domain, until }])
}

/// Lets a frozen domain go on before its time; only its owner may.
///
/// # Errors
/// When the caller is not the owner, or the domain is not frozen.
pub fn unfreeze(
    caller: &Caller<'_>,
    domain: DomainId,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, RegistryError> {
    owned(caller.signer, domain, state)?;
    thaw(caller.cx, domain, state)?.ok_or(RegistryError::NotFrozen(domain)).map(|event| vec![event])
}

/// Lets the domains go on whose freeze ends with this consensus block.
///
/// # Errors
/// When the state cannot be read.
pub fn end_freezes(
    cx: &BlockContext,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, RegistryError> {
    let Some(due) = THAWS_AT.get(&*state, &cx.number)? else { return Ok(Vec::new()) };
    THAWS_AT.delete(state, &cx.number);
    let mut events = Vec::with_capacity(due.len());
    for domain in due.iter() {
        // One that was let go before its time may be frozen again by now, until another block.
        if FREEZE.get(&*state, domain)?.is_some_and(|freeze| freeze.until == cx.number) {
            events.extend(thaw(cx, *domain, state)?);
        }
    }
    Ok(events)
}

/// Ends a freeze in this block; `None` when the domain is not frozen.
fn thaw(
    cx: &BlockContext,
    domain: DomainId,
    state: &mut dyn StateWrite,
) -> Result<Option<DomainsEvent>, RegistryError> {
    let mut record = DOMAIN.get(&*state, &domain)?.ok_or(RegistryError::UnknownDomain(domain))?;
    let Some(freeze) = FREEZE.get(&*state, &domain)?.filter(|_| record.frozen) else { return Ok(None) };
    record.frozen = false;
    DOMAIN.put(state, &domain, &record);
    FREEZE.put(state, &domain, &Freeze { until: cx.number, ..freeze });
    staking::pass_over(state, domain, freeze.since, cx.slot)?;
    Ok(Some(DomainsEvent::DomainUnfrozen { domain }))
}
