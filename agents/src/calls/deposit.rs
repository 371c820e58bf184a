//! Paying into a vault.

use crate::{Agents, AgentsError, Event, vault};
use auto_core::Amount;
use auto_module::{CallContext, Events, Weight, bank};
use auto_state::StateWrite;
use autoid_core::AutoId;
use autoid_interface::IDENTITIES;
use parity_scale_codec::{Decode, Encode};

/// Moves money of the signer into the vault of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Deposit {
    /// The identity.
    pub to: AutoId,
    /// How much; not zero.
    pub amount: Amount,
}

impl Deposit {
    pub(crate) const WEIGHT: Weight = Weight(30_000);

    pub(crate) const fn check(&self) -> Result<(), AgentsError> {
        if self.amount.is_zero() { Err(AgentsError::ZeroAmount) } else { Ok(()) }
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), AgentsError> {
        if IDENTITIES.get(state, &self.to)?.is_none() {
            return Err(AgentsError::NoIdentity(self.to));
        }
        bank::transfer(state, &cx.block.environment.params, &cx.signer, &vault(&self.to), self.amount)?;
        events.emit::<Agents>(&Event::Deposited { to: self.to, from: cx.signer, amount: self.amount });
        Ok(())
    }
}
