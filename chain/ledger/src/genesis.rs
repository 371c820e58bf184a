//! The state that a chain starts from.

use crate::state::{balances, put_account, put_byte_fees, put_issuance};
use crate::{Account, ByteFees, Extension, Issuance, LedgerError, account_key, byte_fee, issuance};
use auto_core::{Amount, Genesis, HistorySize, Nonce, ProtocolParams};
use auto_state::{Changes, Overlay, StateRead, StateWrite};
use std::collections::BTreeMap;

/// The state of the genesis block, as changes over the empty state.
///
/// # Errors
/// [`LedgerError::GenesisInvalid`] when an account repeats or is below the existential deposit, the money
/// that may ever exist overflows, or the money does not add up; what the extension refuses.
pub fn genesis_state(genesis: &Genesis, extension: &dyn Extension) -> Result<Changes, LedgerError> {
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
    put_issuance(&mut state, &Issuance { total, ..Issuance::default() });
    put_price(&mut state, params, total);
    extension.genesis(genesis, &mut state).map_err(LedgerError::Extension)?;
    let total = issuance(&state)?.total;
    total
        .checked_add(params.reward_issuance)
        .ok_or(LedgerError::GenesisInvalid("the balances overflow with all rewards"))?;
    put_price(&mut state, params, total);
    let held = extension.held(&state).map_err(LedgerError::Extension)?;
    let changes = state.into_changes();
    if balances(&changes)?.checked_add(held) != Some(total) {
        return Err(LedgerError::GenesisInvalid("balances and what the extension holds do not add up"));
    }
    Ok(changes)
}

fn put_price(state: &mut impl StateWrite, params: &ProtocolParams, total: Amount) {
    let price = byte_fee(params, total, params.initial_solution_range, HistorySize::ONE);
    put_byte_fees(state, &ByteFees { current: price, next: price });
}
