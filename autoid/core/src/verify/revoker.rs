use super::{Memo, Trust, chain, length, state};
use crate::grant::{Grant, RevocationPlace};
use crate::signed::Sign1;
use crate::tree::Tree;
use crate::view::View;
use crate::{AutoId, Failure, Refusal};

/// Whose bit to set when `revoker` revokes the last grant of a chain.
///
/// A grant is revoked by its issuer, by the issuers above it, among them the owner, and by its holder. Every
/// grant between the revoker and the last must be signed: otherwise a stranger could invent a chain that ends
/// in the place of somebody else's grant. Times, statuses and epochs do not matter: what is dead already may
/// be revoked.
///
/// # Errors
/// When the chain does not link up, the revoker is none of those, or the state cannot be read.
pub fn check_revoker<V: View + ?Sized>(
    revoker: &AutoId,
    grants: &[Sign1<Grant>],
    view: &V,
    trust: &Trust,
    memo: &mut impl Memo,
) -> Result<(AutoId, RevocationPlace), Failure<V::Error>> {
    length(grants)?;
    let ids = chain::linked(grants, trust)?;
    chain::attenuated(grants)?;
    let last = grants.last().map(Sign1::body).ok_or(Refusal::ChainLength)?;
    // The grants after the revoker's own make the way from it to the last; the holder's way is the last.
    let issued = grants.iter().rposition(|grant| grant.body().iss == *revoker);
    let first_foreign = match issued {
        Some(own) => own + 1,
        None if last.aud == *revoker => grants.len() - 1,
        None => return Err(Refusal::NotRevoker.into()),
    };
    let mut tree = Tree::new(view);
    for (link, (grant, id)) in grants.iter().zip(&ids).enumerate().skip(first_foreign) {
        state::signature(&mut tree, grant, id, link, trust, memo)?;
    }
    Ok((last.iss, last.rev))
}
