//! Keeping an agent in searches.

use super::register::check_live_until;
use crate::{Agents, AgentsError, Event, RECORDS, view};
use auto_module::{CallContext, Events};
use auto_state::StateWrite;
use autoid_core::AutoId;

pub(super) fn apply(
    agent: &AutoId,
    live_until: u64,
    cx: &CallContext<'_>,
    state: &mut dyn StateWrite,
    events: &mut Events,
) -> Result<(), AgentsError> {
    let mut record = RECORDS.get(state, agent)?.ok_or(AgentsError::NotRegistered(*agent))?;
    let number = cx.block.inherent.number.0;
    check_live_until(&view::params(state)?, live_until, number)?;
    (record.profile.live_until, record.updated) = (live_until, number);
    RECORDS.put(state, agent, &record);
    events.emit::<Agents>(&Event::Renewed { agent: *agent, live_until });
    Ok(())
}
