//! What can go wrong in a node.

mod entries;

pub use self::entries::ERRORS;
use auto_archiver::ArchiveError;
use auto_consensus::ConsensusError;
use auto_core::{Address, BlockNumber, CodecError, DomainId, ErrorCode, Hash, OperatorId, ParamsError, Slot};
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
    /// The bytes are no submission.
    #[error("the bytes are not a submission: {0}")]
    UndecodableSubmission(CodecError),
    /// A submission claims a slot that this node has not seen proven.
    #[error("the submission claims slot {slot}, the last proven one is {tip}")]
    SlotUnproven {
        /// The slot that is claimed.
        slot: Slot,
        /// The last proven slot.
        tip: Slot,
    },
    /// A submission claims a slot that is too old.
    #[error("the submission claims slot {slot}, only those after {expired} can be claimed")]
    SlotExpired {
        /// The slot that is claimed.
        slot: Slot,
        /// The last slot that can no longer be claimed.
        expired: Slot,
    },
    /// An operator has too many submissions waiting.
    #[error("operator {operator} of domain {domain} has as many submissions waiting as one operator may")]
    OperatorFull {
        /// The domain.
        domain: DomainId,
        /// The operator.
        operator: OperatorId,
    },
    /// A transaction of a domain is not signed by its signer.
    #[error("the signature of the domain's transaction does not hold")]
    DomainSignature,
    /// More transactions of domains arrive than this node passes on.
    #[error("more transactions of domains arrive than this node passes on")]
    RelayBusy,
    /// What follows the chain refuses something, or failed.
    #[error("{message}")]
    Follower {
        /// Its code.
        code: &'static str,
        /// What it says.
        message: String,
        /// Whether the node must not go on.
        fatal: bool,
    },
    /// A follower has yet to be told of a block whose state was let go before it came.
    #[error(
        "the domains cannot be followed from block {number} on: this node has states from block {oldest} on"
    )]
    FollowerTooLate {
        /// The block.
        number: BlockNumber,
        /// The lowest block whose state is kept.
        oldest: BlockNumber,
    },
    /// The body of an archived block is no longer kept.
    #[error("the body of block {number} is no longer kept")]
    BodyDropped {
        /// Height of the block.
        number: BlockNumber,
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
            | Self::AlreadyInPool { .. }
            | Self::SlotUnproven { .. }
            | Self::SlotExpired { .. }
            | Self::DomainSignature
            | Self::Follower { fatal: false, .. } => ErrorKind::Rejected,
            Self::Undecodable(_)
            | Self::UndecodableSubmission(_)
            | Self::Params(_)
            | Self::OtherParams { .. }
            | Self::OtherGenesis
            | Self::Farm(_) => ErrorKind::User,
            Self::HeightUnavailable { .. } | Self::FollowerTooLate { .. } | Self::BodyDropped { .. } => {
                ErrorKind::NotFound
            }
            Self::PoolFull
            | Self::SignerFull { .. }
            | Self::OperatorFull { .. }
            | Self::RelayBusy
            | Self::Unretrievable { .. }
            | Self::Stopped { .. } => ErrorKind::Unavailable,
            _ => ErrorKind::Internal,
        }
    }

    /// Whether the node itself failed, so that it must not go on.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::State(_)
            | Self::Store(_)
            | Self::Archive(_)
            | Self::Damaged { .. }
            | Self::Missing { .. }
            | Self::Follower { fatal: true, .. } => true,
            Self::Ledger(error) => error.is_fatal(),
            _ => false,
        }
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
            Self::UndecodableSubmission(_) => "NOD-0022",
            Self::SlotUnproven { .. } => "NOD-0023",
            Self::SlotExpired { .. } => "NOD-0024",
            Self::OperatorFull { .. } => "NOD-0025",
            Self::DomainSignature => "NOD-0026",
            Self::RelayBusy => "NOD-0027",
            Self::BodyDropped { .. } => "NOD-0028",
            Self::FollowerTooLate { .. } => "NOD-0029",
            Self::Follower { code, .. } => code,
        }
    }
}
