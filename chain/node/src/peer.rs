//! What nodes say to one another, whatever carries it.
//!
//! A node reaches its peers only through [`crate::Effect::Send`] and [`crate::Event::Message`], so the
//! in-memory network of the simulation and any real transport serve it alike.

use auto_core::{
    Block, BlockNumber, CodecError, Hash, List, PotProof, ProtocolParams, SignedTransaction, Submission,
    decode_strict,
};
use parity_scale_codec::{Decode, Encode};

/// A peer as its transport numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub u64);

/// Bytes that one message may have: a block of the largest preset with its justification.
pub const MESSAGE_BYTES_MAX: usize = 16 << 20;
/// Hashes in a locator: the last ones densely, then at doubling distances.
pub(crate) const LOCATOR_MAX: usize = 64;
/// Blocks in one answer.
pub(crate) const BLOCKS_MAX: usize = 64;
/// Bytes of blocks after which an answer is cut.
pub(crate) const BLOCKS_BYTES_SOFT_MAX: usize = 4 << 20;

/// One message between two nodes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Message {
    /// First message of either side: who it is and where its chain stands.
    #[codec(index = 0)]
    Hello(Box<Hello>),
    /// A proof of time for one slot.
    #[codec(index = 1)]
    Time(Box<PotProof>),
    /// A new block.
    #[codec(index = 2)]
    Block(Box<Block>),
    /// A transaction for the pool, or for the operators of its domain.
    #[codec(index = 3)]
    Transaction(Box<SignedTransaction>),
    /// Asks for the blocks after the first of these hashes that the peer has on its best chain.
    #[codec(index = 4)]
    GetBlocks(List<Hash, LOCATOR_MAX>),
    /// Answers [`Message::GetBlocks`], in order of height.
    #[codec(index = 5)]
    Blocks(List<Block, BLOCKS_MAX>),
    /// A submission for the pool.
    #[codec(index = 6)]
    Submission(Box<Submission>),
}

/// Introduces a node.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Hello {
    /// Hash of the genesis block.
    pub genesis: Hash,
    /// The parameters, so that a difference can be named.
    pub params: ProtocolParams,
    /// Hash of the best block.
    pub head: Hash,
    /// Its height.
    pub number: BlockNumber,
    /// Its cumulative weight.
    pub weight: u128,
}

impl Message {
    /// Decodes a message strictly.
    ///
    /// # Errors
    /// When the bytes are over the limit, malformed, or too many.
    pub fn decode_bytes(bytes: &[u8]) -> Result<Self, CodecError> {
        decode_strict(bytes, MESSAGE_BYTES_MAX)
    }
}

#[cfg(test)]
mod tests;
