//! Pure reads of domains, operators and nominations, for surfaces that explain them to people.

use crate::DomainsError;
use crate::staking::{StakingError, doubled, halved, shares_for, staked, worth};
use crate::state::{
    DOMAIN, DOMAIN_COUNT, DOMAIN_OPERATORS, DomainRecord, EPOCH, EPOCH_PRICE, Epoch, NOMINATION,
    NOMINATOR_AT, Nomination, OPERATOR, OperatorRecord, OperatorStatus, RUNTIME, RUNTIME_COUNT,
    RuntimeRecord,
};
use auto_core::{Address, Amount, BlockNumber, DomainId, OperatorId, RuntimeId};
use auto_state::StateRead;

/// A domain and where its operators stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainView {
    /// The domain.
    pub domain: DomainId,
    /// Its record.
    pub record: DomainRecord,
    /// Its epoch.
    pub epoch: Epoch,
}

/// An operator and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorView {
    /// The operator.
    pub operator: OperatorId,
    /// Its record.
    pub record: OperatorRecord,
    /// All that is staked with it, deposits of the epoch included.
    pub staked: Amount,
    /// Its stake in the epoch of its domain; `None` when it takes no part.
    pub elected_stake: Option<Amount>,
}

/// A withdrawal of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithdrawalView {
    /// How much; an estimate at today's price as long as the shares have not left.
    pub amount: Amount,
    /// Height of the domain that must be confirmed; `None` while the shares have not left, which they do
    /// when the epoch ends.
    pub locked_until: Option<BlockNumber>,
    /// Whether it can be unlocked now.
    pub is_free: bool,
}

/// What an account has with an operator, and why it can or cannot be taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The operator.
    pub operator: OperatorId,
    /// Its status.
    pub status: OperatorStatus,
    /// Whether the account owns the operator.
    pub is_owner: bool,
    /// Shares of the pool.
    pub shares: u128,
    /// What they are worth now.
    pub stake: Amount,
    /// What the account's shares of the storage fund are worth now.
    pub fund: Amount,
    /// What becomes shares when the epoch ends.
    pub joining: Amount,
    /// What was taken out and not unlocked.
    pub withdrawals: Vec<WithdrawalView>,
    /// The newest confirmed height of the domain.
    pub confirmed: BlockNumber,
}

/// All runtimes, by number.
///
/// # Errors
/// When the state cannot be read.
pub fn runtimes(state: &dyn StateRead) -> Result<Vec<(RuntimeId, RuntimeRecord)>, DomainsError> {
    let count = RUNTIME_COUNT.get(state)?.unwrap_or_default();
    let load = |id| Ok(RUNTIME.get(state, &id)?.map(|record| (id, record)));
    (0..count.0).map(RuntimeId).map(load).filter_map(Result::transpose).collect()
}

/// A domain; `None` when it does not exist.
///
/// # Errors
/// When the state cannot be read.
pub fn domain(state: &dyn StateRead, domain: DomainId) -> Result<Option<DomainView>, DomainsError> {
    let Some(record) = DOMAIN.get(state, &domain)? else { return Ok(None) };
    let epoch = EPOCH.get(state, &domain)?.unwrap_or_default();
    Ok(Some(DomainView { domain, record, epoch }))
}

/// All domains, by number.
///
/// # Errors
/// When the state cannot be read.
pub fn domains(state: &dyn StateRead) -> Result<Vec<DomainView>, DomainsError> {
    let last = DOMAIN_COUNT.get(state)?.unwrap_or_default();
    (1..=last.0).map(|id| domain(state, DomainId(id))).filter_map(Result::transpose).collect()
}

/// An operator; `None` when it does not exist.
///
/// # Errors
/// When the state cannot be read.
pub fn operator(state: &dyn StateRead, operator: OperatorId) -> Result<Option<OperatorView>, DomainsError> {
    let Some(record) = OPERATOR.get(state, &operator)? else { return Ok(None) };
    let epoch = EPOCH.get(state, &record.domain)?.unwrap_or_default();
    let (staked, elected_stake) = (staked(&record)?, epoch.stake_of(operator));
    Ok(Some(OperatorView { operator, record, staked, elected_stake }))
}

/// The operators of a domain that did not end, by number.
///
/// # Errors
/// When the state cannot be read.
pub fn operators(state: &dyn StateRead, domain: DomainId) -> Result<Vec<OperatorView>, DomainsError> {
    let ids = DOMAIN_OPERATORS.get(state, &domain)?.unwrap_or_default();
    ids.iter().map(|id| operator(state, *id)).filter_map(Result::transpose).collect()
}

/// Up to `limit` nominators of an operator from a position on; positions change when one leaves.
///
/// # Errors
/// When the state cannot be read.
pub fn nominators(
    state: &dyn StateRead,
    operator: OperatorId,
    from: u32,
    limit: u32,
) -> Result<Vec<Address>, DomainsError> {
    let count = OPERATOR.get(state, &operator)?.map_or(0, |record| record.nominators);
    let to = from.saturating_add(limit).min(count);
    let load = |at| Ok(NOMINATOR_AT.get(state, &(operator, at))?);
    (from..to).map(load).filter_map(Result::transpose).collect()
}

/// What an account has with an operator; `None` when it has nothing.
///
/// # Errors
/// When the state cannot be read.
pub fn position(
    state: &dyn StateRead,
    operator: OperatorId,
    address: &Address,
) -> Result<Option<Position>, DomainsError> {
    let Some(record) = OPERATOR.get(state, &operator)? else { return Ok(None) };
    let Some(nomination) = NOMINATION.get(state, &(operator, *address))? else { return Ok(None) };
    let confirmed = DOMAIN.get(state, &record.domain)?.map_or(BlockNumber(0), |domain| domain.confirmed);
    let overflow = StakingError::Overflow;
    let mut shares = doubled(nomination.shares, nomination.share_scale, record.share_scale)?;
    let (mut fund_shares, mut joining) = (nomination.fund_shares, Amount::ZERO);
    if let Some(deposit) = nomination.deposit {
        fund_shares = fund_shares.checked_add(deposit.fund_shares).ok_or(StakingError::Overflow)?;
        match EPOCH_PRICE.get(state, &(operator, deposit.epoch))? {
            Some(price) => {
                let bought = shares_for(deposit.amount, price.stake, price.shares)?;
                let bought = doubled(bought, price.scale, record.share_scale)?;
                shares = shares.checked_add(bought).ok_or(overflow)?;
            }
            None => joining = deposit.amount,
        }
    }
    let fund_shares = halved(fund_shares, nomination.fund_scale, record.fund_scale)?;
    Ok(Some(Position {
        operator,
        status: record.status,
        is_owner: record.owner == *address,
        shares,
        stake: worth(shares, record.stake, record.shares)?,
        fund: worth(fund_shares, record.storage_fund, record.fund_shares)?,
        joining,
        withdrawals: withdrawals(state, operator, &record, &nomination, confirmed)?,
        confirmed,
    }))
}

fn withdrawals(
    state: &dyn StateRead,
    operator: OperatorId,
    record: &OperatorRecord,
    nomination: &Nomination,
    confirmed: BlockNumber,
) -> Result<Vec<WithdrawalView>, DomainsError> {
    let blamed = matches!(
        record.status,
        OperatorStatus::PendingSlash | OperatorStatus::Slashed | OperatorStatus::InvalidBundle(_)
    );
    let left = |amount, left_at| WithdrawalView {
        amount,
        locked_until: Some(left_at),
        is_free: !blamed && left_at <= confirmed,
    };
    let done = nomination.withdrawals.iter().map(|one| left(one.amount, one.left_at));
    let mut views: Vec<WithdrawalView> = done.collect();
    if let Some(leaving) = nomination.leaving {
        let sum = |stake: Amount| stake.checked_add(leaving.fund).ok_or(StakingError::Overflow);
        views.push(match EPOCH_PRICE.get(state, &(operator, leaving.epoch))? {
            Some(price) => {
                let shares = doubled(leaving.shares, leaving.scale, price.scale)?;
                left(sum(worth(shares, price.stake, price.shares)?)?, price.left_at)
            }
            None => {
                let shares = doubled(leaving.shares, leaving.scale, record.share_scale)?;
                let amount = sum(worth(shares, record.stake, record.shares)?)?;
                WithdrawalView { amount, locked_until: None, is_free: false }
            }
        });
    }
    Ok(views)
}
