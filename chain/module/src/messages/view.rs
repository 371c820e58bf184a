//! What can be read of the messages.

use super::{CHANNELS, Channel, MessageError, OUTBOX, state::ALLOWED};
use auto_core::{ChannelId, DomainId, Nonce};
use auto_state::StateRead;

/// One side of a channel.
///
/// # Errors
/// [`MessageError::UnknownChannel`], or that the state cannot be read.
pub fn channel(
    state: &(impl StateRead + ?Sized),
    peer: DomainId,
    channel: ChannelId,
) -> Result<Channel, MessageError> {
    CHANNELS.get(state, &(peer, channel))?.ok_or(MessageError::UnknownChannel { peer, channel })
}

/// Whether this chain deals with another.
///
/// # Errors
/// When the state cannot be read.
pub fn is_allowed(state: &(impl StateRead + ?Sized), peer: DomainId) -> Result<bool, MessageError> {
    Ok(ALLOWED.get(state, &peer)?.is_some())
}

/// The key of an outbox entry in the state of the chain that sent it, for proofs.
#[must_use]
pub fn outbox_key(dst: DomainId, channel: ChannelId, nonce: Nonce) -> Vec<u8> {
    OUTBOX.key(&(dst, channel, nonce))
}
