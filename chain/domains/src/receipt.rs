//! Receipts: which are taken, what the newest one is, and what becomes of them.
//!
//! The receipts of a domain are one line: each builds on the one before, and there are no branches. A new
//! receipt extends the line by one; an identical one adds an operator that vouches for it; everything else
//! is refused. A wrong receipt leaves the line by a fraud proof only, together with all that build on it.

mod confirm;
mod error;
mod line;

pub(crate) use error::ERRORS;
pub use error::ReceiptError;
pub(crate) use line::clear_fallen;
pub use line::{at, hash_at, record, remove_from};

use crate::state::{BLOCK, DOMAIN, DomainRecord, FRAUDULENT, RECEIPT, RECEIPT_AT, ReceiptRecord, TALLY};
use crate::{DomainsError, DomainsEvent, staking, transfers};
use auto_core::{
    BlockNumber, BundleVerdict, ExecutionReceipt, Hash, InboxedBundle, List, OperatorId, merkle_root,
};
use auto_ledger::{BlockContext, Rules};
use auto_state::{StateRead, StateWrite};

/// How a receipt stands to the line of its domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It extends the line by one.
    NewHead,
    /// It is the newest of the line.
    CurrentHead,
}

/// Checks what needs no state: the trace, its root, the final root, and the order of transfers.
///
/// # Errors
/// The first rule that is broken.
pub fn check_form(receipt: &ExecutionReceipt) -> Result<(), ReceiptError> {
    if receipt.trace.len() < 2 {
        return Err(ReceiptError::TraceTooShort(receipt.trace.len()));
    }
    if merkle_root(&receipt.trace) != receipt.trace_root {
        return Err(ReceiptError::WrongTraceRoot);
    }
    if receipt.trace.last() != Some(&receipt.final_state_root) {
        return Err(ReceiptError::WrongFinalRoot);
    }
    if transfers::is_canonical(&receipt.transfers) { Ok(()) } else { Err(ReceiptError::TransfersUnsorted) }
}

/// How a receipt with this hash stands to the line of its domain in consensus block `at`.
///
/// # Errors
/// Why it is neither the newest nor the next.
pub fn classify(
    state: &dyn StateRead,
    record: &DomainRecord,
    at: BlockNumber,
    receipt: &ExecutionReceipt,
    hash: Hash,
) -> Result<Standing, ReceiptError> {
    let (domain, number, head) = (receipt.domain, receipt.number, record.head_receipt);
    let next = head.checked_add(1).ok_or(ReceiptError::Overflow)?;
    if number > next {
        return Err(ReceiptError::InFuture { number, next });
    }
    if number == next {
        // The consensus hash of a block that this consensus block makes is not known yet.
        let block = BLOCK.get(state, &(domain, number))?;
        if block.is_none_or(|block| block.inherent.consensus_number >= at) {
            return Err(ReceiptError::InFuture { number, next });
        }
        if record.receipt_at == at && head.0 > 0 {
            return Err(ReceiptError::SecondNewHead(head));
        }
        let wrong = FRAUDULENT.get(state, &(domain, number))?;
        return if wrong == Some(hash) {
            Err(ReceiptError::ProvenWrong(number))
        } else {
            Ok(Standing::NewHead)
        };
    }
    if number == head && hash == record.head_receipt_hash {
        return Ok(Standing::CurrentHead);
    }
    let confirmed = record.confirmed;
    if number <= confirmed {
        return Err(ReceiptError::Pruned { number, confirmed });
    }
    if RECEIPT_AT.get(state, &(domain, number))? == Some(hash) {
        Err(ReceiptError::Stale { number, head })
    } else {
        Err(ReceiptError::NewBranch(number))
    }
}

/// Checks a receipt that would extend the line against what the consensus chain knows of its block.
fn check_next(
    state: &dyn StateRead,
    record: &DomainRecord,
    receipt: &ExecutionReceipt,
) -> Result<(), ReceiptError> {
    let number = receipt.number;
    if receipt.parent_receipt != record.head_receipt_hash {
        return Err(ReceiptError::UnknownParent(number));
    }
    let block = BLOCK.get(state, &(receipt.domain, number))?.ok_or(ReceiptError::Missing("block"))?;
    let known = (block.inherent.consensus_number, block.inherent.consensus_hash);
    if (receipt.consensus_number, receipt.consensus_hash) != known {
        return Err(ReceiptError::WrongConsensusBlock(number));
    }
    let same = |(claimed, known): (&InboxedBundle, &crate::state::InboxEntry)| {
        claimed.extrinsics_root == known.extrinsics_root
    };
    if receipt.bundles.len() == block.inbox.len() && receipt.bundles.iter().zip(block.inbox.iter()).all(same)
    {
        Ok(())
    } else {
        Err(ReceiptError::WrongInbox(number))
    }
}

/// Takes a receipt that passed [`check_form`] from an operator that may submit.
///
/// # Errors
/// Why it is refused, or that the state cannot be read; then the caller drops what was written.
pub(crate) fn take(
    rules: &Rules,
    cx: &BlockContext,
    operator: OperatorId,
    receipt: &ExecutionReceipt,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    let record = DOMAIN.get(&*state, &receipt.domain)?.ok_or(ReceiptError::Missing("domain"))?;
    let hash = receipt.hash();
    match classify(&*state, &record, cx.number, receipt, hash)? {
        Standing::NewHead => extend(rules, cx, operator, record, receipt, hash, state),
        Standing::CurrentHead => vouch(operator, receipt, hash, state),
    }
}

/// Adds an operator to those that vouch for the newest receipt.
fn vouch(
    operator: OperatorId,
    receipt: &ExecutionReceipt,
    hash: Hash,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    let (domain, number) = (receipt.domain, receipt.number);
    // The chain itself made the first receipt: there is nothing to vouch for, and nothing to earn.
    if number.0 == 0 {
        return Ok(Vec::new());
    }
    let mut known = RECEIPT.get(&*state, &hash)?.ok_or(ReceiptError::Missing("receipt"))?;
    if known.submitters.contains(&operator) {
        return Ok(Vec::new());
    }
    let mut submitters = known.submitters.into_inner();
    submitters.push(operator);
    known.submitters = List::new(submitters).map_err(|_| ReceiptError::TooManySubmitters(number))?;
    RECEIPT.put(state, &hash, &known);
    staking::on_receipt(state, operator, number)?;
    Ok(vec![DomainsEvent::ReceiptVouched { domain, number, receipt: hash, operator }])
}

/// Makes a receipt the newest of its line, and confirms the one that is old enough then.
fn extend(
    rules: &Rules,
    cx: &BlockContext,
    operator: OperatorId,
    mut record: DomainRecord,
    receipt: &ExecutionReceipt,
    hash: Hash,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    let (domain, number) = (receipt.domain, receipt.number);
    check_next(&*state, &record, receipt)?;
    let tally = transfers::admit(&*state, record.confirmed, receipt)?;
    line::clear_at(state, domain, number)?;
    let submitters = List::new(vec![operator]).map_err(|_| ReceiptError::TooManySubmitters(number))?;
    let entry = ReceiptRecord { receipt: receipt.clone(), submitters, submitted: cx.number };
    RECEIPT.put(state, &hash, &entry);
    RECEIPT_AT.put(state, &(domain, number), &hash);
    TALLY.put(state, &(domain, number), &tally);
    record.head_receipt = number;
    record.head_receipt_hash = hash;
    record.receipt_at = cx.number;
    DOMAIN.put(state, &domain, &record);
    staking::on_receipt(state, operator, number)?;
    let mut events = vec![DomainsEvent::ReceiptAdded { domain, number, receipt: hash, operator }];
    events.extend(mark_authors(receipt, hash, state)?);
    let old = number.checked_sub(rules.params.challenge_period);
    if let Some(old) = old.filter(|old| *old > record.confirmed) {
        events.extend(confirm::confirm(domain, old, state)?);
    }
    Ok(events)
}

/// Marks the authors of bundles that a receipt calls invalid.
fn mark_authors(
    receipt: &ExecutionReceipt,
    hash: Hash,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    let (domain, number) = (receipt.domain, receipt.number);
    let block = BLOCK.get(&*state, &(domain, number))?.ok_or(ReceiptError::Missing("block"))?;
    let mut events = Vec::new();
    for (inboxed, entry) in receipt.bundles.iter().zip(block.inbox.iter()) {
        if let BundleVerdict::Invalid(reason) = inboxed.verdict {
            staking::mark_invalid_bundle(state, entry.operator, hash)?;
            let (bundle, operator) = (entry.bundle, entry.operator);
            events.push(DomainsEvent::BundleMarkedInvalid { domain, number, bundle, operator, reason });
        }
    }
    Ok(events)
}
