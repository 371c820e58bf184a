//! Sending money to another chain.

use crate::messages::{MessageError, Post};
use crate::{CallContext, CheckContext, Weight};
use auto_core::{Address, Amount, ChannelId, DomainId};
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};

/// Sends money of the signer to an account on another chain.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Transfer {
    /// The other chain.
    pub chain: DomainId,
    /// The channel to it.
    pub channel: ChannelId,
    /// Who receives it there.
    pub to: Address,
    /// How much; at least the existential deposit.
    pub amount: Amount,
}

impl Transfer {
    /// Measured: see [`Weight`].
    pub(crate) const WEIGHT: Weight = Weight(130_000);

    pub(crate) fn check(&self, cx: &CheckContext<'_>) -> Result<(), MessageError> {
        let (amount, deposit) = (self.amount, cx.environment.params.existential_deposit);
        if amount < deposit { Err(MessageError::TooLittle { amount, deposit }) } else { Ok(()) }
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        post: &mut Post<'_>,
    ) -> Result<(), MessageError> {
        post.transfer(state, (self.chain, self.channel), &cx.signer, &self.to, self.amount).map(drop)
    }
}
