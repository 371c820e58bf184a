//! What the state says about a chain of grants.

use super::{Memo, SignatureFact, Trust};
use crate::grant::Grant;
use crate::keys::Relations;
use crate::record::IdentityRecord;
use crate::signed::Sign1;
use crate::tree::Tree;
use crate::view::View;
use crate::{Failure, GrantId, Refusal};

/// Age of the state, revocation bits, epochs, and who is active.
pub(super) fn check<V: View + ?Sized>(
    tree: &mut Tree<'_, V>,
    view: &V,
    grants: &[Sign1<Grant>],
    trust: &Trust,
) -> Result<(), Failure<V::Error>> {
    let age = trust.head.saturating_sub(view.point().block);
    let limit = grants.iter().map(|grant| grant.body().max_staleness).min().unwrap_or_default();
    if age > u64::from(limit) {
        return Err(Refusal::Stale { age, limit }.into());
    }
    for (link, grant) in grants.iter().enumerate() {
        let body = grant.body();
        if view.revoked(&body.iss, body.rev.list, body.rev.index).map_err(Failure::View)? {
            return Err(Refusal::GrantRevoked { link }.into());
        }
        of_its_issuer(body, tree.active(&body.iss)?, link)?;
    }
    if let Some(last) = grants.last() {
        tree.active(&last.body().aud)?;
    }
    Ok(())
}

/// Holds a grant to the state of its issuer.
fn of_its_issuer(grant: &Grant, issuer: &IdentityRecord, link: usize) -> Result<(), Refusal> {
    if grant.epoch < issuer.grant_epoch {
        return Err(Refusal::EpochStale { link });
    }
    if grant.epoch > issuer.grant_epoch || grant.iss_seq > issuer.seq {
        return Err(Refusal::GrantFromFuture { link });
    }
    Ok(())
}

/// Verifies the signatures of the grants, the last first.
pub(super) fn signatures<V: View + ?Sized>(
    tree: &mut Tree<'_, V>,
    grants: &[Sign1<Grant>],
    ids: &[GrantId],
    trust: &Trust,
    memo: &mut impl Memo,
) -> Result<(), Failure<V::Error>> {
    for (link, (grant, id)) in grants.iter().zip(ids).enumerate().rev() {
        signature(tree, grant, id, link, trust, memo)?;
    }
    Ok(())
}

pub(super) fn signature<V: View + ?Sized>(
    tree: &mut Tree<'_, V>,
    grant: &Sign1<Grant>,
    id: &GrantId,
    link: usize,
    trust: &Trust,
    memo: &mut impl Memo,
) -> Result<(), Failure<V::Error>> {
    let (issuer, kid) = (grant.body().iss, grant.kid());
    let key = tree.identity(&issuer)?.keys.key(kid).ok_or(Refusal::UnknownKey { id: issuer, kid })?;
    key.admit(Relations::DELEGATE, trust.now)?;
    let fact = SignatureFact { grant: *id, key: key.key };
    if memo.knows(&fact) {
        return Ok(());
    }
    grant.verify(&trust.genesis, &key.key).map_err(|refusal| match refusal {
        Refusal::Signature => Refusal::GrantSignature { link },
        other => other,
    })?;
    memo.learn(fact);
    Ok(())
}
