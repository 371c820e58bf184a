//! Closing a channel.

use crate::messages::{MessageError, Post, channel};
use crate::{CallContext, Weight};
use auto_core::{ChannelId, DomainId};
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};

/// Closes a channel that the signer opened, and gives the deposit back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Close {
    /// The other chain.
    pub chain: DomainId,
    /// The channel.
    pub channel: ChannelId,
}

impl Close {
    /// Measured: see [`Weight`].
    pub(crate) const WEIGHT: Weight = Weight(50_000);

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        post: &mut Post<'_>,
    ) -> Result<(), MessageError> {
        if channel(state, self.chain, self.channel)?.owner != Some(cx.signer) {
            return Err(MessageError::NotOwner);
        }
        post.close(state, self.chain, self.channel)
    }
}
