//! Domains that stand still because those who take part make no block.

use super::StakingError;
use super::epoch::{begin, waits};
use super::operator::domain_record;
use crate::DomainsEvent;
use crate::state::{BLOCK, DOMAIN_COUNT, DomainRecord, FREEZE};
use auto_core::{BlockNumber, DomainId};
use auto_ledger::{BlockContext, Rules};
use auto_module::StoredError;
use auto_state::{StateRead, StateWrite};

/// Begins an epoch of a domain that has made no block for as many consensus blocks as its epochs have blocks,
/// if an operator waits for it.
///
/// An epoch ends with a block of its domain. Those who take part may be gone for good, or state only what the
/// chain refuses; then no block would ever end it, and who registered meanwhile, or was blamed for nothing,
/// would wait for ever. Each consensus block looks at one domain, in turn. Nobody is judged for being absent,
/// and the election stays as likely as it was: a domain without transactions stands still as well. Whoever
/// wants such an epoch once more needs another operator with another stake, which no confirmation frees
/// while the domain stands still.
///
/// # Errors
/// When the state does not add up.
pub fn renew_stalled(
    rules: &Rules,
    cx: &BlockContext,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, StakingError> {
    let count = DOMAIN_COUNT.get(&*state)?.unwrap_or_default();
    let turn = cx.number.0.checked_rem(u64::from(count.0)).and_then(|turn| u32::try_from(turn).ok());
    let Some(domain) = turn.and_then(|turn| turn.checked_add(1)).map(DomainId) else { return Ok(Vec::new()) };
    let record = domain_record(&*state, domain)?;
    let since = moved_last(&*state, domain, &record)?;
    let stands = cx.number.0.saturating_sub(since.0) >= rules.params.staking_epoch;
    if record.frozen || !stands || !waits(state, domain)? {
        return Ok(Vec::new());
    }
    begin(state, domain, cx.slot)
}

/// The consensus block with which a domain last made a block, or was last let go on after a freeze: a frozen
/// domain stands still by no fault of those who take part.
fn moved_last(
    state: &dyn StateRead,
    domain: DomainId,
    record: &DomainRecord,
) -> Result<BlockNumber, StoredError> {
    // The newest block cannot be confirmed, so what it is derived from is known; block zero has nothing.
    let newest = BLOCK.get(state, &(domain, record.head))?;
    let newest = newest.map_or(record.created, |block| block.inherent.consensus_number);
    let thawed = FREEZE.get(state, &domain)?.map(|freeze| freeze.until);
    Ok(thawed.map_or(newest, |thawed| newest.max(thawed)))
}
