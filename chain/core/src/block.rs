//! Blocks as they are archived and exchanged.

use crate::{
    BODY_SUBMISSIONS_MAX, Hash, Header, List, PotJustification, SignedTransaction, Submission, merkle_root,
};
use parity_scale_codec::{Decode, Encode};

/// Transactions that one body may hold.
pub const BODY_TRANSACTIONS_MAX: usize = 1 << 16;

/// What a block carries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Body {
    /// In order of execution, after the submissions.
    pub transactions: List<SignedTransaction, BODY_TRANSACTIONS_MAX>,
    /// What operators submit for domains, in order of execution.
    pub submissions: List<Submission, BODY_SUBMISSIONS_MAX>,
}

impl Body {
    /// Merkle root over the hashes of the transactions, then of the submissions.
    #[must_use]
    pub fn root(&self) -> Hash {
        let transactions = self.transactions.iter().map(SignedTransaction::hash);
        // Hashes of the two kinds start from different tags, so neither can pass for the other. The root
        // of a submission covers its extrinsics through the header's own root.
        let hashes: Vec<Hash> = transactions.chain(self.submissions.iter().map(Submission::hash)).collect();
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
