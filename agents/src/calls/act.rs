//! Acting within grants, and paying at once.

use crate::budget::Purpose;
use crate::log::Writer;
use crate::money::{account_of, pay};
use crate::perform::{Approvals, Signed, check, perform};
use crate::{AgentsError, Intent, vault};
use auto_module::{CallContext, Events, Weight};
use auto_state::StateWrite;
use autoid_core::{Call, Sign1};
use autoid_interface::Envelope;
use parity_scale_codec::{Decode, Encode};

/// A call under grants that are stored on chain, with what it needs.
///
/// It is verified over the state of the block, used up, debited from every grant of its chain, paid out of the
/// owner's vault, and noted in the log of whoever acts: all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Act {
    /// The call, signed by whoever acts.
    pub call: Envelope<Sign1<Call>>,
    /// Approvals that grants of the chain ask for.
    pub approvals: Approvals,
    /// Why it is made; the call names its digest.
    pub intent: Intent,
}

impl Act {
    /// With the signature of the call, which may be by ES256 (`--example agent_weights`).
    const BASE: Weight = Weight(200_000);
    /// For every grant of the chain: it is read with its issuer, its meters and its revocation list.
    const LINK: u64 = 60_000;
    /// For every approval: its signature, and the identity that it is by.
    const SIGNATURE: u64 = 200_000;

    pub(super) fn weight_of((call, approvals): Signed<'_>) -> Weight {
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        // What is no call is refused before it is weighed.
        let links = call.open().map_or(0, |call| call.body().chain.len());
        let links = count(links).saturating_mul(Self::LINK);
        let signatures = count(approvals.len()).saturating_mul(Self::SIGNATURE);
        Self::BASE.saturating_add(Weight(links)).saturating_add(Weight(signatures))
    }

    pub(crate) fn weight(&self) -> Weight {
        Self::weight_of((&self.call, &self.approvals))
    }

    pub(crate) fn check(&self) -> Result<(), AgentsError> {
        check((&self.call, &self.approvals), &self.intent)
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AgentsError> {
        let performed = perform((&self.call, &self.approvals), None, Purpose::Pay, cx, state)?;
        if let Some((amount, payee)) = &performed.spend {
            let way = (&vault(&performed.subject), &account_of(payee));
            pay(state, &cx.block.environment.params, way, *amount)?;
        }
        let mut log = Writer::open(state, performed.actor, performed.now, events)?;
        log.acted(state, &performed, self.intent, false)?;
        if let Some((amount, _)) = performed.spend {
            log.paid(amount)?;
        }
        log.close(state);
        Ok(())
    }
}
