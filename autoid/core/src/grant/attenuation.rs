//! Whether a grant stays within the one it rests on.

use super::{ApproveOver, Grant, Payee};
use crate::Refusal;

/// Refuses a child that allows on any axis what its parent forbids. Policies are not compared: those of the
/// whole chain must hold. `link` is the child's place in the chain, for the refusal.
///
/// # Errors
/// The first axis on which the child is wider.
pub fn attenuates(child: &Grant, parent: &Grant, link: usize) -> Result<(), Refusal> {
    if child.iss != parent.aud {
        return Err(Refusal::IssuerNotHolder { link });
    }
    if child.sub != parent.sub {
        return Err(Refusal::OwnerSwitched { link });
    }
    if child.max_depth >= parent.max_depth {
        return Err(Refusal::Depth { link: Some(link) });
    }
    let ensure = |narrow: bool, refusal: Refusal| if narrow { Ok(()) } else { Err(refusal) };
    let commands = child.cmd.iter().all(|one| parent.cmd.iter().any(|wide| wide.covers(one)));
    ensure(commands, Refusal::CommandWidened { link })?;
    let resources = if parent.res.is_empty() {
        true
    } else {
        !child.res.is_empty() && child.res.iter().all(|one| parent.res.iter().any(|wide| wide.covers(one)))
    };
    ensure(resources, Refusal::ResourceWidened { link })?;
    ensure(child.nbf >= parent.nbf && child.exp <= parent.exp, Refusal::WindowWidened { link })?;
    ensure(child.max_staleness <= parent.max_staleness, Refusal::StalenessWidened { link })?;
    ensure(child.class <= parent.class, Refusal::ClassWidened { link })?;
    let meters =
        child.meters.iter().all(|one| parent.meter(one.asset).is_some_and(|(_, wide)| wide.covers(one)));
    ensure(meters, Refusal::MeterWidened { link })?;
    ensure(within(parent.calls, child.calls), Refusal::CallsWidened { link })?;
    ensure(payees(parent.payees.as_deref(), child.payees.as_deref()), Refusal::PayeesWidened { link })?;
    ensure(
        approvals(parent.approve_over.as_ref(), child.approve_over.as_ref()),
        Refusal::ApprovalDropped { link },
    )
}

fn within(limit: Option<u64>, own: Option<u64>) -> bool {
    match (limit, own) {
        (None, _) => true,
        (Some(limit), Some(own)) => own <= limit,
        (Some(_), None) => false,
    }
}

fn payees(limit: Option<&[Payee]>, own: Option<&[Payee]>) -> bool {
    match (limit, own) {
        (None, _) => true,
        (Some(limit), Some(own)) => own.iter().all(|payee| limit.contains(payee)),
        (Some(_), None) => false,
    }
}

/// An approval may be asked for earlier, from fewer people or from more of them at once; never less.
fn approvals(limit: Option<&ApproveOver>, own: Option<&ApproveOver>) -> bool {
    match (limit, own) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(limit), Some(own)) => {
            own.asset == limit.asset
                && own.amount <= limit.amount
                && own.threshold >= limit.threshold
                && own.approvers.iter().all(|approver| limit.approvers.contains(approver))
        }
    }
}
