//! Operator keys and what they sign.

use super::draw::transcript;
use auto_core::{
    Address, DomainId, Hash, OperatorKey, OperatorSignature, PotOutput, Slot, VrfSignature, tag,
};
use schnorrkel::{ExpansionMode, Keypair, MiniSecretKey, PublicKey, Signature, signing_context};
use std::fmt;

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
        let signature = self.0.sign(signing_context(tag).bytes(&signed(genesis, message)));
        OperatorSignature(signature.to_bytes())
    }

    /// Draws for a slot.
    #[must_use]
    pub fn draw(&self, genesis: &Hash, domain: DomainId, slot: Slot, output: &PotOutput) -> VrfSignature {
        let (drawn, proof, _) = self.0.vrf_sign(transcript(genesis, domain, slot, output));
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
