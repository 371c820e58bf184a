//! Operator keys and what they sign.

use super::draw::{number, transcript};
use auto_core::{
    Address, DomainId, Hash, OperatorKey, OperatorSignature, PotOutput, Slot, VrfSignature, tag,
};
use merlin::Transcript;
use rand_core::{CryptoRng, RngCore};
use schnorrkel::context::attach_rng;
use schnorrkel::{ExpansionMode, Keypair, MiniSecretKey, PublicKey, Signature, signing_context};
use std::fmt;

/// Adds nothing to the nonces of signatures and draws. schnorrkel derives each from the transcript, which holds
/// the key and all that is signed, and from a seed in the secret that nobody else knows, as Ed25519 does: so no
/// two messages share a nonce, none hangs on the machine's randomness, and who signs a thing twice gives the
/// same bytes.
struct NoEntropy;

impl RngCore for NoEntropy {
    fn next_u32(&mut self) -> u32 {
        0
    }

    fn next_u64(&mut self) -> u64 {
        0
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill(0);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for NoEntropy {}

/// An operator's key pair; the secret is wiped from memory when it is dropped.
pub struct OperatorPair(Keypair);

impl fmt::Debug for OperatorPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OperatorPair({})", self.key())
    }
}

impl OperatorPair {
    /// The key pair of a 32-byte secret, expanded in schnorrkel's uniform mode.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        let secret = MiniSecretKey::from_bytes(secret).expect("holds because any 32 bytes are a secret");
        Self(secret.expand_to_keypair(ExpansionMode::Uniform))
    }

    /// The public half.
    #[must_use]
    pub fn key(&self) -> OperatorKey {
        OperatorKey(self.0.public.to_bytes())
    }

    /// Signs `genesis || message` in the context of a tag of [`auto_core::tag`].
    #[must_use]
    pub fn sign(&self, tag: &[u8], genesis: &Hash, message: &[u8]) -> OperatorSignature {
        let transcript = signing_context(tag).bytes(&signed(genesis, message));
        let signature = self.0.sign(attach_rng(transcript, NoEntropy));
        OperatorSignature(signature.to_bytes())
    }

    /// The number that [`OperatorPair::draw`] draws, without the proof, which only an elected operator needs.
    #[must_use]
    pub fn drawn(&self, genesis: &Hash, domain: DomainId, slot: Slot, output: &PotOutput) -> u128 {
        number(&self.0.vrf_create_hash(transcript(genesis, domain, slot, output)))
    }

    /// Draws for a slot.
    #[must_use]
    pub fn draw(&self, genesis: &Hash, domain: DomainId, slot: Slot, output: &PotOutput) -> VrfSignature {
        let proof = attach_rng(Transcript::new(b"VRF"), NoEntropy);
        let (drawn, proof, _) = self.0.vrf_sign_extra(transcript(genesis, domain, slot, output), proof);
        VrfSignature { pre_output: drawn.to_preout().to_bytes(), proof: proof.to_bytes() }
    }

    /// Agrees to be the key of an operator that `owner` registers for a domain.
    #[must_use]
    pub fn prove_possession(&self, genesis: &Hash, domain: DomainId, owner: &Address) -> OperatorSignature {
        self.sign(tag::OPERATOR_POSSESSION, genesis, &possession_message(domain, owner))
    }
}

fn signed(genesis: &Hash, message: &[u8]) -> Vec<u8> {
    [genesis.as_ref(), message].concat()
}

/// What a key signs to be registered: the domain as four little-endian bytes, then the owner's address.
#[must_use]
pub fn possession_message(domain: DomainId, owner: &Address) -> Vec<u8> {
    [domain.0.to_le_bytes().as_slice(), &owner.0].concat()
}

/// The key as a point; `None` when it is none, or the neutral point, for which anyone can sign.
pub(super) fn point(key: &OperatorKey) -> Option<PublicKey> {
    // The neutral point has one encoding, all zeros, and a canonical decoder takes no other.
    if key.0 == [0; 32] { None } else { PublicKey::from_bytes(&key.0).ok() }
}

/// Whether a key is one that only its holder can sign for.
#[must_use]
pub fn is_usable_key(key: &OperatorKey) -> bool {
    point(key).is_some()
}

/// Whether a signature of `genesis || message` in the context of a tag holds.
#[must_use]
pub fn verify_signature(
    key: &OperatorKey,
    tag: &[u8],
    genesis: &Hash,
    message: &[u8],
    signature: &OperatorSignature,
) -> bool {
    let (Some(point), Ok(signature)) = (point(key), Signature::from_bytes(&signature.0)) else {
        return false;
    };
    point.verify(signing_context(tag).bytes(&signed(genesis, message)), &signature).is_ok()
}

/// Whether the holder of a key agreed to be the key of an operator that `owner` registers for a domain.
#[must_use]
pub fn verify_possession(
    key: &OperatorKey,
    genesis: &Hash,
    domain: DomainId,
    owner: &Address,
    possession: &OperatorSignature,
) -> bool {
    verify_signature(key, tag::OPERATOR_POSSESSION, genesis, &possession_message(domain, owner), possession)
}
