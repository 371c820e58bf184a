//! Why a fraud proof is refused.

use super::FRAUD_PROOF_BYTES_MAX;
use crate::derive::{DeriveError, error::ERRORS as DERIVE_ERRORS};
use auto_core::{
    BlockNumber, BundleVerdict, DomainId, ErrorCode, ErrorEntry, Hash, InvalidBundle, RuntimeId,
};
use auto_module::StoredError;
use auto_state::StateError;

/// A failure of a fraud proof.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FraudError {
    /// The proof is too long.
    #[error("fraud proof of {bytes} bytes is over the limit of {FRAUD_PROOF_BYTES_MAX}")]
    TooLong {
        /// Its length in bytes.
        bytes: usize,
    },
    /// There is no such domain.
    #[error("domain {0} does not exist")]
    UnknownDomain(DomainId),
    /// The receipt is not known.
    #[error("receipt {0} is not known")]
    UnknownReceipt(Hash),
    /// The receipt is another domain's.
    #[error("receipt is of domain {receipt}, not of {proof}")]
    OtherDomain {
        /// The receipt's domain.
        receipt: DomainId,
        /// The domain that the proof names.
        proof: DomainId,
    },
    /// The receipt is that of a genesis block, which the consensus chain itself made.
    #[error("the receipt of the genesis block cannot be challenged")]
    Genesis,
    /// The receipt is confirmed.
    #[error("receipt of block {number} is confirmed, as all up to {confirmed} are")]
    Confirmed {
        /// Height of the receipt's block.
        number: BlockNumber,
        /// The newest confirmed height.
        confirmed: BlockNumber,
    },
    /// The receipt was removed by an earlier proof.
    #[error("receipt {0} was removed already")]
    AlreadyRemoved(Hash),
    /// What the block is derived from is gone.
    #[error("state of the domains is damaged: nothing is known of block {0}")]
    UnknownBlock(BlockNumber),
    /// The receipt before is gone.
    #[error("state of the domains is damaged: the receipt before block {0} is unknown")]
    UnknownParent(BlockNumber),
    /// The runtime's record is gone.
    #[error("state of the domains is damaged: runtime {0} is unknown")]
    UnknownRuntime(RuntimeId),
    /// This build does not have the runtime.
    #[error("this build does not know version {0} of the domain's runtime")]
    MissingRuntime(u32),
    /// There is no such bundle.
    #[error("block has {bundles} bundles, so none at {index}")]
    BundleIndex {
        /// The position that the proof names.
        index: u32,
        /// Number of bundles.
        bundles: usize,
    },
    /// The trace has no root that the extrinsic could lead to.
    #[error("extrinsic {index} cannot lead to a root of a trace of {roots}")]
    TraceIndex {
        /// Position of the extrinsic; zero is the inherent.
        index: u32,
        /// Roots in the trace.
        roots: usize,
    },
    /// An extrinsic is not where the proof says it is.
    #[error("extrinsic is not at that place")]
    NotIncluded,
    /// The extrinsics are not those of the bundle.
    #[error("extrinsics are not those of bundle {0}")]
    ForeignBody(u32),
    /// An extrinsic of the body is itself at fault, which is another proof.
    #[error("extrinsic {0} of the body is no extrinsic of the domain")]
    UnsoundBody(u32),
    /// A list of entries does not have the digest that the receipt states.
    #[error("entries of valid bundle {0} do not have its digest")]
    DigestMismatch(usize),
    /// There are more or fewer lists than valid bundles.
    #[error("{actual} lists of entries for {expected} valid bundles")]
    DigestCount {
        /// Valid bundles in the receipt.
        expected: usize,
        /// Lists in the proof.
        actual: usize,
    },
    /// The proof does not hold what its kind needs, or holds more.
    #[error("proof does not hold what shows {0:?}")]
    WrongData(InvalidBundle),
    /// The receipt's verdict is not one that the proof contradicts.
    #[error("receipt states {0:?}, which the proof does not contradict")]
    NotContradicted(BundleVerdict),
    /// The extrinsic breaks no rule, or another one.
    #[error("extrinsic breaks {found:?} instead of {claimed:?}")]
    OtherReason {
        /// The rule that the proof names.
        claimed: InvalidBundle,
        /// The first rule that the extrinsic breaks.
        found: Option<InvalidBundle>,
    },
    /// What is proven is what the receipt states.
    #[error("the receipt is right in this")]
    ReceiptIsRight,
    /// The witness does not hold what the step reads, or holds damaged nodes.
    #[error("witness cannot be used: {0}")]
    Witness(StateError),
    /// The witness holds nodes that are not needed.
    #[error("witness holds {excess} nodes too many")]
    WitnessExcess {
        /// How many.
        excess: usize,
    },
    /// A proof of a value does not hold.
    #[error("proof of the value does not hold: {0}")]
    Value(StateError),
    /// A proven value does not decode.
    #[error("value in the domain's state is damaged")]
    DamagedValue,
    /// The step cannot run at all.
    #[error(transparent)]
    Derive(#[from] DeriveError),
    /// The receipt differs in something that is refused when it is submitted.
    #[error("receipt differs in its {0}, which the consensus chain does not take")]
    RefusedAtTheDoor(&'static str),
    /// The state of the consensus chain cannot be read.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl FraudError {
    /// Whether it is the node's own trouble, so that nothing was decided.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::Stored(_)
                | Self::UnknownBlock(_)
                | Self::UnknownParent(_)
                | Self::UnknownRuntime(_)
                | Self::MissingRuntime(_)
        )
    }
}

impl ErrorCode for FraudError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "FRP-0001",
            Self::UnknownDomain(_) => "FRP-0002",
            Self::UnknownReceipt(_) => "FRP-0003",
            Self::OtherDomain { .. } => "FRP-0004",
            Self::Genesis => "FRP-0005",
            Self::Confirmed { .. } => "FRP-0006",
            Self::AlreadyRemoved(_) => "FRP-0007",
            Self::UnknownBlock(_) | Self::UnknownParent(_) | Self::UnknownRuntime(_) => "FRP-0008",
            Self::MissingRuntime(_) => "FRP-0009",
            Self::BundleIndex { .. } => "FRP-0010",
            Self::TraceIndex { .. } => "FRP-0011",
            Self::NotIncluded => "FRP-0012",
            Self::ForeignBody(_) => "FRP-0013",
            Self::UnsoundBody(_) => "FRP-0014",
            Self::DigestMismatch(_) | Self::DigestCount { .. } => "FRP-0015",
            Self::WrongData(_) => "FRP-0016",
            Self::NotContradicted(_) => "FRP-0017",
            Self::OtherReason { .. } => "FRP-0018",
            Self::ReceiptIsRight => "FRP-0019",
            Self::Witness(_) => "FRP-0020",
            Self::WitnessExcess { .. } => "FRP-0021",
            Self::Value(_) => "FRP-0022",
            Self::DamagedValue => "FRP-0023",
            Self::RefusedAtTheDoor(_) => "FRP-0024",
            Self::Derive(error) => error.code(),
            Self::Stored(error) => error.code(),
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

const FOREIGN: &str = "The proof was made for another receipt, or was changed.";
const REMAKE: &str = "Derive the block again and make the proof anew.";
const RESYNC: &str = "Check the disk, then remove the node's data folder and synchronize again.";

/// The codes of fraud proofs and of deriving blocks.
pub const ERRORS: &[ErrorEntry] = &[
    entry("FRP-0001", "The fraud proof is too long.", "No honest proof has that many bytes.", REMAKE),
    entry("FRP-0002", "The domain does not exist.", "The proof names a domain nobody created.", REMAKE),
    entry(
        "FRP-0003",
        "The receipt is not known.",
        "It was never submitted on this branch of the chain, or was settled and forgotten.",
        "Check the receipt's hash against the domain's head.",
    ),
    entry("FRP-0004", "The receipt is another domain's.", FOREIGN, REMAKE),
    entry(
        "FRP-0005",
        "The receipt of the genesis block cannot be challenged.",
        "The consensus chain made it itself when the domain was created.",
        "Nothing is to be done.",
    ),
    entry(
        "FRP-0006",
        "The receipt is confirmed.",
        "Its challenge period is over, so its effects are final.",
        "Submit proofs within the challenge period.",
    ),
    entry(
        "FRP-0007",
        "The receipt was removed already.",
        "Another proof against it, or against a receipt below it, came first.",
        "Nothing is to be done.",
    ),
    entry(
        "FRP-0008",
        "The state of the domains is damaged.",
        "It does not hold what an unconfirmed receipt is judged by.",
        RESYNC,
    ),
    entry(
        "FRP-0009",
        "This build does not know the runtime.",
        "A domain runs a version that came after this build.",
        "Install the newest release.",
    ),
    entry("FRP-0010", "The block has no such bundle.", FOREIGN, REMAKE),
    entry(
        "FRP-0011",
        "The trace has no root at that place.",
        "The first root follows from the parent block and the last from the end of the block; extrinsics lie between.",
        "Prove the length of the trace, or another step.",
    ),
    entry("FRP-0012", "The extrinsic is not at that place.", FOREIGN, REMAKE),
    entry("FRP-0013", "The extrinsics are not those of the bundle.", FOREIGN, REMAKE),
    entry(
        "FRP-0014",
        "An extrinsic of the body is itself at fault.",
        "Digest and weight are defined for bundles whose extrinsics all decode.",
        "Prove that the bundle is invalid for that extrinsic.",
    ),
    entry("FRP-0015", "The entries do not have the digests of the receipt.", FOREIGN, REMAKE),
    entry("FRP-0016", "The proof does not hold what it needs.", "Its parts do not fit its kind.", REMAKE),
    entry(
        "FRP-0017",
        "The receipt does not state what the proof contradicts.",
        "The verdict of the receipt is another, or names an earlier rule.",
        REMAKE,
    ),
    entry(
        "FRP-0018",
        "The extrinsic does not break the rule named.",
        "It breaks none, or another one first.",
        REMAKE,
    ),
    entry(
        "FRP-0019",
        "The receipt is right in this.",
        "What is proven is what the receipt states.",
        "Nothing is to be done: the receipt stands.",
    ),
    entry("FRP-0020", "The witness cannot be used.", "A state node is missing or damaged.", REMAKE),
    entry("FRP-0021", "The witness holds too much.", "It has nodes that the step does not read.", REMAKE),
    entry("FRP-0022", "The proof of a value does not hold.", FOREIGN, REMAKE),
    entry(
        "FRP-0023",
        "A value in the domain's state is damaged.",
        "The state does not follow from the block, so a step before it is wrong.",
        "Prove that step.",
    ),
    entry(
        "FRP-0024",
        "The receipt could not have been taken.",
        "It differs in a field that is checked when receipts are submitted.",
        "Check that receipt and block are of the same branch.",
    ),
    DERIVE_ERRORS[0],
    DERIVE_ERRORS[1],
    DERIVE_ERRORS[2],
    DERIVE_ERRORS[3],
];
