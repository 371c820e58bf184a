//! What can be wrong about time.

use auto_core::{ErrorCode, ErrorEntry, Slot};

/// Why a proof of time, or a claim about time, was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Iterations that no slot may have.
    #[error("{0} iterations: they must be a multiple of 16, and not zero")]
    Iterations(u64),
    /// The slots of a block do not follow those of its parent, or do not follow one another.
    #[error("slot {slot} and future slot {future} do not come after the parent's future slot {parent}")]
    SlotOrder {
        /// The claimed slot.
        slot: Slot,
        /// The claimed future slot.
        future: Slot,
        /// The parent's future slot.
        parent: Slot,
    },
    /// The justification is missing, too short or too long.
    #[error("justification of {actual} slots where {expected} are due")]
    CheckpointCount {
        /// Slots from the parent's future slot to the block's.
        expected: u64,
        /// Slots in the justification.
        actual: u64,
    },
    /// The justification starts from another seed than the parent's time leads to.
    #[error("justification of slot {0} starts from another seed")]
    Seed(Slot),
    /// The last output is not the header's future proof of time.
    #[error("output of slot {0} is not the future proof of time")]
    FutureOutput(Slot),
    /// The output of the claimed slot is not the header's proof of time.
    #[error("output of slot {0} is not the proof of time")]
    Output(Slot),
    /// The claimed slot lies before the justification and nobody said what its output was.
    #[error("output of the earlier slot {0} is not at hand")]
    EarlierOutputUnknown(Slot),
    /// A change lowers the iterations.
    #[error("a change lowers iterations from {from} to {to}")]
    IterationsLowered {
        /// Iterations before the change.
        from: u64,
        /// Iterations of the change.
        to: u64,
    },
    /// Iterations differ though no injection slot lies between.
    #[error("iterations {actual} where {expected} hold and no injection is due")]
    IterationsOutsideInjection {
        /// Iterations that hold.
        expected: u64,
        /// Iterations that are claimed.
        actual: u64,
    },
    /// The AES chain of a slot does not lead through its checkpoints.
    #[error("checkpoints of slot {0} are not on its AES chain")]
    Checkpoints(Slot),
    /// The proof is for a slot before the kept history.
    #[error("slot {0} is before the kept history")]
    TooOld(Slot),
    /// The proof is for a slot too far ahead of the tip.
    #[error("slot {slot} is too far ahead of the tip {tip}")]
    TooFarAhead {
        /// The proof's slot.
        slot: Slot,
        /// The last known slot.
        tip: Slot,
    },
    /// The proof has more iterations than any slot that near may have.
    #[error("{actual} iterations are over the bound of {limit}")]
    IterationsOverBound {
        /// The proof's iterations.
        actual: u64,
        /// The most that are looked at.
        limit: u64,
    },
    /// The proof starts from another input than the best chain's.
    #[error("proof of slot {0} belongs to another chain")]
    OtherChain(Slot),
    /// One source sent more different proofs for a slot than forks can explain.
    #[error("too many different proofs of slot {0} from one source")]
    TooManyVariants(Slot),
    /// The places for proofs ahead of the tip are taken.
    #[error("no place left for proofs of slot {0}")]
    BufferFull(Slot),
    /// The source sent too much that was wrong.
    #[error("source {0} has used up its budget")]
    SourceExhausted(u64),
}

impl ErrorCode for TimeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Iterations(_) => "POT-0001",
            Self::SlotOrder { .. } => "POT-0002",
            Self::CheckpointCount { .. } => "POT-0003",
            Self::Seed(_) => "POT-0004",
            Self::FutureOutput(_) => "POT-0005",
            Self::Output(_) => "POT-0006",
            Self::EarlierOutputUnknown(_) => "POT-0007",
            Self::IterationsLowered { .. } => "POT-0008",
            Self::IterationsOutsideInjection { .. } => "POT-0009",
            Self::Checkpoints(_) => "POT-0010",
            Self::TooOld(_) => "POT-0011",
            Self::TooFarAhead { .. } => "POT-0012",
            Self::IterationsOverBound { .. } => "POT-0013",
            Self::OtherChain(_) => "POT-0014",
            Self::TooManyVariants(_) => "POT-0015",
            Self::BufferFull(_) => "POT-0016",
            Self::SourceExhausted(_) => "POT-0017",
        }
    }
}

const PEER_HINT: &str = "nothing: the proof was dropped and the next peer's is used";
const FORGED_HINT: &str = "nothing: the block was refused; update the node if honest peers accept it";

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "POT-0001",
        "the iterations of a slot are not a positive multiple of 16",
        "eight checkpoints are each verified from both ends, so iterations fall into sixteen equal parts",
        "choose a multiple of 16 for `pot_iterations`",
    ),
    entry(
        "POT-0002",
        "the slots of a block do not come after its parent's",
        "time only moves forward along a chain of blocks",
        FORGED_HINT,
    ),
    entry(
        "POT-0003",
        "the proof of a block's time has too few or too many slots",
        "a block proves every slot from its parent's future slot to its own, no more and no less",
        FORGED_HINT,
    ),
    entry(
        "POT-0004",
        "the proof of a block's time starts from the wrong seed",
        "the seed follows from the parent's last output and the entropy that is due",
        FORGED_HINT,
    ),
    entry(
        "POT-0005",
        "the future proof of time is not the last output proven",
        "header and justification must tell the same time",
        FORGED_HINT,
    ),
    entry(
        "POT-0006",
        "the proof of time is not the output of the claimed slot",
        "a solution answers the challenge of exactly one slot",
        FORGED_HINT,
    ),
    entry(
        "POT-0007",
        "the output of an earlier slot is needed and was not given",
        "the claimed slot lies before the parent's future slot, so its output is in an ancestor's proof",
        "restart the node; if it happens again, report it with the log",
    ),
    entry(
        "POT-0008",
        "a change of proof of time lowers the iterations",
        "less work per slot would let time run faster",
        FORGED_HINT,
    ),
    entry(
        "POT-0009",
        "iterations changed where no injection is due",
        "iterations only change at the slot of an injection",
        FORGED_HINT,
    ),
    entry(
        "POT-0010",
        "the checkpoints of a slot are wrong",
        "encrypting the seed does not lead through the published values",
        "nothing: the sender is at fault; its proof was dropped",
    ),
    entry("POT-0011", "a proof of time is too old", "its slot left the kept history", PEER_HINT),
    entry(
        "POT-0012",
        "a proof of time is too far ahead",
        "only a few slots past the tip are kept until those between arrive",
        "let the node sync; a clock or a peer far ahead is no harm",
    ),
    entry(
        "POT-0013",
        "a proof of time has too many iterations",
        "checking it would cost more than any slot that near can cost",
        PEER_HINT,
    ),
    entry(
        "POT-0014",
        "a proof of time belongs to another chain",
        "it starts from a seed or iterations that the best chain does not have at that slot",
        "nothing: it becomes useful only if its fork wins, and then arrives with its blocks",
    ),
    entry(
        "POT-0015",
        "a peer sent too many different proofs of one slot",
        "a few forks are normal, many are an attempt to waste work",
        PEER_HINT,
    ),
    entry(
        "POT-0016",
        "too many proofs wait for earlier slots",
        "the buffer for proofs ahead of the tip is bounded",
        PEER_HINT,
    ),
    entry(
        "POT-0017",
        "a peer has sent too many wrong proofs of time",
        "each wrong proof uses up a part of the work that a peer may cause",
        "nothing: its proofs are looked at again after a while",
    ),
];
