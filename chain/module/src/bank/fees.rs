//! What a transaction on a domain costs.

use super::{ACCOUNTS, Account, BankError, FEES, account};
use crate::{Inherent, Weight};
use auto_core::{Amount, Nonce, ProtocolParams, Transaction};
use auto_state::StateWrite;

/// Nonces from the account's own that a bundle may hold a transaction of.
pub const NONCE_WINDOW: u64 = 256;

/// What a transaction pays beside its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fee {
    /// All of it.
    pub total: Amount,
    /// The part for its bytes on the consensus chain.
    pub storage: Amount,
}

/// The fee of a transaction of a weight and `bytes` encoded bytes, at a price of the consensus chain for a
/// byte; `None` when it overflows.
#[must_use]
pub fn fee(params: &ProtocolParams, byte_fee: Amount, weight: Weight, bytes: usize) -> Option<Fee> {
    let bytes = u128::try_from(bytes).ok()?;
    let storage = byte_fee.checked_mul(bytes)?;
    let own = params.domain_byte_fee.checked_mul(bytes)?;
    let execution = params.weight_fee.checked_mul(u128::from(weight.0))?;
    let total = params.transaction_fee.checked_add(execution)?.checked_add(own)?.checked_add(storage)?;
    Some(Fee { total, storage })
}

/// Whether a transaction may still be included.
pub(crate) fn in_time(inherent: &Inherent, transaction: &Transaction) -> Result<(), BankError> {
    let (expiry, number) = (transaction.expiry, inherent.consensus_number);
    if number > expiry { Err(BankError::Expired { expiry, number }) } else { Ok(()) }
}

/// Whether a nonce is not too far ahead of the account's own.
pub(crate) fn in_window(account: &Account, nonce: Nonce) -> Result<(), BankError> {
    let expected = account.nonce;
    if nonce.0.saturating_sub(expected.0) >= NONCE_WINDOW {
        return Err(BankError::FutureNonce { nonce, expected });
    }
    Ok(())
}

/// Whether a nonce is still to come.
pub(crate) fn not_used(account: &Account, nonce: Nonce) -> Result<(), BankError> {
    let expected = account.nonce;
    if nonce < expected { Err(BankError::StaleNonce { nonce, expected }) } else { Ok(()) }
}

/// What the account holds once it has paid.
pub(crate) fn affordable(
    params: &ProtocolParams,
    account: &Account,
    transaction: &Transaction,
    fee: &Fee,
) -> Result<Amount, BankError> {
    let (needed, limit, available) = (fee.total, transaction.fee_limit, account.balance);
    if needed > limit {
        return Err(BankError::FeeLimitTooLow { needed, limit });
    }
    let left = available.checked_sub(needed).ok_or(BankError::InsufficientBalance { needed, available })?;
    let deposit = params.existential_deposit;
    if left < deposit { Err(BankError::BelowExistentialDeposit { left, deposit }) } else { Ok(left) }
}

/// Takes the fee and the nonce of a transaction whose turn it is.
pub(crate) fn charge(
    state: &mut (impl StateWrite + ?Sized),
    params: &ProtocolParams,
    inherent: &Inherent,
    transaction: &Transaction,
    fee: &Fee,
) -> Result<(), BankError> {
    in_time(inherent, transaction)?;
    let signer = transaction.signer.address();
    let mut account = account(state, &signer)?;
    let (nonce, expected) = (transaction.nonce, account.nonce);
    not_used(&account, nonce)?;
    if nonce > expected {
        return Err(BankError::FutureNonce { nonce, expected });
    }
    account.balance = affordable(params, &account, transaction, fee)?;
    account.nonce = account.nonce.checked_add(1).ok_or(BankError::Overflow)?;
    let mut fees = FEES.get(state)?.unwrap_or_default();
    let execution = fee.total.checked_sub(fee.storage).ok_or(BankError::Overflow)?;
    fees.storage = fees.storage.checked_add(fee.storage).ok_or(BankError::Overflow)?;
    fees.execution = fees.execution.checked_add(execution).ok_or(BankError::Overflow)?;
    ACCOUNTS.put(state, &signer, &account);
    FEES.put(state, &fees);
    Ok(())
}
