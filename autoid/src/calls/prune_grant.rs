//! Forgetting a grant whose time is over.

use crate::deposit::give_back;
use crate::state::PLACES;
use crate::{Autoid, AutoidError, Event};
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::{GrantId, View};
use autoid_interface::{GRANTS, StateView};
use parity_scale_codec::{Decode, Encode};

/// Forgets a stored grant whose time is over, and gives its deposit back. Grants that rest on it ended no later.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PruneGrant {
    /// The grant.
    pub grant: GrantId,
}

impl PruneGrant {
    pub(crate) const WEIGHT: Weight = Weight(60_000);

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AutoidError> {
        let stored =
            GRANTS.get(state, &self.grant)?.ok_or(AutoidError::UnknownGrant { grant: self.grant })?;
        let grant = stored.grant.body();
        let now = StateView::new(state)?.point().time;
        if now < grant.exp {
            return Err(AutoidError::GrantRuns { exp: grant.exp, now });
        }
        GRANTS.delete(state, &self.grant);
        PLACES.delete(state, &(grant.iss, grant.rev));
        give_back(state, cx, &stored.payer, stored.deposit)?;
        events.emit::<Autoid>(&Event::GrantPruned { grant: self.grant });
        Ok(())
    }
}
