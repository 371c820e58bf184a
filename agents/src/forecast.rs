//! Whether an act would be paid for, before anybody signs it.

use crate::budget::{self, Purpose};
use crate::perform::{count, way};
use crate::{AgentsError, view};
use auto_core::Amount;
use auto_module::bank::BankError;
use auto_state::{Overlay, StateRead};
use autoid_core::{Asset, AutoId, Call, Grant, Sign1, View as _};
use autoid_interface::StateView;

/// Whether calls and budget of every grant of a chain, and the vault of its owner, would take a call in the block of
/// this state. Beside that the verifier must admit the call: [`autoid_core::can`].
///
/// # Errors
/// The first limit that would refuse, or that the state cannot be read.
pub fn affords(state: &dyn StateRead, call: &Call, grants: &[Sign1<Grant>]) -> Result<(), AgentsError> {
    let mut after = Overlay::new(state);
    count(&mut after, &call.chain, grants)?;
    let Some(spend) = &call.spend else { return Ok(()) };
    if spend.asset != Asset::AI3 {
        return Err(AgentsError::ForeignAsset);
    }
    let amount = Amount::from_base_units(spend.amount);
    let number = StateView::new(state)?.point().block;
    budget::debit(&mut after, &way(&call.chain, grants, spend.asset)?, Purpose::Pay, amount, number)?;
    let subject: AutoId = grants.first().map_or(call.iss, |grant| grant.body().sub);
    let balance = view::balance(state, &subject)?;
    if balance < amount {
        return Err(BankError::InsufficientBalance { needed: amount, available: balance }.into());
    }
    Ok(())
}
