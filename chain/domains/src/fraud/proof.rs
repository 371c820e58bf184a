//! What a fraud proof is.

use super::FraudError;
use crate::derive::order::BundleEntries;
use auto_core::{
    BUNDLE_EXTRINSICS_MAX, DOMAIN_BLOCK_BUNDLES_MAX, DomainId, Hash, InvalidBundle, List, MerkleProof,
    OpaqueExtrinsic, hash_parts, tag,
};
use auto_state::{StateProof, Witness};
use parity_scale_codec::{Decode, Encode};

/// Bytes that a fraud proof may have.
///
/// The dearest honest proofs are those of [`FraudKind::ExtrinsicsRoot`] with 72 bytes for each of 3,000
/// extrinsics, and of [`FraudKind::StateTransition`] with the longest extrinsic beside its witness.
pub const FRAUD_PROOF_BYTES_MAX: usize = 1 << 18;

/// A proof that a receipt is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FraudProof {
    /// The domain.
    pub domain: DomainId,
    /// Hash of the receipt.
    pub bad_receipt: Hash,
    /// What is wrong, and why.
    pub kind: FraudKind,
}

/// What is wrong with a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum FraudKind {
    /// A root of the trace does not follow from the one before.
    #[codec(index = 0)]
    StateTransition {
        /// The step between the two.
        phase: Phase,
        /// What the step reads and changes in the state before it.
        witness: Witness,
    },
    /// The trace has more or fewer roots than the block has steps.
    #[codec(index = 1)]
    TraceLength {
        /// That the inherent leads the extrinsics; with it, how many there are.
        inherent: MerkleProof,
    },
    /// A valid bundle has another digest.
    #[codec(index = 2)]
    ValidBundle {
        /// Position of the bundle in the inbox.
        bundle: u32,
        /// Its extrinsics.
        extrinsics: List<OpaqueExtrinsic, BUNDLE_EXTRINSICS_MAX>,
    },
    /// The extrinsics root does not follow from the valid bundles.
    #[codec(index = 3)]
    ExtrinsicsRoot {
        /// What the digest of each valid bundle is over, in the order of the inbox.
        bundles: List<BundleEntries, DOMAIN_BLOCK_BUNDLES_MAX>,
    },
    /// A bundle breaks a rule that the receipt passes over, or does not break the one it names.
    #[codec(index = 4)]
    InvalidBundle {
        /// Position of the bundle in the inbox.
        bundle: u32,
        /// The rule.
        reason: InvalidBundle,
        /// Whether the bundle breaks it.
        is_true: bool,
        /// What shows it.
        data: BundleData,
    },
    /// The block hash is not that of the header which the receipt describes.
    #[codec(index = 5)]
    BlockHash,
    /// The fees are not those in the state after the block.
    #[codec(index = 6)]
    Fees {
        /// What is there.
        proof: StateProof,
    },
    /// The transfers are not those in the state after the block.
    #[codec(index = 7)]
    Transfers {
        /// What is there.
        proof: StateProof,
    },
}

/// A step of a block.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Phase {
    /// From the state after the parent block to the first root.
    #[codec(index = 0)]
    Initialize,
    /// One extrinsic, whose place under the extrinsics root is the place of its root in the trace.
    #[codec(index = 1)]
    Apply {
        /// The extrinsic.
        extrinsic: OpaqueExtrinsic,
        /// That the block runs it at that place.
        proof: MerkleProof,
    },
    /// From the root before the last to the last.
    #[codec(index = 2)]
    Finalize,
}

/// What shows that a bundle breaks a rule, or does not.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum BundleData {
    /// Nothing: the rule names an extrinsic that the bundle does not have.
    #[codec(index = 0)]
    Absent,
    /// The extrinsic that the rule is about.
    #[codec(index = 1)]
    Extrinsic {
        /// Its bytes.
        extrinsic: OpaqueExtrinsic,
        /// That it stands at its place in the bundle.
        proof: MerkleProof,
        /// What judging it reads of the state after the parent block.
        witness: Witness,
    },
    /// All extrinsics, for the weight.
    #[codec(index = 2)]
    Body(List<OpaqueExtrinsic, BUNDLE_EXTRINSICS_MAX>),
}

impl FraudProof {
    /// Identity of the proof.
    #[must_use]
    pub fn hash(&self) -> Hash {
        hash_parts(tag::FRAUD_PROOF, &[&self.encode()])
    }

    /// Checks what needs no state: the length.
    ///
    /// # Errors
    /// When the proof is too long.
    pub fn check(&self) -> Result<(), FraudError> {
        let bytes = self.encoded_size();
        if bytes > FRAUD_PROOF_BYTES_MAX { Err(FraudError::TooLong { bytes }) } else { Ok(()) }
    }
}
