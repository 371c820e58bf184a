//! Whether a call is allowed by a chain of grants.
//!
//! One verification looks at the call, the grants from the owner's to the actor's, the approvals, and a state
//! of the identity domain; nothing else. The chain runs it over its state, everybody else over a state that
//! was proven or is trusted. It fails closed: what is missing, stale, unknown or undecided refuses.
//!
//! # Order
//! Sizes and encodings were checked when the envelopes were read. Then, the cheap before the dear:
//! 1. the chain is the one that the call names; ids, issuers, holders and the owner link up;
//! 2. times of the grants and of the call; the audience and the channel;
//! 3. every grant stays within the one before it, and the call within every grant, spending included;
//! 4. the state is no older than any grant accepts;
//! 5. revocation bits, epochs, and the status of every identity of the chain and of all above them;
//! 6. signatures, the call's first;
//! 7. policies, all of them, each with its budget of steps;
//! 8. approvals.
//!
//! What the state must count is left to the caller, in [`Authorized`]: using up the call id, debiting the
//! meters, counting the calls.
//!
//! # What is remembered
//! A [`Memo`] remembers that a key signed a grant. That stays true in every later state, so it is remembered
//! by grant and key rather than by state; revocations, epochs and statuses are read every time, and a key that
//! was rotated out is not the key that is asked for.
//!
//! # Rules worth knowing
//! * A grant lives as long as the key that signed it is in its issuer's key set: rotating a key out kills
//!   what it signed.
//! * One key that may delegate issues a grant and one key that may invoke makes a call, whatever the
//!   threshold of control is.

mod approvals;
mod can;
mod chain;
mod issue;
mod memo;
mod revoker;
mod state;
mod statement;

pub use can::{Answer, can};
pub use issue::check_issue;
pub use memo::{Memo, NoMemo, Remembered, SignatureFact};
pub use revoker::check_revoker;
pub use statement::{active, controlled_by, signed_by};

use alloc::vec::Vec;

use crate::call::{Approval, Call};
use crate::grant::Grant;
use crate::keys::Relations;
use crate::limits::{APPROVALS_MAX, CALL_SECONDS_MAX, CHAIN_MAX};
use crate::signed::Sign1;
use crate::tree::Tree;
use crate::view::View;
use crate::{AutoId, CallDigest, Failure, Genesis, GrantId, Refusal, Time};

/// What the verifier itself knows and trusts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trust {
    /// The time: chain time on chain, elsewhere that of a trusted clock.
    pub now: Time,
    /// The newest block of the identity domain that the verifier knows of.
    pub head: u64,
    /// Who the verifier is.
    pub audience: AutoId,
    /// The hash of the channel that the call came through.
    pub binding: Option<[u8; 32]>,
    /// The network.
    pub genesis: Genesis,
}

/// What must be taken from a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Debit {
    /// The grant whose meter it is.
    pub grant: GrantId,
    /// The place of the meter in the grant.
    pub meter: usize,
    /// How much, in base units.
    pub amount: u128,
    /// Whether it counts against the total. Above a grant whose meter was carved out it does not, because the
    /// whole reserve was taken from the total then; it still counts against the window.
    pub total: bool,
}

/// A call that is allowed, and what carrying it out takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorized {
    /// In whose name.
    pub subject: AutoId,
    /// Who acts.
    pub actor: AutoId,
    /// On whose behalf: every issuer of the chain, the owner first.
    pub principals: Vec<AutoId>,
    /// The call.
    pub call: CallDigest,
    /// The chain, the owner's grant first.
    pub chain: Vec<GrantId>,
    /// The grant that the call was made under: the last.
    pub decided_by: GrantId,
    /// What to take from meters, from the actor's grant up.
    pub debits: Vec<Debit>,
    /// The grants whose number of calls is limited, and so counted.
    pub counted: Vec<GrantId>,
}

/// Judges a call under a chain of grants, the owner's first.
///
/// # Errors
/// The first rule that refuses, or that the state cannot be read.
pub fn verify<V: View + ?Sized>(
    call: &Sign1<Call>,
    grants: &[Sign1<Grant>],
    approvals: &[Sign1<Approval>],
    view: &V,
    trust: &Trust,
    memo: &mut impl Memo,
) -> Result<Authorized, Failure<V::Error>> {
    if approvals.len() > APPROVALS_MAX {
        return Err(Refusal::TooLarge { bytes: approvals.len(), limit: APPROVALS_MAX }.into());
    }
    let digest = call.digest(&trust.genesis);
    let ids = chain::structure(call.body(), grants, trust)?;
    approvals::precheck(approvals, grants, &digest, trust)?;
    let mut tree = Tree::new(view);
    state::check(&mut tree, view, grants, trust)?;
    signed_by_actor(&mut tree, call, trust)?;
    state::signatures(&mut tree, grants, &ids, trust, memo)?;
    chain::policies(call.body(), grants)?;
    approvals::check(&mut tree, call.body(), approvals, grants, trust)?;
    Ok(authorized(call.body(), grants, ids, digest)?)
}

/// Judges a call that its owner makes without grants, and tells its hash. The actor is the subject.
///
/// No grant says how old the state may be: whoever asks must know that it is current.
///
/// # Errors
/// The first rule that refuses, or that the state cannot be read.
pub fn verify_own<V: View + ?Sized>(
    call: &Sign1<Call>,
    view: &V,
    trust: &Trust,
) -> Result<CallDigest, Failure<V::Error>> {
    if !call.body().chain.is_empty() {
        return Err(Refusal::NotByGrant.into());
    }
    addressed(call.body(), trust)?;
    signed_by_actor(&mut Tree::new(view), call, trust)?;
    Ok(call.digest(&trust.genesis))
}

/// Holds a call to its time, its audience and its channel.
fn addressed(call: &Call, trust: &Trust) -> Result<(), Refusal> {
    let Trust { now, audience, binding, .. } = *trust;
    if now >= call.exp {
        return Err(Refusal::CallExpired { exp: call.exp, now });
    }
    if call.exp.0.saturating_sub(now.0) > CALL_SECONDS_MAX {
        return Err(Refusal::CallTooLong);
    }
    if call.aud != audience {
        return Err(Refusal::Audience);
    }
    if call.binding == binding { Ok(()) } else { Err(Refusal::Binding) }
}

fn signed_by_actor<V: View + ?Sized>(
    tree: &mut Tree<'_, V>,
    call: &Sign1<Call>,
    trust: &Trust,
) -> Result<(), Failure<V::Error>> {
    let (id, kid) = (call.body().iss, call.kid());
    let key = tree.active(&id)?.keys.key(kid).ok_or(Refusal::UnknownKey { id, kid })?;
    key.admit(Relations::INVOKE, trust.now)?;
    let verified = call.verify(&trust.genesis, &key.key);
    Ok(verified
        .map_err(|refusal| if refusal == Refusal::Signature { Refusal::CallSignature } else { refusal })?)
}

fn authorized(
    call: &Call,
    grants: &[Sign1<Grant>],
    chain: Vec<GrantId>,
    digest: CallDigest,
) -> Result<Authorized, Refusal> {
    let (first, last) = match (grants.first(), chain.last()) {
        (Some(first), Some(last)) => (first.body(), *last),
        _ => return Err(Refusal::ChainLength),
    };
    let counted = grants.iter().zip(&chain).filter(|(grant, _)| grant.body().calls.is_some());
    Ok(Authorized {
        subject: first.sub,
        actor: call.iss,
        principals: grants.iter().map(|grant| grant.body().iss).collect(),
        call: digest,
        decided_by: last,
        debits: chain::debits(call, grants, &chain)?,
        counted: counted.map(|(_, id)| *id).collect(),
        chain,
    })
}

/// Whether a chain may have this many grants.
fn length(grants: &[Sign1<Grant>]) -> Result<(), Refusal> {
    if grants.is_empty() || grants.len() > CHAIN_MAX { Err(Refusal::ChainLength) } else { Ok(()) }
}
