//! Signature algorithms and public keys.

use autoid_core::x509::ERRORS;

use super::forge::*;

fn with_key(key: Key) -> &'static str {
    let root = Spec::root("root").keyed(key.clone()).issue();
    let leaf = Spec::leaf(&root).issue();
    Trial::new(&[&root], &[], &leaf).code()
}

fn with_leaf_key(key: Key) -> &'static str {
    let root = Spec::root("root").issue();
    let leaf = Spec::leaf(&root).keyed(key).issue();
    Trial::new(&[&root], &[], &leaf).code()
}

/// A raw key under an algorithm with parameters.
fn raw(algorithm: &[u8], parameters: Vec<u8>, key: &[u8]) -> Key {
    Key::Raw(seq(&[seq(&[oid(algorithm), parameters]), bits(key)]))
}

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];

fn rsa(bytes: usize, exponent: &[u8]) -> Key {
    let mut modulus = vec![0xff; bytes];
    modulus.insert(0, 0);
    raw(RSA, vec![5, 0], &seq(&[int(&modulus), int(exponent)]))
}

#[test]
fn every_curve_verifies() {
    for key in [Key::p256("k"), Key::p384("k"), Key::p521("k"), Key::ed25519("k")] {
        assert_eq!(with_key(key.clone()), "ok");
        assert_eq!(with_leaf_key(key), "ok");
    }
}

#[test]
fn a_changed_signature_or_certificate_is_refused() {
    for key in [Key::p256("k"), Key::p384("k"), Key::p521("k"), Key::ed25519("k")] {
        let root = Spec::root("root").keyed(key).issue();
        let mut leaf = Spec::leaf(&root).issue();
        let at = leaf.der.windows(4).position(|window| window == b"exam").unwrap();
        leaf.der[at] = b'f';
        assert_eq!(Trial::new(&[&root], &[], &leaf).code(), "IDX-0011");
        let mut leaf = Spec::leaf(&root).issue();
        *leaf.der.last_mut().unwrap() ^= 1;
        assert_eq!(Trial::new(&[&root], &[], &leaf).code(), "IDX-0011");
    }
}

#[test]
fn ml_dsa_verifies_and_only_signs() {
    let keys: [fn(&str) -> Key; 3] = [
        |label| Key::ml_dsa::<ml_dsa::MlDsa44>(0x11, label),
        |label| Key::ml_dsa::<ml_dsa::MlDsa65>(0x12, label),
        |label| Key::ml_dsa::<ml_dsa::MlDsa87>(0x13, label),
    ];
    for key in keys {
        let root = Spec::root("root").keyed(key("root")).issue();
        let leaf = Spec::leaf(&root).keyed(key("leaf")).issue();
        assert_eq!(Trial::new(&[&root], &[], &leaf).code(), "ok");
        let impostor = Spec::root("root").keyed(key("impostor")).issue();
        let forged = Spec::leaf(&impostor).with(aki(&root.spec.key)).issue();
        assert_eq!(Trial::new(&[&root], &[], &forged).code(), "IDX-0011");
        for use_for_keys in [KEY_ENCIPHERMENT, 0x0800] {
            let bits = usage(DIGITAL_SIGNATURE | use_for_keys);
            let leaf = Spec::leaf(&root).keyed(key("leaf")).with(bits).issue();
            assert_eq!(Trial::new(&[&root], &[], &leaf).code(), "IDX-0024");
        }
    }
}

#[test]
fn case_75_an_impostor_with_the_same_common_name_is_refused() {
    let root = Spec::root("root").issue();
    let impostor = Spec::root("root").keyed(Key::p256("impostor")).issue();
    let leaf = Spec::leaf(&impostor).with(aki(&root.spec.key)).issue();
    assert_eq!(Trial::new(&[&root], &[], &leaf).code(), "IDX-0011");
}

#[test]
fn weak_and_unknown_keys_are_refused() {
    assert_eq!(with_leaf_key(rsa(256, &[1, 0, 1])), "ok");
    assert_eq!(with_leaf_key(rsa(128, &[1, 0, 1])), "IDX-0010");
    assert_eq!(with_leaf_key(rsa(1025, &[1, 0, 1])), "IDX-0010");
    assert_eq!(with_leaf_key(rsa(256, &[1])), "IDX-0010");
    assert_eq!(with_leaf_key(rsa(256, &[2])), "IDX-0010");
    assert_eq!(with_leaf_key(rsa(256, &[1, 0, 0, 0, 1])), "IDX-0010");
    // 2052 bits: enough, but no whole number of octets.
    let odd = [&[0x0f][..], &[0xff; 256]].concat();
    assert_eq!(with_leaf_key(raw(RSA, vec![5, 0], &seq(&[int(&odd), int(&[3])]))), "IDX-0010");
    assert_eq!(with_leaf_key(raw(RSA, Vec::new(), &seq(&[int(&[0, 0xff]), int(&[3])]))), "IDX-0009");
    assert_eq!(with_leaf_key(raw(RSA, vec![5, 0], &[])), "IDX-0009");

    let point = |key: &Key| key.spki()[key.spki().len() - 65..].to_vec();
    let good = point(&Key::p256("leaf"));
    let p256 = oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]);
    let p192 = oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1]);
    assert_eq!(with_leaf_key(raw(EC, p256.clone(), &good)), "ok");
    assert_eq!(with_leaf_key(raw(EC, p192, &good[..49])), "IDX-0009");
    assert_eq!(with_leaf_key(raw(EC, seq(&[int(&[1])]), &good)), "IDX-0009");
    assert_eq!(with_leaf_key(raw(EC, Vec::new(), &good)), "IDX-0009");
    assert_eq!(with_leaf_key(raw(EC, p256.clone(), &good[..33])), "IDX-0009");
    let mut off_curve = good;
    off_curve[64] ^= 1;
    assert_eq!(with_leaf_key(raw(EC, p256, &off_curve)), "IDX-0009");
    let dsa = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
    assert_eq!(with_leaf_key(raw(dsa, Vec::new(), &int(&[5]))), "IDX-0009");
    assert_eq!(with_key(raw(dsa, Vec::new(), &int(&[5]))), "IDX-0009");
}

#[test]
fn an_issuer_with_a_malformed_key_is_refused() {
    let root = Spec::root("root").issue();
    let broken = Spec::ca(&root, "broken").keyed(raw(RSA, vec![5, 0], &[])).issue();
    let leaf = Spec::leaf(&broken).issue();
    assert_eq!(Trial::new(&[&root], &[&broken], &leaf).code(), "IDX-0009");
}

/// The same certificate with another algorithm in both places, signed by nobody.
fn relabelled(entity: &Entity, algorithm: &[u8]) -> Entity {
    let current = entity.spec.signer.algorithm();
    let mut der = Vec::new();
    let mut rest = &entity.der[4..];
    while let Some(at) = rest.windows(current.len()).position(|window| window == current) {
        der.extend_from_slice(&rest[..at]);
        der.extend_from_slice(algorithm);
        rest = &rest[at + current.len()..];
    }
    der.extend_from_slice(rest);
    // The signed part is a sequence with a length of two octets, and has grown by one place.
    let old = usize::from(der[2]) << 8 | usize::from(der[3]);
    let new = old + algorithm.len() - current.len();
    der[2..4].copy_from_slice(&u16::try_from(new).unwrap().to_be_bytes());
    Entity { der: tlv(0x30, &der), spec: entity.spec.clone() }
}

#[test]
fn threat_33_old_hashes_are_refused_but_in_an_anchor_whose_signature_says_nothing() {
    let sha1_rsa = seq(&[oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5]), vec![5, 0]]);
    let md5_rsa = seq(&[oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4]), vec![5, 0]]);
    let sha1_ecdsa = seq(&[oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1])]);
    let root = Spec::root("root").issue();
    let ca = Spec::ca(&root, "ca").issue();
    let leaf = Spec::leaf(&ca).issue();
    for algorithm in [sha1_rsa, md5_rsa, sha1_ecdsa] {
        let old = relabelled(&leaf, &algorithm);
        assert_eq!(Trial::new(&[&root], &[&ca], &old).code(), "IDX-0007");
        let old = relabelled(&ca, &algorithm);
        assert_eq!(Trial::new(&[&root], &[&old], &leaf).code(), "IDX-0007");
        let old = relabelled(&root, &algorithm);
        assert_eq!(Trial::new(&[&old], &[&ca], &leaf).code(), "ok");
    }
}

#[test]
fn only_allowed_algorithms_pass() {
    let root = Spec::root("root").keyed(Key::ed25519("root")).issue();
    let ca = Spec::ca(&root, "ca").issue();
    let leaf = Spec::leaf(&ca).issue();
    let with = |list: &'static [&'static str]| {
        Trial::new(&[&root], &[&ca], &leaf).change(move |request| request.signature_algorithms = list).code()
    };
    assert_eq!(with(&["ED25519", "ECDSA_WITH_SHA256"]), "ok");
    assert_eq!(with(&["ECDSA_WITH_SHA256"]), "IDX-0008");
    assert_eq!(with(&["RSA_WITH_SHA1"]), "IDX-0008");
}

#[test]
fn every_code_is_explained_once_and_in_order() {
    for (index, entry) in ERRORS.iter().enumerate() {
        assert_eq!(entry.code, format!("IDX-{:04}", index + 1));
        assert!(!entry.what.is_empty() && !entry.why.is_empty() && !entry.hint.is_empty());
    }
    assert_eq!(ERRORS.len(), 53);
}
