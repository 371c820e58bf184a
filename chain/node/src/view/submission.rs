//! What operators submitted, and what the chain's extension reported.

use auto_core::{Amount, BlockNumber, DomainId, Hash, OperatorId, Slot};
use serde::Serialize;

/// What kind of submission it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmissionKind {
    /// Transactions of a domain with a receipt.
    Bundle,
    /// A receipt alone.
    Receipt,
}

/// A submission as people look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubmissionView {
    /// What its operator signed.
    pub hash: Hash,
    /// What kind it is.
    pub kind: SubmissionKind,
    /// The domain.
    pub domain: DomainId,
    /// The operator.
    pub operator: OperatorId,
    /// The slot in which the operator was elected.
    pub slot: Slot,
    /// The block of the domain whose receipt it carries.
    pub receipt_number: BlockNumber,
    /// Hash of that receipt.
    pub receipt_hash: Hash,
    /// Extrinsics of the domain; none in a receipt alone.
    pub extrinsics: u32,
    /// Length of the encoding in bytes.
    pub size_bytes: u64,
    /// What the operator paid.
    pub fee: Amount,
}

/// What the chain's extension reported of a block, each event in its own encoding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlockEvents {
    /// Before the submissions.
    pub begun: Vec<Vec<u8>>,
    /// One entry per submission, in order; none at all when no submission has an event.
    pub submissions: Vec<Vec<Vec<u8>>>,
    /// Those of transactions that have any, by position.
    pub transactions: Vec<(u32, Vec<Vec<u8>>)>,
    /// At the end.
    pub ended: Vec<Vec<u8>>,
}
