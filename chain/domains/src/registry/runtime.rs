//! Runtimes and their upgrades.

use super::{Caller, RegistryError, check_name};
use crate::DomainsEvent;
use crate::state::{DOMAIN, DOMAIN_COUNT, RUNTIME, RUNTIME_COUNT, RUNTIME_NAME, RuntimeRecord, UPGRADES_AT};
use auto_core::{BlockNumber, DomainId, DomainName, List, ModuleId, RUNTIME_MODULES_MAX, RuntimeId};
use auto_ledger::BlockContext;
use auto_module::{Domain, Runtimes};
use auto_state::{StateRead, StateWrite};
use std::sync::Arc;

fn record(state: &(impl StateRead + ?Sized), runtime: RuntimeId) -> Result<RuntimeRecord, RegistryError> {
    RUNTIME.get(state, &runtime)?.ok_or(RegistryError::UnknownRuntime(runtime))
}

/// Names a set of modules, so that domains can run it; the caller owns it.
///
/// # Errors
/// When the name is malformed or taken, or this build does not know the modules at the version.
pub fn register_runtime(
    caller: &Caller<'_>,
    name: DomainName,
    modules: List<ModuleId, RUNTIME_MODULES_MAX>,
    version: u32,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, RegistryError> {
    let owner = Some(*caller.signer);
    let new = RuntimeRecord { owner, name, modules, version, upgrade: None };
    let runtime = enroll(caller.runtimes, new, state)?;
    Ok(vec![DomainsEvent::RuntimeRegistered { runtime, version }])
}

/// Adds a runtime.
pub(crate) fn enroll(
    runtimes: &dyn Runtimes,
    new: RuntimeRecord,
    state: &mut dyn StateWrite,
) -> Result<RuntimeId, RegistryError> {
    check_name(&new.name)?;
    if let Some(other) = RUNTIME_NAME.get(&*state, &new.name)? {
        return Err(RegistryError::NameTaken(other));
    }
    if runtimes.domain(&new.modules, new.version).is_none() {
        return Err(RegistryError::UnknownCode(new.version));
    }
    let id = RUNTIME_COUNT.get(&*state)?.unwrap_or_default();
    RUNTIME_COUNT.put(state, &id.checked_add(1).ok_or(RegistryError::Overflow)?);
    RUNTIME_NAME.put(state, &new.name, &id);
    RUNTIME.put(state, &id, &new);
    Ok(id)
}

/// Schedules a larger version of a runtime; only its owner may.
///
/// # Errors
/// When the caller is not the owner, the name is another, the version not larger or not known, the block not
/// a later one, or an upgrade waits already.
pub fn upgrade_runtime(
    caller: &Caller<'_>,
    runtime: RuntimeId,
    name: &DomainName,
    version: u32,
    at: BlockNumber,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, RegistryError> {
    let mut known = record(&*state, runtime)?;
    if known.owner != Some(*caller.signer) {
        return Err(RegistryError::NotOwner);
    }
    if known.name != *name {
        return Err(RegistryError::WrongName(runtime));
    }
    if version <= known.version {
        return Err(RegistryError::VersionNotLarger { stated: version, current: known.version });
    }
    if let Some((_, at)) = known.upgrade {
        return Err(RegistryError::UpgradePending { runtime, at });
    }
    let number = caller.cx.number;
    if at <= number {
        return Err(RegistryError::NotLater { at, number });
    }
    if caller.runtimes.domain(&known.modules, version).is_none() {
        return Err(RegistryError::UnknownCode(version));
    }
    let mut due = UPGRADES_AT.get(&*state, &at)?.unwrap_or_default().into_inner();
    due.push(runtime);
    let due = List::new(due).map_err(|_| RegistryError::TooManyUpgrades(at))?;
    UPGRADES_AT.put(state, &at, &due);
    known.upgrade = Some((version, at));
    RUNTIME.put(state, &runtime, &known);
    Ok(vec![DomainsEvent::UpgradeScheduled { runtime, version, at }])
}

/// Carries out the upgrades that are due at a consensus block: gives the domains that must have a block of
/// their own in it, with or without bundles, and what happened.
///
/// # Errors
/// When the state cannot be read.
pub fn begin_block(
    cx: &BlockContext,
    state: &mut dyn StateWrite,
) -> Result<(Vec<DomainId>, Vec<DomainsEvent>), RegistryError> {
    let Some(due) = UPGRADES_AT.get(&*state, &cx.number)? else { return Ok((Vec::new(), Vec::new())) };
    UPGRADES_AT.delete(state, &cx.number);
    let mut events = Vec::with_capacity(due.len());
    for runtime in due.iter() {
        let mut known = record(&*state, *runtime)?;
        if let Some((version, _)) = known.upgrade.take() {
            known.version = version;
            RUNTIME.put(state, runtime, &known);
            events.push(DomainsEvent::RuntimeUpgraded { runtime: *runtime, version });
        }
    }
    let mut domains = Vec::new();
    let last = DOMAIN_COUNT.get(&*state)?.unwrap_or_default();
    for domain in (1..=last.0).map(DomainId) {
        if DOMAIN.get(&*state, &domain)?.is_some_and(|record| due.contains(&record.runtime)) {
            domains.push(domain);
        }
    }
    Ok((domains, events))
}

/// The code that a domain runs now; an older block of it runs the version that its inherent names.
///
/// # Errors
/// When the domain does not exist or this build does not know its runtime.
pub fn runtime_of(
    runtimes: &dyn Runtimes,
    state: &(impl StateRead + ?Sized),
    domain: DomainId,
) -> Result<Arc<dyn Domain>, RegistryError> {
    let place = DOMAIN.get(state, &domain)?.ok_or(RegistryError::UnknownDomain(domain))?;
    let known = record(state, place.runtime)?;
    runtimes.domain(&known.modules, known.version).ok_or(RegistryError::UnknownCode(known.version))
}
