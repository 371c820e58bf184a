//! Domain-separation tags: the one table of every tagged hash and signature in the protocol.
//!
//! A tag is the first thing hashed; it ends in a zero byte so that none is a prefix of another.

/// Hash of a sealed header: the block hash.
pub const HEADER: &[u8] = b"auto/v1/core/header\0";
/// Hash of a header without its seal: what the farmer signs.
pub const HEADER_PRE_SEAL: &[u8] = b"auto/v1/core/header-pre-seal\0";
/// Signature of a farmer over a header without its seal.
pub const SEAL: &[u8] = b"auto/v1/core/seal\0";
/// Hash of a signed transaction.
pub const TRANSACTION: &[u8] = b"auto/v1/core/transaction\0";
/// Signature of an account over a transaction.
pub const TRANSACTION_SIGNATURE: &[u8] = b"auto/v1/core/transaction-signature\0";
/// Leaf of a binary Merkle tree.
pub const MERKLE_LEAF: &[u8] = b"auto/v1/core/merkle-leaf\0";
/// Inner node of a binary Merkle tree.
pub const MERKLE_NODE: &[u8] = b"auto/v1/core/merkle-node\0";
/// Hash of all that a chain starts from.
pub const GENESIS: &[u8] = b"auto/v1/core/genesis\0";
/// Hash of the protocol parameters.
pub const PARAMS: &[u8] = b"auto/v1/core/params\0";
/// Hash of a segment header.
pub const SEGMENT_HEADER: &[u8] = b"auto/v1/core/segment-header\0";
/// Checksum of a base58 address.
pub const ADDRESS: &[u8] = b"auto/v1/core/address\0";
/// Content hash of an object on chain.
pub const OBJECT: &[u8] = b"auto/v1/core/object\0";
/// Coefficients that combine KZG openings into one check.
pub const KZG_OPENINGS: &[u8] = b"auto/v1/kzg/openings\0";
/// Leaf of the state tree.
pub const STATE_LEAF: &[u8] = b"auto/v1/state/leaf\0";
/// Inner node of the state tree.
pub const STATE_NODE: &[u8] = b"auto/v1/state/node\0";
/// Path of a key in the state tree.
pub const STATE_KEY: &[u8] = b"auto/v1/state/key\0";
/// Leaf of the Merkle mountain range over blocks.
pub const MMR_LEAF: &[u8] = b"auto/v1/ledger/mmr-leaf\0";
/// Inner node of the Merkle mountain range over blocks.
pub const MMR_NODE: &[u8] = b"auto/v1/ledger/mmr-node\0";
/// Root of the Merkle mountain range (bag of peaks).
pub const MMR_ROOT: &[u8] = b"auto/v1/ledger/mmr-root\0";
/// Entropy that a block injects into proof of time.
pub const POT_ENTROPY: &[u8] = b"auto/v1/consensus/pot-entropy\0";
