//! Moving money, for the bank's own calls and for other modules.

use super::{ACCOUNTS, BankError, FEES, account};
use auto_core::{Address, Amount, ProtocolParams};
use auto_state::StateWrite;

/// The least that an account may be left with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// The existential deposit.
    Deposit,
    /// Whatever is left: the account belongs to a module.
    Anything,
}

fn left_of(
    params: &ProtocolParams,
    available: Amount,
    taken: Amount,
    keep: Keep,
) -> Result<Amount, BankError> {
    let deposit = params.existential_deposit;
    let left = available.checked_sub(taken);
    let left = left.ok_or(BankError::InsufficientBalance { needed: taken, available })?;
    if left >= deposit || keep == Keep::Anything {
        Ok(left)
    } else {
        Err(BankError::BelowExistentialDeposit { left, deposit })
    }
}

fn sum_of(params: &ProtocolParams, balance: Amount, added: Amount) -> Result<Amount, BankError> {
    let deposit = params.existential_deposit;
    let sum = balance.checked_add(added).ok_or(BankError::Overflow)?;
    if sum < deposit { Err(BankError::BelowExistentialDeposit { left: sum, deposit }) } else { Ok(sum) }
}

fn pay(
    state: &mut (impl StateWrite + ?Sized),
    params: &ProtocolParams,
    (from, to): (&Address, &Address),
    amount: Amount,
    keep: Keep,
) -> Result<(), BankError> {
    let mut sender = account(state, from)?;
    sender.balance = left_of(params, sender.balance, amount, keep)?;
    if from == to {
        return Ok(());
    }
    let mut receiver = account(state, to)?;
    receiver.balance = sum_of(params, receiver.balance, amount)?;
    ACCOUNTS.put(state, from, &sender);
    ACCOUNTS.put(state, to, &receiver);
    Ok(())
}

/// Moves money between accounts; both keep the existential deposit.
///
/// # Errors
/// When an account would fall below the existential deposit, or the state cannot be read.
pub fn transfer(
    state: &mut (impl StateWrite + ?Sized),
    params: &ProtocolParams,
    from: &Address,
    to: &Address,
    amount: Amount,
) -> Result<(), BankError> {
    pay(state, params, (from, to), amount, Keep::Deposit)
}

/// Moves money out of a module's account ([`crate::module_account`]), which may be left with less than the
/// existential deposit: whoever sends dust to it must not be able to lock what it holds.
///
/// # Errors
/// When it holds less, the receiver would stay below the existential deposit, or the state cannot be read.
pub fn release(
    state: &mut (impl StateWrite + ?Sized),
    params: &ProtocolParams,
    from: &Address,
    to: &Address,
    amount: Amount,
) -> Result<(), BankError> {
    pay(state, params, (from, to), amount, Keep::Anything)
}

/// Takes money from an account; the caller accounts for where it goes.
pub(super) fn debit(
    state: &mut (impl StateWrite + ?Sized),
    params: &ProtocolParams,
    from: &Address,
    amount: Amount,
) -> Result<(), BankError> {
    let mut account = account(state, from)?;
    account.balance = left_of(params, account.balance, amount, Keep::Deposit)?;
    ACCOUNTS.put(state, from, &account);
    Ok(())
}

/// Gives an account money; the caller accounts for where it comes from.
pub(super) fn credit(
    state: &mut (impl StateWrite + ?Sized),
    params: &ProtocolParams,
    to: &Address,
    amount: Amount,
) -> Result<(), BankError> {
    let mut account = account(state, to)?;
    account.balance = sum_of(params, account.balance, amount)?;
    ACCOUNTS.put(state, to, &account);
    Ok(())
}

/// Destroys money of an account; the block's receipt reports it as burned.
///
/// # Errors
/// When the account would fall below the existential deposit, or the state cannot be read.
pub fn burn(
    state: &mut (impl StateWrite + ?Sized),
    params: &ProtocolParams,
    from: &Address,
    amount: Amount,
) -> Result<(), BankError> {
    let mut fees = FEES.get(state)?.unwrap_or_default();
    fees.burned = fees.burned.checked_add(amount).ok_or(BankError::Overflow)?;
    debit(state, params, from, amount)?;
    FEES.put(state, &fees);
    Ok(())
}
