//! Frozen vectors of the formats: a change of any of them is a change of the protocol.

#[path = "samples/samples.rs"]
mod samples;

use auto_core::{Commitment, SBucket, ScalarBytes, Witness, hash};
use auto_kzg::{Kzg, extend_commitments, extend_record, extend_segment};
use serde::Deserialize;

const VECTORS: &str = include_str!("vectors/kzg.json");

#[derive(Deserialize)]
struct Vectors {
    points: Vec<Point>,
    record: Record,
    segment: Segment,
}

#[derive(Deserialize)]
struct Point {
    s_bucket: usize,
    z: String,
}

#[derive(Deserialize)]
struct Record {
    seed: u64,
    record_hash: String,
    extended_hash: String,
    commitment: String,
    openings: Vec<Opening>,
}

#[derive(Deserialize)]
struct Opening {
    s_bucket: u16,
    chunk: String,
    witness: String,
}

#[derive(Deserialize)]
struct Segment {
    source_seeds: Vec<u64>,
    parity_hashes: Vec<String>,
    record_commitments: Vec<String>,
    commitment: String,
    witnesses: Vec<String>,
}

fn vectors() -> Vectors {
    serde_json::from_str(VECTORS).expect("the vectors are valid")
}

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).expect("hex").try_into().expect("length")
}

#[test]
fn index_table_is_frozen() {
    let points = samples::points();
    for Point { s_bucket, z } in vectors().points {
        assert_eq!(hex::encode(points[s_bucket]), z, "s-bucket {s_bucket}");
    }
    // The record whose polynomial is x has its own points as chunks, at parity positions too.
    let identity: Vec<u8> = points[..4096].concat();
    let chunks: Vec<[u8; 32]> = extend_record(&identity).expect("canonical").iter().map(|c| c.0).collect();
    assert_eq!(chunks, points);
}

#[test]
fn record_and_chunk_openings_are_frozen() {
    let expected = vectors().record;
    let record = samples::raw_record(expected.seed);
    assert_eq!(hash(&record).to_string(), expected.record_hash);
    let extended: Vec<u8> = extend_record(&record).expect("canonical").iter().flat_map(|c| c.0).collect();
    assert_eq!(hash(&extended).to_string(), expected.extended_hash);
    let commitment = Commitment(bytes(&expected.commitment));
    assert_eq!(Kzg::ceremony().commit_record(&record), Ok(commitment));
    for opening in expected.openings {
        let bucket = SBucket(opening.s_bucket);
        let (chunk, witness) = (ScalarBytes(bytes(&opening.chunk)), Witness(bytes(&opening.witness)));
        assert_eq!(Kzg::ceremony().open_chunk(&record, bucket), Ok((chunk, witness)), "{bucket}");
        assert_eq!(Kzg::ceremony().verify_chunk(&commitment, bucket, &chunk, &witness), Ok(()));
    }
}

#[test]
fn segment_is_frozen() {
    let expected = vectors().segment;
    let source: Vec<Vec<u8>> = expected.source_seeds.iter().map(|seed| samples::raw_record(*seed)).collect();
    let parity = extend_segment(&source).expect("power of two");
    let hashes: Vec<String> = parity.iter().map(|record| hash(record).to_string()).collect();
    assert_eq!(hashes, expected.parity_hashes);
    let commitments: Vec<Commitment> =
        expected.record_commitments.iter().map(|text| Commitment(bytes(text))).collect();
    let source: Vec<Commitment> =
        source.iter().map(|record| Kzg::ceremony().commit_record(record).expect("canonical")).collect();
    let parity = extend_commitments(&source).expect("valid");
    let pieces: Vec<Commitment> = source.into_iter().zip(parity).flat_map(|(a, b)| [a, b]).collect();
    assert_eq!(pieces, commitments);
    let witnesses = expected.witnesses.iter().map(|text| Witness(bytes(text))).collect();
    let segment = Commitment(bytes(&expected.commitment));
    assert_eq!(Kzg::ceremony().commit_segment(&commitments), Ok((segment, witnesses)));
}
