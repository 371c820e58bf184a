//! What every block of a domain knows beside its state.

use crate::{Extrinsic, Item};
use auto_core::{Amount, BlockNumber, DomainId, Hash, ProtocolParams, Slot, extrinsic_hash};
use parity_scale_codec::{Decode, Encode};

/// What a domain never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The protocol parameters.
    pub params: ProtocolParams,
    /// Hash of the consensus chain's genesis block; part of every signed preimage.
    pub genesis: Hash,
    /// The domain.
    pub domain: DomainId,
}

/// What a block of a domain takes from the consensus block that it is derived from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Inherent {
    /// Height of the domain block.
    pub number: BlockNumber,
    /// Height of the consensus block.
    pub consensus_number: BlockNumber,
    /// Its hash.
    pub consensus_hash: Hash,
    /// Its header's root of the Merkle mountain range: over all consensus blocks before it.
    pub mmr_root: Hash,
    /// Its slot.
    pub slot: Slot,
    /// Its price of a byte.
    pub byte_fee: Amount,
    /// The runtime that the block runs under.
    pub runtime_version: u32,
}

impl Inherent {
    /// Hash under which the inherent leads the extrinsics of its block.
    #[must_use]
    pub fn hash(&self) -> Hash {
        extrinsic_hash(&Extrinsic::Inherent(Box::new(*self)).encode())
    }
}

/// The inherent of the newest block.
pub const INHERENT: Item<Inherent> = Item::new("runtime/inherent");
