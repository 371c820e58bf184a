//! What the index is given.

use auto_core::{BlockNumber, DomainId, Hash, ModuleId};
use autoid_core::Time;

/// Something that happened in a block of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happening<'a> {
    /// The module. What happened in modules other than `autoid` and `agents` is passed over.
    pub module: ModuleId,
    /// The event, in the encoding of its module.
    pub event: &'a [u8],
    /// The extrinsic that it happened in; none at the end of a block.
    pub extrinsic: Option<Hash>,
}

/// A block of a domain. The state after it goes with it.
#[derive(Debug, Clone, Copy)]
pub struct Block<'a> {
    /// The domain.
    pub domain: DomainId,
    /// Its height.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// The hash of the block before.
    pub parent: Hash,
    /// Chain time in it.
    pub time: Time,
    /// All that happened, in order.
    pub happenings: &'a [Happening<'a>],
}

/// A block of the consensus chain, for the content that it declares.
#[derive(Debug, Clone, Copy)]
pub struct ContentBlock<'a> {
    /// Its height.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Hash,
    /// The hash of the block before.
    pub parent: Hash,
    /// All objects that are stored by it, in order. Those that are no signed manifests are passed over.
    pub objects: &'a [&'a [u8]],
}

/// Which blocks of a chain are in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// The first block. What was said before it is not found.
    pub first: BlockNumber,
    /// The oldest height at which questions are answered.
    pub oldest: BlockNumber,
    /// The newest block.
    pub newest: BlockNumber,
    /// Its hash.
    pub hash: Hash,
}
