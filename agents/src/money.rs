//! Where the module's money is: vaults, what escrows hold, deposits and stakes.

use crate::{Agents, AgentsError};
use auto_core::{Address, Amount, ProtocolParams};
use auto_module::{Module, bank, module_account};
use auto_state::StateWrite;
use autoid_core::AutoId;
use autoid_core::grant::Payee;

/// The vault of an identity: an account to which nobody has a key. Anyone may send money to it.
#[must_use]
pub fn vault(id: &AutoId) -> Address {
    module_account(Agents::ID, &id.0)
}

/// The account that holds what escrows reserve.
#[must_use]
pub fn escrow_account() -> Address {
    module_account(Agents::ID, b"escrow")
}

/// The account that holds deposits and stakes of records.
#[must_use]
pub fn deposits_account() -> Address {
    module_account(Agents::ID, b"deposits")
}

/// The account of a payee.
#[must_use]
pub fn account_of(payee: &Payee) -> Address {
    match payee {
        Payee::Identity(id) => vault(id),
        Payee::Address(bytes) => Address(*bytes),
    }
}

/// Takes a deposit of a signer, who keeps the existential deposit.
pub(crate) fn hold(
    state: &mut dyn StateWrite,
    params: &ProtocolParams,
    from: &Address,
    amount: Amount,
) -> Result<(), AgentsError> {
    if amount.is_zero() {
        return Ok(());
    }
    Ok(bank::transfer(state, params, from, &deposits_account(), amount)?)
}

/// Gives money back to a vault, and tells how much arrived.
///
/// A vault that is empty takes no less than the existential deposit, like every account. Less than that stays
/// where it is: nobody must be able to stop a payment by emptying a vault.
pub(crate) fn give_back(
    state: &mut dyn StateWrite,
    params: &ProtocolParams,
    from: &Address,
    to: &AutoId,
    amount: Amount,
) -> Result<Amount, AgentsError> {
    let to = vault(to);
    let after = bank::account(state, &to)?.balance.checked_add(amount).ok_or(AgentsError::Overflow)?;
    if after < params.existential_deposit {
        return Ok(Amount::ZERO);
    }
    pay(state, params, (from, &to), amount)?;
    Ok(amount)
}

/// Moves money out of an account of the module.
pub(crate) fn pay(
    state: &mut dyn StateWrite,
    params: &ProtocolParams,
    (from, to): (&Address, &Address),
    amount: Amount,
) -> Result<(), AgentsError> {
    if amount.is_zero() {
        return Ok(());
    }
    Ok(bank::release(state, params, from, to, amount)?)
}
