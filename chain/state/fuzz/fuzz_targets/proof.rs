//! Proofs about the state, as a node gives them to anybody.

#![no_main]

use auto_core::{Hash, decode_strict};
use auto_state::{StateError, StateProof};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::Encode;

/// What decodes is canonical. A well-formed proof holds for exactly the root that it leads to.
fn check(bytes: &[u8]) {
    let Some((length, rest)) = bytes.split_first() else { return };
    let Some((key, encoded)) = rest.split_at_checked(usize::from(*length)) else { return };
    let Ok(proof) = decode_strict::<StateProof>(encoded, StateProof::BYTES_MAX) else { return };
    assert_eq!(proof.encode(), encoded);
    match proof.verify(&Hash([0x5a; 32]), key) {
        Err(StateError::ProofMismatch { found, .. }) => {
            let value = proof.verify(&found, key).expect("it leads there");
            assert!(value.is_none_or(|value| value.len() <= auto_state::VALUE_BYTES_MAX));
        }
        Err(_) => {}
        Ok(_) => panic!("noise leads to a root that was chosen before"),
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
