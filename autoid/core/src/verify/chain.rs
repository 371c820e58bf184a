//! What the call and the grants alone can tell.

use alloc::vec::Vec;

use super::{Debit, Trust, addressed, length};
use crate::call::{Call, Spend};
use crate::grant::{Grant, Mode, attenuates};
use crate::signed::Sign1;
use crate::{GrantId, Refusal};

/// Holds call and grants to each other and to the time, and gives the ids of the grants.
pub(super) fn structure(
    call: &Call,
    grants: &[Sign1<Grant>],
    trust: &Trust,
) -> Result<Vec<GrantId>, Refusal> {
    length(grants)?;
    if call.chain.len() != grants.len() {
        return Err(Refusal::ChainMismatch { link: call.chain.len().min(grants.len()) });
    }
    let ids = linked(grants, trust)?;
    if let Some(link) = ids.iter().zip(&call.chain).position(|(found, named)| found != named) {
        return Err(Refusal::ChainMismatch { link });
    }
    if grants.last().is_some_and(|last| last.body().aud != call.iss) {
        return Err(Refusal::NotHolder);
    }
    times(grants, trust)?;
    addressed(call, trust)?;
    attenuated(grants)?;
    for (link, grant) in grants.iter().enumerate() {
        within(call, grant.body(), link)?;
    }
    Ok(ids)
}

/// The ids of grants, each of which rests on the one before it.
pub(super) fn linked(grants: &[Sign1<Grant>], trust: &Trust) -> Result<Vec<GrantId>, Refusal> {
    let mut ids: Vec<GrantId> = Vec::new();
    for (link, grant) in grants.iter().enumerate() {
        match (ids.last(), grant.body().parent) {
            (None, None) => {}
            (None, Some(_)) => return Err(Refusal::RootHasParent),
            (Some(before), Some(parent)) if *before == parent => {}
            (Some(_), _) => return Err(Refusal::ParentMismatch { link }),
        }
        ids.push(grant.id(&trust.genesis));
    }
    Ok(ids)
}

pub(super) fn times(grants: &[Sign1<Grant>], trust: &Trust) -> Result<(), Refusal> {
    let now = trust.now;
    for (link, grant) in grants.iter().enumerate() {
        let Grant { nbf, exp, .. } = *grant.body();
        if now < nbf {
            return Err(Refusal::GrantNotYetValid { link, nbf, now });
        }
        if now >= exp {
            return Err(Refusal::GrantExpired { link, exp, now });
        }
    }
    Ok(())
}

pub(super) fn attenuated(grants: &[Sign1<Grant>]) -> Result<(), Refusal> {
    let pairs = grants.iter().zip(grants.iter().skip(1));
    pairs.zip(1..).try_for_each(|((parent, child), link)| attenuates(child.body(), parent.body(), link))
}

/// Holds a call to one grant of its chain.
fn within(call: &Call, grant: &Grant, link: usize) -> Result<(), Refusal> {
    if !grant.cmd.iter().any(|command| command.covers(&call.cmd)) {
        return Err(Refusal::CommandNotGranted { link });
    }
    if !grant.res.is_empty() && !grant.res.iter().any(|pattern| pattern.matches(&call.res)) {
        return Err(Refusal::ResourceNotGranted { link });
    }
    if call.class > grant.class {
        return Err(Refusal::ClassNotGranted { link });
    }
    let Some(Spend { asset, amount, payee }) = call.spend else { return Ok(()) };
    let (_, meter) = grant.meter(asset).ok_or(Refusal::MeterMissing { link })?;
    if amount > meter.per_call {
        return Err(Refusal::OverPerCall { link, asset, amount, limit: meter.per_call });
    }
    match &grant.payees {
        Some(payees) if !payees.contains(&payee) => Err(Refusal::PayeeNotGranted { link }),
        _ => Ok(()),
    }
}

/// Holds the arguments to the policies of all grants.
pub(super) fn policies(call: &Call, grants: &[Sign1<Grant>]) -> Result<(), Refusal> {
    for (link, grant) in grants.iter().enumerate() {
        let policy = &grant.body().pol;
        if !policy.is_empty() {
            policy.allow(call.args.as_ref().ok_or(Refusal::ArgumentsMissing { link })?, link)?;
        }
    }
    Ok(())
}

/// What to take from meters, from the actor's grant up.
pub(super) fn debits(call: &Call, grants: &[Sign1<Grant>], ids: &[GrantId]) -> Result<Vec<Debit>, Refusal> {
    let Some(Spend { asset, amount, .. }) = call.spend else { return Ok(Vec::new()) };
    let mut debits = Vec::new();
    let mut total = true;
    for (link, (grant, id)) in grants.iter().zip(ids).enumerate().rev() {
        let (place, meter) = grant.body().meter(asset).ok_or(Refusal::MeterMissing { link })?;
        debits.push(Debit { grant: *id, meter: place, amount, total });
        total &= meter.mode == Mode::Shared;
    }
    Ok(debits)
}
