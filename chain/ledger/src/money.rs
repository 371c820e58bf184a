//! Moving money between accounts and what stands beside them.

use crate::state::{put_account, put_issuance};
use crate::{LedgerError, account, issuance};
use auto_core::{Address, Amount, ProtocolParams};
use auto_state::StateWrite;

/// Takes `amount` out of an account, which keeps the existential deposit.
///
/// # Errors
/// [`LedgerError::InsufficientBalance`] or [`LedgerError::BelowExistentialDeposit`], or that the state
/// cannot be read; then nothing changes.
pub fn debit(
    state: &mut (impl StateWrite + ?Sized),
    params: &ProtocolParams,
    address: &Address,
    amount: Amount,
) -> Result<(), LedgerError> {
    let deposit = params.existential_deposit;
    let mut payer = account(state, address)?;
    let available = payer.balance;
    let left = available.checked_sub(amount);
    let left = left.ok_or(LedgerError::InsufficientBalance { needed: amount, available })?;
    if left < deposit {
        return Err(LedgerError::BelowExistentialDeposit { left, deposit });
    }
    payer.balance = left;
    put_account(state, address, &payer);
    Ok(())
}

/// Puts `amount` into an account, which must hold the existential deposit then.
///
/// # Errors
/// [`LedgerError::BelowExistentialDeposit`], [`LedgerError::Overflow`], or that the state cannot be read;
/// then nothing changes.
pub fn credit(
    state: &mut (impl StateWrite + ?Sized),
    params: &ProtocolParams,
    address: &Address,
    amount: Amount,
) -> Result<(), LedgerError> {
    let deposit = params.existential_deposit;
    let mut payee = account(state, address)?;
    payee.balance = payee.balance.checked_add(amount).ok_or(LedgerError::Overflow)?;
    if payee.balance < deposit {
        return Err(LedgerError::BelowExistentialDeposit { left: payee.balance, deposit });
    }
    put_account(state, address, &payee);
    Ok(())
}

/// Takes `amount`, which left an account or what an extension holds, out of the money that exists.
///
/// # Errors
/// [`LedgerError::Overflow`] when less exists, or that the state cannot be read; then nothing changes.
pub fn burn(state: &mut (impl StateWrite + ?Sized), amount: Amount) -> Result<(), LedgerError> {
    let mut supply = issuance(state)?;
    supply.total = supply.total.checked_sub(amount).ok_or(LedgerError::Overflow)?;
    put_issuance(state, &supply);
    Ok(())
}

/// Adds `amount` to the money that exists, for balances that genesis lists outside of its accounts.
///
/// # Errors
/// [`LedgerError::Overflow`], or that the state cannot be read; then nothing changes.
pub fn issue(state: &mut (impl StateWrite + ?Sized), amount: Amount) -> Result<(), LedgerError> {
    let mut supply = issuance(state)?;
    supply.total = supply.total.checked_add(amount).ok_or(LedgerError::Overflow)?;
    put_issuance(state, &supply);
    Ok(())
}
