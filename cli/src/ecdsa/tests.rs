//! Both implementations accept the same signatures, or two programs would disagree.

use super::*;
use autoid_core::x509::case::run;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::elliptic_curve::PrimeField;
use p256::elliptic_curve::group::Group;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::sec1::{FromSec1Point, ToSec1Point};
use p256::{AffinePoint, FieldBytes, ProjectivePoint, Scalar, Sec1Point};
use proptest::prelude::*;

const MESSAGE: &[u8] = b"a meeting on Monday";
/// The order of the base point of P-256.
const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

/// An integer in DER, from its shortest bytes.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len() - 1);
    let mut content = bytes[first..].to_vec();
    if content[0] >= 0x80 {
        content.insert(0, 0);
    }
    tagged(2, &content)
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, u8::try_from(content.len()).expect("short")], content].concat()
}

fn sequence(r: &[u8], s: &[u8]) -> Vec<u8> {
    tagged(0x30, &[r, s].concat())
}

fn der(r: &Scalar, s: &Scalar) -> Vec<u8> {
    sequence(&integer(&r.to_repr()), &integer(&s.to_repr()))
}

/// The message as the number that is signed.
fn number(message: &[u8]) -> Scalar {
    let digest = ring::digest::digest(&ring::digest::SHA256, message);
    let bytes: [u8; 32] = digest.as_ref().try_into().expect("32 bytes");
    Scalar::reduce(&FieldBytes::from(bytes))
}

fn point(key: &ProjectivePoint) -> Vec<u8> {
    key.to_affine().to_sec1_point(false).as_bytes().to_vec()
}

/// What both say, which is the same.
fn both(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let verdict = |by: &dyn Ecdsa| by.verify(Curve::P256, Hash::Sha256, key, message, signature);
    let said = verdict(&Portable);
    assert_eq!(verdict(&Ring), said, "key {}, signature {}", hex::encode(key), hex::encode(signature));
    said
}

fn order() -> [u8; 32] {
    hex::decode(ORDER).expect("hex").try_into().expect("32 bytes")
}

struct Signed {
    key: Vec<u8>,
    r: Scalar,
    s: Scalar,
}

fn signed(seed: u64, message: &[u8]) -> Signed {
    let (secret, nonce) =
        (Scalar::from(seed) + Scalar::ONE, Scalar::from(seed).square() + Scalar::from(7u64));
    let x = (ProjectivePoint::GENERATOR * nonce).to_affine().to_sec1_point(false);
    let x: [u8; 32] = x.x().expect("not at infinity").as_slice().try_into().expect("32 bytes");
    let r = Scalar::reduce(&FieldBytes::from(x));
    let inverse = Option::<Scalar>::from(nonce.invert()).expect("not zero");
    let s = inverse * (number(message) + r * secret);
    Signed { key: point(&(ProjectivePoint::GENERATOR * secret)), r, s }
}

#[test]
fn both_values_of_s_are_accepted() {
    for seed in 1..50 {
        let Signed { key, r, s } = signed(seed, MESSAGE);
        assert!(both(&key, MESSAGE, &der(&r, &s)));
        assert!(both(&key, MESSAGE, &der(&r, &-s)));
        assert!(!both(&key, b"another message", &der(&r, &s)));
        assert!(!both(&key, MESSAGE, &der(&s, &r)));
    }
}

#[test]
fn numbers_outside_the_range_are_refused() {
    let Signed { key, r, s } = signed(3, MESSAGE);
    let (r, s) = (integer(&r.to_repr()), integer(&s.to_repr()));
    let mut above = order();
    above[31] += 1;
    for bad in [vec![0], order().to_vec(), above.to_vec(), vec![0xff; 32], vec![0xff; 33], vec![1; 64]] {
        let bad = integer(&bad);
        assert!(!both(&key, MESSAGE, &sequence(&bad, &s)));
        assert!(!both(&key, MESSAGE, &sequence(&r, &bad)));
        assert!(!both(&key, MESSAGE, &sequence(&bad, &bad)));
    }
}

#[test]
fn one_encoding_of_a_signature_is_accepted() {
    let Signed { key, r, s } = signed(5, MESSAGE);
    let (r, s) = (integer(&r.to_repr()), integer(&s.to_repr()));
    let whole = sequence(&r, &s);
    assert!(both(&key, MESSAGE, &whole));
    let padded = |number: &[u8]| tagged(2, &[&[0], &number[2..]].concat());
    let content = &whole[2..];
    let long = [&[0x30, 0x81, whole[1]], content].concat();
    let indefinite = [&[0x30, 0x80], content, &[0, 0]].concat();
    let negative = tagged(2, &[&[0xff], &r[2..]].concat());
    for bad in [
        sequence(&padded(&r), &s),
        sequence(&r, &padded(&s)),
        sequence(&negative, &s),
        sequence(&tagged(2, &[]), &s),
        long,
        indefinite,
        [&whole[..], &[0]].concat(),
        tagged(0x30, &[content, &[5, 0]].concat()),
        tagged(0x31, content),
        whole[..whole.len() - 1].to_vec(),
        content.to_vec(),
        tagged(0x30, &r),
        Vec::new(),
    ] {
        assert!(!both(&key, MESSAGE, &bad));
    }
}

/// The sum that verification computes is the point at infinity, which has no first coordinate.
#[test]
fn the_point_at_infinity_is_refused() {
    let inverse = |scalar: Scalar| Option::<Scalar>::from(scalar.invert()).expect("not zero");
    for r in 1..20u64 {
        let r = Scalar::from(r);
        let secret = -(number(MESSAGE) * inverse(r));
        let key = point(&(ProjectivePoint::GENERATOR * secret));
        for s in [Scalar::ONE, r, -Scalar::ONE] {
            assert!(!both(&key, MESSAGE, &der(&r, &s)));
        }
    }
    assert!(bool::from(ProjectivePoint::IDENTITY.is_identity()));
    assert!(!both(&[0], MESSAGE, &der(&Scalar::ONE, &Scalar::ONE)));
}

/// A first coordinate above the order stands for one below it.
#[test]
fn a_coordinate_above_the_order_is_reduced() {
    let mut accepted = 0;
    for above in 0..64u8 {
        let mut x = order();
        // The order ends in 0x51, so this does not carry.
        x[31] += above;
        let compressed: Vec<u8> = [&[2], &x[..]].concat();
        let Ok(encoded) = Sec1Point::from_bytes(&compressed) else { continue };
        let Some(sum) = Option::<AffinePoint>::from(AffinePoint::from_sec1_point(&encoded)) else { continue };
        let (r, s) = (Scalar::from(u64::from(above)), Scalar::from(11u64));
        let Some(inverse) = Option::<Scalar>::from(r.invert()) else { continue };
        let sum = ProjectivePoint::from(sum);
        let key = (sum * s - ProjectivePoint::GENERATOR * number(MESSAGE)) * inverse;
        assert!(both(&point(&key), MESSAGE, &der(&r, &s)));
        accepted += 1;
    }
    assert!(accepted > 10, "{accepted} of the points lie on the curve");
}

#[test]
fn the_vectors_end_alike() {
    let text = include_str!("../../../autoid/core/tests/vectors/openssl.json");
    let by = |ecdsa: &dyn Ecdsa| run(text, 0, ecdsa).expect("a document of cases").collect::<Vec<_>>();
    assert!(!by(&Ring).is_empty());
    assert_eq!(by(&Ring), by(&Portable));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_changed_byte_ends_alike(seed in 1..u64::MAX, at in any::<usize>(), flip in any::<u8>()) {
        let secret = p256::ecdsa::SigningKey::from_slice(&{
            let mut scalar = [7; 32];
            scalar[..8].copy_from_slice(&seed.to_be_bytes());
            scalar
        })
        .expect("below the order");
        let message = seed.to_le_bytes();
        let digest = ring::digest::digest(&ring::digest::SHA256, &message);
        let signature: p256::ecdsa::DerSignature =
            secret.sign_prehash(digest.as_ref()).expect("a digest");
        let mut signature = signature.as_bytes().to_vec();
        let length = signature.len();
        signature[at % length] ^= flip;
        let key = secret.verifying_key().to_sec1_point(false);
        prop_assert_eq!(both(key.as_bytes(), &message, &signature), flip == 0);
    }

    #[test]
    fn curves_and_hashes_end_alike(seed in 1..u64::MAX, flip in any::<bool>()) {
        use p384::ecdsa::SigningKey;
        let mut scalar = [9; 48];
        scalar[..8].copy_from_slice(&seed.to_be_bytes());
        let secret = SigningKey::from_slice(&scalar).expect("below the order");
        let message = seed.to_le_bytes();
        for (hash, algorithm) in [
            (Hash::Sha256, &ring::digest::SHA256),
            (Hash::Sha384, &ring::digest::SHA384),
            (Hash::Sha512, &ring::digest::SHA512),
        ] {
            let digest = ring::digest::digest(algorithm, &message);
            let signature: p384::ecdsa::DerSignature =
                secret.sign_prehash(digest.as_ref()).expect("a digest");
            let mut signature = signature.as_bytes().to_vec();
            if flip {
                *signature.last_mut().expect("not empty") ^= 1;
            }
            let key = secret.verifying_key().to_sec1_point(false);
            let by = |ecdsa: &dyn Ecdsa| ecdsa.verify(Curve::P384, hash, key.as_bytes(), &message, &signature);
            prop_assert_eq!(by(&Ring), by(&Portable));
            prop_assert_eq!(by(&Ring), !flip);
        }
    }
}
