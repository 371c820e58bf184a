//! Giving an escrow back.

use super::settle::close;
use crate::authority::{self, Now};
use crate::{AgentsError, ESCROWS, EscrowId};
use auto_core::Amount;
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};

/// Gives an escrow back whose deadline has passed, or whose grants can never hold again. Anyone may.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Refund {
    /// The escrow.
    pub escrow: EscrowId,
}

impl Refund {
    pub(crate) const WEIGHT: Weight = Weight(350_000);

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AgentsError> {
        let escrow = ESCROWS.get(state, &self.escrow)?.ok_or(AgentsError::NoEscrow)?;
        let deadline = escrow.terms.deadline;
        let is_over = Now::of(state)?.number > deadline
            || authority::can_never_hold(&*state, (&escrow.subject, &escrow.agent), &escrow.chain)?;
        if !is_over {
            return Err(AgentsError::DeadlineAhead(deadline));
        }
        close(state, cx, events, (&self.escrow, &escrow), Amount::ZERO)
    }
}
