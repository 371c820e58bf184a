//! Every key of the messages, and the values under them.

use crate::Map;
use crate::messages::Message;
use auto_core::{Address, Amount, BlockNumber, ChannelId, DomainId, Hash, Nonce};
use parity_scale_codec::{Decode, Encode};

/// Requests that one direction of a channel may have unanswered, and nonces from the next one that a bundle
/// may hold.
pub const WINDOW: u64 = 256;

/// How far a channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub enum ChannelState {
    /// Opened from here, not yet answered.
    #[codec(index = 0)]
    Opening,
    /// In use.
    #[codec(index = 1)]
    Open,
    /// No more requests go out, and those that come in are refused.
    #[codec(index = 2)]
    Closed,
}

/// One side of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Channel {
    /// How far it is.
    pub state: ChannelState,
    /// Who opened it from here, and may close it.
    pub owner: Option<Address>,
    /// What is held of the owner.
    pub deposit: Amount,
    /// Nonce of the next message to receive.
    pub next_inbox: Nonce,
    /// Nonce of the next message to send.
    pub next_outbox: Nonce,
    /// Responses below this nonce are gone from the outbox: the other side has them.
    pub pruned: Nonce,
    /// Requests that wait for their response.
    pub unanswered: u64,
}

impl Channel {
    /// A side of which nothing was sent or received.
    #[must_use]
    pub(crate) const fn new(state: ChannelState, owner: Option<Address>, deposit: Amount) -> Self {
        let start = Nonce(0);
        Self { state, owner, deposit, next_inbox: start, next_outbox: start, pruned: start, unanswered: 0 }
    }
}

/// Which of two chains opened a channel of this number: the lower one the even numbers.
#[must_use]
pub fn channel_opener(one: DomainId, other: DomainId, channel: ChannelId) -> DomainId {
    if channel.0.is_multiple_of(2) { one.min(other) } else { one.max(other) }
}

/// The newest confirmed block of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Confirmed {
    /// Height of the domain block.
    pub number: BlockNumber,
    /// Hash of its receipt.
    pub receipt: Hash,
    /// Root of the domain's state after it.
    pub state_root: Hash,
}

/// The chains that this chain deals with.
pub(crate) const ALLOWED: Map<DomainId, ()> = Map::new("messages/allowed");
/// Channels opened from here, by the other chain.
pub(crate) const OPENED: Map<DomainId, u64> = Map::new("messages/opened");
/// The channels, by the other chain.
pub const CHANNELS: Map<(DomainId, ChannelId), Channel> = Map::new("messages/channel");
/// What was sent and may still be wanted.
pub const OUTBOX: Map<(DomainId, ChannelId, Nonce), Message> = Map::new("messages/outbox");
/// Roots of the mountain range, by the height of the consensus block whose header names them.
pub const ROOTS: Map<BlockNumber, Hash> = Map::new("messages/root");
/// Heights that have a root, by position in a ring.
pub(crate) const RING: Map<u64, BlockNumber> = Map::new("messages/ring");
/// The newest confirmed block of every domain; written by the consensus chain into its own state.
pub const CONFIRMED: Map<DomainId, Confirmed> = Map::new("messages/confirmed");
