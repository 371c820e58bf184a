//! What tables and proofs promise, from outside.

use auto_core::{ErrorCode, Hash, S_BUCKETS, SBucket, SpaceProof, decode_strict, hash};
use auto_proof_of_space::{ERRORS, SpaceError, Tables, TablesGenerator, challenge, verify};
use parity_scale_codec::Encode;
use proptest::prelude::*;

const K: u8 = 14;

fn buckets() -> impl Iterator<Item = SBucket> {
    (0..S_BUCKETS).map(|bucket| SBucket(u16::try_from(bucket).expect("s-buckets fit")))
}

/// Tables with their first few proofs.
fn some_proofs(k: u8, seed: &Hash) -> Vec<(SBucket, SpaceProof)> {
    let tables = Tables::generate(k, seed).expect("parameter in range");
    buckets().filter_map(|bucket| tables.proof(bucket).map(|proof| (bucket, proof))).take(20).collect()
}

/// The 64 values of a proof, read bit by bit.
fn values(proof: &SpaceProof) -> Vec<u32> {
    let bits: Vec<u32> = proof
        .bytes()
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| u32::from(byte >> bit & 1)))
        .collect();
    bits.chunks(usize::from(proof.k())).map(|x| x.iter().fold(0, |value, bit| value << 1 | bit)).collect()
}

/// The inverse of [`values`].
fn from_values(k: u8, values: &[u32]) -> SpaceProof {
    let bits: Vec<u32> = values.iter().flat_map(|x| (0..k).rev().map(move |bit| x >> bit & 1)).collect();
    let bytes = bits.chunks(8).map(|byte| {
        u8::try_from(byte.iter().fold(0, |value, bit| value << 1 | bit)).expect("eight bits fit a byte")
    });
    SpaceProof::new(k, bytes.collect()).expect("right length")
}

#[test]
fn every_proof_verifies_for_its_bucket_and_no_other() {
    for k in [14, 15, 17] {
        let seed = hash(&[k]);
        let tables = Tables::generate(k, &seed).expect("parameter in range");
        let hashes = tables.proof_hashes();
        assert_eq!(hashes.len(), S_BUCKETS);
        let mut found = 0;
        for (bucket, hashed) in buckets().zip(hashes) {
            let proof = tables.proof(bucket);
            assert_eq!(proof.as_ref().map(|proof| hash(proof.bytes())), hashed);
            let Some(proof) = proof else { continue };
            found += 1;
            assert_eq!(verify(k, &seed, bucket, &proof), Ok(()));
            let other = SBucket((bucket.0 + found) % 8192);
            let error = verify(k, &seed, other, &proof).expect_err("another bucket");
            assert_eq!(
                error,
                SpaceError::Challenge {
                    expected: challenge(k, other).expect("in range"),
                    actual: challenge(k, bucket).expect("in range"),
                }
            );
        }
        assert!(found > 1500, "{found} s-buckets have a proof");
    }
}

#[test]
fn every_parameter_gives_proofs_that_verify() {
    for k in 14..=20 {
        let seed = hash(b"every parameter");
        for (bucket, proof) in some_proofs(k, &seed) {
            assert_eq!(verify(k, &seed, bucket, &proof), Ok(()));
            assert_eq!(proof.bytes().len(), 8 * usize::from(k));
        }
    }
}

#[test]
fn a_reused_generator_gives_what_a_fresh_one_gives() {
    let mut generator = TablesGenerator::new(K).expect("parameter in range");
    for seed in 0..4 {
        let seed = hash(&[seed]);
        let tables = generator.generate(&seed);
        let fresh = Tables::generate(K, &seed).expect("parameter in range");
        assert_eq!(tables.proof_hashes(), fresh.proof_hashes());
        generator.recycle(tables);
    }
}

#[test]
fn ranges_are_checked() {
    let seed = Hash::ZERO;
    for k in [0, 13, 21, 255] {
        assert_eq!(Tables::generate(k, &seed).expect_err("out of range"), SpaceError::Parameter { k });
        assert_eq!(challenge(k, SBucket(0)), Err(SpaceError::Parameter { k }));
    }
    let tables = Tables::generate(K, &seed).expect("parameter in range");
    assert_eq!(tables.proof(SBucket(8192)), None);
    let (_, proof) = some_proofs(K, &seed).remove(0);
    let bucket = SBucket(8192);
    assert_eq!(verify(K, &seed, bucket, &proof), Err(SpaceError::Bucket { bucket }));
    assert_eq!(verify(13, &seed, SBucket(0), &proof), Err(SpaceError::Parameter { k: 13 }));
}

#[test]
fn a_proof_of_another_seed_is_refused() {
    let seed = hash(b"one");
    for (bucket, proof) in some_proofs(K, &seed) {
        assert!(verify(K, &hash(b"two"), bucket, &proof).is_err());
    }
}

#[test]
fn case_09_proof_for_a_neighbour_bucket_is_refused() {
    for k in [14, 17] {
        let seed = hash(b"neighbour");
        for (bucket, proof) in some_proofs(k, &seed) {
            for neighbour in [bucket.0.wrapping_sub(1), bucket.0 + 1].map(SBucket) {
                let error =
                    verify(k, &seed, neighbour, &proof).expect_err("the neighbour has another challenge");
                let expected = ["POS-0006", "POS-0002"];
                assert!(expected.contains(&error.code()), "{error}");
            }
        }
    }
}

#[test]
fn case_09_proof_with_swapped_halves_is_refused() {
    for k in [14, 17] {
        let seed = hash(b"halves");
        for (bucket, proof) in some_proofs(k, &seed) {
            let xs = values(&proof);
            assert_eq!(from_values(k, &xs), proof);
            // The halves of the whole proof, and of each entry of each table on the way to it.
            for half in [1, 2, 4, 8, 16, 32] {
                let mut swapped = xs.clone();
                swapped[..2 * half].rotate_left(half);
                let error =
                    verify(k, &seed, bucket, &from_values(k, &swapped)).expect_err("halves are ordered");
                assert!(matches!(error, SpaceError::Mismatch { pair: 0, .. }), "{error}");
            }
        }
    }
}

#[test]
fn case_09_proof_with_a_repeated_value_is_refused() {
    let seed = hash(b"repeated");
    for (bucket, proof) in some_proofs(17, &seed) {
        let xs = values(&proof);
        for (from, to) in [(0, 1), (0, 63), (32, 31), (5, 40)] {
            let mut repeated = xs.clone();
            repeated[to] = repeated[from];
            let error = verify(17, &seed, bucket, &from_values(17, &repeated));
            assert_eq!(error, Err(SpaceError::Repeated { x: xs[from] }));
        }
    }
}

#[test]
fn case_09_proof_truncated_to_fewer_bits_is_refused() {
    let seed = hash(b"truncated");
    for (bucket, proof) in some_proofs(15, &seed) {
        let short = proof.bytes()[..SpaceProof::length(14)].to_vec();
        assert_eq!(SpaceProof::new(15, short.clone()), None);
        let truncated: Vec<u32> = values(&proof).iter().map(|x| x >> 1).collect();
        for shorter in
            [SpaceProof::new(14, short.clone()).expect("right length"), from_values(14, &truncated)]
        {
            let error = verify(15, &seed, bucket, &shorter);
            assert_eq!(error, Err(SpaceError::ProofParameter { expected: 15, actual: 14 }));
            assert!(verify(14, &seed, bucket, &shorter).is_err());
        }
        let encoded = proof.encode();
        assert_eq!(decode_strict::<SpaceProof>(&encoded, 200).as_ref(), Ok(&proof));
        assert!(decode_strict::<SpaceProof>(&encoded[..encoded.len() - 1], 200).is_err());
        assert!(decode_strict::<SpaceProof>(&[encoded.as_slice(), &[0]].concat(), 200).is_err());
    }
}

#[test]
fn every_error_code_is_explained_once() {
    let codes: Vec<_> = ERRORS.iter().map(|entry| entry.code).collect();
    let errors = [
        SpaceError::Parameter { k: 0 },
        SpaceError::Bucket { bucket: SBucket(8192) },
        SpaceError::ProofParameter { expected: 17, actual: 14 },
        SpaceError::Repeated { x: 0 },
        SpaceError::Mismatch { table: 2, pair: 0 },
        SpaceError::Challenge { expected: 0, actual: 1 },
    ];
    assert_eq!(errors.map(|error| error.code()).to_vec(), codes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_changed_value_is_refused(seed: [u8; 32], value in 0..64usize, flip in 1u32..1 << K) {
        let seed = Hash(seed);
        for (bucket, proof) in some_proofs(K, &seed) {
            let mut xs = values(&proof);
            xs[value] ^= flip;
            prop_assert!(verify(K, &seed, bucket, &from_values(K, &xs)).is_err());
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(k in 14u8..=20, bytes in proptest::collection::vec(any::<u8>(), 160), bucket: u16) {
        let proof = SpaceProof::new(k, bytes[..SpaceProof::length(k)].to_vec()).expect("right length");
        prop_assert!(verify(k, &Hash::ZERO, SBucket(bucket), &proof).is_err());
    }
}
