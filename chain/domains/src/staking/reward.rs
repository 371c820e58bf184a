//! What operators earn.

use super::StakingError;
use super::pool::{double, hold, join, keep, less, operator, part, shares_for, sum};
use crate::state::{OPERATOR, OperatorStatus};
use auto_core::{Amount, OperatorId};
use auto_state::StateWrite;

/// Pays an operator for a confirmed block. Its tax buys shares for its owner, the rest raises what all shares
/// are worth. The money is no longer held elsewhere; it is burned when the operator was slashed or nobody
/// has shares.
///
/// # Errors
/// When the operator does not exist or an amount overflows.
pub fn reward(state: &mut dyn StateWrite, id: OperatorId, amount: Amount) -> Result<(), StakingError> {
    let mut record = operator(&*state, id)?;
    let slashed = matches!(record.status, OperatorStatus::Slashed | OperatorStatus::PendingSlash);
    if amount.is_zero() {
        return Ok(());
    }
    if slashed || record.shares == 0 {
        return Ok(auto_ledger::burn(state, amount)?);
    }
    let tax = part(amount, u128::from(record.tax_percent), 100)?;
    // The tax buys at the price after the nominators' part, so that the owner is not paid for the tax twice.
    record.stake = sum(record.stake, less(amount, tax)?)?;
    double(&mut record);
    if !tax.is_zero() {
        let owner = record.owner;
        let mut nomination = join(state, id, &mut record, &owner)?;
        let shares = shares_for(tax, record.stake, record.shares)?;
        nomination.shares = nomination.shares.checked_add(shares).ok_or(StakingError::Overflow)?;
        record.shares = record.shares.checked_add(shares).ok_or(StakingError::Overflow)?;
        record.stake = sum(record.stake, tax)?;
        keep(state, id, &mut record, &owner, &nomination)?;
    }
    OPERATOR.put(state, &id, &record);
    hold(state, |held| {
        held.stakes = held.stakes.checked_add(amount)?;
        Some(())
    })
}
