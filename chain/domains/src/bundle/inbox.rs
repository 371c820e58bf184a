//! The blocks of domains that a consensus block makes: which bundles each is derived from.

use super::BundleError;
use crate::state::{BLOCK, DOMAIN, DomainBlock, DomainRecord, InboxEntry, RUNTIME, UNHASHED};
use crate::{DomainsError, DomainsEvent, ReceiptError};
use auto_core::{
    Amount, BODY_SUBMISSIONS_MAX, BlockNumber, Bundle, DOMAIN_BLOCK_BUNDLES_MAX, DOMAIN_BLOCK_EXTRINSICS_MAX,
    DomainId, Hash, List, hash_parts, tag,
};
use auto_ledger::{BlockContext, Rules, byte_fees};
use auto_module::Inherent;
use auto_state::{StateRead, StateWrite};

/// Domain blocks that a consensus block may begin without a bundle: the rest of the list is for bundles.
const FORCED_MAX: usize = 1024 - BODY_SUBMISSIONS_MAX;

/// The domain block that this consensus block makes, if it has begun.
fn fresh(
    cx: &BlockContext,
    record: &DomainRecord,
    domain: DomainId,
    state: &dyn StateRead,
) -> Result<Option<DomainBlock>, DomainsError> {
    let block = BLOCK.get(state, &(domain, record.head))?;
    Ok(block.filter(|block| block.inherent.consensus_number == cx.number))
}

/// Whether the domain's block has room for the bundle.
pub(super) fn check_room(
    rules: &Rules,
    cx: &BlockContext,
    record: &DomainRecord,
    bundle: &Bundle,
    state: &dyn StateRead,
) -> Result<(), DomainsError> {
    let domain = bundle.header.election.domain;
    let block = fresh(cx, record, domain, state)?;
    let number = block.as_ref().map_or(record.head.0.saturating_add(1), |block| block.inherent.number.0);
    let inbox = block.map(|block| block.inbox.into_inner()).unwrap_or_default();
    let full = |limit| BundleError::BlockFull { number: BlockNumber(number), limit };
    if inbox.len() >= DOMAIN_BLOCK_BUNDLES_MAX {
        return Err(full("bundles").into());
    }
    let extrinsics = inbox.iter().fold(bundle.extrinsics.len(), |sum, entry| {
        sum.saturating_add(usize::try_from(entry.extrinsics).unwrap_or(usize::MAX))
    });
    if extrinsics > DOMAIN_BLOCK_EXTRINSICS_MAX {
        return Err(full("extrinsics").into());
    }
    let bytes = inbox.iter().fold(bundle.extrinsic_bytes(), |sum, entry| sum.saturating_add(entry.bytes));
    if bytes > u64::from(rules.params.domain_block_bytes_max) {
        return Err(full("bytes").into());
    }
    Ok(())
}

/// Puts a bundle into the block of its domain, which begins with the first.
pub(super) fn push(
    cx: &BlockContext,
    bundle: &Bundle,
    storage_fee: Amount,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    let election = &bundle.header.election;
    let domain = election.domain;
    let (mut block, mut events) = open(cx, domain, state)?;
    let number = block.inherent.number;
    let entry = InboxEntry {
        bundle: bundle.header.hash(),
        operator: election.operator,
        vrf: election.vrf,
        extrinsics_root: bundle.header.extrinsics_root,
        extrinsics: u32::try_from(bundle.extrinsics.len()).map_err(|_| BundleError::Overflow)?,
        bytes: bundle.extrinsic_bytes(),
        weight: bundle.header.weight,
        storage_fee,
    };
    events.push(DomainsEvent::BundleIncluded {
        domain,
        number,
        bundle: entry.bundle,
        operator: entry.operator,
        fee: storage_fee,
    });
    let mut inbox = block.inbox.into_inner();
    inbox.push(entry);
    block.inbox = List::new(inbox).map_err(|_| BundleError::BlockFull { number, limit: "bundles" })?;
    BLOCK.put(state, &(domain, number), &block);
    Ok(events)
}

/// Begins a block of a domain that has to have one, with or without bundles.
pub(crate) fn begin_block(
    cx: &BlockContext,
    domain: DomainId,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, DomainsError> {
    if UNHASHED.get(&*state)?.is_some_and(|list| list.len() >= FORCED_MAX) {
        // The domain's next block comes with its next bundle, and runs under the new version as well.
        return Ok(Vec::new());
    }
    open(cx, domain, state).map(|(_, events)| events)
}

/// The block of a domain that this consensus block makes; begun now, unless it was before.
fn open(
    cx: &BlockContext,
    domain: DomainId,
    state: &mut dyn StateWrite,
) -> Result<(DomainBlock, Vec<DomainsEvent>), DomainsError> {
    let mut record = DOMAIN.get(&*state, &domain)?.ok_or(BundleError::UnknownDomain(domain))?;
    if let Some(block) = fresh(cx, &record, domain, &*state)? {
        return Ok((block, Vec::new()));
    }
    let runtime = RUNTIME.get(&*state, &record.runtime)?.ok_or(ReceiptError::Missing("runtime"))?;
    let number = record.head.checked_add(1).ok_or(DomainsError::Overflow)?;
    let inherent = Inherent {
        number,
        consensus_number: cx.number,
        // Known once the block is complete: see `fill_hashes`.
        consensus_hash: Hash::ZERO,
        mmr_root: cx.mmr_root,
        slot: cx.slot,
        byte_fee: byte_fees(&*state)?.next,
        runtime_version: runtime.version,
    };
    let seed = hash_parts(tag::SHUFFLE, &[cx.randomness.as_ref(), &domain.0.to_le_bytes()]);
    let block = DomainBlock { inherent, seed, range: record.range, inbox: List::default() };
    BLOCK.put(state, &(domain, number), &block);
    let mut unhashed = UNHASHED.get(&*state)?.unwrap_or_default().into_inner();
    unhashed.push((domain, number));
    UNHASHED.put(state, &List::new(unhashed).map_err(|_| DomainsError::Overflow)?);
    record.head = number;
    DOMAIN.put(state, &domain, &record);
    Ok((block, vec![DomainsEvent::DomainBlockBegan { domain, number }]))
}

/// Tells the domain blocks of the parent block its hash, which only this block knows.
pub(crate) fn fill_hashes(cx: &BlockContext, state: &mut dyn StateWrite) -> Result<(), DomainsError> {
    for key in UNHASHED.get(&*state)?.unwrap_or_default().iter() {
        if let Some(mut block) = BLOCK.get(&*state, key)? {
            block.inherent.consensus_hash = cx.parent.hash;
            BLOCK.put(state, key, &block);
        }
    }
    UNHASHED.delete(state);
    Ok(())
}

/// The domain blocks that this consensus block made, in the order in which they began.
pub(crate) fn begun(state: &dyn StateRead) -> Result<Vec<(DomainId, BlockNumber)>, DomainsError> {
    Ok(UNHASHED.get(state)?.unwrap_or_default().into_inner())
}
