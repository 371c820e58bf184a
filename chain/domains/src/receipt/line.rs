//! The line of receipts of a domain: reading it, and cutting it where a receipt was proven wrong.

use super::ReceiptError;
use crate::state::{
    BLOCK, DOMAIN, FALLEN, FRAUDULENT, Fallen, RECEIPT, RECEIPT_AT, ReceiptRecord, SLASHES, SLASHES_MAX,
    TALLY,
};
use crate::{DomainsError, DomainsEvent, staking};
use auto_core::{Address, BlockNumber, BundleVerdict, DomainId, Hash, List};
use auto_state::{StateRead, StateWrite};

/// Fallen receipts that one step clears away, and operators that vouched for them, together.
const CLEARED_PER_STEP: usize = 256;

/// The hash of a domain's receipt of this height, while it is part of the line and not settled.
///
/// # Errors
/// When the state cannot be read.
pub fn hash_at(
    state: &(impl StateRead + ?Sized),
    domain: DomainId,
    number: BlockNumber,
) -> Result<Option<Hash>, ReceiptError> {
    let Some(record) = DOMAIN.get(state, &domain)? else { return Ok(None) };
    // Above the head there can be receipts that fell and are not cleared away yet.
    if number > record.head_receipt { Ok(None) } else { Ok(RECEIPT_AT.get(state, &(domain, number))?) }
}

/// A domain's receipt of this height, while it is part of the line and not settled.
///
/// # Errors
/// When the state cannot be read.
pub fn at(
    state: &(impl StateRead + ?Sized),
    domain: DomainId,
    number: BlockNumber,
) -> Result<Option<ReceiptRecord>, ReceiptError> {
    match hash_at(state, domain, number)? {
        Some(hash) => Ok(RECEIPT.get(state, &hash)?),
        None => Ok(None),
    }
}

/// The receipt of a hash, while it is part of its domain's line and not settled.
///
/// # Errors
/// When the state cannot be read.
pub fn record(state: &(impl StateRead + ?Sized), hash: Hash) -> Result<Option<ReceiptRecord>, ReceiptError> {
    let Some(known) = RECEIPT.get(state, &hash)? else { return Ok(None) };
    let current = hash_at(state, known.receipt.domain, known.receipt.number)?;
    Ok(Some(known).filter(|_| current == Some(hash)))
}

/// Cuts the line before a receipt that was proven wrong.
///
/// All that vouched for it, or for a receipt that builds on it, are slashed. The domain's blocks stay: they
/// need other receipts.
///
/// # Errors
/// [`ReceiptError::NotOpen`] when the receipt is the first of its domain, confirmed, or not part of the
/// line; or that the state cannot be read.
pub fn remove_from(
    state: &mut dyn StateWrite,
    bad: &ReceiptRecord,
    reporter: Address,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    let (domain, number) = (bad.receipt.domain, bad.receipt.number);
    let mut record = DOMAIN.get(&*state, &domain)?.ok_or(ReceiptError::Missing("domain"))?;
    let hash = bad.receipt.hash();
    if number <= record.confirmed || hash_at(&*state, domain, number)? != Some(hash) {
        return Err(ReceiptError::NotOpen { domain, number }.into());
    }
    let top = record.head_receipt;
    record.head_receipt = number.checked_sub(1).ok_or(ReceiptError::Overflow)?;
    record.head_receipt_hash = bad.receipt.parent_receipt;
    DOMAIN.put(state, &domain, &record);
    FRAUDULENT.put(state, &(domain, number), &hash);
    let removed = top.0.saturating_sub(record.head_receipt.0);
    let event = DomainsEvent::FraudProven { domain, number, receipt: hash, reporter, removed };
    let mut fallen = FALLEN.get(&*state)?.unwrap_or_default().into_inner();
    match fallen.iter_mut().find(|entry| entry.domain == domain) {
        Some(entry) => *entry = Fallen { domain, top: entry.top.max(top), reporter },
        None => fallen.push(Fallen { domain, top, reporter }),
    }
    FALLEN.put(state, &List::new(fallen).map_err(|_| DomainsError::Overflow)?);
    // The wrong one itself at once, whatever the number of those that build on it.
    clear_at(state, domain, number)?;
    clear_fallen(state)?;
    Ok(vec![event])
}

/// Clears away some of the receipts that fell, from the top; each domain block can bring a new receipt from
/// below meanwhile.
///
/// # Errors
/// When the state cannot be read.
pub(crate) fn clear_fallen(state: &mut dyn StateWrite) -> Result<(), DomainsError> {
    let Some(list) = FALLEN.get(&*state)? else { return Ok(()) };
    let (mut left, mut budget) = (Vec::new(), CLEARED_PER_STEP);
    for mut entry in list.into_inner() {
        let record = DOMAIN.get(&*state, &entry.domain)?.ok_or(ReceiptError::Missing("domain"))?;
        while budget > 0 && entry.top > record.head_receipt {
            let submitters = submitters_at(&*state, entry.domain, entry.top)?;
            // All of them must find room among those that wait for their slash.
            if SLASHES.get(&*state)?.map_or(0, |list| list.len()).saturating_add(submitters) > SLASHES_MAX {
                break;
            }
            clear(state, entry.domain, entry.top, entry.reporter)?;
            entry.top = BlockNumber(entry.top.0.saturating_sub(1));
            budget = budget.saturating_sub(submitters.saturating_add(1));
        }
        if entry.top > record.head_receipt {
            left.push(entry);
        }
    }
    if left.is_empty() {
        FALLEN.delete(state);
    } else {
        FALLEN.put(state, &List::new(left).map_err(|_| DomainsError::Overflow)?);
    }
    Ok(())
}

/// How many operators vouched for the receipt that is kept at a height, fallen or not.
fn submitters_at(
    state: &dyn StateRead,
    domain: DomainId,
    number: BlockNumber,
) -> Result<usize, DomainsError> {
    let Some(hash) = RECEIPT_AT.get(state, &(domain, number))? else { return Ok(0) };
    Ok(RECEIPT.get(state, &hash)?.map_or(0, |known| known.submitters.len()))
}

/// Clears away the receipt that fell at one height, so that another can take its place.
///
/// # Errors
/// When the state cannot be read.
pub(crate) fn clear_at(
    state: &mut dyn StateWrite,
    domain: DomainId,
    number: BlockNumber,
) -> Result<(), DomainsError> {
    let list = FALLEN.get(&*state)?.unwrap_or_default();
    match list.iter().find(|entry| entry.domain == domain && number <= entry.top) {
        Some(entry) => clear(state, domain, number, entry.reporter),
        None => Ok(()),
    }
}

fn clear(
    state: &mut dyn StateWrite,
    domain: DomainId,
    number: BlockNumber,
    reporter: Address,
) -> Result<(), DomainsError> {
    let Some(hash) = RECEIPT_AT.get(&*state, &(domain, number))? else { return Ok(()) };
    RECEIPT_AT.delete(state, &(domain, number));
    TALLY.delete(state, &(domain, number));
    let Some(gone) = RECEIPT.get(&*state, &hash)? else { return Ok(()) };
    RECEIPT.delete(state, &hash);
    if let Some(block) = BLOCK.get(&*state, &(domain, number))? {
        for (inboxed, entry) in gone.receipt.bundles.iter().zip(block.inbox.iter()) {
            if matches!(inboxed.verdict, BundleVerdict::Invalid(_)) {
                staking::unmark_invalid_bundle(state, entry.operator, hash)?;
            }
        }
    }
    for operator in gone.submitters.iter() {
        staking::mark_pending_slash(state, *operator, Some(reporter))?;
    }
    Ok(())
}
