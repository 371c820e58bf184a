//! Who may offer bundles and receipts, and who may not for now.

use super::StakingError;
use super::epoch::{fill_empty, leave_set};
use super::operator::rest;
use super::pool::operator;
use crate::BundleError;
use crate::state::{EPOCH, OPERATOR, OperatorRecord, OperatorStatus};
use auto_core::{DomainId, Hash, OperatorId};
use auto_state::{StateRead, StateWrite};

/// An operator that may offer bundles and receipts for a domain now; its stake in this epoch is in
/// [`crate::state::EPOCH`].
///
/// # Errors
/// Why it may not: each reason has its own code.
pub fn may_submit(
    state: &(impl StateRead + ?Sized),
    domain: DomainId,
    id: OperatorId,
) -> Result<OperatorRecord, BundleError> {
    let record = OPERATOR.get(state, &id)?.ok_or(BundleError::UnknownOperator(id))?;
    if record.domain != domain {
        return Err(BundleError::OtherDomain { operator: id, domain: record.domain });
    }
    match record.status {
        OperatorStatus::Registered => (),
        OperatorStatus::Deactivated(_) => return Err(BundleError::Deactivated(id)),
        OperatorStatus::Deregistered(_) => return Err(BundleError::Deregistered(id)),
        OperatorStatus::InvalidBundle(_) => return Err(BundleError::InvalidAuthor(id)),
        OperatorStatus::PendingSlash => return Err(BundleError::PendingSlash(id)),
        OperatorStatus::Slashed => return Err(BundleError::Slashed(id)),
    }
    // One that registered in this epoch takes part from the next.
    let epoch = EPOCH.get(state, &domain)?.unwrap_or_default();
    match epoch.stake_of(id) {
        Some(_) => Ok(record),
        None => Err(BundleError::NotElected(id)),
    }
}

/// Notes that the receipt of this hash marks a bundle of the operator's invalid: it takes no part until the
/// receipt is proven wrong ([`unmark_invalid_bundle`]), or confirmed, when the caller has it slashed
/// ([`super::mark_pending_slash`]).
///
/// An earlier mark stays: receipts fall only together with all that come after.
///
/// # Errors
/// When the operator does not exist.
pub fn mark_invalid_bundle(
    state: &mut dyn StateWrite,
    id: OperatorId,
    receipt: Hash,
) -> Result<(), StakingError> {
    let mut record = operator(&*state, id)?;
    // One that ended can submit nothing, and is locked in until the receipt is decided.
    if matches!(record.status, OperatorStatus::Registered | OperatorStatus::Deactivated(_)) {
        record.status = OperatorStatus::InvalidBundle(receipt);
        OPERATOR.put(state, &id, &record);
        leave_set(state, record.domain, id)?;
    }
    Ok(())
}

/// Takes back the mark of a receipt that was proven wrong: the operator takes part from the next epoch,
/// unless it was at rest.
///
/// # Errors
/// When the operator does not exist.
pub fn unmark_invalid_bundle(
    state: &mut dyn StateWrite,
    id: OperatorId,
    receipt: Hash,
) -> Result<(), StakingError> {
    let mut record = operator(&*state, id)?;
    if record.status != OperatorStatus::InvalidBundle(receipt) {
        return Ok(());
    }
    match record.rests_since {
        Some(epoch) => rest(&mut record, epoch),
        None => record.status = OperatorStatus::Registered,
    }
    OPERATOR.put(state, &id, &record);
    fill_empty(state, record.domain, None)?;
    Ok(())
}
