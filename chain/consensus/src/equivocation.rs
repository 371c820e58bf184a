//! Proof that a farmer used one solution for two blocks.

use crate::{BlockDigest, ConsensusError};
use auto_core::{Hash, Header, PieceOffset, PublicKey, ScalarBytes, SectorIndex, Slot};
use parity_scale_codec::{Decode, Encode};

/// What a farmer may use for one block only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct SolutionKey {
    /// The farmer's key.
    pub public_key: PublicKey,
    /// The sector.
    pub sector_index: SectorIndex,
    /// The piece inside the sector.
    pub piece_offset: PieceOffset,
    /// The chunk.
    pub chunk: ScalarBytes,
    /// The slot that is claimed with it.
    pub slot: Slot,
}

impl SolutionKey {
    /// The key of a block's claim.
    #[must_use]
    pub const fn new(digest: &BlockDigest) -> Self {
        let solution = &digest.pre_digest.solution;
        Self {
            public_key: solution.public_key,
            sector_index: solution.sector_index,
            piece_offset: solution.piece_offset,
            chunk: solution.chunk,
            slot: digest.pre_digest.slot,
        }
    }
}

/// Two different blocks sealed by one key for one solution.
///
/// Anyone may put it on chain; it stands on its own, so the ledger decides the same everywhere: the
/// author of whichever of the two blocks is an ancestor loses that block's reward and fees.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EquivocationProof {
    /// One block.
    pub first: Header,
    /// The other block.
    pub second: Header,
}

/// What a verified [`EquivocationProof`] shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Equivocation {
    /// The solution that was used twice, and with it the farmer.
    pub key: SolutionKey,
    /// The two blocks, in the proof's order.
    pub blocks: [Hash; 2],
}

impl EquivocationProof {
    /// Verifies that both headers are sealed by the key of the one solution that both claim.
    ///
    /// The solution's own proofs are not verified: a farmer who seals two headers for one claim has
    /// equivocated whether or not the claim was good.
    ///
    /// # Errors
    /// When a digest is malformed, the claims differ, the headers are the same, or a seal does not hold.
    pub fn verify(&self, genesis: &Hash) -> Result<Equivocation, ConsensusError> {
        let (first, first_seal) = BlockDigest::read(&self.first)?;
        let (second, second_seal) = BlockDigest::read(&self.second)?;
        let key = SolutionKey::new(&first);
        if key != SolutionKey::new(&second) {
            return Err(ConsensusError::DifferentClaims);
        }
        let blocks = [self.first.hash(), self.second.hash()];
        if blocks[0] == blocks[1] {
            return Err(ConsensusError::SameBlock { hash: blocks[0] });
        }
        for (header, seal) in [(&self.first, &first_seal), (&self.second, &second_seal)] {
            header
                .verify_seal(&key.public_key, genesis, seal)
                .map_err(|_| ConsensusError::Seal { key: key.public_key })?;
        }
        Ok(Equivocation { key, blocks })
    }
}
