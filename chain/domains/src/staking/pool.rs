//! Pools of stake: shares, their price, and when deposits and withdrawals take effect.
//!
//! A deposit or withdrawal waits until its epoch ends. Then the pool as a whole is changed at the price of
//! that moment, and the price is kept until each of those who wait was converted, at their next call. All
//! quotients are rounded down, against the one who joins or leaves; what rounding leaves over goes back to
//! the pool when the last one was converted.
//!
//! A share is never worth more than one unit: when rewards raise the price above that, all shares are doubled
//! at once, each account's at its next call. So rounding never takes more than a unit, and nobody can make
//! shares so dear that the deposits of others buy none.

use super::StakingError;
use crate::ratio::mul_div;
use crate::state::{
    EPOCH_PRICE, EpochPrice, HELD, Held, NOMINATION, NOMINATOR_AT, Nomination, OPERATOR, OperatorRecord,
    Withdrawal,
};
use auto_core::{Address, Amount, BlockNumber, List, OperatorId};
use auto_state::{StateRead, StateWrite};

pub(super) fn sum(a: Amount, b: Amount) -> Result<Amount, StakingError> {
    a.checked_add(b).ok_or(StakingError::Overflow)
}

pub(super) fn less(a: Amount, b: Amount) -> Result<Amount, StakingError> {
    a.checked_sub(b).ok_or(StakingError::Overflow)
}

/// `floor(amount * numerator / denominator)`.
pub(super) fn part(amount: Amount, numerator: u128, denominator: u128) -> Result<Amount, StakingError> {
    let units = mul_div(amount.base_units(), numerator, denominator).ok_or(StakingError::Overflow)?;
    Ok(Amount::from_base_units(units))
}

/// Changes what is held; `None` of the change is an overflow.
pub(super) fn hold(
    state: &mut dyn StateWrite,
    change: impl FnOnce(&mut Held) -> Option<()>,
) -> Result<(), StakingError> {
    let mut held = HELD.get(&*state)?.unwrap_or_default();
    change(&mut held).ok_or(StakingError::Overflow)?;
    HELD.put(state, &held);
    Ok(())
}

pub(super) fn operator(
    state: &(impl StateRead + ?Sized),
    id: OperatorId,
) -> Result<OperatorRecord, StakingError> {
    OPERATOR.get(state, &id)?.ok_or(StakingError::UnknownOperator(id))
}

/// What shares of the pool are worth.
pub(crate) fn worth(shares: u128, stake: Amount, all: u128) -> Result<Amount, StakingError> {
    if all == 0 { Ok(Amount::ZERO) } else { part(stake, shares, all) }
}

/// The shares that a deposit buys in a pool of `shares` over `stake`.
pub(crate) fn shares_for(amount: Amount, stake: Amount, shares: u128) -> Result<u128, StakingError> {
    // The first shares of an empty pool cost one unit each.
    if shares == 0 || stake.is_zero() {
        return Ok(amount.base_units());
    }
    mul_div(amount.base_units(), shares, stake.base_units()).ok_or(StakingError::Overflow)
}

/// Doubles all shares until none is worth more than a unit.
pub(super) fn double(record: &mut OperatorRecord) {
    while record.shares > 0 && record.shares < record.stake.base_units() {
        // Shares that leave are some of all shares, so they cannot overflow alone.
        let twice = record.shares.checked_mul(2).zip(record.withdrawals_in_epoch.checked_mul(2));
        let Some((shares, leaving)) = twice else { return };
        (record.shares, record.withdrawals_in_epoch) = (shares, leaving);
        record.share_scale = record.share_scale.saturating_add(1);
    }
}

/// Shares counted at scale `from`, at scale `to`.
pub(crate) fn doubled(shares: u128, from: u32, to: u32) -> Result<u128, StakingError> {
    if shares == 0 {
        return Ok(0);
    }
    let factor = 1u128.checked_shl(to.saturating_sub(from)).ok_or(StakingError::Overflow)?;
    shares.checked_mul(factor).ok_or(StakingError::Overflow)
}

/// Shares of the fund counted at scale `from`, at scale `to`, rounded down.
pub(crate) fn halved(shares: u128, from: i32, to: i32) -> Result<u128, StakingError> {
    let halvings = to.saturating_sub(from);
    match u32::try_from(halvings) {
        Ok(halvings) => Ok(shares.checked_shr(halvings).unwrap_or(0)),
        Err(_) => doubled(shares, 0, halvings.unsigned_abs()),
    }
}

/// Ends the epoch for one operator's pool: deposits join and withdrawals leave, all at one price.
pub(super) fn close(
    state: &mut dyn StateWrite,
    id: OperatorId,
    record: &mut OperatorRecord,
    epoch: u64,
    height: BlockNumber,
) -> Result<(), StakingError> {
    if record.pending == 0 {
        return Ok(());
    }
    let (stake, shares) = (record.stake, record.shares);
    let new_shares = shares_for(record.deposits_in_epoch, stake, shares)?;
    let withdrawn = worth(record.withdrawals_in_epoch, stake, shares)?;
    record.stake = sum(less(stake, withdrawn)?, record.deposits_in_epoch)?;
    let left = shares.checked_sub(record.withdrawals_in_epoch).ok_or(StakingError::Overflow)?;
    record.shares = left.checked_add(new_shares).ok_or(StakingError::Overflow)?;
    let (claims, scale) = (record.pending, record.share_scale);
    let price = EpochPrice { stake, shares, scale, new_shares, withdrawn, claims, left_at: height };
    EPOCH_PRICE.put(state, &(id, epoch), &price);
    (record.deposits_in_epoch, record.withdrawals_in_epoch, record.pending) = (Amount::ZERO, 0, 0);
    hold(state, |held| {
        held.stakes = held.stakes.checked_sub(withdrawn)?;
        held.withdrawals = held.withdrawals.checked_add(withdrawn)?;
        Some(())
    })
}

/// Converts what waited for an epoch that has ended, and counts all shares at the operator's scale.
pub(super) fn settle(
    state: &mut dyn StateWrite,
    id: OperatorId,
    record: &mut OperatorRecord,
    nomination: &mut Nomination,
) -> Result<(), StakingError> {
    rescale(record, nomination)?;
    if let Some(deposit) = nomination.deposit
        && let Some(mut price) = EPOCH_PRICE.get(&*state, &(id, deposit.epoch))?
    {
        let shares = shares_for(deposit.amount, price.stake, price.shares)?;
        price.new_shares = price.new_shares.checked_sub(shares).ok_or(StakingError::Overflow)?;
        let shares = doubled(shares, price.scale, record.share_scale)?;
        nomination.shares = nomination.shares.checked_add(shares).ok_or(StakingError::Overflow)?;
        let fund = nomination.fund_shares.checked_add(deposit.fund_shares);
        nomination.fund_shares = fund.ok_or(StakingError::Overflow)?;
        nomination.deposit = None;
        claim(state, id, record, deposit.epoch, price)?;
    }
    if let Some(leaving) = nomination.leaving
        && let Some(mut price) = EPOCH_PRICE.get(&*state, &(id, leaving.epoch))?
    {
        let shares = doubled(leaving.shares, leaving.scale, price.scale)?;
        let amount = worth(shares, price.stake, price.shares)?;
        price.withdrawn = less(price.withdrawn, amount)?;
        let withdrawal = Withdrawal { amount: sum(amount, leaving.fund)?, left_at: price.left_at };
        let mut withdrawals = std::mem::take(&mut nomination.withdrawals).into_inner();
        withdrawals.push(withdrawal);
        let full = |list: Vec<_>| StakingError::TooManyWithdrawals(list.len());
        nomination.withdrawals = List::new(withdrawals).map_err(full)?;
        nomination.leaving = None;
        claim(state, id, record, leaving.epoch, price)?;
    }
    Ok(())
}

/// Notes that one more was converted at a price; the last one gives what rounding left over to the pool.
fn claim(
    state: &mut dyn StateWrite,
    id: OperatorId,
    record: &mut OperatorRecord,
    epoch: u64,
    mut price: EpochPrice,
) -> Result<(), StakingError> {
    price.claims = price.claims.checked_sub(1).ok_or(StakingError::Overflow)?;
    if price.claims > 0 {
        EPOCH_PRICE.put(state, &(id, epoch), &price);
        return Ok(());
    }
    EPOCH_PRICE.delete(state, &(id, epoch));
    let spare = doubled(price.new_shares, price.scale, record.share_scale)?;
    record.shares = record.shares.checked_sub(spare).ok_or(StakingError::Overflow)?;
    record.stake = sum(record.stake, price.withdrawn)?;
    hold(state, |held| {
        held.withdrawals = held.withdrawals.checked_sub(price.withdrawn)?;
        held.stakes = held.stakes.checked_add(price.withdrawn)?;
        Some(())
    })
}

/// Counts shares at the operator's scale. Shares that leave keep the scale of their epoch.
fn rescale(record: &OperatorRecord, nomination: &mut Nomination) -> Result<(), StakingError> {
    nomination.shares = doubled(nomination.shares, nomination.share_scale, record.share_scale)?;
    nomination.share_scale = record.share_scale;
    let from = nomination.fund_scale;
    nomination.fund_shares = halved(nomination.fund_shares, from, record.fund_scale)?;
    if let Some(deposit) = &mut nomination.deposit {
        deposit.fund_shares = halved(deposit.fund_shares, from, record.fund_scale)?;
    }
    nomination.fund_scale = record.fund_scale;
    Ok(())
}

/// What an account has with an operator, converted; a new one when it has nothing.
pub(super) fn join(
    state: &mut dyn StateWrite,
    id: OperatorId,
    record: &mut OperatorRecord,
    address: &Address,
) -> Result<Nomination, StakingError> {
    let Some(mut nomination) = NOMINATION.get(&*state, &(id, *address))? else {
        let at = record.nominators;
        record.nominators = at.checked_add(1).ok_or(StakingError::Overflow)?;
        NOMINATOR_AT.put(state, &(id, at), address);
        let (share_scale, fund_scale) = (record.share_scale, record.fund_scale);
        return Ok(Nomination { at, share_scale, fund_scale, ..Nomination::default() });
    };
    settle(state, id, record, &mut nomination)?;
    Ok(nomination)
}

/// What an account has with an operator, converted.
pub(super) fn existing(
    state: &mut dyn StateWrite,
    id: OperatorId,
    record: &mut OperatorRecord,
    address: &Address,
) -> Result<Nomination, StakingError> {
    let found = NOMINATION.get(&*state, &(id, *address))?;
    let mut nomination = found.ok_or(StakingError::NoNomination(id))?;
    settle(state, id, record, &mut nomination)?;
    Ok(nomination)
}

/// Keeps what an account has, or forgets it when nothing is left.
pub(super) fn keep(
    state: &mut dyn StateWrite,
    id: OperatorId,
    record: &mut OperatorRecord,
    address: &Address,
    nomination: &Nomination,
) -> Result<(), StakingError> {
    let empty = nomination.shares == 0
        && nomination.deposit.is_none()
        && nomination.leaving.is_none()
        && nomination.withdrawals.is_empty();
    if empty {
        forget(state, id, record, address, nomination.at)
    } else {
        NOMINATION.put(state, &(id, *address), nomination);
        Ok(())
    }
}

/// Forgets a nominator; the last one takes over its position.
pub(super) fn forget(
    state: &mut dyn StateWrite,
    id: OperatorId,
    record: &mut OperatorRecord,
    address: &Address,
    at: u32,
) -> Result<(), StakingError> {
    NOMINATION.delete(state, &(id, *address));
    let last = record.nominators.checked_sub(1).ok_or(StakingError::Overflow)?;
    record.nominators = last;
    if let Some(moved) = NOMINATOR_AT.get(&*state, &(id, last))?
        && at != last
    {
        NOMINATOR_AT.put(state, &(id, at), &moved);
        if let Some(mut nomination) = NOMINATION.get(&*state, &(id, moved))? {
            nomination.at = at;
            NOMINATION.put(state, &(id, moved), &nomination);
        }
    }
    NOMINATOR_AT.delete(state, &(id, last));
    Ok(())
}
