//! The ground every other crate stands on: newtypes, hashes, the strict codec, keys, protocol
//! parameters, headers, blocks and transactions.
//!
//! # Guarantees
//! * Synchronous, pure, free of floating point, clocks and I/O.
//! * Every decoder is strict: unknown variants, lengths over their bound, trailing bytes and
//!   non-canonical values are refused, and a length is checked before anything is allocated for it.
//! * Integers are little-endian and of fixed width; lists carry a `u32` count. No encoding of a value
//!   depends on how another value was encoded, so offsets inside a block can be computed once.
//! * Every signed preimage starts with a tag from [`tag`] followed by the genesis hash.
//!
//! # Deviations from the production protocol of the paper
//! * The sector index is a `u32` (the paper's `u16` caps a key at 64 TiB).
//! * Ed25519 (strict) instead of sr25519 for accounts and block seals.
//! * Segment headers travel in the header's digest, so that headers alone carry every commitment.
//! * A shard identifier is reserved in the header and is always zero.

mod amount;
mod block;
mod bundle;
mod codec;
mod derive;
mod domain;
mod equivocation;
mod error;
mod hash;
mod header;
mod history;
mod keys;
mod merkle;
mod number;
mod params;
mod pot;
mod receipt;
mod solution;
pub mod tag;
mod transaction;

pub use amount::{AI3_DECIMALS, Amount, AmountError};
pub use block::{BODY_TRANSACTIONS_MAX, Block, Body};
pub use bundle::{
    BODY_SUBMISSIONS_MAX, BUNDLE_BYTES_MAX, BUNDLE_EXTRINSICS_MAX, Bundle, BundleHeader, EXTRINSIC_BYTES_MAX,
    OpaqueExtrinsic, OperatorKey, OperatorSignature, ProofOfElection, SealedReceipt, Submission,
    VrfSignature, extrinsic_hash,
};
pub use codec::{Blob, CodecError, List, decode_strict};
pub use derive::{
    ChallengeBits, evaluation_seed, expiration_history_size, global_challenge, is_within_range, mask_chunk,
    piece_index, pieces_to_range, range_to_pieces, sector_id, solution_distance,
};
pub use domain::{
    DOMAIN_NAME_BYTES_MAX, DomainConfig, DomainName, GenesisDomain, GenesisOperator,
    MODULE_GENESIS_BYTES_MAX, ModuleGenesis, OperatorAllowList, RUNTIME_MODULES_MAX,
};
pub use equivocation::{Equivocation, EquivocationError, SolutionKey};
pub use error::{ErrorCode, ErrorEntry};
pub use hash::{Hash, hash, hash_parts, keyed_hash};
pub use header::{
    DIGEST_ITEMS_MAX, Digest, DigestItem, Header, PotParametersChange, PreDigest, SEGMENT_HEADERS_MAX,
};
pub use history::{
    BlockObject, CHUNKS_PER_RECORD, Commitment, GlobalObject, LastArchivedBlock, PIECE_BYTES, Piece,
    RAW_RECORD_BYTES, RECORD_BYTES, S_BUCKETS, SAFE_SCALAR_BYTES, SCALAR_BYTES, ScalarBytes, SegmentHeader,
    Witness,
};
pub use keys::{Address, AddressError, KeyPair, PublicKey, Signature, SignatureError};
pub use merkle::{MerkleProof, merkle_root};
pub use number::{
    BlockNumber, ChannelId, DomainId, HistorySize, ModuleId, Nonce, OperatorId, PieceIndex, PieceOffset,
    RuntimeId, SBucket, SectorIndex, SegmentIndex, ShardId, Slot, SolutionRange,
};
pub use params::{Genesis, GenesisAccount, ParamsError, Preset, ProtocolParams, SubsidyPoint};
pub use pot::{CHECKPOINTS, PotCheckpoints, PotJustification, PotKey, PotOutput, PotProof, PotSeed};
pub use receipt::{
    BlockFees, BundleVerdict, DOMAIN_BLOCK_BUNDLES_MAX, DOMAIN_BLOCK_EXTRINSICS_MAX, DomainHeader,
    ExecutionReceipt, InboxedBundle, InvalidBundle, TRACE_ROOTS_MAX, TRANSFER_CHAINS_MAX, Transfers,
};
pub use solution::{SPACE_K_MAX, SPACE_K_MIN, Solution, SpaceProof};
pub use transaction::{Call, SignedTransaction, TRANSACTION_CALLS_MAX, Transaction};
