//! Domains.

use super::{Caller, RegistryError, check_name};
use crate::call::INITIAL_ACCOUNTS_MAX;
use crate::genesis::{domain_genesis, establish};
use crate::state::{
    BALANCE, DOMAIN, DOMAIN_COUNT, DOMAINS_MAX, DomainRecord, EPOCH, Epoch, HELD, RECEIPT, RECEIPT_AT,
    RUNTIME, ReceiptRecord,
};
use crate::{DomainsEvent, election::FACTOR_ONE};
use auto_core::{
    Address, Amount, BUNDLE_BYTES_MAX, BlockNumber, DomainConfig, DomainId, GenesisAccount, GenesisDomain,
    List, ModuleGenesis, OperatorAllowList, ProtocolParams, RUNTIME_MODULES_MAX, RuntimeId, Slot,
};
use auto_ledger::debit;
use auto_module::Runtimes;
use auto_module::messages::{CONFIRMED, Confirmed};
use auto_state::StateWrite;

/// What a domain is founded with.
pub(crate) struct Founding<'a> {
    /// The parameters of the chain.
    pub(crate) params: &'a ProtocolParams,
    /// The runtimes that this build knows.
    pub(crate) runtimes: &'a dyn Runtimes,
    /// What it runs.
    pub(crate) runtime: RuntimeId,
    /// What it starts from.
    pub(crate) genesis: &'a GenesisDomain,
    /// The consensus block that creates it, and its slot.
    pub(crate) created: (BlockNumber, Slot),
    /// What is held for it.
    pub(crate) deposit: Amount,
}

fn check_allow_list(operators: &OperatorAllowList) -> Result<(), RegistryError> {
    match operators {
        OperatorAllowList::Owners(list) if !list.windows(2).all(|pair| pair[0] < pair[1]) => {
            Err(RegistryError::BadConfig { field: "operators", rule: "by rising address, none twice" })
        }
        _ => Ok(()),
    }
}

/// Checks the rules of a new domain.
fn check_config(params: &ProtocolParams, config: &DomainConfig) -> Result<(), RegistryError> {
    check_name(&config.name)?;
    check_allow_list(&config.operators)?;
    let most = u32::try_from(BUNDLE_BYTES_MAX).unwrap_or(u32::MAX).min(params.domain_block_bytes_max);
    let (numerator, denominator) = config.bundle_probability;
    let rules = [
        (
            (1..=most).contains(&config.bundle_bytes_max),
            "bundle_bytes_max",
            "at least 1, and no more than a bundle or a block of a domain may have",
        ),
        (config.bundle_weight_max >= 1, "bundle_weight_max", "at least 1"),
        (numerator >= 1 && numerator <= denominator, "bundle_probability", "above zero, at most one"),
    ];
    match rules.iter().find(|(holds, ..)| !holds) {
        Some((_, field, rule)) => Err(RegistryError::BadConfig { field, rule }),
        None => Ok(()),
    }
}

/// Sum of the balances that a domain starts with.
fn balances(accounts: &[GenesisAccount]) -> Result<Amount, RegistryError> {
    let sum = accounts.iter().try_fold(Amount::ZERO, |all, account| all.checked_add(account.balance));
    sum.ok_or(RegistryError::Overflow)
}

/// Creates a domain: its records, its first receipt, and what it holds. The money of its balances and its
/// deposit is the caller's to take from somewhere.
pub(crate) fn found(
    founding: &Founding<'_>,
    state: &mut dyn StateWrite,
) -> Result<(DomainId, Amount), RegistryError> {
    let Founding { params, runtimes, runtime, genesis, created: (number, slot), deposit } = *founding;
    check_config(params, &genesis.config)?;
    let known = RUNTIME.get(&*state, &runtime)?.ok_or(RegistryError::UnknownRuntime(runtime))?;
    if !genesis.modules.iter().map(|module| module.module).eq(known.modules.iter().copied()) {
        return Err(RegistryError::OtherModules(runtime));
    }
    let code = runtimes.domain(&known.modules, known.version);
    let code = code.ok_or(RegistryError::UnknownCode(known.version))?;
    let last = DOMAIN_COUNT.get(&*state)?.unwrap_or_default();
    if last.0 >= DOMAINS_MAX {
        return Err(RegistryError::TooManyDomains);
    }
    let domain = last.checked_add(1).ok_or(RegistryError::Overflow)?;
    let first = domain_genesis(params, domain, &*code, genesis, number)?;
    let (receipt, hash) = (first.receipt, first.receipt_hash);
    let record = DomainRecord {
        owner: genesis.owner,
        config: genesis.config.clone(),
        runtime,
        created: number,
        deposit,
        frozen: false,
        head: BlockNumber(0),
        head_receipt: BlockNumber(0),
        head_receipt_hash: hash,
        confirmed: BlockNumber(0),
        receipt_at: number,
        range: params.signer_range_max,
    };
    let state_root = receipt.final_state_root;
    let balance = balances(&genesis.accounts)?;
    DOMAIN_COUNT.put(state, &domain);
    DOMAIN.put(state, &domain, &record);
    RECEIPT.put(state, &hash, &ReceiptRecord { receipt, submitters: List::default(), submitted: number });
    RECEIPT_AT.put(state, &(domain, BlockNumber(0)), &hash);
    CONFIRMED.put(state, &domain, &Confirmed { number: BlockNumber(0), receipt: hash, state_root });
    BALANCE.put(state, &domain, &balance);
    let epoch = Epoch { began_slot: slot, availability_factor: FACTOR_ONE, ..Epoch::default() };
    EPOCH.put(state, &domain, &epoch);
    let mut held = HELD.get(&*state)?.unwrap_or_default();
    held.domains = held.domains.checked_add(balance).ok_or(RegistryError::Overflow)?;
    held.deposits = held.deposits.checked_add(deposit).ok_or(RegistryError::Overflow)?;
    HELD.put(state, &held);
    establish(params, domain, genesis, state)?;
    Ok((domain, balance))
}

/// Creates a domain of the caller's. Its deposit is held, and its balances come from the caller's account.
///
/// # Errors
/// When its rules make no sense, its modules refuse to start, or the account cannot pay.
pub fn instantiate_domain(
    caller: &Caller<'_>,
    runtime: RuntimeId,
    config: DomainConfig,
    modules: List<ModuleGenesis, RUNTIME_MODULES_MAX>,
    accounts: List<GenesisAccount, INITIAL_ACCOUNTS_MAX>,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, RegistryError> {
    let params = &caller.rules.params;
    let known = RUNTIME.get(&*state, &runtime)?.ok_or(RegistryError::UnknownRuntime(runtime))?;
    let total = balances(&accounts)?.checked_add(params.domain_deposit);
    // Payment before the work of starting the domain.
    debit(state, params, caller.signer, total.ok_or(RegistryError::Overflow)?)?;
    let accounts = List::new(accounts.into_inner()).map_err(|_| RegistryError::Overflow)?;
    let owner = *caller.signer;
    let genesis = GenesisDomain { owner, config, runtime: known.name, modules, accounts };
    let founding = Founding {
        params,
        runtimes: caller.runtimes,
        runtime,
        genesis: &genesis,
        created: (caller.cx.number, caller.cx.slot),
        deposit: params.domain_deposit,
    };
    let (domain, _) = found(&founding, state)?;
    Ok(vec![DomainsEvent::DomainInstantiated { domain, owner, runtime }])
}

/// A domain of the signer's.
pub(super) fn owned(
    signer: &Address,
    domain: DomainId,
    state: &dyn StateWrite,
) -> Result<DomainRecord, RegistryError> {
    let record = DOMAIN.get(state, &domain)?.ok_or(RegistryError::UnknownDomain(domain))?;
    if record.owner == *signer { Ok(record) } else { Err(RegistryError::NotOwner) }
}

/// Changes who may operate a domain; only its owner may. Operators that are there stay.
///
/// # Errors
/// When the caller is not the owner, or the list is not by rising address.
pub fn update_allow_list(
    signer: &Address,
    domain: DomainId,
    operators: OperatorAllowList,
    state: &mut dyn StateWrite,
) -> Result<Vec<DomainsEvent>, RegistryError> {
    let mut record = owned(signer, domain, state)?;
    check_allow_list(&operators)?;
    record.config.operators = operators;
    DOMAIN.put(state, &domain, &record);
    Ok(vec![DomainsEvent::AllowListUpdated { domain }])
}
