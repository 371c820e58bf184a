//! Key pairs made from labels.

use std::rc::Rc;

use p256::ecdsa::signature::Signer;
use sha2::{Digest, Sha256};

use super::der::*;

/// A key pair made from a label.
#[derive(Clone)]
pub(crate) enum Key {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
    /// A key of another kind.
    Made(Rc<Made>),
    /// A key whose SubjectPublicKeyInfo is given and which signs nothing sensible.
    Raw(Vec<u8>),
}

type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// A key that brings its encoding and its way to sign.
pub(crate) struct Made {
    algorithm: Vec<u8>,
    spki: Vec<u8>,
    sign: Sign,
}

impl Key {
    /// An ML-DSA key; `kind` is the last octet of its object identifier.
    pub(crate) fn ml_dsa<P: ml_dsa::MlDsaParams + 'static>(kind: u8, label: &str) -> Self {
        use ml_dsa::{KeyExport, Keypair, SignatureEncoding};
        let seed: [u8; 32] = Sha256::digest(label).into();
        let key = ml_dsa::SigningKey::<P>::from_seed(&seed.into());
        let algorithm = seq(&[oid(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, kind])]);
        let spki = seq(&[algorithm.clone(), bits(&key.verifying_key().to_bytes())]);
        let sign = move |message: &[u8]| ml_dsa::Signer::sign(&key, message).to_bytes().to_vec();
        Self::Made(Rc::new(Made { algorithm, spki, sign: Box::new(sign) }))
    }

    pub(crate) fn p256(label: &str) -> Self {
        Self::P256(p256::ecdsa::SigningKey::from_slice(&Sha256::digest(label)).unwrap())
    }

    pub(crate) fn p384(label: &str) -> Self {
        let half = Sha256::digest(label);
        Self::P384(p384::ecdsa::SigningKey::from_slice(&[&half[..], &half[..16]].concat()).unwrap())
    }

    pub(crate) fn p521(label: &str) -> Self {
        let half = Sha256::digest(label);
        Self::P521(p521::ecdsa::SigningKey::from_slice(&[&[0, 0], &half[..], &half[..]].concat()).unwrap())
    }

    pub(crate) fn ed25519(label: &str) -> Self {
        Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&Sha256::digest(label).into()))
    }

    pub(crate) fn spki(&self) -> Vec<u8> {
        let curve = |kind: &[u8], point: &[u8]| {
            seq(&[seq(&[oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]), oid(kind)]), bits(point)])
        };
        match self {
            Self::P256(key) => curve(
                &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7],
                key.verifying_key().to_sec1_point(false).as_bytes(),
            ),
            Self::P384(key) => {
                curve(&[0x2b, 0x81, 4, 0, 0x22], key.verifying_key().to_sec1_point(false).as_bytes())
            }
            Self::P521(key) => {
                curve(&[0x2b, 0x81, 4, 0, 0x23], key.verifying_key().to_sec1_point(false).as_bytes())
            }
            Self::Ed25519(key) => {
                seq(&[seq(&[oid(&[0x2b, 0x65, 0x70])]), bits(key.verifying_key().as_bytes())])
            }
            Self::Made(made) => made.spki.clone(),
            Self::Raw(spki) => spki.clone(),
        }
    }

    /// The algorithm this key signs with.
    pub(crate) fn algorithm(&self) -> Vec<u8> {
        let ecdsa = |hash| seq(&[oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, hash])]);
        match self {
            Self::P256(_) | Self::Raw(_) => ecdsa(2),
            Self::P384(_) => ecdsa(3),
            Self::P521(_) => ecdsa(4),
            Self::Ed25519(_) => seq(&[oid(&[0x2b, 0x65, 0x70])]),
            Self::Made(made) => made.algorithm.clone(),
        }
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::DerSignature = key.sign(message);
                signature.as_bytes().to_vec()
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::DerSignature = key.sign(message);
                signature.as_bytes().to_vec()
            }
            Self::P521(key) => {
                let signature: p521::ecdsa::DerSignature = key.sign(message);
                signature.as_bytes().to_vec()
            }
            Self::Ed25519(key) => ed25519_dalek::Signer::sign(key, message).to_bytes().to_vec(),
            Self::Made(made) => (made.sign)(message),
            Self::Raw(_) => vec![0x30, 0],
        }
    }

    pub(crate) fn id(&self) -> Vec<u8> {
        Sha256::digest(self.spki())[..20].to_vec()
    }
}
