//! The plot format: what these vectors say must never change, since plots on disk depend on it.

use auto_core::{Hash, SBucket, SpaceProof, hash};
use auto_proof_of_space::{Tables, challenge, verify};

#[derive(serde::Deserialize)]
struct Vector {
    k: u8,
    seed: Hash,
    /// S-buckets that have a proof.
    provable: usize,
    /// BLAKE3 of all 8192 proof hashes, zeros where there is none.
    hashes: Hash,
    proofs: Vec<Proof>,
}

#[derive(serde::Deserialize)]
struct Proof {
    bucket: SBucket,
    challenge: u32,
    proof: String,
}

#[test]
fn frozen_tables_proofs_and_challenges() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("vectors/space.json")).expect("the committed file is well-formed");
    assert_eq!(vectors.len(), 6);
    for vector in vectors {
        let tables = Tables::generate(vector.k, &vector.seed).expect("parameter in range");
        let hashes = tables.proof_hashes();
        assert_eq!(hashes.iter().flatten().count(), vector.provable);
        let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.unwrap_or(Hash::ZERO).0).collect();
        assert_eq!(hash(&bytes), vector.hashes);
        assert_eq!(vector.proofs.len(), 3);
        for Proof { bucket, challenge: expected, proof } in vector.proofs {
            assert_eq!(challenge(vector.k, bucket), Ok(expected));
            let proof = SpaceProof::new(vector.k, hex::decode(proof).expect("hex")).expect("right length");
            assert_eq!(verify(vector.k, &vector.seed, bucket, &proof), Ok(()));
            assert_eq!(tables.proof(bucket), Some(proof));
        }
    }
}
