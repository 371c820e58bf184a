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
/// Hash of a bundle's header: what its operator signs.
pub const BUNDLE: &[u8] = b"auto/v1/core/bundle\0";
/// Hash of a receipt that comes without a bundle, with the right to offer it: what its operator signs.
pub const SEALED_RECEIPT: &[u8] = b"auto/v1/core/sealed-receipt\0";
/// Hash of an extrinsic of a domain.
pub const EXTRINSIC: &[u8] = b"auto/v1/core/extrinsic\0";
/// Hash of an execution receipt.
pub const RECEIPT: &[u8] = b"auto/v1/core/receipt\0";
/// Hash of a domain block's header.
pub const DOMAIN_HEADER: &[u8] = b"auto/v1/core/domain-header\0";
/// Hash of what a domain starts from.
pub const DOMAIN_GENESIS: &[u8] = b"auto/v1/core/domain-genesis\0";
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
/// Signature of an operator over a bundle's hash.
pub const BUNDLE_SIGNATURE: &[u8] = b"auto/v1/domains/bundle-signature\0";
/// Signature by which an operator's key shows that its owner holds it.
pub const OPERATOR_POSSESSION: &[u8] = b"auto/v1/domains/operator-possession\0";
/// Transcript of the draw that elects operators.
pub const ELECTION: &[u8] = b"auto/v1/domains/election\0";
/// Position of a signer, or of an elected operator, on the ring of transaction ranges.
pub const TRANSACTION_RANGE: &[u8] = b"auto/v1/domains/transaction-range\0";
/// Digest over the extrinsics of a valid bundle.
pub const BUNDLE_DIGEST: &[u8] = b"auto/v1/domains/bundle-digest\0";
/// Seed of the order in which the extrinsics of a domain block run.
pub const SHUFFLE: &[u8] = b"auto/v1/domains/shuffle\0";
/// Identity of a fraud proof.
pub const FRAUD_PROOF: &[u8] = b"auto/v1/domains/fraud-proof\0";
/// Identity of a message between chains.
pub const MESSAGE: &[u8] = b"auto/v1/module/message\0";
/// Who counts as the sender of the messages of one channel.
pub const MESSAGE_SENDER: &[u8] = b"auto/v1/module/message-sender\0";
/// Account that belongs to a module, to which nobody has a key.
pub const MODULE_ACCOUNT: &[u8] = b"auto/v1/module/account\0";
