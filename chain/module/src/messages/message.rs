//! Messages and what proves them.

use auto_core::{
    Address, Amount, Blob, BlockNumber, ChannelId, DomainId, Hash, ModuleId, Nonce, hash_parts, tag,
};
use auto_state::StateProof;
use auto_state::mmr::{MmrLeaf, MmrProof};
use parity_scale_codec::{Decode, Encode};

/// Bytes that a module can send in one message.
pub const NOTICE_BYTES_MAX: usize = 8192;

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Payload {
    /// Open this channel; the first message of a channel, and no other.
    #[codec(index = 0)]
    Open,
    /// Close this channel.
    #[codec(index = 1)]
    Close,
    /// Credit an account with what was taken from another.
    #[codec(index = 2)]
    Transfer {
        /// Who sent it, there.
        from: Address,
        /// Who receives it, here.
        to: Address,
        /// How much.
        amount: Amount,
    },
    /// What became of a request of the other direction.
    #[codec(index = 3)]
    Response {
        /// The request.
        to: Nonce,
        /// Done, or the number in the code of why it was refused.
        result: Result<(), u16>,
    },
    /// Something between the same module of two chains.
    #[codec(index = 4)]
    Notice {
        /// The module.
        module: ModuleId,
        /// In the module's encoding.
        bytes: Blob<NOTICE_BYTES_MAX>,
    },
}

impl Payload {
    /// Whether it asks for a response.
    #[must_use]
    pub const fn is_request(&self) -> bool {
        !matches!(self, Self::Response { .. })
    }
}

/// A message from one chain to another.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Message {
    /// The chain that sent it.
    pub src: DomainId,
    /// The chain that it is for.
    pub dst: DomainId,
    /// The channel between the two.
    pub channel: ChannelId,
    /// Position in its direction of the channel.
    pub nonce: Nonce,
    /// The sender has received every message of the other direction below this one.
    pub received: Nonce,
    /// What it says.
    pub payload: Payload,
}

impl Message {
    /// Identity of the message.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash_parts(tag::MESSAGE, &[&self.encode()])
    }

    /// The address that stands for the source and the channel among the senders of extrinsics.
    #[must_use]
    pub fn sender(&self) -> Address {
        let (src, channel) = (self.src.0.to_le_bytes(), self.channel.0.to_le_bytes());
        Address(hash_parts(tag::MESSAGE_SENDER, &[&src, &channel]).0)
    }
}

/// That a message is in the outbox of its source.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum MessageProof {
    /// The source is the consensus chain.
    #[codec(index = 0)]
    Consensus {
        /// The height whose header's mountain range holds the leaf.
        anchor: BlockNumber,
        /// A consensus block before that.
        leaf: MmrLeaf,
        /// The leaf is in the range.
        mmr: MmrProof,
        /// The message is in the state of the leaf.
        message: StateProof,
    },
    /// The source is a domain.
    #[codec(index = 1)]
    Domain {
        /// The height whose header's mountain range holds the leaf.
        anchor: BlockNumber,
        /// A consensus block before that.
        leaf: MmrLeaf,
        /// The leaf is in the range.
        mmr: MmrProof,
        /// The domain's newest confirmed block in the state of the leaf.
        receipt: StateProof,
        /// The message is in the state of that block.
        message: StateProof,
    },
}

/// A message with its proof: what anyone may bring.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Relay {
    /// The message.
    pub message: Message,
    /// That it was sent.
    pub proof: MessageProof,
}
