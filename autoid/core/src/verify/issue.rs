use alloc::vec::Vec;

use super::{Memo, Trust, chain, length, state};
use crate::grant::Grant;
use crate::signed::Sign1;
use crate::tree::Tree;
use crate::view::View;
use crate::{Failure, GrantId, Refusal};

/// Judges the last grant of a chain when it is issued, and gives the ids of the grants. Everything is judged
/// that [`super::verify`] judges without a call, except that the grants may begin later.
///
/// # Errors
/// The first rule that refuses, or that the state cannot be read.
pub fn check_issue<V: View + ?Sized>(
    grants: &[Sign1<Grant>],
    view: &V,
    trust: &Trust,
    memo: &mut impl Memo,
) -> Result<Vec<GrantId>, Failure<V::Error>> {
    length(grants)?;
    let (ids, now) = (chain::linked(grants, trust)?, trust.now);
    if let Some((link, exp)) =
        (0..).zip(grants).map(|(link, one)| (link, one.body().exp)).find(|(_, exp)| now >= *exp)
    {
        return Err(Refusal::GrantExpired { link, exp, now }.into());
    }
    chain::attenuated(grants)?;
    let mut tree = Tree::new(view);
    state::check(&mut tree, view, grants, trust)?;
    state::signatures(&mut tree, grants, &ids, trust, memo)?;
    Ok(ids)
}
