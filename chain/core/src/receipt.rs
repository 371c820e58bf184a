//! Execution receipts: what an operator claims that executing one block of a domain gave.

use crate::{Amount, BlockNumber, DomainId, Hash, List, hash_parts, tag};
use parity_scale_codec::{Decode, Encode};

/// Bundles that one block of a domain may be made of.
pub const DOMAIN_BLOCK_BUNDLES_MAX: usize = 64;
/// Transactions of users that one block of a domain may hold.
pub const DOMAIN_BLOCK_EXTRINSICS_MAX: usize = 3000;
/// Roots of a trace: after initialization, after each extrinsic, after finalization; and a few to spare, so
/// that a receipt with too many can be stated, and proven wrong.
pub const TRACE_ROOTS_MAX: usize = 4096;
/// Chains that one domain exchanges transfers with in one block.
pub const TRANSFER_CHAINS_MAX: usize = 64;

/// Why a bundle's transactions must not run, in the order in which the rules are checked.
///
/// Extrinsics are checked by rising index; of one extrinsic the first rule that fails counts. The weight is
/// checked last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum InvalidBundle {
    /// The extrinsic of this index is not an extrinsic of the domain.
    #[codec(index = 0)]
    UndecodableTx(u32),
    /// The signer of the extrinsic is outside the operator's range.
    #[codec(index = 1)]
    OutOfRangeTx(u32),
    /// The extrinsic is one that only the block itself may begin with.
    #[codec(index = 2)]
    InherentExtrinsic(u32),
    /// The extrinsic relays a message that was never sent, or not to here.
    #[codec(index = 3)]
    InvalidMessage(u32),
    /// The extrinsic is not signed, not for this domain, too heavy, refused by a module whatever the state, out
    /// of its time, or its nonce is far ahead.
    #[codec(index = 4)]
    IllegalTx(u32),
    /// The header's weight is not that of the extrinsics.
    #[codec(index = 5)]
    InvalidWeight,
}

impl InvalidBundle {
    /// Position among all reasons in the order of checking: index first, then rule.
    #[must_use]
    pub const fn order(&self) -> (u64, u8) {
        match self {
            Self::UndecodableTx(index) => (*index as u64, 0),
            Self::OutOfRangeTx(index) => (*index as u64, 1),
            Self::InherentExtrinsic(index) => (*index as u64, 2),
            Self::InvalidMessage(index) => (*index as u64, 3),
            Self::IllegalTx(index) => (*index as u64, 4),
            Self::InvalidWeight => (u64::MAX, 5),
        }
    }

    /// The extrinsic that is at fault; `None` for the bundle as a whole.
    #[must_use]
    pub const fn extrinsic(&self) -> Option<u32> {
        match self {
            Self::UndecodableTx(index)
            | Self::OutOfRangeTx(index)
            | Self::InherentExtrinsic(index)
            | Self::InvalidMessage(index)
            | Self::IllegalTx(index) => Some(*index),
            Self::InvalidWeight => None,
        }
    }
}

/// What a receipt says about one bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum BundleVerdict {
    /// Its extrinsics run; the digest covers signer, nonce and hash of each.
    #[codec(index = 0)]
    Valid(Hash),
    /// None of its extrinsics runs.
    #[codec(index = 1)]
    Invalid(InvalidBundle),
}

/// One bundle of a domain block as its receipt names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct InboxedBundle {
    /// What became of it.
    pub verdict: BundleVerdict,
    /// Merkle root over the hashes of its extrinsics.
    pub extrinsics_root: Hash,
}

/// What a domain block took in fees, all of it out of balances on the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode, serde::Serialize)]
pub struct BlockFees {
    /// For bytes on the consensus chain; refills the funds that paid for the bundles.
    pub storage: Amount,
    /// For execution; earned by the operators that submitted the receipt.
    pub execution: Amount,
    /// Destroyed.
    pub burned: Amount,
}

/// What a domain block moved between its domain and other chains, each list by rising chain, no chain twice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode, serde::Serialize)]
pub struct Transfers {
    /// Credited here, by the chain it came from.
    pub incoming: List<(DomainId, Amount), TRANSFER_CHAINS_MAX>,
    /// Taken from balances here, by the chain it goes to.
    pub outgoing: List<(DomainId, Amount), TRANSFER_CHAINS_MAX>,
    /// Refused here, by the chain it came from; that chain may claim it back.
    pub rejected: List<(DomainId, Amount), TRANSFER_CHAINS_MAX>,
    /// Given back here, by the chain that had refused it.
    pub reclaimed: List<(DomainId, Amount), TRANSFER_CHAINS_MAX>,
}

/// What executing one block of a domain gave.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ExecutionReceipt {
    /// The domain.
    pub domain: DomainId,
    /// Height of the domain block; its genesis has zero.
    pub number: BlockNumber,
    /// Hash of the domain block's header ([`DomainHeader`]).
    pub block_hash: Hash,
    /// Merkle root over the hashes of the inherent and the ordered extrinsics.
    pub extrinsics_root: Hash,
    /// Hash of the receipt of the domain block before.
    pub parent_receipt: Hash,
    /// Height of the consensus block that the domain block is derived from.
    pub consensus_number: BlockNumber,
    /// Its hash.
    pub consensus_hash: Hash,
    /// The bundles of that consensus block, in its order.
    pub bundles: List<InboxedBundle, DOMAIN_BLOCK_BUNDLES_MAX>,
    /// Root of the domain's state after the block.
    pub final_state_root: Hash,
    /// Roots after initialization, after each extrinsic, after finalization.
    pub trace: List<Hash, TRACE_ROOTS_MAX>,
    /// Merkle root over the trace.
    pub trace_root: Hash,
    /// What the block took.
    pub fees: BlockFees,
    /// What the block moved.
    pub transfers: Transfers,
}

impl ExecutionReceipt {
    /// Identity of the receipt.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash_parts(tag::RECEIPT, &[&self.encode()])
    }
}

/// The header of a domain block: a function of its receipt and the receipt before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct DomainHeader {
    /// The domain.
    pub domain: DomainId,
    /// Height.
    pub number: BlockNumber,
    /// Hash of the domain block before; zero in the genesis block.
    pub parent_hash: Hash,
    /// Merkle root over the hashes of the inherent and the ordered extrinsics.
    pub extrinsics_root: Hash,
    /// Root of the domain's state after the block.
    pub state_root: Hash,
}

impl DomainHeader {
    /// The domain block's hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash_parts(tag::DOMAIN_HEADER, &[&self.encode()])
    }
}
