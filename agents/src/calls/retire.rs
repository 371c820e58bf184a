//! Ending the record of an agent.

use crate::money::{deposits_account, pay};
use crate::{Agents, AgentsError, Event, RECORDS};
use auto_module::{CallContext, Events};
use auto_state::StateWrite;
use autoid_core::AutoId;

/// Removes the record and gives what was held for it to who paid it.
pub(super) fn apply(
    agent: &AutoId,
    cx: &CallContext<'_>,
    state: &mut dyn StateWrite,
    events: &mut Events,
) -> Result<(), AgentsError> {
    let record = RECORDS.get(state, agent)?.ok_or(AgentsError::NotRegistered(*agent))?;
    let returned = record.held().ok_or(AgentsError::Overflow)?;
    pay(state, &cx.block.environment.params, (&deposits_account(), &record.payer), returned)?;
    RECORDS.delete(state, agent);
    events.emit::<Agents>(&Event::Retired { agent: *agent, payer: record.payer, returned });
    Ok(())
}
