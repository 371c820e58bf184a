//! Stating what came of an act.

use crate::authority::{self, Now};
use crate::log::Writer;
use crate::{AgentsError, Deed, Outcome, PENDING};
use auto_core::{Amount, Hash};
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::verify::signed_by;
use autoid_core::{AutoId, Relations, Sign1};
use autoid_interface::{Envelope, StateView};
use parity_scale_codec::{Decode, Encode};

/// A counterparty's signature over an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Confirmation {
    /// Who confirms.
    pub by: AutoId,
    /// The same outcome, signed by a key of theirs that asserts.
    pub outcome: Envelope<Sign1<Outcome>>,
}

/// An outcome, signed by whoever acted, and confirmed by whom it concerned or not.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    /// The outcome.
    pub outcome: Envelope<Sign1<Outcome>>,
    /// The confirmation.
    pub confirmation: Option<Confirmation>,
}

impl Report {
    /// For every signature, which may be by ES256, and for the rest (`--example agent_weights`).
    const SIGNATURE: Weight = Weight(180_000);
    const BASE: Weight = Weight(60_000);

    pub(crate) const fn weight(&self) -> Weight {
        let one = Self::BASE.saturating_add(Self::SIGNATURE);
        if self.confirmation.is_some() { one.saturating_add(Self::SIGNATURE) } else { one }
    }

    pub(crate) fn check(&self) -> Result<(), AgentsError> {
        let outcome = self.outcome.open()?.body();
        match &self.confirmation {
            Some(confirmation) if confirmation.by == outcome.agent => Err(AgentsError::ConfirmsItself),
            Some(confirmation) if confirmation.outcome.open()?.body() != outcome => {
                Err(AgentsError::ConfirmsAnother)
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AgentsError> {
        let signed = self.outcome.open()?;
        let outcome = signed.body();
        let (agent, act) = (outcome.agent, outcome.act);
        let pending = PENDING.get(state, &(agent, act))?.ok_or(AgentsError::NotPending(act))?;
        if pending.call != outcome.call {
            return Err(AgentsError::WrongAct(act));
        }
        let now = Now::of(state)?;
        if now.number > pending.due {
            return Err(AgentsError::OutcomeOverdue { due: pending.due, number: now.number });
        }
        let (view, network) = (StateView::new(state)?, authority::genesis(cx.block.environment));
        signed_by(signed, &agent, Relations::INVOKE, &view, &network)?;
        if let Some(confirmation) = &self.confirmation {
            let (by, signed) = (&confirmation.by, confirmation.outcome.open()?);
            signed_by(signed, by, Relations::ASSERT, &view, &network)?;
        }
        let mut log = Writer::open(state, agent, now, events)?;
        log.ended(state, act)?;
        log.append(Deed::Ended {
            act,
            status: outcome.status,
            outputs: Hash(outcome.outputs),
            cost: Amount::from_base_units(outcome.cost),
            side_effects: Hash(outcome.side_effects),
            confirmed_by: self.confirmation.as_ref().map(|confirmation| confirmation.by),
        })?;
        log.clear_overdue(state)?;
        log.close(state);
        Ok(())
    }
}
