//! Grants: letting others act in one's name, and taking that back.
//!
//! A grant is signed by its issuer's key. It holds wherever it is shown; [`store`] puts it on the chain too, where
//! acts and budgets need it. A grant that rests on another inherits what its terms do not say, and is refused here
//! when it would allow more.

use super::key::drawn;
use super::operation::revocation;
use super::{IdentityKey, call_of};
use crate::{DomainState, Prover, SdkError};
use auto_core::{Call, List};
use auto_module::StoredError;
use auto_state::StateRead;
use autoid::state::PLACES;
use autoid::{Autoid, PruneGrant, RegisterGrant, RevokeGrant};
use autoid_core::limits::CHAIN_MAX;
use autoid_core::{
    ApproveOver, AutoId, Command, Genesis, Grant, GrantId, IdentityRecord, Meter, Payee, Point, Policy,
    Refusal, ResourcePattern, Reversibility, RevocationPlace, Sign1, Time, attenuates,
};
use autoid_interface::{Envelope, GRANTS, LIST_BITS, REVOKED, StoredGrant};

/// Seconds for which a grant holds unless told otherwise: 30 days.
pub const LASTS: u64 = 30 * 86_400;
/// Blocks that a state may be old by which a grant is verified, unless told otherwise.
pub const MAX_STALENESS: u32 = 100;
/// Places that are tried before a list counts as full.
const PLACES_TRIED: usize = 16;

/// What a grant allows. Where nothing is said, a grant that rests on another inherits, and one of the owner gets the
/// value that is named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// What may be done; without any, what the parent allows. An owner's grant needs one.
    pub commands: Vec<Command>,
    /// On what; without any, what the parent allows. An owner's grant needs one unless it is dangerous.
    pub resources: Vec<ResourcePattern>,
    /// Conditions on the arguments.
    pub policy: Policy,
    /// Who may be paid; anybody.
    pub payees: Option<Vec<Payee>>,
    /// What may be spent; nothing.
    pub meters: Vec<Meter>,
    /// How many calls may be made; any number.
    pub calls: Option<u64>,
    /// How far what is done may be irreversible; what can be made good.
    pub class: Option<Reversibility>,
    /// Above which amount others must approve; none.
    pub approve_over: Option<ApproveOver>,
    /// How many grants may follow; none.
    pub depth: u8,
    /// Seconds from now; [`LASTS`].
    pub lasts: Option<u64>,
    /// Blocks that a verifier's state may be old; [`MAX_STALENESS`].
    pub staleness: Option<u32>,
    /// Whether it is meant to cover every command or every resource.
    pub dangerous: bool,
}

/// The grant that another rests on.
#[derive(Debug, Clone, Copy)]
pub struct Parent<'a> {
    /// Its id.
    pub id: GrantId,
    /// What it allows.
    pub grant: &'a Grant,
}

fn sorted<T: Ord + Clone>(values: &[T]) -> Vec<T> {
    let mut values = values.to_vec();
    values.sort_unstable();
    values.dedup();
    values
}

/// The values in order, or those of the parent when there are none.
fn inherited<T: Ord + Clone>(own: &[T], parent: Option<&Vec<T>>) -> Vec<T> {
    if own.is_empty() { parent.cloned().unwrap_or_default() } else { sorted(own) }
}

/// A meter that says nothing of windows is held to that of the parent.
fn meters(own: &[Meter], parent: Option<&Grant>) -> Vec<Meter> {
    let inherit = |meter: &Meter| {
        let wide = parent.and_then(|parent| parent.meter(meter.asset)).map(|(_, wide)| wide.clone());
        let window = meter.window.or_else(|| wide?.window);
        Meter { window, ..meter.clone() }
    };
    let mut meters: Vec<Meter> = own.iter().map(inherit).collect();
    meters.sort_by_key(|meter| meter.asset);
    meters
}

/// The grant that an issuer makes of terms, at a place in its revocation lists.
///
/// # Errors
/// When it would allow more than its parent.
pub fn draft(
    issuer: &IdentityRecord,
    now: Time,
    holder: AutoId,
    terms: &Terms,
    parent: Option<Parent<'_>>,
    rev: RevocationPlace,
) -> Result<Grant, SdkError> {
    let wide = parent.map(|parent| parent.grant);
    let exp = Time(now.0.saturating_add(terms.lasts.unwrap_or(LASTS)));
    let class = terms.class.unwrap_or(Reversibility::Compensable);
    let staleness = terms.staleness.unwrap_or(MAX_STALENESS);
    let grant = Grant {
        iss: issuer.id,
        aud: holder,
        sub: wide.map_or(issuer.id, |wide| wide.sub),
        cmd: inherited(&terms.commands, wide.map(|wide| &wide.cmd)),
        res: inherited(&terms.resources, wide.map(|wide| &wide.res)),
        pol: terms.policy.clone(),
        payees: terms.payees.as_deref().map(sorted).or_else(|| wide.and_then(|wide| wide.payees.clone())),
        nbf: wide.map_or(now, |wide| now.max(wide.nbf)),
        exp: match (terms.lasts, wide) {
            (None, Some(wide)) => exp.min(wide.exp),
            _ => exp,
        },
        max_depth: terms.depth,
        max_staleness: match (terms.staleness, wide) {
            (None, Some(wide)) => staleness.min(wide.max_staleness),
            _ => staleness,
        },
        rev,
        epoch: issuer.grant_epoch,
        iss_seq: issuer.seq,
        parent: parent.map(|parent| parent.id),
        meters: meters(&terms.meters, wide),
        calls: terms.calls.or_else(|| wide.and_then(|wide| wide.calls)),
        class: match (terms.class, wide) {
            (None, Some(wide)) => class.min(wide.class),
            _ => class,
        },
        approve_over: terms
            .approve_over
            .clone()
            .map(|over| ApproveOver { approvers: sorted(&over.approvers), ..over })
            .or_else(|| wide.and_then(|wide| wide.approve_over.clone())),
        dangerous: terms.dangerous || wide.is_some_and(|wide| wide.dangerous && terms.resources.is_empty()),
        nonce: drawn()?,
    };
    if let Some(wide) = wide {
        attenuates(&grant, wide, 1)?;
    }
    Ok(grant)
}

/// Signs a grant by its issuer's key.
///
/// # Errors
/// When the key is another identity's, or the grant breaks a rule of its own.
pub fn sign(grant: Grant, key: &IdentityKey) -> Result<Sign1<Grant>, SdkError> {
    if grant.iss != key.id() {
        return Err(Refusal::UnexpectedSigner { id: key.id() }.into());
    }
    Ok(Sign1::sign(grant, &key.network(), key.number(), key)?)
}

/// Issues a grant to `holder`: reads what it needs of the state, takes a free place in the issuer's revocation
/// lists, and signs. `parent` is a grant on the chain that the issuer holds.
///
/// # Errors
/// When issuer or parent are unknown, the grant would allow more than its parent, or breaks a rule of its own.
pub async fn issue<P: Prover>(
    state: &mut DomainState<P>,
    key: &IdentityKey,
    holder: AutoId,
    terms: &Terms,
    parent: Option<GrantId>,
) -> Result<Sign1<Grant>, SdkError> {
    key.on(&state.network())?;
    let issuer = super::record(state, &key.id()).await?;
    let above = match parent {
        Some(id) => Some((id, stored(state, &id).await?)),
        None => None,
    };
    let parent = above.as_ref().map(|(id, stored)| Parent { id: *id, grant: stored.grant.body() });
    let place = free_place(state, &issuer.id).await?;
    sign(draft(&issuer, state.point().time, holder, terms, parent, place)?, key)
}

/// Stores a signed grant on the chain; those that it rests on are stored already.
///
/// # Errors
/// Never, for a grant that was signed.
pub fn store(grant: Sign1<Grant>) -> Result<Call, SdkError> {
    let grant = Envelope::from(grant);
    call_of::<Autoid>(&autoid::Call::RegisterGrant(RegisterGrant { grant }))
}

/// Revokes a grant for ever, as its issuer, an issuer above, its owner or its holder. `unstored` are the grant and
/// those that it rests on, the one nearest to the owner first, as far as they are not on the chain.
///
/// # Errors
/// When the record is not that of the key's identity, or the chain is too long.
pub fn revoke(
    record: &IdentityRecord,
    point: Point,
    grant: GrantId,
    unstored: Vec<Sign1<Grant>>,
    key: &IdentityKey,
) -> Result<Call, SdkError> {
    let operation = Envelope::from(revocation(record, point, grant, key)?);
    let unstored = unstored.into_iter().map(Envelope::from).collect();
    let unstored = List::new(unstored).map_err(|_| Refusal::ChainLength)?;
    call_of::<Autoid>(&autoid::Call::RevokeGrant(RevokeGrant { operation, unstored }))
}

/// Forgets a stored grant that ran out; anyone may.
///
/// # Errors
/// Never, for a call of this size.
pub fn prune(grant: GrantId) -> Result<Call, SdkError> {
    call_of::<Autoid>(&autoid::Call::PruneGrant(PruneGrant { grant }))
}

/// A grant that is stored on the chain.
///
/// # Errors
/// When there is none of this id.
pub async fn stored<P: Prover>(state: &mut DomainState<P>, id: &GrantId) -> Result<StoredGrant, SdkError> {
    let found = state.view(|state| GRANTS.get(state, id)).await?;
    found.ok_or_else(|| SdkError::NotFound { what: "stored grant", key: id.to_string() })
}

/// The stored grants from the owner's down to one; nothing when one of them is not stored.
///
/// # Errors
/// When the state cannot be read, or there are more than a chain may have.
pub fn chain(state: &dyn StateRead, last: &GrantId) -> Result<Option<Vec<(GrantId, StoredGrant)>>, SdkError> {
    let (mut chain, mut next) = (Vec::new(), Some(*last));
    while let Some(id) = next {
        if chain.len() >= CHAIN_MAX {
            return Err(Refusal::ChainLength.into());
        }
        let Some(stored) = GRANTS.get(state, &id)? else { return Ok(None) };
        next = stored.grant.body().parent;
        chain.push((id, stored));
    }
    chain.reverse();
    Ok(Some(chain))
}

fn is_free(state: &dyn StateRead, issuer: &AutoId, place: RevocationPlace) -> Result<bool, StoredError> {
    let taken = PLACES.get(state, &(*issuer, place))?.is_some();
    let list = REVOKED.get(state, &(*issuer, place.list))?;
    Ok(!taken && list.is_none_or(|list| !list.contains(place.index)))
}

/// A place in an issuer's revocation lists that no stored grant has and that is not revoked: in the first list, and
/// when that is crowded in another one. It is drawn at random, so that grants which are not stored hardly ever meet.
///
/// # Errors
/// When no free place is found, or there is no randomness.
pub async fn free_place<P: Prover>(
    state: &mut DomainState<P>,
    issuer: &AutoId,
) -> Result<RevocationPlace, SdkError> {
    let mut places = Vec::new();
    for tried in 0..PLACES_TRIED {
        let drawn = u128::from_le_bytes(drawn()?);
        let index = u32::try_from(drawn % u128::from(LIST_BITS)).unwrap_or_default();
        let other = u32::try_from((drawn >> 64) % (1 << 16)).unwrap_or_default();
        let list = if tried < PLACES_TRIED / 2 { 0 } else { other.saturating_add(1) };
        places.push(RevocationPlace { list, index });
    }
    let keys: Vec<_> = places.iter().map(|place| PLACES.key(&(*issuer, *place))).collect();
    state.show(&keys).await?;
    for place in places {
        if state.view(|state| is_free(state, issuer, place)).await? {
            return Ok(place);
        }
    }
    Err(SdkError::NotFound { what: "free place in the revocation lists of", key: issuer.to_string() })
}

/// A grant in sentences; identities are named by `name`, if the reader knows one.
#[must_use]
pub fn sentences(grant: &Grant, network: &Genesis, name: &dyn Fn(&AutoId) -> Option<String>) -> Vec<String> {
    autoid_core::render::render(grant, network, name)
}
