//! The money that a domain starts from, and its sum after every block.

use super::{ACCOUNTS, Account, BankError, FEES, ISSUANCE, TRANSFERS};
use auto_core::{Amount, BlockFees, DomainId, GenesisDomain, Nonce, ProtocolParams, Transfers};
use auto_state::StateWrite;

/// Writes the balances of a domain's genesis.
pub(super) fn genesis(
    state: &mut dyn StateWrite,
    params: &ProtocolParams,
    genesis: &GenesisDomain,
) -> Result<(), BankError> {
    let mut total = Amount::ZERO;
    for entry in genesis.accounts.iter() {
        if entry.balance < params.existential_deposit {
            return Err(BankError::GenesisInvalid("a balance is below the existential deposit"));
        }
        if ACCOUNTS.get(state, &entry.address)?.is_some() {
            return Err(BankError::GenesisInvalid("an account is listed twice"));
        }
        total = total.checked_add(entry.balance).ok_or(BankError::GenesisInvalid("the balances overflow"))?;
        ACCOUNTS.put(state, &entry.address, &Account { balance: entry.balance, nonce: Nonce(0) });
    }
    ISSUANCE.put(state, &total);
    FEES.put(state, &BlockFees::default());
    TRANSFERS.put(state, &Transfers::default());
    Ok(())
}

fn sum(flow: &[(DomainId, Amount)]) -> Option<Amount> {
    flow.iter().try_fold(Amount::ZERO, |sum, (_, amount)| sum.checked_add(*amount))
}

/// The money after a block; `None` when it overflows or would be less than nothing.
pub(super) fn issuance_after(before: Amount, fees: &BlockFees, transfers: &Transfers) -> Option<Amount> {
    before
        .checked_add(sum(&transfers.incoming)?)?
        .checked_add(sum(&transfers.reclaimed)?)?
        .checked_sub(sum(&transfers.outgoing)?)?
        .checked_sub(fees.storage)?
        .checked_sub(fees.execution)?
        .checked_sub(fees.burned)
}

/// Brings the sum of all money up to date at the end of a block.
pub(crate) fn settle(state: &mut dyn StateWrite) -> Result<(), BankError> {
    let before = ISSUANCE.get(state)?.unwrap_or_default();
    let fees = FEES.get(state)?.unwrap_or_default();
    let transfers = TRANSFERS.get(state)?.unwrap_or_default();
    let after = issuance_after(before, &fees, &transfers).ok_or(BankError::Overflow)?;
    ISSUANCE.put(state, &after);
    Ok(())
}
