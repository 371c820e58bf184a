//! By what right something happens: identities, their keys, and chains of grants, as of the block that runs.

use crate::{AgentsError, CHAIN_MAX};
use auto_core::hash_parts;
use auto_module::Environment;
use auto_state::StateRead;
use autoid_core::verify::{SignatureFact, active};
use autoid_core::{
    Answerer, Approval, AutoId, Call, CallDigest, Genesis, Grant, GrantId, Memo, Point, Sign1, Status, Time,
    Trust, View, verify_own, who_answers,
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
        Ok(Self::seen(&StateView::new(state)?))
    }

    pub(crate) fn seen(view: &StateView<'_>) -> Self {
        let Point { block, time } = view.point();
        Self { number: block, time }
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

/// To whom the vault of an identity opens besides itself: to the nearest one above it that is active, once the
/// identity can never act again.
pub(crate) fn heir(state: &dyn StateRead, id: &AutoId) -> Result<Option<AutoId>, AgentsError> {
    let path = path(state, id)?;
    let is_over = path.first().is_some_and(|own| is_over(own.status));
    let nearest = path.iter().skip(1).find(|above| above.status == Status::Active);
    Ok(nearest.filter(|_| is_over).map(|above| above.id))
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

/// Verifies a call over the state, and tells in whose name it is and its digest, with the grants of its chain. It
/// is the verifier of [`autoid_core::verify()`]; the signature of a stored grant is not verified again under the
/// same key.
pub(crate) fn verify(
    (call, grants, approvals): (&Sign1<Call>, Vec<StoredGrant>, &[Sign1<Approval>]),
    binding: Option<[u8; 32]>,
    environment: &Environment,
    view: &StateView<'_>,
) -> Result<(AutoId, CallDigest, Vec<Sign1<Grant>>), AgentsError> {
    let Point { block: head, time: now } = view.point();
    let genesis = genesis(environment);
    let trust = Trust { now, head, audience: audience(&genesis), binding, genesis };
    if grants.is_empty() {
        let (owner, digest) = own(call, view, &trust)?;
        return Ok((owner, digest, Vec::new()));
    }
    let facts = call.body().chain.iter().zip(&grants);
    let mut kept = Kept(facts.map(|(id, stored)| stored.fact(*id)).collect());
    let grants: Vec<_> = grants.into_iter().map(|stored| stored.grant).collect();
    let authorized = autoid_core::verify(call, &grants, approvals, view, &trust, &mut kept)?;
    Ok((authorized.subject, authorized.call, grants))
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
    let view = StateView::new(state)?;
    active(&view, parties.0)?;
    active(&view, parties.1)?;
    for stored in stored(state, ids)? {
        active(&view, &stored.grant.body().iss)?;
    }
    Ok(())
}
