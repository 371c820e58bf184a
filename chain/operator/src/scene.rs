//! A domain as its next block will find it: what extrinsics are judged by before that block exists.

use crate::OperatorError;
use crate::records::Tip;
use auto_core::{BlockNumber, DomainId, Hash, List, Slot};
use auto_domains::derive::BlockRules;
use auto_domains::state::{
    BLOCK_SLOTS, DOMAIN, DomainBlock, DomainRecord, EPOCH, OPERATOR, RUNTIME, RuntimeRecord,
};
use auto_ledger::{Rules, byte_fees};
use auto_module::{Domain, Environment, Inherent, Runtimes};
use auto_state::StateRead;
use std::fmt;
use std::sync::Arc;

/// The widest split of the ring of signers between bundles.
const RANGE_PARTS_MAX: u64 = 16;

/// A domain as its next block will find it.
pub(crate) struct Scene {
    pub(crate) record: DomainRecord,
    pub(crate) runtime: Arc<dyn Domain>,
    /// The runtime that replaces it while a bundle could still be included.
    pub(crate) upgraded: Option<Arc<dyn Domain>>,
    pub(crate) environment: Environment,
    pub(crate) block: DomainBlock,
}

impl fmt::Debug for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scene").field("record", &self.record).finish_non_exhaustive()
    }
}

/// The record of a domain and that of its runtime.
pub(crate) fn records(
    state: &dyn StateRead,
    domain: DomainId,
) -> Result<(DomainRecord, RuntimeRecord), OperatorError> {
    let record = DOMAIN.get(state, &domain)?.ok_or(OperatorError::NotServed(domain))?;
    let runtime = RUNTIME.get(state, &record.runtime)?.ok_or(OperatorError::NotServed(domain))?;
    Ok((record, runtime))
}

pub(crate) fn known_runtime(
    runtimes: &dyn Runtimes,
    domain: DomainId,
    runtime: &RuntimeRecord,
    version: u32,
) -> Result<Arc<dyn Domain>, OperatorError> {
    runtimes.domain(&runtime.modules, version).ok_or(OperatorError::UnknownRuntime { domain, version })
}

pub(crate) fn environment(rules: &Rules, domain: DomainId) -> Environment {
    Environment { params: rules.params.clone(), genesis: rules.genesis, domain }
}

impl Scene {
    /// The domain over the consensus state after block `head`.
    ///
    /// A bundle that is made now may be included up to `bundle_longevity` blocks later, and its author loses
    /// the stake if an extrinsic breaks a rule there. So everything is judged as of the last block that could
    /// hold it, under the narrowest range of signers and by every runtime that could be in force by then.
    pub(crate) fn new(
        rules: &Rules,
        runtimes: &dyn Runtimes,
        state: &dyn StateRead,
        head: BlockNumber,
        tip: &Tip,
    ) -> Result<Self, OperatorError> {
        let domain = tip.domain;
        let (record, known) = records(state, domain)?;
        let runtime = known_runtime(runtimes, domain, &known, known.version)?;
        let latest = BlockNumber(head.0.saturating_add(rules.params.bundle_longevity).saturating_add(2));
        let upgraded = match known.upgrade {
            Some((version, at)) if at <= latest => Some(known_runtime(runtimes, domain, &known, version)?),
            _ => None,
        };
        let inherent = Inherent {
            number: BlockNumber(tip.number.0.saturating_add(1)),
            consensus_number: latest,
            consensus_hash: Hash::ZERO,
            mmr_root: Hash::ZERO,
            // Modules take their time from it; it is that of the newest block, as the next one is not known.
            slot: BLOCK_SLOTS.get(state, &head)?.map_or(Slot(0), |(_, last)| last),
            byte_fee: byte_fees(state)?.next,
            runtime_version: known.version,
        };
        let range = narrowest(rules, state, domain, &record, head)?;
        let block = DomainBlock { inherent, seed: Hash::ZERO, range, inbox: List::default() };
        let environment = environment(rules, domain);
        Ok(Self { record, runtime, upgraded, environment, block })
    }

    pub(crate) fn rules(&self) -> BlockRules<'_> {
        BlockRules { domain: &*self.runtime, environment: &self.environment, block: &self.block }
    }

    /// The same by the runtime that replaces this one, if one does.
    pub(crate) fn upgraded_rules(&self) -> Option<BlockRules<'_>> {
        let domain = self.upgraded.as_deref()?;
        Some(BlockRules { domain, environment: &self.environment, block: &self.block })
    }
}

/// The narrowest range of signers that a bundle could be judged by: where an epoch can end before it is
/// included, that of one more winner in a slot than were seen in this epoch, or are expected.
fn narrowest(
    rules: &Rules,
    state: &dyn StateRead,
    domain: DomainId,
    record: &DomainRecord,
    head: BlockNumber,
) -> Result<u64, OperatorError> {
    let length = rules.params.staking_epoch.max(1);
    let last = record.head.0.saturating_add(rules.params.bundle_longevity).saturating_add(2);
    if record.head.0 / length == last / length {
        return Ok(record.range);
    }
    let epoch = EPOCH.get(state, &domain)?.unwrap_or_default();
    let mut bundles = 0u64;
    for (operator, _) in epoch.stakes.iter() {
        let made = OPERATOR.get(state, operator)?.map_or(0, |record| record.bundles_in_epoch);
        bundles = bundles.saturating_add(made);
    }
    let slots = auto_domains::state::BLOCK_SLOTS
        .get(state, &head)?
        .map_or(0, |(_, last)| last.0.saturating_sub(epoch.began_slot.0));
    let seen = bundles.saturating_add(slots / 2).checked_div(slots).unwrap_or(0);
    let (numerator, denominator) = record.config.bundle_probability;
    let factor = u64::from(epoch.availability_factor).max(1024);
    let expected = u64::from(numerator).saturating_mul(factor);
    let expected = expected.div_ceil(u64::from(denominator).saturating_mul(1024).max(1));
    let members = u64::try_from(epoch.stakes.len()).unwrap_or(u64::MAX);
    let parts = seen.max(expected).saturating_add(1).min(members).clamp(1, RANGE_PARTS_MAX);
    Ok(record.range.min(u64::MAX / parts))
}
