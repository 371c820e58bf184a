//! Requests and challenges.

use crate::tree::{NETWORK, ed25519, p256};
use auto_core::ErrorCode as _;
use autoid_certificates::{Challenge, read_request, request};
use autoid_core::{AutoId, Genesis, Signer};

fn challenge() -> Challenge {
    Challenge { genesis: NETWORK, issuer: AutoId([1; 32]), holder: AutoId([2; 32]), nonce: [5; 16] }
}

fn code(der: &[u8], challenge: &Challenge) -> Option<&'static str> {
    read_request(der, challenge).err().map(|error| error.code())
}

#[test]
fn a_request_carries_its_key_and_the_proof_of_its_possession() {
    let both: [&dyn Fn() -> (Vec<u8>, autoid_core::PublicKey); 2] =
        [&|| (request(&challenge(), &ed25519(3)).expect("made"), ed25519(3).public_key()), &|| {
            (request(&challenge(), &p256(3)).expect("made"), p256(3).public_key())
        }];
    for made in both {
        let (der, key) = made();
        assert_eq!(read_request(&der, &challenge()), Ok(key));
    }
}

#[test]
fn threat_46_a_request_is_worth_nothing_to_another_issuer_or_a_second_time() {
    let der = request(&challenge(), &ed25519(3)).expect("made");
    for other in [
        Challenge { issuer: AutoId([9; 32]), ..challenge() },
        Challenge { holder: AutoId([9; 32]), ..challenge() },
        Challenge { genesis: Genesis([9; 32]), ..challenge() },
        Challenge { nonce: [9; 16], ..challenge() },
    ] {
        assert_eq!(code(&der, &other), Some("AID-0603"));
    }
}

/// Signs with one key and shows another.
struct Thief;

impl Signer for Thief {
    fn public_key(&self) -> autoid_core::PublicKey {
        ed25519(1).public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<autoid_core::Signature, autoid_core::Refusal> {
        Signer::sign(&ed25519(2), message)
    }
}

#[test]
fn threat_46_a_request_without_possession_of_its_key_is_refused() {
    let der = request(&challenge(), &Thief).expect("made");
    assert_eq!(code(&der, &challenge()), Some("AID-0602"));
}

#[test]
fn no_byte_of_a_request_can_be_changed() {
    let der = request(&challenge(), &p256(3)).expect("made");
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 1;
        assert!(code(&changed, &challenge()).is_some(), "byte {at}");
    }
    for length in 0..der.len() {
        assert!(code(&der[..length], &challenge()).is_some());
    }
    let long = vec![0x30; 20_000];
    assert_eq!(code(&long, &challenge()), Some("AID-0601"));
}
