//! The state that a chain starts from.

use crate::state::{put_account, put_byte_fees, put_issuance};
use crate::{Account, ByteFees, Issuance, LedgerError, account_key, byte_fee};
use auto_core::{Amount, Genesis, HistorySize, Nonce};
use auto_state::{Changes, Overlay, StateRead};
use std::collections::BTreeMap;

/// The state of the genesis block, as changes over the empty state.
///
/// # Errors
/// [`LedgerError::GenesisInvalid`] when an account repeats or is below the existential deposit, or the
/// money that may ever exist overflows.
pub fn genesis_state(genesis: &Genesis) -> Result<Changes, LedgerError> {
    let params = &genesis.params;
    let empty = BTreeMap::new();
    let mut state = Overlay::new(&empty);
    let mut total = Amount::ZERO;
    for entry in genesis.accounts.iter() {
        if entry.balance < params.existential_deposit {
            return Err(LedgerError::GenesisInvalid("a balance is below the existential deposit"));
        }
        if state.get(&account_key(&entry.address))?.is_some() {
            return Err(LedgerError::GenesisInvalid("an account is listed twice"));
        }
        let sum = total.checked_add(entry.balance);
        total = sum.ok_or(LedgerError::GenesisInvalid("the balances overflow"))?;
        put_account(&mut state, &entry.address, &Account { balance: entry.balance, nonce: Nonce(0) });
    }
    total
        .checked_add(params.reward_issuance)
        .ok_or(LedgerError::GenesisInvalid("the balances overflow with all rewards"))?;
    put_issuance(&mut state, &Issuance { total, ..Issuance::default() });
    let price = byte_fee(params, total, params.initial_solution_range, HistorySize::ONE);
    put_byte_fees(&mut state, &ByteFees { current: price, next: price });
    Ok(state.into_changes())
}
