//! The life of an operator as its owner decides it.

use super::epoch::{fill_empty, leave_set};
use super::pool::{close, hold, join, keep, operator, sum};
use super::{StakingError, fund};
use crate::DomainsEvent;
use crate::election::{is_usable_key, verify_possession};
use crate::state::{
    DOMAIN, DOMAIN_OPERATORS, DomainRecord, EPOCH, OPERATOR, OPERATOR_COUNT, OPERATOR_KEY, OperatorRecord,
    OperatorStatus,
};
use auto_core::{
    Address, Amount, DomainId, GenesisOperator, List, OperatorAllowList, OperatorId, OperatorKey,
    OperatorSignature, ProtocolParams, Slot,
};
use auto_ledger::{BlockContext, Rules, debit};
use auto_state::{StateRead, StateWrite};

/// What a new operator states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registration {
    /// The domain.
    pub domain: DomainId,
    /// Its key; no other operator ever had it.
    pub key: OperatorKey,
    /// What is staked, storage fund included.
    pub stake: Amount,
    /// The least that others may add.
    pub nomination_min: Amount,
    /// Its share of the nominators' rewards in percent.
    pub tax_percent: u8,
}

impl From<&GenesisOperator> for Registration {
    fn from(operator: &GenesisOperator) -> Self {
        Self {
            domain: operator.domain,
            key: operator.key,
            stake: operator.stake,
            nomination_min: operator.nomination_min,
            tax_percent: operator.tax_percent,
        }
    }
}

impl Registration {
    /// What holds or fails without the state.
    pub(crate) fn check(&self, params: &ProtocolParams) -> Result<(), StakingError> {
        if self.stake < params.operator_stake_min {
            return Err(StakingError::StakeTooLow { stake: self.stake, least: params.operator_stake_min });
        }
        let least = params.nominator_stake_min;
        if self.nomination_min < least {
            return Err(StakingError::NominationMinTooLow { stated: self.nomination_min, least });
        }
        if self.tax_percent > 100 {
            return Err(StakingError::TaxTooHigh(self.tax_percent));
        }
        if is_usable_key(&self.key) { Ok(()) } else { Err(StakingError::BadKey) }
    }
}

pub(super) fn domain_record(
    state: &(impl StateRead + ?Sized),
    domain: DomainId,
) -> Result<DomainRecord, StakingError> {
    DOMAIN.get(state, &domain)?.ok_or(StakingError::UnknownDomain(domain))
}

/// Registers an operator of the caller's; it takes part from the next epoch of its domain, or at once where
/// nobody does.
///
/// # Errors
/// The first rule that is broken.
pub fn register(
    rules: &Rules,
    cx: &BlockContext,
    signer: &Address,
    registration: &Registration,
    possession: &OperatorSignature,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, StakingError> {
    registration.check(&rules.params)?;
    let Registration { domain, key, .. } = *registration;
    let record = domain_record(&*state, domain)?;
    match &record.config.operators {
        OperatorAllowList::Owners(list) if list.binary_search(signer).is_err() => {
            return Err(StakingError::NotAllowed(domain));
        }
        _ => (),
    }
    if let Some(other) = OPERATOR_KEY.get(&*state, &key)? {
        return Err(StakingError::KeyTaken(other));
    }
    if !verify_possession(&key, &rules.genesis, domain, signer, possession) {
        return Err(StakingError::NoPossession);
    }
    let id = enroll(&rules.params, signer, registration, state)?;
    let stake = registration.stake;
    let mut events = vec![DomainsEvent::OperatorRegistered { operator: id, domain, owner: *signer, stake }];
    events.extend(fill_empty(state, domain, Some(cx.slot))?);
    Ok(events)
}

/// Registers an operator of genesis: it takes part once genesis ends with [`fill_empty`].
pub(crate) fn enroll_at_genesis(
    params: &ProtocolParams,
    genesis: &GenesisOperator,
    state: &mut dyn StateWrite,
) -> Result<OperatorId, StakingError> {
    let registration = Registration::from(genesis);
    registration.check(params)?;
    domain_record(&*state, registration.domain)?;
    if let Some(other) = OPERATOR_KEY.get(&*state, &registration.key)? {
        return Err(StakingError::KeyTaken(other));
    }
    enroll(params, &genesis.owner, &registration, state)
}

/// Gives everyone who may take part the part, where nobody has one; for the end of genesis.
pub(crate) fn begin_first_epoch(state: &mut dyn StateWrite, domain: DomainId) -> Result<(), StakingError> {
    fill_empty(state, domain, Some(Slot(0)))?;
    Ok(())
}

fn enroll(
    params: &ProtocolParams,
    owner: &Address,
    registration: &Registration,
    state: &mut dyn StateWrite,
) -> Result<OperatorId, StakingError> {
    let domain = registration.domain;
    let mut members = DOMAIN_OPERATORS.get(&*state, &domain)?.unwrap_or_default().into_inner();
    let id = OPERATOR_COUNT.get(&*state)?.unwrap_or_default();
    members.push(id);
    let members = List::new(members).map_err(|_| StakingError::TooManyOperators(domain))?;
    debit(state, params, owner, registration.stake)?;
    let (fund, stake) = fund::split(params, registration.stake)?;
    let mut record = OperatorRecord {
        owner: *owner,
        domain,
        key: registration.key,
        nomination_min: registration.nomination_min,
        tax_percent: registration.tax_percent,
        status: OperatorStatus::Registered,
        stake,
        shares: stake.base_units(),
        deposits_in_epoch: Amount::ZERO,
        withdrawals_in_epoch: 0,
        storage_fund: Amount::ZERO,
        fund_shares: 0,
        nominators: 0,
        last_slot: None,
        last_receipt: None,
        bundles_in_epoch: 0,
        storage_outstanding: Amount::ZERO,
        share_scale: 0,
        fund_scale: 0,
        pending: 0,
        rests_since: None,
    };
    let mut nomination = join(state, id, &mut record, owner)?;
    nomination.shares = record.shares;
    nomination.fund_shares = fund::buy(&mut record, fund)?;
    keep(state, id, &mut record, owner, &nomination)?;
    hold(state, |held| {
        held.stakes = held.stakes.checked_add(stake)?;
        held.funds = held.funds.checked_add(fund)?;
        Some(())
    })?;
    OPERATOR.put(state, &id, &record);
    OPERATOR_KEY.put(state, &registration.key, &id);
    DOMAIN_OPERATORS.put(state, &domain, &members);
    OPERATOR_COUNT.put(state, &id.checked_add(1).ok_or(StakingError::Overflow)?);
    Ok(id)
}

/// The caller's operator.
fn owned(
    state: &(impl StateRead + ?Sized),
    id: OperatorId,
    signer: &Address,
) -> Result<OperatorRecord, StakingError> {
    let record = operator(state, id)?;
    if record.owner == *signer { Ok(record) } else { Err(StakingError::NotOwner(id)) }
}

/// That an operator is neither slashed nor about to be, nor the author of an invalid bundle.
pub(super) fn blameless(id: OperatorId, record: &OperatorRecord) -> Result<(), StakingError> {
    match record.status {
        OperatorStatus::PendingSlash => Err(StakingError::SlashPending(id)),
        OperatorStatus::Slashed => Err(StakingError::Slashed(id)),
        OperatorStatus::InvalidBundle(_) => Err(StakingError::InvalidAuthor(id)),
        _ => Ok(()),
    }
}

/// Ends the caller's operator for good. It takes no part from now on; what is left with it can be taken out
/// with [`super::unlock_nominator`] once everything it vouched for is confirmed.
///
/// # Errors
/// When the operator is not the caller's, has ended, or is being slashed.
pub fn deregister(
    signer: &Address,
    id: OperatorId,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, StakingError> {
    let mut record = owned(&*state, id, signer)?;
    blameless(id, &record)?;
    if matches!(record.status, OperatorStatus::Deregistered(_)) {
        return Err(StakingError::Ended(id));
    }
    let height = domain_record(&*state, record.domain)?.head;
    let epoch = EPOCH.get(&*state, &record.domain)?.unwrap_or_default().number;
    // What waits for the end of the epoch takes effect now: the pool sees no other end of an epoch.
    close(state, id, &mut record, epoch, height)?;
    record.status = OperatorStatus::Deregistered(height);
    OPERATOR.put(state, &id, &record);
    leave_set(state, record.domain, id)?;
    leave_domain(state, record.domain, id)?;
    let mut events = vec![DomainsEvent::OperatorDeregistered { operator: id }];
    events.extend(fill_empty(state, record.domain, None)?);
    Ok(events)
}

/// Takes an operator off the list of its domain.
pub(super) fn leave_domain(
    state: &mut dyn StateWrite,
    domain: DomainId,
    id: OperatorId,
) -> Result<(), StakingError> {
    let mut members = DOMAIN_OPERATORS.get(&*state, &domain)?.unwrap_or_default().into_inner();
    members.retain(|member| *member != id);
    let members = List::new(members).map_err(|_| StakingError::TooManyOperators(domain))?;
    DOMAIN_OPERATORS.put(state, &domain, &members);
    Ok(())
}

/// Lets the caller's operator rest: it takes no part from now on.
///
/// # Errors
/// When the operator is not the caller's, or is not registered.
pub fn deactivate(
    signer: &Address,
    id: OperatorId,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, StakingError> {
    let mut record = owned(&*state, id, signer)?;
    blameless(id, &record)?;
    if record.status != OperatorStatus::Registered {
        return Err(StakingError::NotRegistered(id));
    }
    let epoch = EPOCH.get(&*state, &record.domain)?.unwrap_or_default().number;
    rest(&mut record, epoch);
    OPERATOR.put(state, &id, &record);
    leave_set(state, record.domain, id)?;
    let mut events = vec![DomainsEvent::OperatorDeactivated { operator: id, offline: false }];
    events.extend(fill_empty(state, record.domain, None)?);
    Ok(events)
}

/// Begins a rest.
pub(super) fn rest(record: &mut OperatorRecord, epoch: u64) {
    record.status = OperatorStatus::Deactivated(epoch);
    record.rests_since = Some(epoch);
}

/// Ends the rest of the caller's operator: it takes part from the next epoch. Where nobody takes part, a
/// rest may end at any time and the operator takes part at once, since no epoch would ever end.
///
/// # Errors
/// When the operator is not the caller's, does not rest, or has to rest longer.
pub fn reactivate(
    rules: &Rules,
    cx: &BlockContext,
    signer: &Address,
    id: OperatorId,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, StakingError> {
    let mut record = owned(&*state, id, signer)?;
    blameless(id, &record)?;
    let OperatorStatus::Deactivated(since) = record.status else {
        return Err(StakingError::NotDeactivated(id));
    };
    let epoch = EPOCH.get(&*state, &record.domain)?.unwrap_or_default();
    let until = since.saturating_add(rules.params.activation_delay);
    if epoch.number < until && !epoch.total.is_zero() {
        return Err(StakingError::StillResting { until, epoch: epoch.number });
    }
    (record.status, record.rests_since) = (OperatorStatus::Registered, None);
    OPERATOR.put(state, &id, &record);
    let mut events = vec![DomainsEvent::OperatorReactivated { operator: id }];
    events.extend(fill_empty(state, record.domain, Some(cx.slot))?);
    Ok(events)
}

/// Notes the highest domain block whose receipt an operator submitted.
///
/// # Errors
/// When the operator does not exist.
pub fn on_receipt(
    state: &mut dyn StateWrite,
    id: OperatorId,
    number: auto_core::BlockNumber,
) -> Result<(), StakingError> {
    let mut record = operator(&*state, id)?;
    record.last_receipt = record.last_receipt.max(Some(number));
    OPERATOR.put(state, &id, &record);
    Ok(())
}

/// What an owner must keep as stake: the least stake without the fund's share.
pub(super) fn owner_stake_min(params: &ProtocolParams) -> Result<Amount, StakingError> {
    Ok(fund::split(params, params.operator_stake_min)?.1)
}

/// What a nominator must keep as stake: the operator's least nomination without the fund's share.
pub(super) fn nominator_stake_min(
    params: &ProtocolParams,
    record: &OperatorRecord,
) -> Result<Amount, StakingError> {
    Ok(fund::split(params, record.nomination_min)?.1)
}

/// All that is staked with an operator: the pool and what joins at the end of the epoch.
pub(crate) fn staked(record: &OperatorRecord) -> Result<Amount, StakingError> {
    sum(record.stake, record.deposits_in_epoch)
}
