//! Consent of others to calls above an amount.

use alloc::vec::Vec;

use super::Trust;
use crate::call::{Approval, Call};
use crate::grant::{ApproveOver, Grant};
use crate::keys::Relations;
use crate::signed::Sign1;
use crate::tree::Tree;
use crate::view::View;
use crate::{AutoId, CallDigest, Failure, Refusal};

/// What can be told of approvals without a state: which call, until when, by whom.
pub(super) fn precheck(
    approvals: &[Sign1<Approval>],
    grants: &[Sign1<Grant>],
    digest: &CallDigest,
    trust: &Trust,
) -> Result<(), Refusal> {
    let mut approvers: Vec<AutoId> = Vec::new();
    for Approval { call, approver, exp } in approvals.iter().map(Sign1::body) {
        if call != digest {
            return Err(Refusal::ForeignApproval);
        }
        if trust.now >= *exp {
            return Err(Refusal::ApprovalExpired);
        }
        let asked = grants
            .iter()
            .filter_map(|grant| grant.body().approve_over.as_ref())
            .any(|over| over.approvers.contains(approver));
        if !asked || approvers.contains(approver) {
            return Err(Refusal::UnknownApprover { id: *approver });
        }
        approvers.push(*approver);
    }
    Ok(())
}

/// The approval that a grant asks for this call.
pub(super) fn asked<'g>(call: &Call, grant: &'g Grant) -> Option<&'g ApproveOver> {
    let spend = call.spend?;
    grant.approve_over.as_ref().filter(|over| over.asset == spend.asset && spend.amount > over.amount)
}

/// Verifies the approvals and counts them for every grant that asks for some.
pub(super) fn check<V: View + ?Sized>(
    tree: &mut Tree<'_, V>,
    call: &Call,
    approvals: &[Sign1<Approval>],
    grants: &[Sign1<Grant>],
    trust: &Trust,
) -> Result<(), Failure<V::Error>> {
    for (link, grant) in grants.iter().enumerate() {
        let Some(over) = asked(call, grant.body()) else { continue };
        let have = approvals.iter().filter(|one| over.approvers.contains(&one.body().approver)).count();
        let need = usize::from(over.threshold);
        if have < need {
            return Err(Refusal::ApprovalsMissing { link, have, need }.into());
        }
    }
    for approval in approvals {
        let (id, kid) = (approval.body().approver, approval.kid());
        let key = tree.active(&id)?.keys.key(kid).ok_or(Refusal::UnknownKey { id, kid })?;
        key.admit(Relations::INVOKE, trust.now)?;
        approval.verify(&trust.genesis, &key.key).map_err(|refusal| match refusal {
            Refusal::Signature => Refusal::ApprovalSignature { id },
            other => other,
        })?;
    }
    Ok(())
}
