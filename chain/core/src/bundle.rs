//! Bundles: transactions of one domain that an elected operator offers to the consensus chain.

use crate::{
    Blob, DomainId, ExecutionReceipt, Hash, List, OperatorId, PotOutput, Slot, hash_parts, merkle_root, tag,
};
use parity_scale_codec::{Decode, Encode};
use std::fmt;

/// Bytes that one extrinsic of a domain may have.
pub const EXTRINSIC_BYTES_MAX: usize = 1 << 16;
/// Extrinsics that one bundle may hold.
pub const BUNDLE_EXTRINSICS_MAX: usize = 1024;
/// Bytes that the extrinsics of one bundle may have, whatever a domain allows.
pub const BUNDLE_BYTES_MAX: usize = 1 << 17;
/// Bundles and lone receipts that one block may hold.
pub const BODY_SUBMISSIONS_MAX: usize = 256;

/// An extrinsic as a bundle carries it: not decoded, since whether it can be is part of the verdict.
pub type OpaqueExtrinsic = Blob<EXTRINSIC_BYTES_MAX>;

/// An operator's sr25519 public key (schnorrkel), for bundles and the election.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct OperatorKey(pub [u8; 32]);

/// A schnorrkel signature of an operator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub struct OperatorSignature(pub [u8; 64]);

/// Output and proof of an operator's verifiable random function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
pub struct VrfSignature {
    /// What decides the election.
    pub pre_output: [u8; 32],
    /// That it is the key's only output for the slot.
    pub proof: [u8; 64],
}

impl fmt::Debug for OperatorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OperatorKey({})", hex::encode(self.0))
    }
}

impl fmt::Display for OperatorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl serde::Serialize for OperatorKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Debug for OperatorSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OperatorSignature({})", hex::encode(self.0))
    }
}

impl fmt::Debug for VrfSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VrfSignature({})", hex::encode(self.pre_output))
    }
}

/// That an operator was elected for a domain in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct ProofOfElection {
    /// The domain.
    pub domain: DomainId,
    /// The operator.
    pub operator: OperatorId,
    /// The slot.
    pub slot: Slot,
    /// The slot's output of proof of time.
    pub proof_of_time: PotOutput,
    /// The operator's draw.
    pub vrf: VrfSignature,
}

/// What an operator signs.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct BundleHeader {
    /// The right to offer it.
    pub election: ProofOfElection,
    /// A receipt of an earlier block of the domain.
    pub receipt: ExecutionReceipt,
    /// Weight of all extrinsics together.
    pub weight: u64,
    /// Merkle root over the hashes of the extrinsics.
    pub extrinsics_root: Hash,
}

impl BundleHeader {
    /// What the operator signs, and the identity of the bundle.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash_parts(tag::BUNDLE, &[&self.encode()])
    }
}

/// Transactions of one domain, offered by an operator.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Bundle {
    /// What is signed.
    pub header: BundleHeader,
    /// Signature over tag, genesis hash and the header's hash.
    pub signature: OperatorSignature,
    /// The transactions.
    pub extrinsics: List<OpaqueExtrinsic, BUNDLE_EXTRINSICS_MAX>,
}

/// Hash of an extrinsic as bundles and domain blocks list it.
#[must_use]
pub fn extrinsic_hash(bytes: &[u8]) -> Hash {
    hash_parts(tag::EXTRINSIC, &[bytes])
}

impl Bundle {
    /// Hashes of the extrinsics, in order.
    #[must_use]
    pub fn extrinsic_hashes(&self) -> Vec<Hash> {
        self.extrinsics.iter().map(|bytes| extrinsic_hash(bytes)).collect()
    }

    /// Merkle root over the extrinsics as they are.
    #[must_use]
    pub fn computed_root(&self) -> Hash {
        merkle_root(&self.extrinsic_hashes())
    }

    /// Bytes of all extrinsics together.
    #[must_use]
    pub fn extrinsic_bytes(&self) -> u64 {
        self.extrinsics
            .iter()
            .fold(0, |sum: u64, bytes| sum.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX)))
    }
}

/// A receipt without a bundle: how a domain catches up when its receipts lag.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SealedReceipt {
    /// The right to offer it.
    pub election: ProofOfElection,
    /// The receipt.
    pub receipt: ExecutionReceipt,
    /// Signature over tag, genesis hash and [`SealedReceipt::hash`].
    pub signature: OperatorSignature,
}

impl SealedReceipt {
    /// What the operator signs, and the identity of the submission.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash_parts(tag::SEALED_RECEIPT, &[&(&self.election, &self.receipt).encode()])
    }
}

/// What operators put into a consensus block; paid from their storage funds, not by an account.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Submission {
    /// Transactions and a receipt.
    #[codec(index = 0)]
    Bundle(Box<Bundle>),
    /// A receipt alone.
    #[codec(index = 1)]
    Receipt(Box<SealedReceipt>),
}

impl Submission {
    /// Identity of the submission: what its operator signed.
    #[must_use]
    pub fn hash(&self) -> Hash {
        match self {
            Self::Bundle(bundle) => bundle.header.hash(),
            Self::Receipt(sealed) => sealed.hash(),
        }
    }

    /// The right to offer it.
    #[must_use]
    pub const fn election(&self) -> &ProofOfElection {
        match self {
            Self::Bundle(bundle) => &bundle.header.election,
            Self::Receipt(sealed) => &sealed.election,
        }
    }

    /// The receipt that it carries.
    #[must_use]
    pub const fn receipt(&self) -> &ExecutionReceipt {
        match self {
            Self::Bundle(bundle) => &bundle.header.receipt,
            Self::Receipt(sealed) => &sealed.receipt,
        }
    }

    /// The operator's signature over [`Submission::hash`].
    #[must_use]
    pub const fn signature(&self) -> &OperatorSignature {
        match self {
            Self::Bundle(bundle) => &bundle.signature,
            Self::Receipt(sealed) => &sealed.signature,
        }
    }
}
