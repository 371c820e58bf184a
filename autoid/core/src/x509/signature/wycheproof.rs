//! The algorithms against public test data; runs where `../shared/vectors` is beside the project.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says what it skips"
)]

use std::{eprintln, path::Path, vec::Vec};

use serde_json::Value;

use super::{super::error::CertRef, *};

fn vectors(name: &str) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/wycheproof").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

/// Every verdict of a file, keys read as they stand in a certificate.
///
/// What the file calls acceptable is legacy and must be refused.
fn all_match(name: &str, algorithm: Algorithm) {
    let Some(file) = vectors(name) else { return };
    let mut count = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let key = bytes(&group["publicKeyDer"]);
        let key = PublicKey::parse(&key, CertRef::Leaf);
        for case in group["tests"].as_array().unwrap() {
            let expected = match case["result"].as_str().unwrap() {
                "valid" => true,
                "invalid" | "acceptable" => false,
                other => panic!("{other}"),
            };
            let actual = key.as_ref().is_ok_and(|key| {
                algorithm.verify(*key, &bytes(&case["msg"]), &bytes(&case["sig"]), &Portable)
            });
            assert_eq!(actual, expected, "{case}");
            count += 1;
        }
    }
    assert_eq!(Some(count), file["numberOfTests"].as_u64());
}

#[test]
fn ecdsa_results_all_match() {
    all_match("ecdsa_secp256r1_sha256_test.json", Algorithm::Ecdsa(Hash::Sha256));
}

#[test]
fn ed25519_results_all_match() {
    all_match("ed25519_test.json", Algorithm::Ed25519);
}

#[test]
fn rsa_results_all_match() {
    all_match("rsa_signature_2048_sha256_test.json", Algorithm::RsaPkcs1(Hash::Sha256));
}
