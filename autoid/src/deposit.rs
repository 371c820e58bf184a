//! Money that is held for what an entry takes up, and burned for what never goes away.

use crate::state::PARAMS;
use crate::{Autoid, AutoidError};
use auto_core::{Address, Amount, ProtocolParams};
use auto_module::{CallContext, Module, bank, module_account};
use auto_state::{StateRead, StateWrite};
use autoid_core::IdentityRecord;
use autoid_interface::{CERTIFICATES, IDENTITIES};
use parity_scale_codec::Encode;

/// The account on which all deposits lie.
#[must_use]
pub fn deposits_account() -> Address {
    module_account(Autoid::ID, b"deposits")
}

/// What an entry takes: the same for every key, and so much for every byte of its value.
pub(crate) fn price(state: &(impl StateRead + ?Sized), value: &impl Encode) -> Result<Amount, AutoidError> {
    let params = PARAMS.get(state)?.unwrap_or_default();
    let bytes = u128::try_from(value.encoded_size()).map_err(|_| AutoidError::Overflow)?;
    let size = params.byte_deposit.checked_mul(bytes).ok_or(AutoidError::Overflow)?;
    params.entry_deposit.checked_add(size).ok_or(AutoidError::Overflow)
}

/// Takes the price of something that stays for ever.
pub(crate) fn burn(
    state: &mut dyn StateWrite,
    cx: &CallContext<'_>,
    value: &impl Encode,
) -> Result<(), AutoidError> {
    let amount = price(state, value)?;
    Ok(bank::burn(state, params(cx), &cx.signer, amount)?)
}

/// Holds an amount of the signer.
pub(crate) fn hold(
    state: &mut dyn StateWrite,
    cx: &CallContext<'_>,
    amount: Amount,
) -> Result<(), AutoidError> {
    if amount.is_zero() {
        return Ok(());
    }
    Ok(bank::transfer(state, params(cx), &cx.signer, &deposits_account(), amount)?)
}

/// Gives an amount back to whoever paid it.
pub(crate) fn give_back(
    state: &mut dyn StateWrite,
    cx: &CallContext<'_>,
    payer: &Address,
    amount: Amount,
) -> Result<(), AutoidError> {
    if amount.is_zero() {
        return Ok(());
    }
    Ok(bank::release(state, params(cx), &deposits_account(), payer, amount)?)
}

const fn params<'a>(cx: &CallContext<'a>) -> &'a ProtocolParams {
    &cx.block.environment.params
}

/// Keeps a record, and holds what it now takes. Whoever pays for growth takes the whole deposit over; what a
/// record no longer takes goes back to whoever paid it.
pub(crate) fn keep(
    state: &mut dyn StateWrite,
    cx: &CallContext<'_>,
    mut record: IdentityRecord,
) -> Result<(), AutoidError> {
    let (held, payer) = (Amount::from_base_units(record.deposit), Address(record.payer));
    let mut needed = price(state, &record)?;
    if record.certificate.is_some() {
        let der = CERTIFICATES.get(state, &record.id)?.unwrap_or_default();
        needed = needed.checked_add(price(state, &der)?).ok_or(AutoidError::Overflow)?;
    }
    match needed.checked_sub(held) {
        None => give_back(state, cx, &payer, held.saturating_sub(needed))?,
        Some(more) if payer == cx.signer => hold(state, cx, more)?,
        Some(more) if more.is_zero() => {}
        Some(_) => {
            hold(state, cx, needed)?;
            give_back(state, cx, &payer, held)?;
            record.payer = cx.signer.0;
        }
    }
    record.deposit = needed.base_units();
    IDENTITIES.put(state, &record.id, &record);
    Ok(())
}
