//! What happens when a receipt can no longer be challenged.

use super::ReceiptError;
use crate::ratio::mul_div;
use crate::state::{BLOCK, DOMAIN, DomainBlock, FRAUDULENT, InboxEntry, RECEIPT, RECEIPT_AT, TALLY};
use crate::{DomainsError, DomainsEvent, staking, transfers};
use auto_core::{Amount, BlockNumber, BundleVerdict, DomainId, ExecutionReceipt, InboxedBundle, OperatorId};
use auto_ledger::burn;
use auto_module::messages::{CONFIRMED, Confirmed};
use auto_state::StateWrite;

/// Settles the receipt of one height: its transfers, its fees, the authors of invalid bundles.
///
/// # Errors
/// When the state cannot be read.
pub(super) fn confirm(
    domain: DomainId,
    number: BlockNumber,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    let key = (domain, number);
    let hash = RECEIPT_AT.get(&*state, &key)?.ok_or(ReceiptError::Missing("receipt"))?;
    let known = RECEIPT.get(&*state, &hash)?.ok_or(ReceiptError::Missing("receipt"))?;
    let block = BLOCK.get(&*state, &key)?.ok_or(ReceiptError::Missing("block"))?;
    let receipt = &known.receipt;
    transfers::settle(state, receipt)?;
    let storage = refund(state, receipt, &block)?;
    let execution = reward(state, receipt.fees.execution, &known.submitters)?;
    let paid = storage.checked_add(execution).ok_or(DomainsError::Overflow)?;
    // What rounding left over goes with what the domain burned.
    let fees = transfers::fees_total(&receipt.fees).ok_or(DomainsError::Overflow)?;
    let burned = fees.checked_sub(paid).ok_or(DomainsError::Unbalanced("fees"))?;
    burn(state, burned)?;
    for (inboxed, entry) in receipt.bundles.iter().zip(block.inbox.iter()) {
        if matches!(inboxed.verdict, BundleVerdict::Invalid(_)) {
            staking::mark_pending_slash(state, entry.operator, None)?;
        }
    }
    let state_root = receipt.final_state_root;
    CONFIRMED.put(state, &domain, &Confirmed { number, receipt: hash, state_root });
    let mut record = DOMAIN.get(&*state, &domain)?.ok_or(ReceiptError::Missing("domain"))?;
    record.confirmed = number;
    DOMAIN.put(state, &domain, &record);
    forget(state, domain, number)?;
    Ok(vec![DomainsEvent::DomainBlockConfirmed { domain, number, receipt: hash, storage, execution, burned }])
}

/// Drops what is of no use once `number` is confirmed. Its receipt stays as the parent of the next.
fn forget(state: &mut dyn StateWrite, domain: DomainId, number: BlockNumber) -> Result<(), DomainsError> {
    BLOCK.delete(state, &(domain, number));
    FRAUDULENT.delete(state, &(domain, number));
    let Some(before) = number.checked_sub(1) else { return Ok(()) };
    if let Some(hash) = RECEIPT_AT.get(&*state, &(domain, before))? {
        RECEIPT.delete(state, &hash);
    }
    RECEIPT_AT.delete(state, &(domain, before));
    TALLY.delete(state, &(domain, before));
    Ok(())
}

/// Pays storage fees back to the funds that paid for the valid bundles, in proportion; gives what was paid.
///
/// Nothing comes back for a bundle that is marked invalid.
fn refund(
    state: &mut dyn StateWrite,
    receipt: &ExecutionReceipt,
    block: &DomainBlock,
) -> Result<Amount, DomainsError> {
    let fee = |inboxed: &InboxedBundle, entry: &InboxEntry| match inboxed.verdict {
        BundleVerdict::Valid(_) => entry.storage_fee,
        BundleVerdict::Invalid(_) => Amount::ZERO,
    };
    let pairs = || receipt.bundles.iter().zip(block.inbox.iter());
    let total = pairs().try_fold(Amount::ZERO, |sum, (inboxed, entry)| sum.checked_add(fee(inboxed, entry)));
    let total = total.ok_or(DomainsError::Overflow)?;
    let mut paid = Amount::ZERO;
    for (inboxed, entry) in pairs() {
        let (part, whole) = (fee(inboxed, entry).base_units(), total.base_units());
        // No quotient when nothing was paid for any bundle.
        let part = mul_div(receipt.fees.storage.base_units(), part, whole).unwrap_or(0);
        let part = Amount::from_base_units(part);
        staking::refund_storage(state, entry.operator, entry.storage_fee, part)?;
        paid = paid.checked_add(part).ok_or(DomainsError::Overflow)?;
    }
    Ok(paid)
}

/// Splits the execution fees among those that vouched for the receipt; gives what was paid.
fn reward(
    state: &mut dyn StateWrite,
    fees: Amount,
    submitters: &[OperatorId],
) -> Result<Amount, DomainsError> {
    let count = u128::try_from(submitters.len()).map_err(|_| DomainsError::Overflow)?;
    let part = fees.checked_div(count).unwrap_or_default();
    for operator in submitters {
        staking::reward(state, *operator, part)?;
    }
    part.checked_mul(count).ok_or(DomainsError::Overflow)
}
