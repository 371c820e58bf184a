//! What a node shows of itself: plain values that the API, the command line and the explorer share.

mod event;
mod submission;

pub use self::event::NodeEvent;
pub use self::submission::{BlockEvents, SubmissionKind, SubmissionView};
use auto_core::{
    Address, Amount, BlockNumber, Commitment, Hash, HistorySize, Nonce, PieceIndex, PublicKey, SegmentIndex,
    Slot, SolutionRange,
};
use serde::Serialize;

/// A block by its place in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BlockId {
    /// Height.
    pub number: BlockNumber,
    /// Hash of the sealed header.
    pub hash: Hash,
}

/// A block as people look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockView {
    /// Height and hash.
    pub id: BlockId,
    /// Hash of the parent.
    pub parent_hash: Hash,
    /// Slot whose challenge the block answers; zero in genesis.
    pub slot: Slot,
    /// The farmer's key; none in genesis.
    pub farmer: Option<PublicKey>,
    /// Who is paid; none in genesis.
    pub reward_address: Option<Address>,
    /// Reward and fees that the block issued to its author.
    pub reward: Amount,
    /// Root of the state after the block.
    pub state_root: Hash,
    /// Root over the transactions.
    pub transactions_root: Hash,
    /// Root of the mountain range over the blocks before.
    pub mmr_root: Hash,
    /// The range the solution had to meet.
    pub solution_range: SolutionRange,
    /// Cumulative weight of the chain up to here, in decimal.
    pub weight: String,
    /// Segments that the block adds to the archived history.
    pub segments: Vec<SegmentIndex>,
    /// Hashes of the transactions, in order.
    pub transactions: Vec<Hash>,
    /// What operators submitted, in order.
    pub submissions: Vec<SubmissionView>,
    /// Length of the encoded block in bytes.
    pub size_bytes: u64,
    /// Encoded solution in bytes; zero in genesis.
    pub solution_bytes: u64,
    /// Whether the block is on the best chain.
    pub canonical: bool,
    /// Whether the block lies below the confirmation depth.
    pub confirmed: bool,
}

/// Where a transaction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TransactionStage {
    /// In the pool of this node.
    Accepted,
    /// In a block of the best chain and executed.
    InBlock,
    /// In a block below the confirmation depth.
    Confirmed,
    /// Out of the pool without having been included.
    Dropped,
}

/// One call of a transaction, decoded for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CallView {
    /// Money to an account.
    Transfer {
        /// Who receives.
        to: Address,
        /// How much.
        amount: Amount,
    },
    /// Bytes stored for ever.
    Store {
        /// Content hash.
        object: Hash,
        /// Length in bytes.
        size_bytes: u64,
    },
    /// A call of another module, which the chain's extension runs.
    Other {
        /// Module number.
        module: u16,
        /// The call in the module's encoding.
        payload: Vec<u8>,
    },
}

/// A transaction as people look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransactionView {
    /// Hash of the signed transaction.
    pub hash: Hash,
    /// Where it stands.
    pub stage: TransactionStage,
    /// Who signed and pays.
    pub signer: Address,
    /// The signer's nonce.
    pub nonce: Nonce,
    /// The most the signer pays.
    pub fee_limit: Amount,
    /// What was paid; none before inclusion.
    pub fee: Option<Amount>,
    /// The block that includes it, and the position in that block.
    pub included: Option<(BlockId, u32)>,
    /// Code of the failure, when the calls failed; the fee is kept all the same.
    pub failure: Option<String>,
    /// The calls in order.
    pub calls: Vec<CallView>,
    /// Length of the encoding in bytes.
    pub size_bytes: u64,
}

/// An account at one height.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountView {
    /// Whose.
    pub address: Address,
    /// Money held.
    pub balance: Amount,
    /// Transactions sent.
    pub nonce: Nonce,
    /// The height that was read.
    pub at: BlockId,
}

/// Where an object is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum ObjectPlace {
    /// In a block that is not archived.
    Pending {
        /// The block.
        block: BlockId,
    },
    /// In the archived history.
    Archived {
        /// The source piece in which it starts.
        piece: PieceIndex,
        /// Offset in bytes inside that piece's raw record.
        offset: u32,
    },
}

/// An object as people look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectView {
    /// Content hash.
    pub hash: Hash,
    /// Length in bytes.
    pub size_bytes: u64,
    /// Block that stored it first.
    pub block: BlockNumber,
    /// Where its bytes are.
    pub place: ObjectPlace,
}

/// An archived segment as people look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SegmentView {
    /// Position in the history.
    pub index: SegmentIndex,
    /// Commitment to its records.
    pub commitment: Commitment48,
    /// Last block in it.
    pub last_block: BlockNumber,
    /// Pieces, source and parity.
    pub pieces: u64,
    /// How many of its pieces this node's farms hold in plotted sectors.
    pub plotted_pieces: u64,
}

/// A commitment in hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commitment48(pub Commitment);

impl Serialize for Commitment48 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// State of one sector on the sector map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SectorState {
    /// Not written.
    Empty,
    /// Being written.
    Plotting,
    /// Farming.
    Plotted,
    /// Farming, and due to expire with the next growth of the history.
    AboutToExpire,
    /// No longer valid; waiting to be plotted anew.
    Expired,
    /// Damaged; waiting to be plotted anew.
    Quarantined,
}

/// A farm as people look at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FarmView {
    /// Folder of the plot.
    pub path: String,
    /// The farm's key.
    pub public_key: PublicKey,
    /// Who is paid.
    pub reward_address: Address,
    /// Space that the plot takes, in bytes.
    pub size_bytes: u64,
    /// One state for each sector, in order.
    pub sectors: Vec<SectorState>,
    /// Plotting speed over the last sectors, in MiB/s times 100; none when idle.
    pub plot_centi_mib_per_s: Option<u64>,
    /// Estimated seconds until every sector is plotted; none when unknown or done.
    pub plot_eta_s: Option<u64>,
    /// History size at which the next sector expires.
    pub next_expiry: Option<HistorySize>,
    /// Blocks won and kept on the best chain.
    pub blocks_won: u64,
    /// Solutions found by audits.
    pub solutions_found: u64,
    /// Solutions that missed, each with its reason.
    pub missed: Vec<MissedSolution>,
    /// Milliseconds of an audit at the 50th and 99th percentile.
    pub audit_ms: Option<(u64, u64)>,
    /// Milliseconds of a proof at the 50th and 99th percentile.
    pub prove_ms: Option<(u64, u64)>,
}

/// Why a solution brought no block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissedSolution {
    /// The slot.
    pub slot: Slot,
    /// Why, in one sentence with its figures.
    pub reason: String,
}

/// What the node is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum NodePhase {
    /// Opening the store and the ceremony.
    Starting,
    /// Importing blocks of peers.
    Syncing {
        /// Height to reach.
        target: BlockNumber,
    },
    /// At the head of the chain.
    Running,
}

/// The node at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NodeStatus {
    /// Version of the program.
    pub version: String,
    /// Hash of the genesis block.
    pub genesis: Hash,
    /// Hash of the parameters.
    pub params_hash: Hash,
    /// What it is doing.
    pub phase: NodePhase,
    /// Best block.
    pub head: BlockId,
    /// Last block below the confirmation depth.
    pub confirmed: BlockId,
    /// Last proven slot.
    pub slot: Slot,
    /// Length of the archived history.
    pub history_size: HistorySize,
    /// Range that the next block has to meet.
    pub solution_range: SolutionRange,
    /// Space that the solution range stands for, in bytes.
    pub pledged_bytes: u64,
    /// Price of one byte in the next block.
    pub byte_fee: Amount,
    /// All money there is.
    pub issuance: Amount,
    /// Peers connected.
    pub peers: u32,
    /// Transactions in the pool.
    pub pool: u32,
    /// Seconds since the head was imported.
    pub head_age_s: u64,
    /// Blocks that this node reverted since it started.
    pub reorgs: u64,
    /// Blocks of its own that it refused since it started: each one is a fault of the program or of a plot.
    pub own_blocks_refused: u64,
}
