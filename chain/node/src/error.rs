//! What can go wrong in a node.

use auto_archiver::ArchiveError;
use auto_consensus::ConsensusError;
use auto_core::{Address, BlockNumber, CodecError, ErrorCode, ErrorEntry, Hash, ParamsError};
use auto_farmer::FarmError;
use auto_ledger::LedgerError;
use auto_state::StateError;
use auto_store::StoreError;

/// Whose turn it is after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The caller's: the request was wrong.
    User,
    /// The caller's: the chain's rules refuse it.
    Rejected,
    /// Nobody's: there is no such thing.
    NotFound,
    /// Time's: later, or elsewhere, it may succeed.
    Unavailable,
    /// The operator's: the node is in trouble.
    Internal,
}

/// What can go wrong in a node. Errors of the crates below keep their own codes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NodeError {
    /// A rule of consensus is broken.
    #[error(transparent)]
    Consensus(ConsensusError),
    /// A rule of the ledger is broken.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The state could not be read or proven.
    #[error(transparent)]
    State(StateError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Archiving or retrieval failed.
    #[error(transparent)]
    Archive(ArchiveError),
    /// A farm failed.
    #[error(transparent)]
    Farm(#[from] FarmError),
    /// The parameters make no chain.
    #[error(transparent)]
    Params(ParamsError),
    /// The store holds a chain with another value of a parameter.
    #[error("the data folder holds a chain whose parameter `{field}` differs")]
    OtherParams {
        /// The first parameter that differs.
        field: &'static str,
    },
    /// The store holds a chain of another genesis.
    #[error("the data folder holds a chain of another genesis")]
    OtherGenesis,
    /// A stored value does not decode.
    #[error("a stored value is damaged: column `{column}`, key {key}: {error}")]
    Damaged {
        /// Column family.
        column: &'static str,
        /// Key in hex.
        key: String,
        /// What is wrong with it.
        error: CodecError,
    },
    /// A stored value is missing.
    #[error("the store lacks {what} {key}")]
    Missing {
        /// What kind of value.
        what: &'static str,
        /// Which one.
        key: String,
    },
    /// The genesis block did not fill exactly one segment.
    #[error("the genesis block fills {count} segments instead of one")]
    GenesisSegments {
        /// How many it filled.
        count: usize,
    },
    /// A block forks off below the confirmed block.
    #[error("block {number} forks off below the confirmed block {confirmed}")]
    BelowConfirmed {
        /// Height of the block.
        number: BlockNumber,
        /// Height of the confirmed block.
        confirmed: BlockNumber,
    },
    /// A branch is so long that it would confirm a block which is not on the best chain.
    #[error("the branch up to block {number} left the best chain more than {depth} blocks ago")]
    ForkTooDeep {
        /// Height of the branch.
        number: BlockNumber,
        /// The confirmation depth.
        depth: u64,
    },
    /// A body is over the limit.
    #[error("the body has {size} bytes, the limit is {limit}")]
    BodyTooLarge {
        /// Encoded bytes.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// The body is not the one that the header commits to.
    #[error("the transactions are not those of the header")]
    TransactionsRoot,
    /// Execution gives another state.
    #[error("the header declares state root {declared}, execution gives {computed}")]
    StateRoot {
        /// In the header.
        declared: Hash,
        /// By execution.
        computed: Hash,
    },
    /// The mountain range over the ancestors is another.
    #[error("the header declares mountain range root {declared}, the ancestors give {computed}")]
    MmrRoot {
        /// In the header.
        declared: Hash,
        /// By the ancestors.
        computed: Hash,
    },
    /// A header of one's own has no room for the seal.
    #[error("the header has no room for its seal")]
    DigestFull,
    /// A block of one's own is invalid.
    #[error("the own block on {parent} is invalid: {error}")]
    OwnBlock {
        /// The parent.
        parent: Hash,
        /// What is wrong with it.
        error: String,
    },
    /// The bytes are no transaction.
    #[error("the bytes are not a signed transaction: {0}")]
    Undecodable(CodecError),
    /// The transaction waits already.
    #[error("transaction {hash} is in the pool already")]
    AlreadyInPool {
        /// Its hash.
        hash: Hash,
    },
    /// The pool is full.
    #[error("the pool is full")]
    PoolFull,
    /// A signer has too many transactions waiting.
    #[error("{signer} has as many transactions waiting as one signer may")]
    SignerFull {
        /// Whose.
        signer: Address,
    },
    /// A height cannot be read.
    #[error("the state at height {asked} is not available; this node has {oldest} to {head}")]
    HeightUnavailable {
        /// The height asked for.
        asked: BlockNumber,
        /// The lowest one.
        oldest: BlockNumber,
        /// The highest one.
        head: BlockNumber,
    },
    /// An archived object cannot be put together from the pieces at hand.
    #[error("object {hash} cannot be retrieved: {reason}")]
    Unretrievable {
        /// Its hash.
        hash: Hash,
        /// Why.
        reason: String,
    },
    /// The node has stopped.
    #[error("the node has stopped: {reason}")]
    Stopped {
        /// Why.
        reason: String,
    },
}

impl NodeError {
    /// Whose turn it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Ledger(error) if !error.code().is_empty() && !self.is_fatal() => ErrorKind::Rejected,
            Self::Consensus(_)
            | Self::BelowConfirmed { .. }
            | Self::ForkTooDeep { .. }
            | Self::BodyTooLarge { .. }
            | Self::TransactionsRoot
            | Self::StateRoot { .. }
            | Self::MmrRoot { .. }
            | Self::AlreadyInPool { .. } => ErrorKind::Rejected,
            Self::Undecodable(_)
            | Self::Params(_)
            | Self::OtherParams { .. }
            | Self::OtherGenesis
            | Self::Farm(_) => ErrorKind::User,
            Self::HeightUnavailable { .. } => ErrorKind::NotFound,
            Self::PoolFull | Self::SignerFull { .. } | Self::Unretrievable { .. } | Self::Stopped { .. } => {
                ErrorKind::Unavailable
            }
            _ => ErrorKind::Internal,
        }
    }

    /// Whether the node itself failed, so that it must not go on.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        matches!(
            self,
            Self::State(_)
                | Self::Store(_)
                | Self::Archive(_)
                | Self::Damaged { .. }
                | Self::Missing { .. }
                | Self::OwnBlock { .. }
                | Self::Ledger(LedgerError::State(_) | LedgerError::StateDamaged(_))
        )
    }
}

impl ErrorCode for NodeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Consensus(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::State(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Archive(error) => error.code(),
            Self::Farm(error) => error.code(),
            Self::Params(_) => "NOD-0001",
            Self::OtherParams { .. } => "NOD-0002",
            Self::OtherGenesis => "NOD-0003",
            Self::Damaged { .. } => "NOD-0004",
            Self::Missing { .. } => "NOD-0005",
            Self::GenesisSegments { .. } => "NOD-0006",
            Self::BelowConfirmed { .. } => "NOD-0007",
            Self::ForkTooDeep { .. } => "NOD-0008",
            Self::BodyTooLarge { .. } => "NOD-0009",
            Self::TransactionsRoot => "NOD-0010",
            Self::StateRoot { .. } => "NOD-0011",
            Self::MmrRoot { .. } => "NOD-0012",
            Self::DigestFull => "NOD-0013",
            Self::OwnBlock { .. } => "NOD-0014",
            Self::Undecodable(_) => "NOD-0015",
            Self::AlreadyInPool { .. } => "NOD-0016",
            Self::PoolFull => "NOD-0017",
            Self::SignerFull { .. } => "NOD-0018",
            Self::HeightUnavailable { .. } => "NOD-0019",
            Self::Unretrievable { .. } => "NOD-0020",
            Self::Stopped { .. } => "NOD-0021",
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "NOD-0001",
        "The protocol parameters make no chain.",
        "A parameter breaks the rule that the message names.",
        "Start from a preset and change one value at a time.",
    ),
    entry(
        "NOD-0002",
        "The data folder belongs to a chain with other parameters.",
        "Parameters are part of genesis: nodes that differ in one are on different chains.",
        "Use the parameters the folder was made with, or another folder.",
    ),
    entry(
        "NOD-0003",
        "The data folder belongs to another chain.",
        "Its genesis has other accounts or other entropy.",
        "Use the genesis the folder was made with, or another folder.",
    ),
    entry(
        "NOD-0004",
        "A stored value is damaged.",
        "The disk changed it, or another program wrote to the folder.",
        "Check the disk, remove the node's folder and sync again; plots are not affected.",
    ),
    entry(
        "NOD-0005",
        "The store lacks a value that must be there.",
        "Part of the data folder was deleted.",
        "Remove the node's folder and sync again; plots are not affected.",
    ),
    entry(
        "NOD-0006",
        "The genesis block does not fill one segment.",
        "The parameters leave no room for it.",
        "Use more records per segment.",
    ),
    entry(
        "NOD-0007",
        "A block forks off below the confirmed block.",
        "Confirmed blocks are archived and never reverted.",
        "Nothing to do: the block is ignored.",
    ),
    entry(
        "NOD-0008",
        "A branch is too deep to be followed.",
        "It left the best chain longer ago than the confirmation depth.",
        "Nothing to do, unless this node was cut off for long: then remove its folder and sync again.",
    ),
    entry(
        "NOD-0009",
        "A block's body is too large.",
        "The parameters bound what a block may hold.",
        "Nothing to do: the block is ignored.",
    ),
    entry(
        "NOD-0010",
        "A block's transactions are not those of its header.",
        "The body was changed after the header was sealed.",
        "Nothing to do: the block is ignored.",
    ),
    entry(
        "NOD-0011",
        "A block declares a wrong state.",
        "Its author executed other rules, or lied.",
        "If every block is refused so, update this node.",
    ),
    entry(
        "NOD-0012",
        "A block declares a wrong history.",
        "Its author has other ancestors, or lied.",
        "If every block is refused so, update this node.",
    ),
    entry(
        "NOD-0013",
        "A header has no room for its seal.",
        "It holds more digest items than the format allows.",
        "Report this: it is a fault of the program.",
    ),
    entry(
        "NOD-0014",
        "This node built an invalid block.",
        "The rules for building and for verifying disagree.",
        "Report this: it is a fault of the program.",
    ),
    entry(
        "NOD-0015",
        "The bytes are not a signed transaction.",
        "They are malformed, cut short, too long, or have bytes left over.",
        "Encode the transaction with the SDK or `auto`.",
    ),
    entry(
        "NOD-0016",
        "The transaction is in the pool already.",
        "It was submitted before.",
        "Wait for it to be included.",
    ),
    entry(
        "NOD-0017",
        "The pool is full.",
        "More transactions wait than blocks take.",
        "Try again in a few blocks.",
    ),
    entry(
        "NOD-0018",
        "The signer has too many transactions waiting.",
        "One signer may not fill the pool.",
        "Wait until some are included.",
    ),
    entry(
        "NOD-0019",
        "The state at that height is not available.",
        "It lies above the head, or this node no longer keeps it.",
        "Ask for a height in the range that the message names.",
    ),
    entry(
        "NOD-0020",
        "The object cannot be retrieved.",
        "Too few of its segment's pieces are in the caches and plots at hand.",
        "Wait until its pieces are plotted, or ask another node.",
    ),
    entry(
        "NOD-0021",
        "The node has stopped.",
        "It was asked to, or met an error that it must not go on after.",
        "Read the reason, mend it, and start the node again.",
    ),
];
