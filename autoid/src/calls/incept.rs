//! Beginning an identity.

use crate::registry::{changes, rules};
use crate::{Autoid, AutoidError, Event, deposit};
use auto_module::{CallContext, CheckContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::{Inception, Sign, transition};
use autoid_interface::{Envelope, StateView, network_of};
use parity_scale_codec::{Decode, Encode};

/// Begins an identity with the keys and under the parent that its inception names.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Incept {
    /// The inception, signed by its own keys and by the parent.
    pub inception: Envelope<Sign<Inception>>,
}

impl Incept {
    pub(crate) fn weight(&self) -> Weight {
        // The keys' signatures are verified twice: before any state is read, and as of the block.
        let signatures = changes::signatures(&self.inception);
        changes::WEIGHT.saturating_add(signatures).saturating_add(signatures)
    }

    pub(crate) fn check(&self, cx: &CheckContext<'_>) -> Result<(), AutoidError> {
        let network = network_of(&cx.environment.genesis, cx.environment.domain);
        transition::check_inception(self.inception.open()?, &network)?;
        Ok(())
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AutoidError> {
        let rules = rules(cx, state)?;
        let payer = cx.signer.0;
        let record = transition::incept(self.inception.open()?, payer, 0, &StateView::new(state)?, &rules)?;
        let event = Event::Incepted {
            id: record.id,
            kind: record.kind,
            parent: record.parent,
            status: record.status,
        };
        deposit::keep(state, cx, record)?;
        events.emit::<Autoid>(&event);
        Ok(())
    }
}
