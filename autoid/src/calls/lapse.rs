//! Burying a pending identity that was not endorsed in time.

use crate::registry::changes;
use crate::{Autoid, AutoidError, Event, deposit};
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::{AutoId, Refusal, View, transition};
use autoid_interface::{IDENTITIES, StateView};
use parity_scale_codec::{Decode, Encode};

/// Buries a pending identity whose time for endorsements is over, and gives its deposit back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Lapse {
    /// The identity.
    pub id: AutoId,
}

impl Lapse {
    pub(crate) const WEIGHT: Weight = changes::WEIGHT;

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AutoidError> {
        let record = IDENTITIES.get(state, &self.id)?.ok_or(Refusal::UnknownIdentity { id: self.id })?;
        let point = StateView::new(state)?.point();
        let lapsed = transition::lapse(&record, point)?;
        deposit::keep(state, cx, lapsed)?;
        events.emit::<Autoid>(&Event::Expired { id: self.id });
        Ok(())
    }
}
