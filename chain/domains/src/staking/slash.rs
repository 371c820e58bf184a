//! Taking the stake of operators that vouched for what is wrong.

use super::StakingError;
use super::epoch::{fill_empty, leave_set};
use super::nominator::split_matured;
use super::operator::{domain_record, leave_domain};
use super::pool::{forget, hold, operator, part, settle, sum};
use crate::DomainsEvent;
use crate::state::{NOMINATION, NOMINATOR_AT, OPERATOR, OperatorRecord, OperatorStatus, SLASHES};
use auto_core::{Address, Amount, BlockNumber, List, OperatorId};
use auto_ledger::{LedgerError, Rules, burn, credit};
use auto_state::StateWrite;

/// Nominators whose withdrawals one block takes or pays back.
pub const SLASH_STEP: u32 = 64;

/// Has an operator slashed: for a receipt that `reporter` proved wrong, or for nobody's report. It takes no
/// part from now on and nothing can be taken out of its pool. The first reporter counts; an operator that
/// was slashed already is left as it is.
///
/// To be called before the height at which it is blamed is confirmed: stake that left no later than the
/// height that is confirmed now vouched for nothing that can be blamed.
///
/// # Errors
/// [`StakingError::TooManySlashes`] when the list of those that wait is full.
pub fn mark_pending_slash(
    state: &mut dyn StateWrite,
    id: OperatorId,
    reporter: Option<Address>,
) -> Result<(), StakingError> {
    let mut record = operator(&*state, id)?;
    if matches!(record.status, OperatorStatus::PendingSlash | OperatorStatus::Slashed) {
        return Ok(());
    }
    let mut waiting = SLASHES.get(&*state)?.unwrap_or_default().into_inner();
    let confirmed = domain_record(&*state, record.domain)?.confirmed;
    waiting.push((id, reporter, confirmed));
    SLASHES.put(state, &List::new(waiting).map_err(|_| StakingError::TooManySlashes)?);
    record.status = OperatorStatus::PendingSlash;
    OPERATOR.put(state, &id, &record);
    leave_set(state, record.domain, id)?;
    leave_domain(state, record.domain, id)?;
    // Whoever is left may have been kept out of the epoch until now; nobody else could end it.
    fill_empty(state, record.domain, None)?;
    Ok(())
}

/// Carries out slashes that wait, up to [`SLASH_STEP`] nominators in all; at the end of every block.
///
/// One event is given for each operator that the step took something from.
///
/// # Errors
/// When the state cannot be read or does not add up.
pub fn process_slashes(rules: &Rules, state: &mut dyn StateWrite) -> Result<Vec<DomainsEvent>, StakingError> {
    let Some(waiting) = SLASHES.get(&*state)? else { return Ok(Vec::new()) };
    let (mut waiting, mut events, mut steps) = (waiting.into_inner(), Vec::new(), SLASH_STEP);
    while let Some((id, reporter, confirmed)) = waiting.first().copied()
        && steps > 0
    {
        let mut record = operator(&*state, id)?;
        let mut taken = Amount::ZERO;
        while record.nominators > 0 && steps > 0 {
            steps = steps.saturating_sub(1);
            taken = sum(taken, take_last_nominator(rules, state, (id, confirmed), &mut record)?)?;
        }
        if record.nominators == 0 {
            steps = steps.saturating_sub(1);
            taken = sum(taken, take_pool(state, &mut record)?)?;
            waiting.remove(0);
        }
        OPERATOR.put(state, &id, &record);
        if !taken.is_zero() {
            let rewarded = pay_out(rules, state, taken, reporter)?;
            events.push(DomainsEvent::OperatorSlashed { operator: id, amount: taken, rewarded });
        }
    }
    if waiting.is_empty() {
        SLASHES.delete(state);
    } else {
        SLASHES.put(state, &List::new(waiting).map_err(|_| StakingError::TooManySlashes)?);
    }
    Ok(events)
}

/// Takes the locked withdrawals of the last nominator, pays back those that were free when the operator was
/// blamed at the height `confirmed`, and forgets the nominator.
///
/// Gives what was taken, which is no longer held.
fn take_last_nominator(
    rules: &Rules,
    state: &mut dyn StateWrite,
    (id, confirmed): (OperatorId, BlockNumber),
    record: &mut OperatorRecord,
) -> Result<Amount, StakingError> {
    let at = record.nominators.checked_sub(1).ok_or(StakingError::Overflow)?;
    let address = NOMINATOR_AT.get(&*state, &(id, at))?.ok_or(StakingError::NoNomination(id))?;
    let nomination = NOMINATION.get(&*state, &(id, address))?;
    let mut nomination = nomination.ok_or(StakingError::NoNomination(id))?;
    settle(state, id, record, &mut nomination)?;
    let (free, locked) = split_matured(nomination.withdrawals, confirmed)?;
    let taken = locked.iter().try_fold(Amount::ZERO, |all, one| sum(all, one.amount))?;
    // What left the fund in this epoch is not yet part of a withdrawal.
    let taken = sum(taken, nomination.leaving.map_or(Amount::ZERO, |leaving| leaving.fund))?;
    forget(state, id, record, &address, at)?;
    let all = sum(free, taken)?;
    hold(state, |held| {
        held.withdrawals = held.withdrawals.checked_sub(all)?;
        Some(())
    })?;
    if !free.is_zero() {
        credit(state, &rules.params, &address, free)?;
    }
    Ok(taken)
}

/// Takes the pool with all that joins or leaves in the epoch, and the storage fund. Gives what was taken,
/// which is no longer held.
fn take_pool(state: &mut dyn StateWrite, record: &mut OperatorRecord) -> Result<Amount, StakingError> {
    let stake = sum(record.stake, record.deposits_in_epoch)?;
    let fund = record.storage_fund;
    (record.stake, record.shares) = (Amount::ZERO, 0);
    (record.deposits_in_epoch, record.withdrawals_in_epoch, record.pending) = (Amount::ZERO, 0, 0);
    (record.storage_fund, record.fund_shares) = (Amount::ZERO, 0);
    record.status = OperatorStatus::Slashed;
    hold(state, |held| {
        held.stakes = held.stakes.checked_sub(stake)?;
        held.funds = held.funds.checked_sub(fund)?;
        Some(())
    })?;
    sum(stake, fund)
}

/// Pays the reporter's share of what was taken and burns the rest; gives what the reporter got.
fn pay_out(
    rules: &Rules,
    state: &mut dyn StateWrite,
    taken: Amount,
    reporter: Option<Address>,
) -> Result<Amount, StakingError> {
    let (numerator, denominator) = rules.params.fraud_reporter_share;
    let mut share = Amount::ZERO;
    if let Some(reporter) = reporter {
        share = part(taken, u128::from(numerator), u128::from(denominator))?;
        match credit(state, &rules.params, &reporter, share) {
            Ok(()) => (),
            // A reporter without an account cannot hold so little.
            Err(LedgerError::BelowExistentialDeposit { .. }) => share = Amount::ZERO,
            Err(error) => return Err(error.into()),
        }
    }
    burn(state, super::pool::less(taken, share)?)?;
    Ok(share)
}
