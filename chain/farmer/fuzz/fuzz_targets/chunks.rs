//! Contents maps and chunks as they lie on a disk.

#![no_main]

use auto_core::{CHUNKS_PER_RECORD, Hash, S_BUCKETS, SCALAR_BYTES, ScalarBytes};
use auto_farmer::{CHUNK_BYTES, ContentsMap, MAP_BYTES, decode_chunks, encode_record};
use libfuzzer_sys::fuzz_target;

/// Input over and over, to a length.
fn filled(bytes: &[u8], length: usize) -> Vec<u8> {
    let part = [bytes, &[0]].concat();
    let mut whole = part.repeat(length / part.len() + 1);
    whole.truncate(length);
    whole
}

/// A record that was encoded is decoded to the same chunks; noise is decoded or refused.
fn check(bytes: &[u8]) {
    assert!(bytes.len() == MAP_BYTES || ContentsMap::from_bytes(bytes).is_none());
    let map = ContentsMap::from_bytes(&filled(bytes, MAP_BYTES)).expect("as long as a map");
    let mut proofs: Vec<Option<Hash>> =
        (0..S_BUCKETS).map(|bucket| map.contains(bucket).then_some(Hash([7; 32]))).collect();
    let chunks = filled(bytes, CHUNK_BYTES);
    if let Some(decoded) = decode_chunks(&map, &chunks, &proofs) {
        assert!(map.count() <= CHUNKS_PER_RECORD);
        assert_eq!(decoded.iter().flatten().count(), CHUNKS_PER_RECORD);
    }
    let extended = filled(bytes, S_BUCKETS * SCALAR_BYTES);
    let scalar = |chunk: &[u8]| ScalarBytes(chunk.try_into().expect("as long as a scalar"));
    let extended: Vec<ScalarBytes> = extended.chunks_exact(SCALAR_BYTES).map(scalar).collect();
    let encoded = encode_record(&extended, &proofs).expect("as long as a record");
    let decoded = decode_chunks(&encoded.map, &encoded.chunks, &proofs).expect("its own encoding");
    assert!(decoded.iter().zip(&extended).all(|(found, chunk)| found.is_none_or(|found| found == *chunk)));
    // A map that marks what has no proof is refused.
    if let Some(bucket) = encoded.map.encoded().next() {
        proofs[bucket] = None;
        assert_eq!(decode_chunks(&encoded.map, &encoded.chunks, &proofs), None);
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
