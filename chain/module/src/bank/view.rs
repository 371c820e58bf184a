//! What can be read of the bank.

use super::{ACCOUNTS, Account, BankError, ISSUANCE};
use auto_core::{Address, Amount};
use auto_state::StateRead;

/// An account; one that never received anything is empty with nonce zero.
///
/// # Errors
/// When the state cannot be read.
pub fn account(state: &(impl StateRead + ?Sized), address: &Address) -> Result<Account, BankError> {
    Ok(ACCOUNTS.get(state, address)?.unwrap_or_default())
}

/// The key of an account, for proofs.
#[must_use]
pub fn account_key(address: &Address) -> Vec<u8> {
    ACCOUNTS.key(address)
}

/// The money of the domain as of its newest block.
///
/// # Errors
/// When the state cannot be read.
pub fn issuance(state: &(impl StateRead + ?Sized)) -> Result<Amount, BankError> {
    Ok(ISSUANCE.get(state)?.unwrap_or_default())
}
