//! Block headers: fixed fields and a digest of consensus items that ends in the farmer's seal.

use crate::{
    BlockNumber, Hash, KeyPair, List, PotOutput, PublicKey, SegmentHeader, ShardId, Signature,
    SignatureError, Slot, Solution, SolutionRange, hash_parts, tag,
};
use parity_scale_codec::{Decode, Encode};

/// Items that a digest may hold.
pub const DIGEST_ITEMS_MAX: usize = 16;
/// Segment headers that one block may introduce.
pub const SEGMENT_HEADERS_MAX: usize = 64;

/// The items of a header's digest, in order.
pub type Digest = List<DigestItem, DIGEST_ITEMS_MAX>;

/// Which slot a block claims, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PreDigest {
    /// The slot that is claimed.
    pub slot: Slot,
    /// The claim.
    pub solution: Solution,
    /// Output of the claimed slot.
    pub proof_of_time: PotOutput,
    /// Output of the slot in which the block was authored: `slot + authoring delay`.
    pub future_proof_of_time: PotOutput,
}

/// A change of proof of time that is due at a slot: entropy, and perhaps more iterations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct PotParametersChange {
    /// The first slot of the changed chain.
    pub slot: Slot,
    /// Iterations from that slot on.
    pub iterations: u64,
    /// What is mixed into that slot's seed.
    pub entropy: Hash,
}

/// One item of a header's digest. Unknown items are refused: none can be skipped.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[non_exhaustive]
pub enum DigestItem {
    /// The claim to the slot.
    #[codec(index = 0)]
    PreDigest(Box<PreDigest>),
    /// Iterations of the block's own slot.
    #[codec(index = 1)]
    PotIterations(u64),
    /// The range that the block's solution had to meet.
    #[codec(index = 2)]
    SolutionRange(SolutionRange),
    /// The range from the next block on; only in the last block of an era.
    #[codec(index = 3)]
    NextSolutionRange(SolutionRange),
    /// A change of proof of time; only in blocks that schedule one.
    #[codec(index = 4)]
    PotParametersChange(PotParametersChange),
    /// Segments that this block adds to the archived history; only where there are any.
    #[codec(index = 5)]
    SegmentHeaders(List<SegmentHeader, SEGMENT_HEADERS_MAX>),
    /// The farmer's signature over the header without this item; always last.
    #[codec(index = 255)]
    Seal(Signature),
}

/// The header of a block.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// Always zero; room for shards.
    pub shard: ShardId,
    /// Height of the block.
    pub number: BlockNumber,
    /// Hash of the parent; in the genesis block, of all that the chain starts from.
    pub parent_hash: Hash,
    /// Merkle root over the hashes of the body's transactions.
    pub transactions_root: Hash,
    /// Root of the state after this block.
    pub state_root: Hash,
    /// Root of the Merkle mountain range over all blocks before this one.
    pub mmr_root: Hash,
    /// The consensus items.
    pub digest: Digest,
}

impl Header {
    /// The block hash: over the whole header, seal included.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash_parts(tag::HEADER, &[&self.encode()])
    }

    /// What the farmer signs: the hash over the header without its seal.
    #[must_use]
    pub fn pre_seal_hash(&self) -> Hash {
        let kept = self.digest.iter().filter(|item| !matches!(item, DigestItem::Seal(_)));
        let digest = List::new(kept.cloned().collect()).unwrap_or_default();
        hash_parts(tag::HEADER_PRE_SEAL, &[&Self { digest, ..self.clone() }.encode()])
    }

    /// Appends the farmer's seal; `None` when the digest is full.
    #[must_use]
    pub fn seal(mut self, pair: &KeyPair, genesis: &Hash) -> Option<Self> {
        let seal = pair.sign(tag::SEAL, genesis, self.pre_seal_hash().as_ref());
        let mut items = self.digest.into_inner();
        items.push(DigestItem::Seal(seal));
        self.digest = List::new(items).ok()?;
        Some(self)
    }

    /// Verifies `seal` as `key`'s signature over this header without its seal.
    ///
    /// # Errors
    /// When the signature does not hold.
    pub fn verify_seal(
        &self,
        key: &PublicKey,
        genesis: &Hash,
        seal: &Signature,
    ) -> Result<(), SignatureError> {
        key.verify(tag::SEAL, genesis, self.pre_seal_hash().as_ref(), seal)
    }

    /// The farmer's seal; `None` before sealing and in the genesis block.
    #[must_use]
    pub fn seal_signature(&self) -> Option<&Signature> {
        match self.digest.last() {
            Some(DigestItem::Seal(seal)) => Some(seal),
            _ => None,
        }
    }

    /// The claim to the slot; `None` in the genesis block.
    #[must_use]
    pub fn pre_digest(&self) -> Option<&PreDigest> {
        self.digest.iter().find_map(|item| match item {
            DigestItem::PreDigest(pre_digest) => Some(pre_digest.as_ref()),
            _ => None,
        })
    }

    /// The segments that this block adds to the archived history.
    #[must_use]
    pub fn segment_headers(&self) -> &[SegmentHeader] {
        self.digest
            .iter()
            .find_map(|item| match item {
                DigestItem::SegmentHeaders(headers) => Some(&headers[..]),
                _ => None,
            })
            .unwrap_or_default()
    }
}
