//! Why consensus refuses something.

mod entries;

pub use entries::ERRORS;

use auto_core::{
    BlockNumber, ErrorCode, Hash, HistorySize, PieceOffset, PotParametersChange, PublicKey, SegmentIndex,
    ShardId, Slot, SolutionRange,
};
use auto_kzg::KzgError;
use auto_proof_of_space::SpaceError;
use auto_proof_of_time::TimeError;

/// Why a header, a solution or a fork was refused; every reason has its own code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConsensusError {
    /// The digest ends before an item that must be there.
    #[error("the digest ends where {expected} must be")]
    DigestMissing {
        /// The item that must be there.
        expected: &'static str,
    },
    /// An item of the digest is out of place, double or unknown.
    #[error("digest item {position} is {found} where {expected} must be")]
    DigestUnexpected {
        /// Position of the item, from zero.
        position: usize,
        /// The next item that must be there.
        expected: &'static str,
        /// The item that is there.
        found: &'static str,
    },
    /// A list of segment headers is there but empty.
    #[error("the digest holds an empty list of segment headers")]
    DigestEmptySegments,
    /// The shard is not zero.
    #[error("shard {shard} does not exist")]
    Shard {
        /// The declared shard.
        shard: ShardId,
    },
    /// The header is not a child of the given parent.
    #[error("parent {declared} is not {expected}")]
    Parent {
        /// Parent hash in the header.
        declared: Hash,
        /// Hash of the given parent.
        expected: Hash,
    },
    /// The height is not the parent's and one.
    #[error("block number {declared} where {expected} must be")]
    Number {
        /// Number in the header.
        declared: BlockNumber,
        /// The parent's number and one.
        expected: BlockNumber,
    },
    /// The slot does not come after the parent's.
    #[error("slot {slot} does not come after the parent's slot {parent}")]
    SlotNotAfterParent {
        /// The claimed slot.
        slot: Slot,
        /// The parent's slot.
        parent: Slot,
    },
    /// The slot has not been reached by the local proof of time.
    #[error("slot {slot} is beyond the local tip {tip} of proof of time")]
    SlotBeyondTip {
        /// The claimed slot.
        slot: Slot,
        /// The last slot known locally.
        tip: Slot,
    },
    /// A number that follows from the slot does not fit.
    #[error("slot {slot} leads past the number range")]
    SlotOverflow {
        /// The claimed slot.
        slot: Slot,
    },
    /// The declared iterations are not those of the block's slot.
    #[error("iterations {declared} where {expected} hold")]
    Iterations {
        /// Iterations in the header.
        declared: u64,
        /// Iterations that the parent derives.
        expected: u64,
    },
    /// The declared solution range is not the one that the parent derives.
    #[error("solution range {declared} where {expected} holds")]
    SolutionRange {
        /// Range in the header.
        declared: SolutionRange,
        /// Range that the parent derives.
        expected: SolutionRange,
    },
    /// The next solution range is missing at the end of an era, wrong, or declared elsewhere.
    #[error("next solution range {declared:?} where {expected:?} must be")]
    NextSolutionRange {
        /// Range in the header.
        declared: Option<SolutionRange>,
        /// Range that the parent derives.
        expected: Option<SolutionRange>,
    },
    /// The change of proof of time is missing, wrong, or declared where none is due.
    #[error("change of proof of time {declared:?} where {expected:?} must be")]
    ParametersChange {
        /// Change in the header.
        declared: Box<Option<PotParametersChange>>,
        /// Change that the parent derives.
        expected: Box<Option<PotParametersChange>>,
    },
    /// A segment header does not continue the numbering of segments.
    #[error("segment {declared} where segment {expected} must be")]
    SegmentIndex {
        /// Index in the segment header.
        declared: SegmentIndex,
        /// The index after the newest segment.
        expected: SegmentIndex,
    },
    /// A segment header does not link to the one before.
    #[error("segment {index} follows {declared}, not {expected}")]
    SegmentPreviousHash {
        /// The segment.
        index: SegmentIndex,
        /// The link in the segment header.
        declared: Hash,
        /// Hash of the segment header before.
        expected: Hash,
    },
    /// A segment holds a block that is not deep enough.
    #[error("segment {index} holds block {archived}, which is not {depth} deep at block {number}")]
    SegmentTooEarly {
        /// The segment.
        index: SegmentIndex,
        /// The last block in the segment.
        archived: BlockNumber,
        /// The block that carries the segment header.
        number: BlockNumber,
        /// The confirmation depth.
        depth: u64,
    },
    /// The segment headers are not exactly those that archiving gives for this block.
    #[error("{declared} segment headers where {expected} are due; the first difference is at {position}")]
    SegmentHeaders {
        /// Segment headers in the block.
        declared: usize,
        /// Segment headers that archiving gives.
        expected: usize,
        /// Position of the first that is missing, extra or different.
        position: usize,
    },
    /// The piece offset is past the end of a sector.
    #[error("piece offset {offset} in a sector of {pieces} pieces")]
    PieceOffset {
        /// The offset.
        offset: PieceOffset,
        /// Pieces of a sector.
        pieces: u16,
    },
    /// The piece is of another class than the one challenged in this slot.
    #[error("piece of class {class} where class {challenged} is challenged")]
    PieceClass {
        /// Class of the piece.
        class: u16,
        /// Class that the slot challenges.
        challenged: u16,
    },
    /// The sector claims a history that is longer than the archived one.
    #[error("history size {declared} is over {limit}")]
    HistorySize {
        /// The sector's history size.
        declared: HistorySize,
        /// The longest that is allowed in this block.
        limit: HistorySize,
    },
    /// A count of pieces does not fit.
    #[error("a history of {size} segments has more pieces than can be counted")]
    HistoryOverflow {
        /// The sector's history size.
        size: HistorySize,
    },
    /// The sector has expired.
    #[error("sector expired at history size {expires}, the history has {current}")]
    SectorExpired {
        /// The length of the history at which the sector stopped being valid.
        expires: HistorySize,
        /// The present length.
        current: HistorySize,
    },
    /// The commitment of a segment that must exist is not at hand.
    #[error("commitment of segment {index} is not known")]
    SegmentUnknown {
        /// The segment.
        index: SegmentIndex,
    },
    /// The proof of space is for tables of another size.
    #[error("proof of space for k = {declared} where k = {expected} holds")]
    SpaceParameter {
        /// Parameter of the proof.
        declared: u8,
        /// Parameter of the chain.
        expected: u8,
    },
    /// The chunk's audit value is too far from the challenge.
    #[error("distance {distance} is over {limit}")]
    OutsideRange {
        /// Distance of the audit value from the challenge.
        distance: u64,
        /// Half of the solution range.
        limit: u64,
    },
    /// The seal is not the solution's key's signature over this header.
    #[error("the seal is not a signature of {key} over this header")]
    Seal {
        /// The solution's key.
        key: PublicKey,
    },
    /// The proof of space does not hold.
    #[error("proof of space: {0}")]
    Space(#[source] SpaceError),
    /// The chunk is not in the record, or the record not in the segment.
    #[error("opening of a commitment: {0}")]
    Opening(#[source] KzgError),
    /// The proof of time does not hold; it travels beside the header and says nothing about it.
    #[error("proof of time: {0}")]
    Time(#[source] TimeError),
    /// The weight of the chain does not fit.
    #[error("the weight of block {number} does not fit")]
    WeightOverflow {
        /// Height of the block.
        number: BlockNumber,
    },
    /// The parameters are outside the bounds of consensus.
    #[error("parameter `{field}` is invalid: {rule}")]
    Params {
        /// Name of the field.
        field: &'static str,
        /// What it must satisfy.
        rule: &'static str,
    },
    /// The parent of a block is not in the tree of forks.
    #[error("parent {parent} of block {number} is not known")]
    UnknownParent {
        /// Height of the block.
        number: BlockNumber,
        /// The missing parent.
        parent: Hash,
    },
    /// A block is not in the tree of forks.
    #[error("block {hash} is not known")]
    UnknownBlock {
        /// The block.
        hash: Hash,
    },
    /// The block is already in the tree of forks.
    #[error("block {hash} is already known")]
    KnownBlock {
        /// The block.
        hash: Hash,
    },
    /// The block branches off below the confirmed block.
    #[error("block {number} is not above the confirmed block {confirmed}")]
    BelowConfirmed {
        /// Height of the block.
        number: BlockNumber,
        /// Height of the confirmed block.
        confirmed: BlockNumber,
    },
    /// Following a fork would revert blocks that are already archived.
    #[error("a reorganisation of {depth} blocks is deeper than {limit}")]
    ReorgTooDeep {
        /// Blocks to revert.
        depth: u64,
        /// The confirmation depth.
        limit: u64,
    },
    /// A block that is not on the best chain cannot be confirmed.
    #[error("block {hash} is not on the best chain")]
    NotOnBestChain {
        /// The block.
        hash: Hash,
    },
}

impl ErrorCode for ConsensusError {
    fn code(&self) -> &'static str {
        match self {
            Self::DigestMissing { .. } => "CON-0001",
            Self::DigestUnexpected { .. } => "CON-0002",
            Self::DigestEmptySegments => "CON-0003",
            Self::Shard { .. } => "CON-0004",
            Self::Parent { .. } => "CON-0005",
            Self::Number { .. } => "CON-0006",
            Self::SlotNotAfterParent { .. } => "CON-0007",
            Self::SlotBeyondTip { .. } => "CON-0008",
            Self::SlotOverflow { .. } => "CON-0009",
            Self::Iterations { .. } => "CON-0010",
            Self::SolutionRange { .. } => "CON-0011",
            Self::NextSolutionRange { .. } => "CON-0012",
            Self::ParametersChange { .. } => "CON-0013",
            Self::SegmentIndex { .. } => "CON-0014",
            Self::SegmentPreviousHash { .. } => "CON-0015",
            Self::SegmentTooEarly { .. } => "CON-0016",
            Self::SegmentHeaders { .. } => "CON-0017",
            Self::PieceOffset { .. } => "CON-0018",
            Self::PieceClass { .. } => "CON-0019",
            Self::HistorySize { .. } => "CON-0020",
            Self::HistoryOverflow { .. } => "CON-0021",
            Self::SectorExpired { .. } => "CON-0022",
            Self::SegmentUnknown { .. } => "CON-0023",
            Self::SpaceParameter { .. } => "CON-0024",
            Self::OutsideRange { .. } => "CON-0025",
            Self::Seal { .. } => "CON-0026",
            Self::Space(_) => "CON-0027",
            Self::Opening(_) => "CON-0028",
            Self::Time(_) => "CON-0029",
            Self::WeightOverflow { .. } => "CON-0030",
            Self::Params { .. } => "CON-0031",
            Self::UnknownParent { .. } => "CON-0032",
            Self::UnknownBlock { .. } => "CON-0033",
            Self::KnownBlock { .. } => "CON-0034",
            Self::BelowConfirmed { .. } => "CON-0035",
            Self::ReorgTooDeep { .. } => "CON-0036",
            Self::NotOnBestChain { .. } => "CON-0037",
        }
    }
}
