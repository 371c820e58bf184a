//! What the chain itself says: everything that is judged is read here.

use super::setup::Party;
use crate::error::{CliError, Fault, internal};
use auto_core::{Address, Amount, BlockNumber, DomainId, OperatorId};
use auto_domains::state::{DOMAIN, DomainRecord, OperatorStatus, ReceiptRecord};
use auto_domains::{Domains, receipt, view};
use auto_ledger::{Extension, account, issuance};
use auto_node::NodeHandle;
use auto_registry::registry;
use auto_state::StateRead;
use std::collections::BTreeMap;

/// The record of a domain.
pub(super) fn record(state: &dyn StateRead, domain: DomainId) -> Result<DomainRecord, CliError> {
    DOMAIN.get(state, &domain).map_err(internal)?.ok_or_else(|| internal("the domain is gone"))
}

/// The open receipts of a domain from a height on, lowest first.
pub(super) fn receipts_from(
    state: &dyn StateRead,
    domain: DomainId,
    from: u64,
) -> Result<Vec<ReceiptRecord>, CliError> {
    let head = record(state, domain)?.head_receipt.0;
    let one = |number| receipt::at(state, domain, BlockNumber(number)).map_err(internal);
    (from..=head).map(one).filter_map(Result::transpose).collect()
}

/// What an account paid for transactions in these blocks.
pub(super) fn fees_of(
    chain: &NodeHandle,
    who: &Address,
    blocks: std::ops::RangeInclusive<u64>,
) -> Result<Amount, CliError> {
    let mut fees = Amount::ZERO;
    for number in blocks {
        for hash in chain.block(BlockNumber(number))?.map(|block| block.transactions).unwrap_or_default() {
            let paid = chain.transaction(&hash)?.filter(|view| view.signer == *who).and_then(|view| view.fee);
            fees = fees.checked_add(paid.unwrap_or_default()).ok_or_else(|| internal("fees overflow"))?;
        }
    }
    Ok(fees)
}

/// What an account has at stake with an operator, joining stake included; nothing when it has no position. The
/// storage fund is not counted: bundles are paid from there.
pub(super) fn stake_of(state: &dyn StateRead, operator: OperatorId, who: Party) -> Result<Amount, CliError> {
    let position = view::position(state, operator, &who.address()).map_err(internal)?;
    let Some(position) = position else { return Ok(Amount::ZERO) };
    position.stake.checked_add(position.joining).ok_or_else(|| internal("a stake overflows"))
}

/// An operator as the chain has it.
pub(super) fn operator(state: &dyn StateRead, operator: OperatorId) -> Result<view::OperatorView, CliError> {
    let found = view::operator(state, operator).map_err(internal)?;
    found.ok_or_else(|| Fault::NotFound { what: "operator", key: operator.to_string() }.into())
}

/// Whether an operator's stake was taken.
pub(super) fn is_slashed(state: &dyn StateRead, id: OperatorId) -> Result<bool, CliError> {
    Ok(operator(state, id)?.record.status == OperatorStatus::Slashed)
}

/// What everybody holds on the consensus chain.
pub(super) fn balances(state: &dyn StateRead) -> Result<BTreeMap<Address, Amount>, CliError> {
    let one = |party: Party| {
        let address = party.address();
        Ok((address, account(state, &address).map_err(internal)?.balance))
    };
    Party::all().into_iter().map(one).collect()
}

/// The money that exists, and where it is: with accounts, held by the ledger, held for the domains.
pub(super) fn money(state: &dyn StateRead) -> Result<(Amount, Amount), CliError> {
    let supply = issuance(state).map_err(internal)?;
    let held = Domains::new(registry()).held(state).map_err(internal)?;
    let parts = balances(state)?.into_values().chain([supply.held, held]);
    let found = parts.into_iter().try_fold(Amount::ZERO, Amount::checked_add);
    Ok((supply.total, found.ok_or_else(|| internal("the money overflows"))?))
}

/// What a node's own execution says that everybody holds on a domain, in a state of it.
pub(super) fn domain_balances(state: &impl StateRead) -> Result<BTreeMap<Address, Amount>, CliError> {
    let one = |party: Party| {
        let address = party.address();
        let held = auto_module::bank::ACCOUNTS.get(state, &address).map_err(internal)?;
        Ok((address, held.unwrap_or_default().balance))
    };
    Party::all().into_iter().map(one).collect()
}
