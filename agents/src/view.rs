//! What can be read.

use crate::{
    AgentRecord, ESCROWS, Escrow, EscrowId, LOGS, Log, ORDERS, PARAMS, Params, RECORDS, USAGE, Usage, vault,
};
use auto_core::Amount;
use auto_module::StoredError;
use auto_module::bank::{self, BankError};
use auto_state::StateRead;
use autoid_core::{AutoId, GrantId};

/// The parameters.
///
/// # Errors
/// When the state cannot be read.
pub fn params(state: &(impl StateRead + ?Sized)) -> Result<Params, StoredError> {
    Ok(PARAMS.get(state)?.unwrap_or_default())
}

/// The record of an agent; `None` when it is not registered.
///
/// # Errors
/// When the state cannot be read.
pub fn record(state: &(impl StateRead + ?Sized), id: &AutoId) -> Result<Option<AgentRecord>, StoredError> {
    RECORDS.get(state, id)
}

/// The number that the next order of an identity has to have.
///
/// # Errors
/// When the state cannot be read.
pub fn next_order(state: &(impl StateRead + ?Sized), id: &AutoId) -> Result<u64, StoredError> {
    Ok(ORDERS.get(state, id)?.unwrap_or_default())
}

/// What is in the vault of an identity.
///
/// # Errors
/// When the state cannot be read.
pub fn balance(state: &(impl StateRead + ?Sized), id: &AutoId) -> Result<Amount, BankError> {
    Ok(bank::account(state, &vault(id))?.balance)
}

/// What was used of a grant.
///
/// # Errors
/// When the state cannot be read.
pub fn usage(state: &(impl StateRead + ?Sized), grant: &GrantId) -> Result<Usage, StoredError> {
    Ok(USAGE.get(state, grant)?.unwrap_or_default())
}

/// The log of an identity; empty when it never acted.
///
/// # Errors
/// When the state cannot be read.
pub fn log(state: &(impl StateRead + ?Sized), id: &AutoId) -> Result<Log, StoredError> {
    Ok(LOGS.get(state, id)?.unwrap_or_default())
}

/// An escrow that is open; `None` when there is none of this number.
///
/// # Errors
/// When the state cannot be read.
pub fn escrow(state: &(impl StateRead + ?Sized), id: &EscrowId) -> Result<Option<Escrow>, StoredError> {
    ESCROWS.get(state, id)
}
