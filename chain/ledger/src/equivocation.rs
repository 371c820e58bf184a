//! Evidence that a farmer sealed two blocks with one solution.

use crate::LedgerError;
use auto_core::{Hash, Header, PreDigest, PublicKey};
use parity_scale_codec::{Decode, Encode};

/// Two different headers that one farmer sealed with one solution in one slot, whatever their parents.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Equivocation {
    /// The header with the smaller hash.
    pub first: Header,
    /// The header with the larger hash.
    pub second: Header,
}

/// What must not be used twice: key, sector, piece, chunk, slot.
fn claim(header: &Header) -> Option<(&PreDigest, impl PartialEq + '_)> {
    let pre = header.pre_digest()?;
    let solution = &pre.solution;
    let place = (solution.public_key, solution.sector_index, solution.piece_offset, solution.chunk);
    Some((pre, (place, pre.slot)))
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

    /// The farmer that the evidence is about, once it holds on the chain of `genesis`.
    ///
    /// The solution itself need not be valid: sealing two blocks with one claim is the fault.
    ///
    /// # Errors
    /// [`LedgerError::EvidenceInvalid`] with what is wrong.
    pub fn verify(&self, genesis: &Hash) -> Result<PublicKey, LedgerError> {
        let invalid = LedgerError::EvidenceInvalid;
        if self.first.hash() >= self.second.hash() {
            return Err(invalid("the headers are equal or in the wrong order"));
        }
        let missing = || invalid("a header claims no slot");
        let (first, first_claim) = claim(&self.first).ok_or_else(missing)?;
        let (_, second_claim) = claim(&self.second).ok_or_else(missing)?;
        if first_claim != second_claim {
            return Err(invalid("the headers do not use the same solution"));
        }
        let key = first.solution.public_key;
        for header in [&self.first, &self.second] {
            let seal = header.seal_signature().ok_or(invalid("a header has no seal"))?;
            header
                .verify_seal(&key, genesis, seal)
                .map_err(|_| invalid("a seal does not hold on this chain"))?;
        }
        // Hashes of blocks cover the seal; another seal over the same header is no second block.
        if self.first.pre_seal_hash() == self.second.pre_seal_hash() {
            return Err(invalid("the headers differ in their seals only"));
        }
        Ok(key)
    }
}
