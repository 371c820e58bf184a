//! Moving money to another account.

use crate::bank::{Bank, BankError, Event, transfer};
use crate::{CallContext, Events, Weight};
use auto_core::{Address, Amount};
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};

/// Moves money of the signer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Transfer {
    /// Who receives it.
    pub to: Address,
    /// How much; not zero.
    pub amount: Amount,
}

impl Transfer {
    /// Measured: see [`Weight`].
    pub(crate) const WEIGHT: Weight = Weight(80_000);

    pub(crate) const fn check(&self) -> Result<(), BankError> {
        if self.amount.is_zero() { Err(BankError::ZeroAmount) } else { Ok(()) }
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        events: &mut Events,
    ) -> Result<(), BankError> {
        transfer(state, &cx.block.environment.params, &cx.signer, &self.to, self.amount)?;
        events.emit::<Bank>(&Event::Transferred { from: cx.signer, to: self.to, amount: self.amount });
        Ok(())
    }
}
