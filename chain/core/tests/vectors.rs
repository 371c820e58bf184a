//! Frozen encodings and hashes, computed apart from this code base; they never change.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

use auto_core::{Block, Body, Hash, Header, SegmentHeader, SignedTransaction, Solution, decode_strict};
use parity_scale_codec::{Decode, Encode};
use proptest::prelude::*;
use serde_json::Value;

fn vector(name: &str) -> Value {
    let text = include_str!("vectors/core.json");
    serde_json::from_str::<Value>(text).unwrap()[name].take()
}

fn bytes(vector: &Value) -> Vec<u8> {
    hex::decode(vector["encoded"].as_str().unwrap()).unwrap()
}

fn hash(value: &Value) -> Hash {
    value.as_str().unwrap().parse().unwrap()
}

/// Decodes a vector; the value must encode to the same bytes, and no cut or longer input may decode.
fn frozen<T: Encode + Decode>(name: &str) -> T {
    let encoded = bytes(&vector(name));
    let value: T = decode_strict(&encoded, encoded.len()).unwrap();
    assert_eq!(value.encode(), encoded);
    for length in 0..encoded.len() {
        assert!(decode_strict::<T>(&encoded[..length], encoded.len()).is_err(), "{length}");
    }
    let longer = [encoded.as_slice(), &[0]].concat();
    assert!(decode_strict::<T>(&longer, longer.len()).is_err());
    value
}

#[test]
fn the_solution_is_frozen() {
    let solution: Solution = frozen("solution");
    assert_eq!(
        (solution.sector_index.0, solution.history_size.segments(), solution.piece_offset.0),
        (5, 6, 2)
    );
    assert_eq!((solution.proof_of_space.k(), solution.chunk.0), (14, [11; 32]));
}

#[test]
fn the_header_is_frozen() {
    let header: Header = frozen("header");
    assert_eq!(header.hash(), hash(&vector("header")["hash"]));
    assert_eq!(header.pre_seal_hash(), hash(&vector("header")["pre_seal_hash"]));
    assert_eq!((header.number.0, header.segment_headers().len()), (16, 1));
}

#[test]
fn the_segment_header_is_frozen() {
    let header: SegmentHeader = frozen("segment_header");
    assert_eq!(header.hash(), hash(&vector("segment_header")["hash"]));
    assert_eq!((header.index.0, header.last_archived_block.partial_bytes), (3, Some(77)));
}

#[test]
fn the_transaction_is_frozen() {
    let transaction: SignedTransaction = frozen("transaction");
    assert_eq!(transaction.hash(), hash(&vector("transaction")["hash"]));
    assert_eq!(&transaction.transaction.calls[0].payload[..], b"hello");
    let call = transaction.transaction.calls[0].encode();
    assert_eq!(transaction.encode()[SignedTransaction::CALLS_OFFSET..][..call.len()], call);
}

#[test]
fn the_block_is_frozen() {
    let block: Block = frozen("block");
    assert_eq!(block.header, frozen::<Header>("header"));
    assert_eq!(block.body.root(), hash(&vector("body_root")));
    assert_eq!(Body::default().root(), hash(&vector("empty_body_root")));
}

fn never_panics<T: Encode + Decode>(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(value) = decode_strict::<T>(bytes, bytes.len()) {
        prop_assert_eq!(value.encode(), bytes, "an accepted encoding is the only one of its value");
    }
    Ok(())
}

fn all_never_panic(bytes: &[u8]) -> Result<(), TestCaseError> {
    never_panics::<Block>(bytes)?;
    never_panics::<Header>(bytes)?;
    never_panics::<SegmentHeader>(bytes)?;
    never_panics::<Solution>(bytes)?;
    never_panics::<SignedTransaction>(bytes)
}

proptest! {
    #[test]
    fn decoding_junk_never_panics(junk in proptest::collection::vec(any::<u8>(), 0..600)) {
        all_never_panic(&junk)?;
    }

    #[test]
    fn decoding_a_damaged_value_never_panics(
        name in prop::sample::select(vec!["block", "header", "segment_header", "solution", "transaction"]),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut encoded = bytes(&vector(name));
        for (index, value) in damage {
            let index = index.index(encoded.len());
            encoded[index] = value;
        }
        all_never_panic(&encoded)?;
    }
}
