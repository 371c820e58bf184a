//! Taking the reserve of a carved meter.

use crate::authority::{self, Now};
use crate::perform::way;
use crate::{Agents, AgentsError, Event, budget};
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::GrantId;
use autoid_core::grant::Asset;
use parity_scale_codec::{Decode, Encode};

/// Takes the total of a carved meter from the meters above it, once. The grant says so itself, so anyone may see
/// to it; it belongs into the transaction that registers the grant.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Fund {
    /// The grant.
    pub grant: GrantId,
}

impl Fund {
    pub(crate) const WEIGHT: Weight = Weight(250_000);

    pub(crate) fn apply(
        &self,
        _cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AgentsError> {
        let (ids, grants) = authority::chain_of(&*state, &self.grant)?;
        let way = way(&ids, &grants, Asset::AI3)?;
        let amount = budget::fund(state, &way, Now::of(state)?.number)?;
        events.emit::<Agents>(&Event::Funded { grant: self.grant, amount });
        Ok(())
    }
}
