//! What can happen to messages.

use super::Message;
use auto_core::{ChannelId, DomainId, Nonce};
use parity_scale_codec::{Decode, Encode};

/// Something that happened in a channel.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    /// A message is in the outbox; whoever relays it starts from here.
    #[codec(index = 0)]
    Sent(Box<Message>),
    /// A request was received and answered.
    #[codec(index = 1)]
    Received {
        /// The request.
        message: Box<Message>,
        /// Done, or the number in the code of why it was refused.
        result: Result<(), u16>,
    },
    /// The response to a request arrived.
    #[codec(index = 2)]
    Answered {
        /// The request.
        request: Box<Message>,
        /// Done, or the number in the code of why it was refused.
        result: Result<(), u16>,
    },
    /// A channel is in use.
    #[codec(index = 3)]
    Opened {
        /// The other chain.
        peer: DomainId,
        /// The channel.
        channel: ChannelId,
    },
    /// A channel is closed on this side.
    #[codec(index = 4)]
    Closed {
        /// The other chain.
        peer: DomainId,
        /// The channel.
        channel: ChannelId,
    },
    /// A response was received that answers nothing; it had no effect.
    #[codec(index = 5)]
    Unasked {
        /// The other chain.
        peer: DomainId,
        /// The channel.
        channel: ChannelId,
        /// The request that does not exist.
        nonce: Nonce,
    },
}
