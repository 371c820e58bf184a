//! ECDSA by ring, for those curves and hashes it has.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    EcdsaVerificationAlgorithm, UnparsedPublicKey,
};

use super::Hash;
use crate::x509::key::PublicKey;

/// The verdict, or nothing for a pair of curve and hash that ring does not have.
pub(super) fn verify(hash: Hash, key: PublicKey<'_>, message: &[u8], signature: &[u8]) -> Option<bool> {
    let (algorithm, point): (&'static EcdsaVerificationAlgorithm, &[u8]) = match (key, hash) {
        (PublicKey::P256(point), Hash::Sha256) => (&ECDSA_P256_SHA256_ASN1, point),
        (PublicKey::P256(point), Hash::Sha384) => (&ECDSA_P256_SHA384_ASN1, point),
        (PublicKey::P384(point), Hash::Sha256) => (&ECDSA_P384_SHA256_ASN1, point),
        (PublicKey::P384(point), Hash::Sha384) => (&ECDSA_P384_SHA384_ASN1, point),
        _ => return None,
    };
    Some(UnparsedPublicKey::new(algorithm, point).verify(message, signature).is_ok())
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::Signer;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Both implementations must accept the same signatures, or two builds would disagree.
        #[test]
        fn both_implementations_agree(seed in 1..u64::MAX, at in any::<usize>(), flip in any::<u8>()) {
            let mut scalar = [7; 32];
            scalar[..8].copy_from_slice(&seed.to_be_bytes());
            let key = p256::ecdsa::SigningKey::from_slice(&scalar).unwrap();
            let message = seed.to_le_bytes();
            let signature: p256::ecdsa::DerSignature = key.sign(&message);
            let mut signature = signature.as_bytes().to_vec();
            let length = signature.len();
            signature[at % length] ^= flip;
            let point = key.verifying_key().to_sec1_point(false);
            let public = PublicKey::P256(point.as_bytes());
            let slow = Hash::Sha256.with(&message, |digest| public.verify_ecdsa(digest, &signature));
            prop_assert_eq!(verify(Hash::Sha256, public, &message, &signature), Some(slow));
            prop_assert_eq!(slow, flip == 0);
        }
    }
}
