//! The one signature rule against public test data; runs where `../shared/vectors` is beside the project.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking and says what it skips"
)]

use auto_core::{Hash, PublicKey, Signature};
use serde_json::Value;
use std::path::Path;

fn vectors(name: &str) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

/// Whether the signature over the bare message holds.
///
/// The API always signs a tag and a genesis hash before the message, so the message's first 32 bytes go
/// in as the hash. A shorter message does not fit; it is verified by the function the API calls.
fn holds(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (<[u8; 32]>::try_from(key), <[u8; 64]>::try_from(signature)) else {
        return false;
    };
    if let Some((genesis, rest)) = message.split_first_chunk::<32>() {
        return PublicKey(key).verify(b"", &Hash(*genesis), rest, &Signature(signature)).is_ok();
    }
    let signature = ed25519_dalek::Signature::from_bytes(&signature);
    ed25519_dalek::VerifyingKey::from_bytes(&key)
        .is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
}

#[test]
fn the_disputed_cases_have_one_verdict() {
    let Some(cases) = vectors("ed25519-speccheck.json") else { return };
    let verdicts: Vec<bool> = cases
        .as_array()
        .unwrap()
        .iter()
        .map(|case| holds(&bytes(&case["pub_key"]), &bytes(&case["message"]), &bytes(&case["signature"])))
        .collect();
    assert_eq!(verdicts.len(), 12);
    let accepted: Vec<usize> = (0..12).filter(|case| verdicts[*case]).collect();
    assert_eq!(accepted, ACCEPTED);
}

/// Only keys and commitments with a small-order component beside one of full order pass the equation
/// without its cofactor.
const ACCEPTED: &[usize] = &[3];

#[test]
fn wycheproof_results_all_match() {
    let Some(file) = vectors("wycheproof/ed25519_test.json") else { return };
    let mut count = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let key = bytes(&group["publicKey"]["pk"]);
        for case in group["tests"].as_array().unwrap() {
            let expected = match case["result"].as_str().unwrap() {
                "valid" => true,
                "invalid" => false,
                other => panic!("{other}"),
            };
            let actual = holds(&key, &bytes(&case["msg"]), &bytes(&case["sig"]));
            assert_eq!(actual, expected, "{case}");
            count += 1;
        }
    }
    assert_eq!(Some(count), file["numberOfTests"].as_u64());
}
