//! Blocks as they are archived and exchanged.

use crate::{Hash, Header, List, PotJustification, SignedTransaction, merkle_root};
use parity_scale_codec::{Decode, Encode};

/// Transactions that one body may hold.
pub const BODY_TRANSACTIONS_MAX: usize = 1 << 16;

/// What a block carries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Body {
    /// In order of execution.
    pub transactions: List<SignedTransaction, BODY_TRANSACTIONS_MAX>,
}

impl Body {
    /// Merkle root over the hashes of the transactions.
    #[must_use]
    pub fn root(&self) -> Hash {
        let hashes: Vec<Hash> = self.transactions.iter().map(SignedTransaction::hash).collect();
        merkle_root(&hashes)
    }
}

/// A block: header, proof of its time, body. This encoding is what is archived.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Block {
    /// The header.
    pub header: Header,
    /// Proves the header's future proof of time.
    pub justification: PotJustification,
    /// The transactions.
    pub body: Body,
}
