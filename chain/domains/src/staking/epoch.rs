//! Epochs: when stakes take effect, and how the election follows who is there.

use super::offline::{POINT, expected_by_share, expected_by_slots, least_bundles};
use super::operator::domain_record;
use super::pool::{close, sum};
use super::{StakingError, operator};
use crate::DomainsEvent;
use crate::election::{FACTOR_MAX, FACTOR_ONE, threshold};
use crate::state::{
    DOMAIN, DOMAIN_OPERATORS, DomainRecord, EPOCH, Epoch, OPERATOR, OperatorRecord, OperatorStatus,
};
use auto_core::{Amount, DomainId, List, OperatorId, ProtocolParams, Slot};
use auto_ledger::{BlockContext, Rules};
use auto_module::StoredError;
use auto_state::StateWrite;

/// Winners of one slot that the range of signers is split between at most.
const WINNERS_MAX: u64 = 16;
/// Of whom fewer bundles than this are expected, having made none says nothing about availability.
const TELLING: u128 = 3;

/// Ends the epoch of a domain: rests those who were not there, lets deposits join and withdrawals leave, and
/// begins an epoch with all who are registered.
///
/// What is expected of an operator is the smaller of two numbers: the slots of the epoch in which it is
/// elected on average, and its share by stake of the bundles that were made. The first keeps the luck of
/// others from counting against it, the second the silence of a domain without transactions. Who made too few
/// is at rest (unless that were everyone). What those that stay made of what was expected of them, each at
/// most what was expected and half of it counting as all, is the availability of the domain; the election
/// makes up for it up to fourfold, smoothed over epochs. Those of whom hardly a bundle is expected say nothing
/// about it.
///
/// # Errors
/// When the domain does not exist or the state does not add up.
pub fn end_epoch(
    rules: &Rules,
    cx: &BlockContext,
    state: &mut dyn StateWrite,
    domain: DomainId,
) -> Result<Vec<DomainsEvent>, StakingError> {
    turn(state, domain, Some(cx.slot), Some(&rules.params))
}

/// Leaves the slots from `since` to `now`, in which a domain took no bundles, out of its epoch.
pub(crate) fn pass_over(
    state: &mut dyn StateWrite,
    domain: DomainId,
    since: Slot,
    now: Slot,
) -> Result<(), StoredError> {
    if let Some(mut epoch) = EPOCH.get(&*state, &domain)? {
        // The epoch may have begun after `since`.
        let passed = now.0.saturating_sub(since.0.max(epoch.began_slot.0));
        epoch.began_slot = Slot(epoch.began_slot.0.saturating_add(passed));
        EPOCH.put(state, &domain, &epoch);
    }
    Ok(())
}

/// Begins an epoch where nobody takes part and someone could.
pub(super) fn fill_empty(
    state: &mut dyn StateWrite,
    domain: DomainId,
    slot: Option<Slot>,
) -> Result<Vec<DomainsEvent>, StakingError> {
    let taken = EPOCH.get(&*state, &domain)?.is_some_and(|epoch| !epoch.total.is_zero());
    if taken || !members(state, domain)?.iter().any(takes_part) {
        return Ok(Vec::new());
    }
    turn(state, domain, slot, None)
}

/// Begins an epoch without judging who was there: the election stays as likely as it was.
pub(super) fn begin(
    state: &mut dyn StateWrite,
    domain: DomainId,
    slot: Slot,
) -> Result<Vec<DomainsEvent>, StakingError> {
    turn(state, domain, Some(slot), None)
}

/// Whether an operator of a domain would take part if an epoch began now, and does not.
pub(super) fn waits(state: &dyn StateWrite, domain: DomainId) -> Result<bool, StakingError> {
    let epoch = EPOCH.get(state, &domain)?.unwrap_or_default();
    let could = |one: &Member| {
        let comes = !one.record.stake.is_zero() || !one.record.deposits_in_epoch.is_zero();
        takes_part(one) && comes && epoch.stake_of(one.id).is_none()
    };
    Ok(members(state, domain)?.iter().any(could))
}

/// Takes an operator out of the epoch: the threshold of the others rises with the share of their stake.
pub(super) fn leave_set(
    state: &mut dyn StateWrite,
    domain: DomainId,
    id: OperatorId,
) -> Result<(), StakingError> {
    let Some(mut epoch) = EPOCH.get(&*state, &domain)? else { return Ok(()) };
    let mut stakes = std::mem::take(&mut epoch.stakes).into_inner();
    stakes.retain(|(member, _)| *member != id);
    epoch.total = stakes.iter().try_fold(Amount::ZERO, |all, (_, stake)| sum(all, *stake))?;
    epoch.stakes = List::new(stakes).map_err(|_| StakingError::Overflow)?;
    EPOCH.put(state, &domain, &epoch);
    Ok(())
}

struct Member {
    id: OperatorId,
    record: OperatorRecord,
    /// What was expected of it; nothing of one that had no part.
    expected: u128,
}

fn takes_part(member: &Member) -> bool {
    member.record.status == OperatorStatus::Registered
}

/// Begins an epoch; by these parameters it is judged who was there in the last one.
fn turn(
    state: &mut dyn StateWrite,
    domain: DomainId,
    slot: Option<Slot>,
    judged: Option<&ProtocolParams>,
) -> Result<Vec<DomainsEvent>, StakingError> {
    let mut place = domain_record(&*state, domain)?;
    let epoch = EPOCH.get(&*state, &domain)?.unwrap_or_default();
    let now = slot.unwrap_or(epoch.began_slot);
    let slots = now.0.saturating_sub(epoch.began_slot.0);
    let mut members = members(state, domain)?;
    let count = |all: u64, one: &Member| all.saturating_add(one.record.bundles_in_epoch);
    let bundles = members.iter().fold(0, count);
    // Who left the set in the course of the epoch counts on neither side.
    let stayed = members.iter().filter(|one| epoch.stake_of(one.id).is_some()).fold(0, count);
    for member in &mut members {
        member.expected = expected(&epoch, &place, member.id, slots, stayed);
    }
    let mut events = Vec::new();
    if judged.is_some() {
        events.extend(rest_offline(&mut members, epoch.number));
    }
    let factor = match judged {
        Some(_) => next_factor(epoch.availability_factor, &members),
        // Nothing is known of those who come where nobody took part.
        None if epoch.total.is_zero() => FACTOR_ONE,
        None => epoch.availability_factor,
    };
    let mut stakes = Vec::with_capacity(members.len());
    for Member { id, record, .. } in &mut members {
        close(state, *id, record, epoch.number, place.head)?;
        record.bundles_in_epoch = 0;
        if record.status == OperatorStatus::Registered && !record.stake.is_zero() {
            stakes.push((*id, record.stake));
        }
        OPERATOR.put(state, id, record);
    }
    let total = stakes.iter().try_fold(Amount::ZERO, |all, (_, stake)| sum(all, *stake))?;
    let number = epoch.number.checked_add(1).ok_or(StakingError::Overflow)?;
    let next = Epoch {
        number,
        began: place.head,
        began_slot: now,
        stakes: List::new(stakes).map_err(|_| StakingError::TooManyOperators(domain))?,
        total,
        availability_factor: factor,
        bundles,
    };
    EPOCH.put(state, &domain, &next);
    if let Some(params) = judged {
        place.range = range(bundles, slots).min(params.signer_range_max);
        DOMAIN.put(state, &domain, &place);
    }
    events.push(DomainsEvent::EpochBegan { domain, number, total });
    Ok(events)
}

fn members(state: &dyn StateWrite, domain: DomainId) -> Result<Vec<Member>, StakingError> {
    let ids = DOMAIN_OPERATORS.get(state, &domain)?.unwrap_or_default();
    let load =
        |id: &OperatorId| Ok(Member { id: *id, record: super::pool::operator(state, *id)?, expected: 0 });
    ids.iter().map(load).collect()
}

fn expected(epoch: &Epoch, place: &DomainRecord, id: OperatorId, slots: u64, bundles: u64) -> u128 {
    let Some(stake) = epoch.stake_of(id) else { return 0 };
    let threshold = threshold(epoch, place.config.bundle_probability, stake);
    let by_share = expected_by_share(bundles, stake.base_units(), epoch.total.base_units());
    expected_by_slots(slots, threshold).min(by_share)
}

/// Rests those who made too few bundles, unless nobody who takes part would be left.
fn rest_offline(members: &mut [Member], epoch: u64) -> Vec<DomainsEvent> {
    let is_offline = |member: &Member| {
        let least = least_bundles(member.expected);
        takes_part(member) && least.is_some_and(|least| member.record.bundles_in_epoch < least)
    };
    if members.iter().filter(|member| takes_part(member)).all(is_offline) {
        return Vec::new();
    }
    let mut events = Vec::new();
    for member in members.iter_mut().filter(|member| is_offline(member)) {
        operator::rest(&mut member.record, epoch);
        member.expected = 0;
        events.push(DomainsEvent::OperatorDeactivated { operator: member.id, offline: true });
    }
    events
}

/// The factor that makes up for the operators that were not there: three parts of the last one and one part
/// of what the epoch would have needed.
fn next_factor(last: u32, members: &[Member]) -> u32 {
    let (mut expected, mut made) = (0u128, 0u128);
    let telling = |member: &&Member| takes_part(member) && member.expected >= TELLING << POINT;
    for member in members.iter().filter(telling) {
        let twice = (u128::from(member.record.bundles_in_epoch) << POINT).saturating_mul(2);
        expected = expected.saturating_add(member.expected);
        made = made.saturating_add(twice.min(member.expected));
    }
    let needed = match expected {
        0 => FACTOR_ONE,
        _ => crate::ratio::mul_div(u128::from(FACTOR_ONE), expected, made)
            .and_then(|needed| u32::try_from(needed).ok())
            .unwrap_or(FACTOR_MAX),
    };
    let smooth = u64::from(last).saturating_mul(3).saturating_add(u64::from(needed)) / 4;
    u32::try_from(smooth).unwrap_or(FACTOR_MAX).clamp(FACTOR_ONE, FACTOR_MAX)
}

/// The range of signers of one bundle: the ring, split between the winners that a slot had on average.
fn range(bundles: u64, slots: u64) -> u64 {
    let winners = bundles.saturating_add(slots / 2).checked_div(slots).unwrap_or(1);
    u64::MAX / winners.clamp(1, WINNERS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_split_between_the_winners_of_a_slot() {
        assert_eq!(range(0, 100), u64::MAX);
        assert_eq!(range(149, 100), u64::MAX);
        assert_eq!(range(150, 100), u64::MAX / 2);
        assert_eq!(range(300, 100), u64::MAX / 3);
        assert_eq!(range(100_000, 100), u64::MAX / 16);
        assert_eq!(range(7, 0), u64::MAX);
    }
}
