//! Carrying an order of an identity to the chain.

use super::{register, renew, retire, withdraw};
use crate::authority::{self, Now};
use crate::{Action, AgentsError, ORDERS, Order};
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::Sign;
use autoid_core::verify::controlled_by;
use autoid_interface::{Envelope, StateView};
use parity_scale_codec::{Decode, Encode};

/// An order, signed by those who control the identity.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Carry {
    /// The order.
    pub order: Envelope<Sign<Order>>,
}

impl Carry {
    /// Beside the signatures, of which each takes as much as one by ES256 does (`--example agent_weights`).
    const BASE: Weight = Weight(60_000);
    const SIGNATURE: u64 = 180_000;

    pub(crate) fn weight(&self) -> Weight {
        let signatures = self.order.open().map_or(0, |order| order.signatures().len());
        let signatures = u64::try_from(signatures).unwrap_or(u64::MAX);
        Self::BASE.saturating_add(Weight(signatures.saturating_mul(Self::SIGNATURE)))
    }

    pub(crate) fn check(&self) -> Result<(), AgentsError> {
        self.order.open()?.body().check_action()
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AgentsError> {
        let signed = self.order.open()?;
        let order = signed.body();
        let now = Now::of(state)?;
        if now.number > order.valid_until {
            return Err(AgentsError::OrderExpired { valid_until: order.valid_until, number: now.number });
        }
        let expected = ORDERS.get(state, &order.id)?.unwrap_or_default();
        if order.seq != expected {
            return Err(AgentsError::OrderSequence { actual: order.seq, expected });
        }
        let record = {
            let (view, network) = (StateView::new(state)?, authority::genesis(cx.block.environment));
            controlled_by(signed, &order.id, &view, &network)?
        };
        ORDERS.put(state, &order.id, &expected.checked_add(1).ok_or(AgentsError::Overflow)?);
        match &order.action {
            Action::Register(profile) => register::apply(&record, profile, cx, state, events),
            Action::Renew { live_until } => renew::apply(&order.id, *live_until, cx, state, events),
            Action::Retire => retire::apply(&order.id, cx, state, events),
            Action::Withdraw { from, to, amount } => {
                withdraw::apply(&order.id, (from, to), *amount, cx, state, events)
            }
        }
    }
}
