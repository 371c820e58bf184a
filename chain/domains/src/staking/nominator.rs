//! What nominators do, an operator's owner among them.

use super::operator::{blameless, domain_record, nominator_stake_min, owner_stake_min};
use super::pool::{doubled, existing, forget, hold, join, keep, less, operator, sum, worth};
use super::{StakingError, fund};
use crate::state::{
    NOMINATION, Nomination, OPERATOR, OperatorRecord, OperatorStatus, PendingDeposit, PendingWithdrawal,
    WITHDRAWALS_MAX, Withdrawal,
};
use crate::{DomainsEvent, Withdraw, state::EPOCH};
use auto_core::{Address, Amount, BlockNumber, DomainId, List, OperatorId};
use auto_ledger::{Rules, burn, credit, debit};
use auto_state::{StateRead, StateWrite};

fn epoch_of(state: &(impl StateRead + ?Sized), domain: DomainId) -> Result<u64, StakingError> {
    Ok(EPOCH.get(state, &domain)?.unwrap_or_default().number)
}

/// Adds stake to an operator; it becomes shares at the end of the epoch.
///
/// # Errors
/// When the operator takes no nominations, the amount is below the least, or the account cannot pay.
pub fn nominate(
    rules: &Rules,
    signer: &Address,
    id: OperatorId,
    amount: Amount,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, StakingError> {
    let mut record = operator(&*state, id)?;
    if record.status != OperatorStatus::Registered {
        return Err(StakingError::NotRegistered(id));
    }
    let known = NOMINATION.get(&*state, &(id, *signer))?.is_some();
    let chain_min = rules.params.nominator_stake_min;
    let least = if known { chain_min } else { chain_min.max(record.nomination_min) };
    if amount < least {
        return Err(StakingError::StakeTooLow { stake: amount, least });
    }
    debit(state, &rules.params, signer, amount)?;
    let (fund, stake) = fund::split(&rules.params, amount)?;
    let mut nomination = join(state, id, &mut record, signer)?;
    let fund_shares = fund::buy(&mut record, fund)?;
    let mut deposit = match nomination.deposit {
        Some(deposit) => deposit,
        None => {
            record.pending = record.pending.checked_add(1).ok_or(StakingError::Overflow)?;
            PendingDeposit { epoch: epoch_of(&*state, record.domain)?, amount: Amount::ZERO, fund_shares: 0 }
        }
    };
    deposit.amount = sum(deposit.amount, stake)?;
    deposit.fund_shares = deposit.fund_shares.checked_add(fund_shares).ok_or(StakingError::Overflow)?;
    nomination.deposit = Some(deposit);
    record.deposits_in_epoch = sum(record.deposits_in_epoch, stake)?;
    keep(state, id, &mut record, signer, &nomination)?;
    OPERATOR.put(state, &id, &record);
    hold(state, |held| {
        held.stakes = held.stakes.checked_add(stake)?;
        held.funds = held.funds.checked_add(fund)?;
        Some(())
    })?;
    Ok(vec![DomainsEvent::Nominated { operator: id, nominator: *signer, amount }])
}

/// Begins to take stake back, with the same share of the storage fund. The shares leave at the end of the
/// epoch; what they are worth then is locked until every block that they vouched for is confirmed.
///
/// # Errors
/// When there is not as much, too little would be left, there are [`WITHDRAWALS_MAX`] withdrawals, or the
/// operator ended or is being slashed.
pub fn withdraw(
    rules: &Rules,
    signer: &Address,
    id: OperatorId,
    amount: Withdraw,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, StakingError> {
    let mut record = operator(&*state, id)?;
    blameless(id, &record)?;
    if matches!(record.status, OperatorStatus::Deregistered(_)) {
        return Err(StakingError::Ended(id));
    }
    let mut nomination = existing(state, id, &mut record, signer)?;
    let shares = match amount {
        Withdraw::All => nomination.shares,
        Withdraw::Shares(shares) => shares,
    };
    may_leave(rules, signer, &record, &nomination, shares)?;
    let fund_shares = share_of_fund(&nomination, shares)?;
    let fund = fund::redeem(&mut record, fund_shares)?;
    nomination.shares = nomination.shares.checked_sub(shares).ok_or(StakingError::Overflow)?;
    nomination.fund_shares = nomination.fund_shares.checked_sub(fund_shares).ok_or(StakingError::Overflow)?;
    let mut leaving = match nomination.leaving {
        Some(leaving) => leaving,
        None => {
            record.pending = record.pending.checked_add(1).ok_or(StakingError::Overflow)?;
            let (epoch, scale) = (epoch_of(&*state, record.domain)?, record.share_scale);
            PendingWithdrawal { epoch, shares: 0, scale, fund: Amount::ZERO }
        }
    };
    let before = doubled(leaving.shares, leaving.scale, record.share_scale)?;
    leaving.shares = before.checked_add(shares).ok_or(StakingError::Overflow)?;
    leaving.scale = record.share_scale;
    leaving.fund = sum(leaving.fund, fund)?;
    nomination.leaving = Some(leaving);
    let leaves = record.withdrawals_in_epoch.checked_add(shares);
    record.withdrawals_in_epoch = leaves.ok_or(StakingError::Overflow)?;
    // The shares of the fund may have another scale now.
    super::pool::settle(state, id, &mut record, &mut nomination)?;
    keep(state, id, &mut record, signer, &nomination)?;
    OPERATOR.put(state, &id, &record);
    hold(state, |held| {
        held.funds = held.funds.checked_sub(fund)?;
        held.withdrawals = held.withdrawals.checked_add(fund)?;
        Some(())
    })?;
    Ok(vec![DomainsEvent::WithdrawalRequested { operator: id, nominator: *signer, shares }])
}

/// The fund's shares that go with `shares` of the pool, rounded down.
fn share_of_fund(nomination: &Nomination, shares: u128) -> Result<u128, StakingError> {
    crate::ratio::mul_div(nomination.fund_shares, shares, nomination.shares).ok_or(StakingError::Overflow)
}

fn may_leave(
    rules: &Rules,
    signer: &Address,
    record: &OperatorRecord,
    nomination: &Nomination,
    shares: u128,
) -> Result<(), StakingError> {
    if shares == 0 {
        return Err(StakingError::NothingToWithdraw);
    }
    let available = nomination.shares;
    let left = available.checked_sub(shares);
    let left = left.ok_or(StakingError::TooManyShares { asked: shares, available })?;
    if nomination.leaving.is_none() && nomination.withdrawals.len() >= WITHDRAWALS_MAX {
        return Err(StakingError::TooManyWithdrawals(nomination.withdrawals.len()));
    }
    let is_owner = record.owner == *signer;
    if left == 0 && !is_owner {
        return Ok(());
    }
    let least =
        if is_owner { owner_stake_min(&rules.params)? } else { nominator_stake_min(&rules.params, record)? };
    let left = worth(left, record.stake, record.shares)?;
    if left < least { Err(StakingError::LeavesTooLittle { left, least }) } else { Ok(()) }
}

/// Splits withdrawals into what is free, as a sum, and what is still locked.
pub(super) fn split_matured(
    withdrawals: List<Withdrawal, WITHDRAWALS_MAX>,
    confirmed: BlockNumber,
) -> Result<(Amount, Vec<Withdrawal>), StakingError> {
    let (free, locked): (Vec<_>, Vec<_>) =
        withdrawals.into_inner().into_iter().partition(|withdrawal| withdrawal.left_at <= confirmed);
    let amount = free.iter().try_fold(Amount::ZERO, |all, withdrawal| sum(all, withdrawal.amount))?;
    Ok((amount, locked))
}

/// Takes back every withdrawal that is free: the height of the domain at which it left is confirmed, and so
/// is every block that it vouched for.
///
/// # Errors
/// When nothing is free, or the operator is being slashed.
pub fn unlock(
    rules: &Rules,
    signer: &Address,
    id: OperatorId,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, StakingError> {
    let mut record = operator(&*state, id)?;
    blameless(id, &record)?;
    let mut nomination = existing(state, id, &mut record, signer)?;
    let confirmed = domain_record(&*state, record.domain)?.confirmed;
    let (amount, locked) = split_matured(std::mem::take(&mut nomination.withdrawals), confirmed)?;
    if amount.is_zero() {
        return Err(match locked.first() {
            Some(first) => StakingError::Locked { until: first.left_at, confirmed },
            None => StakingError::NothingToUnlock,
        });
    }
    nomination.withdrawals = List::new(locked).map_err(|_| StakingError::Overflow)?;
    keep(state, id, &mut record, signer, &nomination)?;
    OPERATOR.put(state, &id, &record);
    hold(state, |held| {
        held.withdrawals = held.withdrawals.checked_sub(amount)?;
        Some(())
    })?;
    credit(state, &rules.params, signer, amount)?;
    Ok(vec![DomainsEvent::Unlocked { operator: id, nominator: *signer, amount }])
}

/// Takes back all that the caller has with an operator that ended, once every block that it vouched for is
/// confirmed: neither the height at which it ended nor its last receipt can be challenged any more.
///
/// # Errors
/// When the operator did not end, is being slashed, or something it vouched for is not confirmed.
pub fn unlock_nominator(
    rules: &Rules,
    signer: &Address,
    id: OperatorId,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, StakingError> {
    let mut record = operator(&*state, id)?;
    blameless(id, &record)?;
    let OperatorStatus::Deregistered(ended) = record.status else { return Err(StakingError::NotEnded(id)) };
    let confirmed = domain_record(&*state, record.domain)?.confirmed;
    let until = record.last_receipt.map_or(ended, |last| last.max(ended));
    if until > confirmed {
        return Err(StakingError::Locked { until, confirmed });
    }
    let nomination = existing(state, id, &mut record, signer)?;
    let stake = worth(nomination.shares, record.stake, record.shares)?;
    record.stake = less(record.stake, stake)?;
    record.shares = record.shares.checked_sub(nomination.shares).ok_or(StakingError::Overflow)?;
    let fund = fund::redeem(&mut record, nomination.fund_shares)?;
    let withdrawals = nomination.withdrawals.iter();
    let withdrawn = withdrawals.copied().try_fold(Amount::ZERO, |all, one| sum(all, one.amount))?;
    forget(state, id, &mut record, signer, nomination.at)?;
    hold(state, |held| {
        held.stakes = held.stakes.checked_sub(stake)?;
        held.funds = held.funds.checked_sub(fund)?;
        held.withdrawals = held.withdrawals.checked_sub(withdrawn)?;
        Some(())
    })?;
    if record.nominators == 0 {
        burn_rest(state, &mut record)?;
    }
    OPERATOR.put(state, &id, &record);
    let amount = sum(sum(stake, fund)?, withdrawn)?;
    if !amount.is_zero() {
        credit(state, &rules.params, signer, amount)?;
    }
    Ok(vec![DomainsEvent::Unlocked { operator: id, nominator: *signer, amount }])
}

/// Burns what rounding left with an operator that nobody has anything with.
fn burn_rest(state: &mut dyn StateWrite, record: &mut OperatorRecord) -> Result<(), StakingError> {
    let (stake, fund) = (record.stake, record.storage_fund);
    (record.stake, record.shares) = (Amount::ZERO, 0);
    (record.storage_fund, record.fund_shares) = (Amount::ZERO, 0);
    hold(state, |held| {
        held.stakes = held.stakes.checked_sub(stake)?;
        held.funds = held.funds.checked_sub(fund)?;
        Some(())
    })?;
    Ok(burn(state, sum(stake, fund)?)?)
}
