//! When a manifest was stored: which consensus block holds it.

use super::Sealed;
use crate::SdkError;
use auto_core::{Blob, DomainId, Header, MerkleProof, SignedTransaction};
use auto_ledger::LedgerCall;
use parity_scale_codec::{Decode, Encode};

/// That a consensus block holds a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Place {
    /// The transaction that stores the manifest.
    pub transaction: SignedTransaction,
    /// That the block holds the transaction.
    pub proof: MerkleProof,
}

impl Place {
    /// Holds a manifest to the header of the block that stores it.
    ///
    /// # Errors
    /// When the transaction does not store it, or the block does not hold the transaction.
    pub fn check(&self, sealed: &Sealed, header: &Header) -> Result<(), SdkError> {
        let data = Blob::new(sealed.to_bytes()).map_err(|_| SdkError::TooLarge)?;
        let stores = LedgerCall::Store { data }.into_call().ok_or(SdkError::TooLarge)?;
        let transaction = &self.transaction.transaction;
        if transaction.domain != DomainId::CONSENSUS || !transaction.calls.contains(&stores) {
            return Err(SdkError::Proof("the transaction does not store the manifest".to_owned()));
        }
        if self.proof.verify(&header.transactions_root, &self.transaction.hash()) {
            return Ok(());
        }
        Err(SdkError::Proof("the block does not hold the transaction that stores the manifest".to_owned()))
    }
}
