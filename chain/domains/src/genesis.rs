//! What domains start from: those of the chain's genesis, and each domain by itself.

use crate::RegistryError;
use crate::registry::{Founding, enroll, found};
use crate::staking::{begin_first_epoch, enroll_at_genesis};
use crate::state::{RUNTIME_NAME, RuntimeRecord};
use auto_core::{
    Amount, BlockFees, BlockNumber, DomainHeader, DomainId, ExecutionReceipt, Genesis, GenesisDomain, Hash,
    List, ModuleId, ProtocolParams, RuntimeId, Slot, Transfers, decode_strict, merkle_root,
};
use auto_ledger::issue;
use auto_module::messages::{BankTill, Messages, MessagesGenesis, Post, allow};
use auto_module::{Domain, Environment, Module, Runtimes};
use auto_state::{Changes, Commit, EMPTY_ROOT, MemoryNodes, Snapshot, StateWrite};

/// The start of one domain.
#[derive(Debug, Clone)]
pub struct DomainGenesis {
    /// The state, as changes over the empty one.
    pub changes: Changes,
    /// The state's root and nodes.
    pub commit: Commit,
    /// The receipt of the block of height zero, which the consensus chain makes itself.
    pub receipt: ExecutionReceipt,
    /// Its hash.
    pub receipt_hash: Hash,
    /// Hash of the block of height zero.
    pub block_hash: Hash,
}

/// The start of a domain that consensus block `created` creates. Operators derive it with the same function.
///
/// What a domain starts from depends on its number, the parameters and its configuration alone: the genesis
/// hash in its environment is zero.
///
/// # Errors
/// When the modules refuse their configuration.
pub fn domain_genesis(
    params: &ProtocolParams,
    domain: DomainId,
    code: &dyn Domain,
    genesis: &GenesisDomain,
    created: BlockNumber,
) -> Result<DomainGenesis, RegistryError> {
    let environment = Environment { params: params.clone(), genesis: Hash::ZERO, domain };
    let changes =
        code.genesis(&environment, genesis).map_err(|error| RegistryError::BadGenesis(Box::new(error)))?;
    let commit = Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).commit(&changes)?;
    let extrinsics_root = merkle_root(&[]);
    let header = DomainHeader {
        domain,
        number: BlockNumber(0),
        parent_hash: Hash::ZERO,
        extrinsics_root,
        state_root: commit.root,
    };
    let block_hash = header.hash();
    let trace = vec![commit.root, commit.root];
    let trace_root = merkle_root(&trace);
    let receipt = ExecutionReceipt {
        domain,
        number: BlockNumber(0),
        block_hash,
        extrinsics_root,
        parent_receipt: Hash::ZERO,
        consensus_number: created,
        // The block that creates a domain holds the receipt in its state, so its hash cannot be part of it.
        consensus_hash: Hash::ZERO,
        bundles: List::default(),
        final_state_root: commit.root,
        trace: List::new(trace).map_err(|_| RegistryError::Overflow)?,
        trace_root,
        fees: BlockFees::default(),
        transfers: Transfers::default(),
    };
    let receipt_hash = receipt.hash();
    Ok(DomainGenesis { changes, commit, receipt, receipt_hash, block_hash })
}

/// Writes the domains and operators that a chain starts with, over its accounts.
///
/// Balances on domains are new money; stakes come from the accounts of the operators' owners. A runtime
/// starts at the oldest version that this build knows, so that newer builds start the same chain.
///
/// # Errors
/// The first domain or operator that breaks a rule.
pub fn genesis(
    genesis: &Genesis,
    runtimes: &dyn Runtimes,
    state: &mut dyn StateWrite,
) -> Result<(), RegistryError> {
    let mut domains = Vec::with_capacity(genesis.domains.len());
    for domain in genesis.domains.iter() {
        let founding = Founding {
            params: &genesis.params,
            runtimes,
            runtime: runtime_at_genesis(runtimes, domain, state)?,
            genesis: domain,
            created: (BlockNumber(0), Slot(0)),
            deposit: Amount::ZERO,
        };
        let (id, balance) = found(&founding, state)?;
        issue(state, balance)?;
        domains.push(id);
    }
    for operator in genesis.operators.iter() {
        enroll_at_genesis(&genesis.params, operator, state)?;
    }
    for domain in domains {
        begin_first_epoch(state, domain)?;
    }
    Ok(())
}

fn runtime_at_genesis(
    runtimes: &dyn Runtimes,
    domain: &GenesisDomain,
    state: &mut dyn StateWrite,
) -> Result<RuntimeId, RegistryError> {
    if let Some(runtime) = RUNTIME_NAME.get(&*state, &domain.runtime)? {
        return Ok(runtime);
    }
    let modules: Vec<ModuleId> = domain.modules.iter().map(|module| module.module).collect();
    let newest = runtimes.newest(&modules).ok_or(RegistryError::UnknownCode(0))?;
    let version = (0..=newest).find(|version| runtimes.domain(&modules, *version).is_some());
    let version = version.ok_or(RegistryError::UnknownCode(newest))?;
    let modules = List::new(modules).map_err(|_| RegistryError::Overflow)?;
    let name = domain.runtime.clone();
    enroll(runtimes, RuntimeRecord { owner: None, name, modules, version, upgrade: None }, state)
}

/// Lets the consensus chain deal with a new domain, and opens the channel to it that the domain's own
/// configuration says is open from the start.
pub(crate) fn establish(
    params: &ProtocolParams,
    domain: DomainId,
    genesis: &GenesisDomain,
    state: &mut dyn StateWrite,
) -> Result<(), RegistryError> {
    allow(state, domain);
    let config = genesis.modules.iter().find(|module| module.module == Messages::ID);
    let Some(config) = config.filter(|config| !config.genesis.is_empty()) else { return Ok(()) };
    // It decodes, since the domain's own start decoded it.
    let Ok(config) = decode_strict::<MessagesGenesis>(&config.genesis, config.genesis.len()) else {
        return Ok(());
    };
    if config.established.contains(&DomainId::CONSENSUS) {
        // Opening a channel this way moves no money, so any till will do.
        let mut till = BankTill { params };
        auto_module::messages::establish(&Post::new(DomainId::CONSENSUS, params, &mut till), state, domain)?;
    }
    Ok(())
}
