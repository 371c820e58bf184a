//! By what right something happens: identities, their keys, and chains of grants, as of the block that runs.

use crate::signed::Order;
use crate::{AgentsError, CHAIN_MAX};
use auto_core::hash_parts;
use auto_module::Environment;
use auto_state::StateRead;
use autoid_core::verify::SignatureFact;
use autoid_core::{
    Answerer, Approval, AutoId, Body, Call, CallDigest, Genesis, Grant, GrantId, IdentityRecord, Memo, Point,
    Refusal, Relations, Sign, Sign1, Status, Time, Trust, View, verify_own, who_answers,
};
use autoid_interface::{GRANTS, StateView, StoredGrant, network_of};

/// Separates the name that a chain has as the one who carries out calls.
const AUDIENCE_TAG: &[u8] = b"auto/v1/agents/audience\0";

/// Whom calls to this module are addressed to. No inception has this hash, so no identity can be it.
#[must_use]
pub fn audience(genesis: &Genesis) -> AutoId {
    AutoId(hash_parts(AUDIENCE_TAG, &[&genesis.0]).0)
}

/// The network whose statements hold on a domain.
pub(crate) fn genesis(environment: &Environment) -> Genesis {
    network_of(&environment.genesis, environment.domain)
}

/// The moment of the block that runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    /// Height of the block.
    pub number: u64,
    /// Time of the chain.
    pub time: Time,
}

impl Now {
    pub(crate) fn of(state: &dyn StateRead) -> Result<Self, AgentsError> {
        let point = StateView::new(state)?.point();
        Ok(Self { number: point.block, time: point.time })
    }
}

/// Whether an identity of this status can never act again.
pub(crate) const fn is_over(status: Status) -> bool {
    matches!(status, Status::Revoked | Status::Tombstone)
}

fn path(state: &dyn StateRead, id: &AutoId) -> Result<Vec<Answerer>, AgentsError> {
    Ok(who_answers(&StateView::new(state)?, id)?)
}

/// Whether an identity is above another in the tree.
pub(crate) fn is_above(state: &dyn StateRead, above: &AutoId, id: &AutoId) -> Result<bool, AgentsError> {
    Ok(path(state, id)?.iter().skip(1).any(|one| one.id == *above))
}

/// The record of an identity that is active, as are all above it.
fn active(state: &dyn StateRead, id: &AutoId) -> Result<IdentityRecord, AgentsError> {
    for Answerer { id: one, status, .. } in path(state, id)? {
        if status != Status::Active {
            let refusal = if one == *id {
                Refusal::Inactive { id: *id, status }
            } else {
                Refusal::AncestorInactive { id: *id, ancestor: one, status }
            };
            return Err(refusal.into());
        }
    }
    Ok(StateView::new(state)?.identity(id)?.ok_or(Refusal::UnknownIdentity { id: *id })?)
}

/// To whom the vault of an identity opens besides itself: to the nearest one above it that is active, once the
/// identity can never act again.
pub(crate) fn heir(state: &dyn StateRead, id: &AutoId) -> Result<Option<AutoId>, AgentsError> {
    let path = path(state, id)?;
    let is_over = path.first().is_some_and(|own| is_over(own.status));
    let nearest = path.iter().skip(1).find(|above| above.status == Status::Active);
    Ok(nearest.filter(|_| is_over).map(|above| above.id))
}

/// The identity that an order is by: active, and with as many of its controlling keys among the signatures as
/// control it. A signature by any other key refuses the order.
pub(crate) fn controller(
    environment: &Environment,
    state: &dyn StateRead,
    order: &Sign<Order>,
    now: Time,
) -> Result<IdentityRecord, AgentsError> {
    let id = order.body().id;
    let record = active(state, &id)?;
    let genesis = genesis(environment);
    let (have, need) = (order.signatures().len(), usize::from(record.keys.threshold));
    if have < need {
        return Err(Refusal::TooFewSignatures { have, need }.into());
    }
    for signature in order.signatures() {
        let by = signature.by;
        if by.identity != id {
            return Err(Refusal::UnexpectedSigner { id: by.identity }.into());
        }
        let key = record.keys.key(by.kid).ok_or(Refusal::UnknownKey { id, kid: by.kid })?;
        key.admit(Relations::AUTH, now)?;
        order.verify(&genesis, signature, &key.key)?;
    }
    Ok(record)
}

/// Refuses a statement that is not signed by a key of an active identity that may.
pub(crate) fn speaks<T: Body>(
    statement: &Sign1<T>,
    by: &AutoId,
    relation: Relations,
    environment: &Environment,
    state: &dyn StateRead,
) -> Result<(), AgentsError> {
    let record = active(state, by)?;
    let kid = statement.kid();
    let key = record.keys.key(kid).ok_or(Refusal::UnknownKey { id: *by, kid })?;
    key.admit(relation, Now::of(state)?.time)?;
    Ok(statement.verify(&genesis(environment), &key.key)?)
}

/// The grants of a chain, as the state keeps them.
pub(crate) fn stored(state: &dyn StateRead, ids: &[GrantId]) -> Result<Vec<StoredGrant>, AgentsError> {
    ids.iter().map(|id| GRANTS.get(state, id)?.ok_or(AgentsError::NoGrant(*id))).collect()
}

/// The signatures of stored grants, each of which held under a key when the grant was stored.
struct Kept(Vec<SignatureFact>);

impl Memo for Kept {
    fn knows(&self, fact: &SignatureFact) -> bool {
        self.0.contains(fact)
    }

    fn learn(&mut self, _: SignatureFact) {}
}

/// Verifies a call over the state, and tells in whose name it is and its digest. It is the verifier of
/// [`autoid_core::verify()`]; the signature of a stored grant is not verified again under the same key.
pub(crate) fn verify(
    (call, grants, approvals): (&Sign1<Call>, &[StoredGrant], &[Sign1<Approval>]),
    binding: Option<[u8; 32]>,
    environment: &Environment,
    state: &dyn StateRead,
) -> Result<(AutoId, CallDigest), AgentsError> {
    let view = StateView::new(state)?;
    let Point { block: head, time: now } = view.point();
    let genesis = genesis(environment);
    let trust = Trust { now, head, audience: audience(&genesis), binding, genesis };
    if grants.is_empty() {
        return own(call, &view, &trust);
    }
    let facts = call.body().chain.iter().zip(grants);
    let mut kept = Kept(facts.map(|(id, stored)| stored.fact(*id)).collect());
    let grants: Vec<_> = grants.iter().map(|stored| stored.grant.clone()).collect();
    let authorized = autoid_core::verify(call, &grants, approvals, &view, &trust, &mut kept)?;
    Ok((authorized.subject, authorized.call))
}

/// Verifies a call that its owner makes without grants. Where several keys control an identity together, one of
/// them does not spend alone.
fn own(call: &Sign1<Call>, view: &StateView<'_>, trust: &Trust) -> Result<(AutoId, CallDigest), AgentsError> {
    let (owner, digest) = (call.body().iss, verify_own(call, view, trust)?);
    let together = view.identity(&owner)?.is_some_and(|owner| owner.keys.threshold > 1);
    if together && call.body().spend.is_some() {
        return Err(AgentsError::NotAlone(owner));
    }
    Ok((owner, digest))
}

/// The chain that ends in a grant, the root first.
pub(crate) fn chain_of(
    state: &dyn StateRead,
    last: &GrantId,
) -> Result<(Vec<GrantId>, Vec<Sign1<Grant>>), AgentsError> {
    let (mut ids, mut grants, mut next) = (Vec::new(), Vec::new(), Some(*last));
    while let Some(id) = next.filter(|_| ids.len() < CHAIN_MAX) {
        let stored = GRANTS.get(state, &id)?.ok_or(AgentsError::NoGrant(id))?;
        next = stored.grant.body().parent;
        ids.push(id);
        grants.push(stored.grant);
    }
    ids.reverse();
    grants.reverse();
    Ok((ids, grants))
}

/// Whether nothing can ever be done under a chain of grants again: one of them ran out or was revoked, by itself
/// or with all of its issuer's, or an identity that it takes can never act again.
pub(crate) fn can_never_hold(
    state: &dyn StateRead,
    (subject, agent): (&AutoId, &AutoId),
    ids: &[GrantId],
) -> Result<bool, AgentsError> {
    let view = StateView::new(state)?;
    let time = view.point().time;
    let mut identities = vec![*subject, *agent];
    for id in ids {
        // A grant that is not stored any more ran out.
        let Some(stored) = GRANTS.get(state, id)? else { return Ok(true) };
        let grant = stored.grant.body();
        let issuer = view.identity(&grant.iss)?;
        let is_dead = time >= grant.exp
            || view.revoked(&grant.iss, grant.rev.list, grant.rev.index)?
            || issuer.is_none_or(|issuer| issuer.grant_epoch > grant.epoch);
        if is_dead {
            return Ok(true);
        }
        identities.extend([grant.iss, grant.aud]);
    }
    identities.sort_unstable();
    identities.dedup();
    for id in identities {
        if path(state, &id)?.iter().any(|one| is_over(one.status)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses when a chain of grants does not hold in this block: for what was begun under it earlier.
pub(crate) fn in_force(
    state: &dyn StateRead,
    parties: (&AutoId, &AutoId),
    ids: &[GrantId],
) -> Result<(), AgentsError> {
    if can_never_hold(state, parties, ids)? {
        return Err(AgentsError::NoLongerHolds);
    }
    active(state, parties.0)?;
    active(state, parties.1)?;
    for stored in stored(state, ids)? {
        active(state, &stored.grant.body().iss)?;
    }
    Ok(())
}
