//! Giving back what a carved meter has left.

use crate::authority;
use crate::perform::way;
use crate::{Agents, AgentsError, Event, budget};
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::GrantId;
use autoid_core::grant::Asset;
use parity_scale_codec::{Decode, Encode};

/// Gives what a carved meter has left back to the meters above it, once its grant can never hold again. Anyone
/// may, as often as something is left.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Reclaim {
    /// The grant.
    pub grant: GrantId,
}

impl Reclaim {
    pub(crate) const WEIGHT: Weight = Weight(350_000);

    pub(crate) fn apply(
        &self,
        _cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AgentsError> {
        let (ids, grants) = authority::chain_of(&*state, &self.grant)?;
        let (subject, holder) = match grants.last() {
            Some(last) => (last.body().sub, last.body().aud),
            None => return Err(AgentsError::NoGrant(self.grant)),
        };
        if !authority::can_never_hold(&*state, (&subject, &holder), &ids)? {
            return Err(AgentsError::StillInForce(self.grant));
        }
        let way = way(&ids, &grants, Asset::AI3)?;
        let amount = budget::reclaim(state, &way)?;
        events.emit::<Agents>(&Event::Reclaimed { grant: self.grant, amount });
        Ok(())
    }
}
