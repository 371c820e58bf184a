use super::{Authorized, Memo, Trust, approvals, authorized, chain, state};
use crate::call::Call;
use crate::cbor::Canonical as _;
use crate::grant::Grant;
use crate::signed::{Body as _, Sign1};
use crate::tree::Tree;
use crate::view::View;
use crate::{CallDigest, Failure, GrantId, Refusal};

/// Whether a call would be allowed, and which grant decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It would be, once the approvals are there. Meters and counts are in the state, and not looked at.
    Yes {
        /// What carrying it out would take.
        authorized: Authorized,
        /// The grant that asks for approvals, and how many it asks for.
        approvals: Option<(GrantId, usize)>,
    },
    /// It would not be.
    No {
        /// The rule that refuses.
        refusal: Refusal,
        /// The grant whose rule it is, when it is a grant's.
        decided_by: Option<GrantId>,
    },
}

/// Answers whether a call would be allowed, before anybody signs it. Everything is judged that
/// [`super::verify`] judges, except for the signatures of the call and of approvals.
///
/// # Errors
/// When the state cannot be read.
pub fn can<V: View + ?Sized>(
    call: &Call,
    grants: &[Sign1<Grant>],
    view: &V,
    trust: &Trust,
    memo: &mut impl Memo,
) -> Result<Answer, V::Error> {
    match judge(call, grants, view, trust, memo) {
        Ok(answer) => Ok(answer),
        Err(Failure::View(error)) => Err(error),
        Err(Failure::Refused(refusal)) => {
            let decided = refusal.link().and_then(|link| grants.get(link));
            Ok(Answer::No { decided_by: decided.map(|grant| grant.id(&trust.genesis)), refusal })
        }
    }
}

fn judge<V: View + ?Sized>(
    call: &Call,
    grants: &[Sign1<Grant>],
    view: &V,
    trust: &Trust,
    memo: &mut impl Memo,
) -> Result<Answer, Failure<V::Error>> {
    call.check()?;
    let ids = chain::structure(call, grants, trust)?;
    let mut tree = Tree::new(view);
    state::check(&mut tree, view, grants, trust)?;
    state::signatures(&mut tree, grants, &ids, trust, memo)?;
    chain::policies(call, grants)?;
    let asked = grants.iter().zip(&ids).filter_map(|(grant, id)| {
        approvals::asked(call, grant.body()).map(|over| (*id, usize::from(over.threshold)))
    });
    let approvals = asked.max_by_key(|(_, need)| *need);
    let digest = CallDigest::of(&trust.genesis, &call.to_cbor());
    Ok(Answer::Yes { authorized: authorized(call, grants, ids, digest)?, approvals })
}
