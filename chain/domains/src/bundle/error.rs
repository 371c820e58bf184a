//! Why a submission is refused before its receipt is looked at.

use auto_core::{BlockNumber, DomainId, ErrorCode, ErrorEntry, OperatorId, Slot};
use auto_module::StoredError;

/// Why a bundle, or a receipt without one, must not be in a block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The right, the receipt and the bundle name different domains.
    #[error("elected for {election}, but the receipt is of {receipt}")]
    MixedDomains {
        /// Domain of the election.
        election: DomainId,
        /// Domain of the receipt.
        receipt: DomainId,
    },
    /// The bundle holds more bytes than any domain takes.
    #[error("extrinsics of {actual} bytes are over the limit of {limit}")]
    TooLong {
        /// Bytes of the extrinsics.
        actual: u64,
        /// Most bytes.
        limit: u64,
    },
    /// The extrinsics are not those that were signed.
    #[error("extrinsics do not have the root that the header states")]
    WrongExtrinsicsRoot,
    /// The domain does not exist.
    #[error("domain {0} is unknown")]
    UnknownDomain(DomainId),
    /// The domain takes no bundles.
    #[error("domain {0} is frozen")]
    Frozen(DomainId),
    /// Receipts lag, so that only lone receipts are taken.
    #[error("{gap} blocks of the domain have no receipt: only a receipt without a bundle is taken")]
    ReceiptsLag {
        /// Blocks without a receipt.
        gap: u64,
    },
    /// Receipts do not lag, so that a lone receipt has no use.
    #[error("receipts do not lag: a receipt comes with a bundle")]
    ReceiptsCurrent,
    /// The operator does not exist.
    #[error("operator {0} is unknown")]
    UnknownOperator(OperatorId),
    /// The operator is of another domain.
    #[error("operator {operator} is of domain {domain}")]
    OtherDomain {
        /// The operator.
        operator: OperatorId,
        /// The domain that it operates.
        domain: DomainId,
    },
    /// The operator rests.
    #[error("operator {0} is deactivated")]
    Deactivated(OperatorId),
    /// The operator ended.
    #[error("operator {0} is deregistered")]
    Deregistered(OperatorId),
    /// The operator authored a bundle that is marked invalid.
    #[error("operator {0} authored an invalid bundle")]
    InvalidAuthor(OperatorId),
    /// The operator is about to be slashed.
    #[error("operator {0} is about to be slashed")]
    PendingSlash(OperatorId),
    /// The operator was slashed.
    #[error("operator {0} was slashed")]
    Slashed(OperatorId),
    /// The slot has not begun for this block.
    #[error("slot {slot} is after the block's last slot {last}")]
    SlotInFuture {
        /// Slot of the election.
        slot: Slot,
        /// The last slot that the block knows.
        last: Slot,
    },
    /// The slot is too old.
    #[error("slot {slot} is before slot {first}, the first that can still be claimed")]
    SlotTooOld {
        /// Slot of the election.
        slot: Slot,
        /// The first slot that can be claimed.
        first: Slot,
    },
    /// An earlier block holds a submission of the operator for this or a later slot.
    #[error("slot {slot} is not after slot {last} of the operator's last submission")]
    SlotPassed {
        /// Slot of the election.
        slot: Slot,
        /// The operator's last slot.
        last: Slot,
    },
    /// The block already holds a submission of the operator for the slot.
    #[error("the block already holds a submission of the operator for slot {0}")]
    SlotRepeated(Slot),
    /// The output of proof of time is not the slot's.
    #[error("proof of time is not that of slot {0}")]
    WrongProofOfTime(Slot),
    /// The draw does not verify.
    #[error("draw of the operator does not verify")]
    BadDraw,
    /// The operator is not elected.
    #[error("operator {0} is not elected in the slot")]
    NotElected(OperatorId),
    /// The signature does not hold.
    #[error("signature of the operator does not hold")]
    BadSignature,
    /// The bundle holds more bytes than the domain takes in one.
    #[error("extrinsics of {actual} bytes are over the domain's limit of {limit}")]
    OverDomainBytes {
        /// Bytes of the extrinsics.
        actual: u64,
        /// Most bytes.
        limit: u64,
    },
    /// The bundle has more weight than the domain takes in one.
    #[error("weight of {actual} is over the domain's limit of {limit}")]
    OverDomainWeight {
        /// Weight that the header states.
        actual: u64,
        /// Most weight.
        limit: u64,
    },
    /// The domain's block is full.
    #[error("block {number} of the domain is full: {limit}")]
    BlockFull {
        /// Height of the domain block.
        number: BlockNumber,
        /// The limit that would be passed.
        limit: &'static str,
    },
    /// A number left its range.
    #[error("an amount or number overflows")]
    Overflow,
    /// The state cannot be read.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl ErrorCode for BundleError {
    fn code(&self) -> &'static str {
        match self {
            Self::MixedDomains { .. } => "BUN-0001",
            Self::TooLong { .. } => "BUN-0002",
            Self::WrongExtrinsicsRoot => "BUN-0003",
            Self::UnknownDomain(_) => "BUN-0004",
            Self::Frozen(_) => "BUN-0005",
            Self::ReceiptsLag { .. } => "BUN-0006",
            Self::ReceiptsCurrent => "BUN-0007",
            Self::UnknownOperator(_) => "BUN-0008",
            Self::OtherDomain { .. } => "BUN-0009",
            Self::Deactivated(_) => "BUN-0010",
            Self::Deregistered(_) => "BUN-0011",
            Self::InvalidAuthor(_) => "BUN-0012",
            Self::PendingSlash(_) => "BUN-0013",
            Self::Slashed(_) => "BUN-0014",
            Self::SlotInFuture { .. } => "BUN-0015",
            Self::SlotTooOld { .. } => "BUN-0016",
            Self::SlotPassed { .. } => "BUN-0017",
            Self::SlotRepeated(_) => "BUN-0018",
            Self::WrongProofOfTime(_) => "BUN-0019",
            Self::BadDraw => "BUN-0020",
            Self::NotElected(_) => "BUN-0021",
            Self::BadSignature => "BUN-0022",
            Self::OverDomainBytes { .. } => "BUN-0023",
            Self::OverDomainWeight { .. } => "BUN-0024",
            Self::BlockFull { .. } => "BUN-0025",
            Self::Overflow => "BUN-0026",
            Self::Stored(error) => error.code(),
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of submissions.
pub(crate) const ERRORS: &[ErrorEntry] = &[
    entry(
        "BUN-0001",
        "The submission names two domains.",
        "An operator is elected for one domain, and the receipt must be of that one.",
        "The operator runs faulty software.",
    ),
    entry(
        "BUN-0002",
        "The bundle is too long.",
        "Its extrinsics take more bytes than any bundle may.",
        "Offer fewer extrinsics.",
    ),
    entry(
        "BUN-0003",
        "The extrinsics were changed after signing.",
        "They do not have the root that the bundle's header states.",
        "Fetch the bundle from another peer.",
    ),
    entry("BUN-0004", "The domain is unknown.", "No domain has this number.", "List the domains that exist."),
    entry(
        "BUN-0005",
        "The domain is frozen.",
        "Its owner stopped it; the freeze ends by itself after a challenge period of consensus blocks.",
        "Wait, or ask the domain's owner.",
    ),
    entry(
        "BUN-0006",
        "Receipts lag behind blocks.",
        "More than one block of the domain has no receipt, for example after a fraud proof.",
        "Submit the missing receipts without bundles, one a block.",
    ),
    entry(
        "BUN-0007",
        "The receipt needs a bundle.",
        "A receipt comes alone only while receipts lag.",
        "Submit it as part of a bundle.",
    ),
    entry(
        "BUN-0008",
        "The operator is unknown.",
        "No operator has this number.",
        "Register the operator first, or check its number.",
    ),
    entry(
        "BUN-0009",
        "The operator is of another domain.",
        "An operator submits for its own domain only.",
        "Check which domain the operator serves.",
    ),
    entry(
        "BUN-0010",
        "The operator rests.",
        "Its owner deactivated it, or it missed too many slots.",
        "Reactivate it and wait for the delay.",
    ),
    entry(
        "BUN-0011",
        "The operator is deregistered.",
        "It ended for good.",
        "Register another operator with another key.",
    ),
    entry(
        "BUN-0012",
        "The operator authored an invalid bundle.",
        "A receipt marks one of its bundles invalid; it is slashed once that is confirmed.",
        "If the receipt is wrong, prove it.",
    ),
    entry(
        "BUN-0013",
        "The operator is about to be slashed.",
        "It vouched for a receipt that was proven wrong, or authored a bundle that is confirmed invalid.",
        "Find out why its node executed otherwise than the others.",
    ),
    entry("BUN-0014", "The operator was slashed.", "Its stake was taken.", "Register another operator."),
    entry(
        "BUN-0015",
        "The slot is in the future.",
        "The block does not know the slot's proof of time yet.",
        "Include the submission in a later block.",
    ),
    entry(
        "BUN-0016",
        "The slot is too old.",
        "A slot can be claimed for a few blocks only.",
        "Submit again when the operator is elected next.",
    ),
    entry(
        "BUN-0017",
        "The slot has passed for this operator.",
        "An earlier block holds a submission of it for the same or a later slot.",
        "Submit again when the operator is elected next.",
    ),
    entry(
        "BUN-0018",
        "The slot is used.",
        "The same block already holds a submission of the operator for the slot.",
        "Keep one of the two.",
    ),
    entry(
        "BUN-0019",
        "The proof of time is wrong.",
        "It is not the output that this chain has for the slot.",
        "The operator follows another fork; wait until it catches up.",
    ),
    entry(
        "BUN-0020",
        "The draw is wrong.",
        "It was made by another key, or for another domain, slot or chain.",
        "Check that the operator runs with the key that it was registered with.",
    ),
    entry(
        "BUN-0021",
        "The operator is not elected.",
        "Its draw is over the threshold that its stake gives.",
        "Wait for another slot.",
    ),
    entry(
        "BUN-0022",
        "The signature is wrong.",
        "It was made by another key, over other content, or for another chain.",
        "Check that the operator runs with the key that it was registered with.",
    ),
    entry(
        "BUN-0023",
        "The bundle is longer than the domain allows.",
        "The domain's owner set a limit for the bytes of a bundle.",
        "Offer fewer extrinsics.",
    ),
    entry(
        "BUN-0024",
        "The bundle is heavier than the domain allows.",
        "The domain's owner set a limit for the weight of a bundle.",
        "Offer fewer extrinsics.",
    ),
    entry(
        "BUN-0025",
        "The domain's block is full.",
        "Bundles, extrinsics and bytes of a domain in one block are limited.",
        "Include the bundle in a later block.",
    ),
    entry("BUN-0026", "A number overflows.", "An amount or height leaves its range.", "Report it."),
];
