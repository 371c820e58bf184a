//! What operators submit: bundles, and receipts alone.
//!
//! The rules run in this order, and the first that is broken is the one reported:
//! 1. without the state ([`check`]): one domain, sizes, the extrinsics' root, the receipt's form;
//! 2. the domain exists and is not frozen; its limits for one bundle; bundles while receipts keep up, lone
//!    receipts while they lag;
//! 3. the operator may submit; its storage fund pays for the bytes;
//! 4. the slot, the proof of time, the draw, the signature;
//! 5. room in the domain's block; the receipt.
//!
//! So nobody makes others verify a signature without having paid for the bytes.

mod error;
mod inbox;

pub use error::BundleError;
pub(crate) use error::ERRORS;
pub(crate) use inbox::{begin_block, begun, fill_hashes};

use crate::state::{
    BLOCK, BLOCK_SLOTS, DOMAIN, DomainRecord, EPOCH, OperatorRecord, SLOT_OUTPUT, SLOTS_CLAIMED,
};
use crate::{DomainsError, DomainsEvent, election, receipt, staking};
use auto_core::{
    Amount, BUNDLE_BYTES_MAX, BlockNumber, Bundle, DomainId, List, ProofOfElection, Slot, Submission, tag,
};
use auto_ledger::{BlockContext, Rules, byte_fees};
use auto_module::StoredError;
use auto_state::{StateRead, StateWrite};
use parity_scale_codec::Encode;

/// Checks what needs no state: one domain, sizes, the root of the extrinsics, the form of the receipt.
///
/// # Errors
/// The first rule that is broken.
pub fn check(submission: &Submission) -> Result<(), DomainsError> {
    let (election, receipt) = (submission.election().domain, submission.receipt().domain);
    if election != receipt {
        return Err(BundleError::MixedDomains { election, receipt }.into());
    }
    if let Submission::Bundle(bundle) = submission {
        let limit = u64::try_from(BUNDLE_BYTES_MAX).unwrap_or(u64::MAX);
        let actual = bundle.extrinsic_bytes();
        if actual > limit {
            return Err(BundleError::TooLong { actual, limit }.into());
        }
        if bundle.computed_root() != bundle.header.extrinsics_root {
            return Err(BundleError::WrongExtrinsicsRoot.into());
        }
    }
    Ok(receipt::check_form(submission.receipt())?)
}

/// Takes a submission that passed [`check`]; gives what its operator's fund paid.
///
/// # Errors
/// The first rule that is broken, or that the state cannot be read; then the caller drops what was written.
pub fn submit(
    rules: &Rules,
    cx: &BlockContext,
    submission: &Submission,
    state: &mut dyn StateWrite,
) -> Result<(Amount, Vec<DomainsEvent>), DomainsError> {
    let election = submission.election();
    let record = open_domain(cx, submission, &*state)?;
    let operator = staking::may_submit(&*state, election.domain, election.operator)?;
    let fee = storage_fee(submission, &*state)?;
    staking::pay_storage(state, election.operator, fee)?;
    check_slot(rules, cx, &operator, election, &*state)?;
    check_draw(rules, &record, &operator, submission, &*state)?;
    claim_slot(&operator, election, state)?;
    if let Submission::Bundle(bundle) = submission {
        inbox::check_room(rules, cx, &record, bundle, &*state)?;
    }
    // A receipt alone is no part of a block whose confirmation would bring anything back.
    let open = if matches!(submission, Submission::Bundle(_)) { fee } else { Amount::ZERO };
    staking::on_bundle(state, election.operator, election.slot, open)?;
    let mut events = receipt::take(rules, cx, election.operator, submission.receipt(), state)?;
    if let Submission::Bundle(bundle) = submission {
        events.extend(inbox::push(cx, bundle, fee, state)?);
    }
    Ok((fee, events))
}

/// What a submission costs in this block: its encoded bytes at the block's price.
fn storage_fee(submission: &Submission, state: &dyn StateRead) -> Result<Amount, DomainsError> {
    let bytes = u128::try_from(submission.encoded_size()).map_err(|_| DomainsError::Overflow)?;
    byte_fees(state)?.next.checked_mul(bytes).ok_or(DomainsError::Overflow)
}

/// The domain of a submission, if it takes this one.
fn open_domain(
    cx: &BlockContext,
    submission: &Submission,
    state: &dyn StateRead,
) -> Result<DomainRecord, DomainsError> {
    let domain = submission.election().domain;
    let record = DOMAIN.get(state, &domain)?.ok_or(BundleError::UnknownDomain(domain))?;
    if record.frozen {
        return Err(BundleError::Frozen(domain).into());
    }
    if let Submission::Bundle(bundle) = submission {
        check_limits(&record, bundle)?;
    }
    // Blocks that this consensus block makes have no receipt yet and do not count as a lag.
    let made = head_before(&record, cx, domain, state)?;
    let gap = made.0.saturating_sub(record.head_receipt.0);
    match submission {
        Submission::Bundle(_) if gap > 1 => Err(BundleError::ReceiptsLag { gap }.into()),
        Submission::Receipt(_) if gap <= 1 => Err(BundleError::ReceiptsCurrent.into()),
        _ => Ok(record),
    }
}

/// Height of a domain before this consensus block.
fn head_before(
    record: &DomainRecord,
    cx: &BlockContext,
    domain: DomainId,
    state: &dyn StateRead,
) -> Result<BlockNumber, StoredError> {
    let block = BLOCK.get(state, &(domain, record.head))?;
    let fresh = block.is_some_and(|block| block.inherent.consensus_number == cx.number);
    Ok(if fresh { BlockNumber(record.head.0.saturating_sub(1)) } else { record.head })
}

fn check_limits(record: &DomainRecord, bundle: &Bundle) -> Result<(), BundleError> {
    let (actual, limit) = (bundle.extrinsic_bytes(), u64::from(record.config.bundle_bytes_max));
    if actual > limit {
        return Err(BundleError::OverDomainBytes { actual, limit });
    }
    let (actual, limit) = (bundle.header.weight, record.config.bundle_weight_max);
    if actual > limit { Err(BundleError::OverDomainWeight { actual, limit }) } else { Ok(()) }
}

/// The first slot that a submission in this block can claim.
fn first_slot(rules: &Rules, cx: &BlockContext, state: &dyn StateRead) -> Result<Slot, StoredError> {
    let oldest = cx.number.0.saturating_sub(rules.params.bundle_longevity);
    // Near genesis the chain is shorter than the window.
    for number in oldest..=cx.number.0 {
        if let Some((first, _)) = BLOCK_SLOTS.get(state, &BlockNumber(number))? {
            return Ok(first);
        }
    }
    Ok(cx.slot)
}

fn check_slot(
    rules: &Rules,
    cx: &BlockContext,
    operator: &OperatorRecord,
    election: &ProofOfElection,
    state: &dyn StateRead,
) -> Result<(), BundleError> {
    let slot = election.slot;
    if slot > cx.future_slot {
        return Err(BundleError::SlotInFuture { slot, last: cx.future_slot });
    }
    let first = first_slot(rules, cx, state)?;
    if slot < first {
        return Err(BundleError::SlotTooOld { slot, first });
    }
    let claimed = SLOTS_CLAIMED.get(state)?.unwrap_or_default();
    let mut own = claimed.iter().filter(|claim| claim.0 == election.operator);
    if own.clone().any(|claim| claim.1 == slot) {
        return Err(BundleError::SlotRepeated(slot));
    }
    // Within one block an operator's slots come in any order: what counts is the last of earlier blocks.
    let last = own.next().map_or(operator.last_slot, |claim| claim.2);
    if let Some(last) = last.filter(|last| slot <= *last) {
        return Err(BundleError::SlotPassed { slot, last });
    }
    match SLOT_OUTPUT.get(state, &slot)? {
        Some(output) if output == election.proof_of_time => Ok(()),
        _ => Err(BundleError::WrongProofOfTime(slot)),
    }
}

/// The part with cryptography: the draw, then the signature.
fn check_draw(
    rules: &Rules,
    record: &DomainRecord,
    operator: &OperatorRecord,
    submission: &Submission,
    state: &dyn StateRead,
) -> Result<(), BundleError> {
    let right = submission.election();
    let draw = election::verify_draw(&operator.key, &rules.genesis, right)?;
    let epoch = EPOCH.get(state, &right.domain)?.unwrap_or_default();
    let stake = epoch.stake_of(right.operator).unwrap_or_default();
    if !election::is_elected(&epoch, record.config.bundle_probability, stake, draw) {
        return Err(BundleError::NotElected(right.operator));
    }
    let (hash, signature) = (submission.hash(), submission.signature());
    let (tag, genesis) = (tag::BUNDLE_SIGNATURE, &rules.genesis);
    if election::verify_signature(&operator.key, tag, genesis, hash.as_ref(), signature) {
        Ok(())
    } else {
        Err(BundleError::BadSignature)
    }
}

/// Remembers a slot until the block ends.
fn claim_slot(
    operator: &OperatorRecord,
    election: &ProofOfElection,
    state: &mut dyn StateWrite,
) -> Result<(), BundleError> {
    let mut claimed = SLOTS_CLAIMED.get(&*state)?.unwrap_or_default().into_inner();
    let before = claimed.iter().find(|claim| claim.0 == election.operator);
    let before = before.map_or(operator.last_slot, |claim| claim.2);
    claimed.push((election.operator, election.slot, before));
    // A block holds no more submissions than the list has room for.
    let claimed = List::new(claimed).map_err(|_| BundleError::Overflow)?;
    SLOTS_CLAIMED.put(state, &claimed);
    Ok(())
}

/// Records the slots of a block that begins, and forgets those that can no longer be claimed.
pub(crate) fn begin_slots(
    rules: &Rules,
    cx: &BlockContext,
    state: &mut dyn StateWrite,
) -> Result<(), StoredError> {
    for (slot, output) in &cx.outputs {
        SLOT_OUTPUT.put(state, slot, output);
    }
    if let Some(((first, _), (last, _))) = cx.outputs.first().zip(cx.outputs.last()) {
        BLOCK_SLOTS.put(state, &cx.number, &(*first, *last));
    }
    let Some(old) = cx.number.0.checked_sub(rules.params.bundle_longevity.saturating_add(1)) else {
        return Ok(());
    };
    if let Some((first, last)) = BLOCK_SLOTS.get(&*state, &BlockNumber(old))? {
        BLOCK_SLOTS.delete(state, &BlockNumber(old));
        (first.0..=last.0).for_each(|slot| SLOT_OUTPUT.delete(state, &Slot(slot)));
    }
    Ok(())
}

/// Forgets the slots that were claimed in a block that ends.
pub(crate) fn end_slots(state: &mut dyn StateWrite) {
    SLOTS_CLAIMED.delete(state);
}
