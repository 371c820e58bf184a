//! Moving money out of a vault by order.

use crate::money::pay;
use crate::{Agents, AgentsError, Event, authority, vault};
use auto_core::{Address, Amount};
use auto_module::{CallContext, Events};
use auto_state::StateWrite;
use autoid_core::AutoId;

/// `by`, whose order it is, is active. A vault opens to its identity; the vault of an identity that can never act
/// again opens to the nearest one above that can.
pub(super) fn apply(
    by: &AutoId,
    (from, to): (&AutoId, &Address),
    amount: Amount,
    cx: &CallContext<'_>,
    state: &mut dyn StateWrite,
    events: &mut Events,
) -> Result<(), AgentsError> {
    if by != from && authority::heir(&*state, from)? != Some(*by) {
        return Err(AgentsError::NotTheVault(*from));
    }
    pay(state, &cx.block.environment.params, (&vault(from), to), amount)?;
    events.emit::<Agents>(&Event::Withdrawn { from: *from, by: *by, to: *to, amount });
    Ok(())
}
