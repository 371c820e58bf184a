//! Clearing the record of an agent that can never act again.

use super::retire;
use crate::{AgentsError, authority};
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::AutoId;
use autoid_interface::IDENTITIES;
use parity_scale_codec::{Decode, Encode};

/// Removes the record of an agent whose identity was revoked or deactivated; what was held for it goes back to
/// who paid it. Anyone may.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Clear {
    /// The agent.
    pub agent: AutoId,
}

impl Clear {
    pub(crate) const WEIGHT: Weight = Weight(50_000);

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AgentsError> {
        let identity = IDENTITIES.get(state, &self.agent)?.ok_or(AgentsError::NoIdentity(self.agent))?;
        if !authority::is_over(identity.status) {
            return Err(AgentsError::StillAlive(self.agent));
        }
        retire::apply(&self.agent, cx, state, events)
    }
}
