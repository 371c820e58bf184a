//! The storage fund: what pays for the bytes of an operator's bundles.
//!
//! A share of every deposit goes to the fund. Shares of the fund are bought at what it holds and what its
//! open bundles may bring back, and redeemed at what it holds: nobody gains by joining before others'
//! bundles are refunded, or by leaving. The fund never falls to nothing while it has shares, and shares are
//! halved or doubled, for all alike, so that each is worth between `2^-32` units and one.

use super::StakingError;
use super::pool::{hold, less, operator, sum, worth};
use crate::ratio::mul_div;
use crate::state::{OPERATOR, OperatorRecord, OperatorStatus};
use auto_core::{Amount, OperatorId, ProtocolParams, Slot};
use auto_state::StateWrite;

/// Shares that a unit of the fund may have, as a power of two.
const SHARES_PER_UNIT_BITS: u32 = 32;

/// A deposit's share of the fund, and the rest that becomes stake.
pub(super) fn split(params: &ProtocolParams, amount: Amount) -> Result<(Amount, Amount), StakingError> {
    let (numerator, denominator) = params.storage_fund_share;
    let fund = super::pool::part(amount, u128::from(numerator), u128::from(denominator))?;
    Ok((fund, less(amount, fund)?))
}

/// Puts money into the fund and gives the shares that it buys.
pub(super) fn buy(record: &mut OperatorRecord, amount: Amount) -> Result<u128, StakingError> {
    let price = sum(record.storage_fund, record.storage_outstanding)?;
    let shares = if record.fund_shares == 0 || price.is_zero() {
        amount.base_units()
    } else {
        let shares = mul_div(amount.base_units(), record.fund_shares, price.base_units());
        shares.ok_or(StakingError::Overflow)?
    };
    record.storage_fund = sum(record.storage_fund, amount)?;
    record.fund_shares = record.fund_shares.checked_add(shares).ok_or(StakingError::Overflow)?;
    Ok(shares)
}

/// Takes out of the fund what shares of it are worth.
pub(super) fn redeem(record: &mut OperatorRecord, shares: u128) -> Result<Amount, StakingError> {
    let amount = worth(shares, record.storage_fund, record.fund_shares)?;
    record.storage_fund = less(record.storage_fund, amount)?;
    record.fund_shares = record.fund_shares.checked_sub(shares).ok_or(StakingError::Overflow)?;
    fit(record)?;
    Ok(amount)
}

/// Halves or doubles all shares until none is worth more than a unit, or less than `2^-32`, of what the fund
/// holds and may get back. Halving rounds up, so that no account's share of all shares grows.
pub(super) fn fit(record: &mut OperatorRecord) -> Result<(), StakingError> {
    let units = sum(record.storage_fund, record.storage_outstanding)?.base_units();
    let most = units.saturating_mul(1 << SHARES_PER_UNIT_BITS);
    while record.fund_shares > most.max(1) {
        record.fund_shares = record.fund_shares.div_ceil(2);
        record.fund_scale = record.fund_scale.checked_add(1).ok_or(StakingError::Overflow)?;
    }
    while record.fund_shares > 0 && record.fund_shares < units {
        record.fund_shares = record.fund_shares.checked_mul(2).ok_or(StakingError::Overflow)?;
        record.fund_scale = record.fund_scale.checked_sub(1).ok_or(StakingError::Overflow)?;
    }
    Ok(())
}

/// Takes the fee for the bytes of a submission out of the operator's fund. The money is no longer held: it
/// belongs to the block's author.
///
/// # Errors
/// [`StakingError::FundTooLow`] when the fund would not keep at least one unit.
pub fn pay_storage(state: &mut dyn StateWrite, id: OperatorId, fee: Amount) -> Result<(), StakingError> {
    let mut record = operator(&*state, id)?;
    if !fee.is_zero() && fee >= record.storage_fund {
        return Err(StakingError::FundTooLow { fund: record.storage_fund, fee });
    }
    record.storage_fund = less(record.storage_fund, fee)?;
    fit(&mut record)?;
    OPERATOR.put(state, &id, &record);
    hold(state, |held| {
        held.funds = held.funds.checked_sub(fee)?;
        Some(())
    })
}

/// Notes a bundle that went into a domain block: its slot, and what the fund `paid` for it, which
/// [`refund_storage`] settles when the block is confirmed.
///
/// # Errors
/// When the operator does not exist.
pub fn on_bundle(
    state: &mut dyn StateWrite,
    id: OperatorId,
    slot: Slot,
    paid: Amount,
) -> Result<(), StakingError> {
    let mut record = operator(&*state, id)?;
    record.last_slot = record.last_slot.max(Some(slot));
    record.bundles_in_epoch = record.bundles_in_epoch.saturating_add(1);
    record.storage_outstanding = sum(record.storage_outstanding, paid)?;
    fit(&mut record)?;
    OPERATOR.put(state, &id, &record);
    Ok(())
}

/// Settles a bundle of a confirmed block: of what the fund `paid` for it, `amount` comes back (nothing for a
/// bundle marked invalid). The money of `amount` is no longer held elsewhere.
///
/// # Errors
/// When the operator does not exist or an amount overflows.
pub fn refund_storage(
    state: &mut dyn StateWrite,
    id: OperatorId,
    paid: Amount,
    amount: Amount,
) -> Result<(), StakingError> {
    let mut record = operator(&*state, id)?;
    record.storage_outstanding = record.storage_outstanding.saturating_sub(paid);
    // Nobody would own what comes back.
    let burned = record.fund_shares == 0 || record.status == OperatorStatus::Slashed;
    if !burned {
        record.storage_fund = sum(record.storage_fund, amount)?;
    }
    fit(&mut record)?;
    OPERATOR.put(state, &id, &record);
    if burned {
        return Ok(auto_ledger::burn(state, amount)?);
    }
    hold(state, |held| {
        held.funds = held.funds.checked_add(amount)?;
        Some(())
    })
}
