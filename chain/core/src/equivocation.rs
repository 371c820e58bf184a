//! Evidence that a farmer sealed two blocks with one solution.

use crate::{Hash, Header, PieceOffset, PreDigest, PublicKey, ScalarBytes, SectorIndex, Slot};
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
    pub const fn new(pre_digest: &PreDigest) -> Self {
        let solution = &pre_digest.solution;
        Self {
            public_key: solution.public_key,
            sector_index: solution.sector_index,
            piece_offset: solution.piece_offset,
            chunk: solution.chunk,
            slot: pre_digest.slot,
        }
    }
}

/// Two different headers that one farmer sealed with one solution in one slot, whatever their parents.
///
/// Anyone may put it on chain; it stands on its own, so it means the same everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Equivocation {
    /// The header with the smaller hash.
    pub first: Header,
    /// The header with the larger hash.
    pub second: Header,
}

/// Why two headers are no equivocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EquivocationError {
    /// They are one block, or the first has the larger hash.
    #[error("the headers are equal or in the wrong order")]
    Order,
    /// A header has no pre-digest.
    #[error("a header claims no slot")]
    NoClaim,
    /// They claim different slots or solutions.
    #[error("the headers do not use the same solution")]
    DifferentClaims,
    /// They are one block with two seals.
    #[error("the headers differ in their seals only")]
    SealsOnly,
    /// A header is not sealed.
    #[error("a header has no seal")]
    NoSeal,
    /// A seal is not the claiming farmer's, or was made for another chain.
    #[error("a seal does not hold on this chain")]
    Seal,
}

impl Equivocation {
    /// Evidence out of two headers in either order.
    #[must_use]
    pub fn new(one: Header, other: Header) -> Self {
        if one.hash() <= other.hash() {
            Self { first: one, second: other }
        } else {
            Self { first: other, second: one }
        }
    }

    /// The solution that was used twice, and with it the farmer, once the evidence holds on the chain of
    /// `genesis`.
    ///
    /// The solution itself need not be valid: sealing two blocks with one claim is the fault. Cheap checks
    /// come before the two signatures.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn verify(&self, genesis: &Hash) -> Result<SolutionKey, EquivocationError> {
        if self.first.hash() >= self.second.hash() {
            return Err(EquivocationError::Order);
        }
        let claim = |header: &Header| header.pre_digest().map(SolutionKey::new);
        let key = claim(&self.first).ok_or(EquivocationError::NoClaim)?;
        if key != claim(&self.second).ok_or(EquivocationError::NoClaim)? {
            return Err(EquivocationError::DifferentClaims);
        }
        // Hashes of blocks cover the seal; another seal over the same header is no second block.
        if self.first.pre_seal_hash() == self.second.pre_seal_hash() {
            return Err(EquivocationError::SealsOnly);
        }
        for header in [&self.first, &self.second] {
            let seal = header.seal_signature().ok_or(EquivocationError::NoSeal)?;
            header.verify_seal(&key.public_key, genesis, seal).map_err(|_| EquivocationError::Seal)?;
        }
        Ok(key)
    }
}

#[cfg(test)]
mod tests;
