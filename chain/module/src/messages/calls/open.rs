//! Opening a channel.

use crate::messages::{MessageError, Post};
use crate::{CallContext, CheckContext, Weight};
use auto_core::DomainId;
use auto_state::StateWrite;
use parity_scale_codec::{Decode, Encode};

/// Opens a channel to another chain; the signer's deposit is held until it closes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Open {
    /// The other chain.
    pub chain: DomainId,
}

impl Open {
    /// Measured: see [`Weight`].
    pub(crate) const WEIGHT: Weight = Weight(240_000);

    pub(crate) fn check(&self, cx: &CheckContext<'_>) -> Result<(), MessageError> {
        if self.chain == cx.environment.domain { Err(MessageError::FromHere) } else { Ok(()) }
    }

    pub(crate) fn apply(
        &self,
        cx: &CallContext<'_>,
        state: &mut dyn StateWrite,
        post: &mut Post<'_>,
    ) -> Result<(), MessageError> {
        post.open(state, self.chain, Some(cx.signer)).map(drop)
    }
}
