//! Acting within grants, and reserving a payment.

use super::Act;
use crate::authority::Now;
use crate::budget::Purpose;
use crate::log::Writer;
use crate::money::{escrow_account, pay};
use crate::perform::{Approvals, check, perform};
use crate::{Agents, AgentsError, Escrow, Event, Intent, Terms, escrow, vault, view};
use auto_core::List;
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::{Call, Sign1};
use autoid_interface::Envelope;
use parity_scale_codec::{Decode, Encode};

/// A call that reserves what it spends until its payee settles, as [`Act`] pays it.
///
/// The call is bound to the terms ([`Terms::binding`]), and its digest is the number of the escrow.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Open {
    /// The call, signed by whoever acts.
    pub call: Envelope<Sign1<Call>>,
    /// Approvals that grants of the chain ask for.
    pub approvals: Approvals,
    /// Why it is made; the call names its digest.
    pub intent: Intent,
    /// On what terms.
    pub terms: Terms,
}

impl Open {
    pub(crate) fn weight(&self) -> Weight {
        Act::weight_of((&self.call, &self.approvals))
    }

    pub(crate) fn check(&self) -> Result<(), AgentsError> {
        let call = self.call.open()?.body();
        if call.spend.is_none() {
            return Err(AgentsError::NothingToReserve);
        }
        if call.binding != Some(self.terms.binding()) {
            return Err(AgentsError::TermsMismatch);
        }
        check((&self.call, &self.approvals), &self.intent)
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AgentsError> {
        let now = Now::of(state)?;
        let wanted = self.terms.deadline;
        let most = now.number.saturating_add(view::params(state)?.escrow_blocks_max);
        if !(now.number..=most).contains(&wanted) {
            return Err(AgentsError::Deadline { wanted, least: now.number, most });
        }
        let binding = Some(self.terms.binding());
        let performed = perform((&self.call, &self.approvals), binding, Purpose::Reserve, cx, state)?;
        let (reserved, payee) = performed.spend.ok_or(AgentsError::NothingToReserve)?;
        let domain = &cx.block.environment.params;
        if reserved < domain.existential_deposit {
            return Err(AgentsError::ReserveTooSmall { reserved, least: domain.existential_deposit });
        }
        pay(state, domain, (&vault(&performed.subject), &escrow_account()), reserved)?;

        let mut log = Writer::open(state, performed.actor, now, events)?;
        let act = log.acted(state, &performed, self.intent, true)?;
        log.close(state);
        let escrow = Escrow {
            subject: performed.subject,
            agent: performed.actor,
            act,
            chain: List::new(self.call.open()?.body().chain.clone()).map_err(|_| AgentsError::Overflow)?,
            meters: List::new(performed.meters).map_err(|_| AgentsError::Overflow)?,
            payee,
            reserved,
            terms: self.terms,
            opened: now.number,
        };
        escrow::keep(state, &performed.digest, &escrow)?;
        events.emit::<Agents>(&Event::Opened { escrow: performed.digest, terms: Box::new(escrow) });
        Ok(())
    }
}
