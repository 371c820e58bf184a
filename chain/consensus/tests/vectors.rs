//! Frozen values of the derivations, computed apart from this code base; they never change.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use auto_consensus::{BlockDigest, next_solution_range, solution_entropy};
use auto_core::{
    ChallengeBits, Commitment, Hash, Header, HistorySize, PieceOffset, PotOutput, Preset, ProtocolParams,
    PublicKey, ScalarBytes, SectorIndex, Slot, SolutionRange, decode_strict, evaluation_seed,
    expiration_history_size, global_challenge, mask_chunk, piece_index, pieces_to_range, sector_id,
    solution_distance,
};
use parity_scale_codec::Encode;
use serde_json::Value;

fn vectors(section: &str) -> Value {
    let text = include_str!("vectors/consensus.json");
    serde_json::from_str::<Value>(text).unwrap()[section].take()
}

fn rows(section: &str) -> Vec<Value> {
    let rows = vectors(section).as_array().unwrap().clone();
    assert!(!rows.is_empty());
    rows
}

fn number(row: &Value, field: &str) -> u64 {
    row[field].as_u64().unwrap()
}

fn small(row: &Value, field: &str) -> u16 {
    u16::try_from(number(row, field)).unwrap()
}

fn bytes<const N: usize>(row: &Value, field: &str) -> [u8; N] {
    hex::decode(row[field].as_str().unwrap()).unwrap().try_into().unwrap()
}

fn hash(row: &Value, field: &str) -> Hash {
    Hash(bytes(row, field))
}

fn size(row: &Value) -> HistorySize {
    HistorySize::new(number(row, "history_size")).unwrap()
}

fn preset(row: &Value) -> ProtocolParams {
    ProtocolParams::preset(match row["preset"].as_str().unwrap() {
        "production" => Preset::Production,
        "dev" => Preset::Dev,
        _ => Preset::Test,
    })
}

#[test]
fn sector_ids_are_frozen() {
    for row in rows("sector_id") {
        let index = SectorIndex(u32::try_from(number(&row, "sector_index")).unwrap());
        let id = sector_id(&PublicKey(bytes(&row, "public_key")), index, size(&row));
        assert_eq!(id, hash(&row, "sector_id"));
    }
}

#[test]
fn piece_indexes_are_frozen() {
    for row in rows("piece_index") {
        let offset = PieceOffset(small(&row, "offset"));
        let index = piece_index(&preset(&row), &hash(&row, "sector_id"), size(&row), offset).unwrap();
        assert_eq!(index.0, number(&row, "piece_index"), "{row}");
    }
}

#[test]
fn challenges_and_distances_are_frozen() {
    for row in rows("challenge") {
        let id = hash(&row, "sector_id");
        let challenge = global_challenge(&PotOutput(bytes(&row, "output")), Slot(number(&row, "slot")));
        assert_eq!(challenge, hash(&row, "global_challenge"));
        let bits = ChallengeBits::new(&id, &challenge, small(&row, "classes"));
        assert_eq!(bits.sector_slot_challenge, hash(&row, "sector_slot_challenge"));
        assert_eq!((bits.s_bucket.0, bits.class), (small(&row, "s_bucket"), small(&row, "piece_class")));
        let seed = evaluation_seed(&id, PieceOffset(small(&row, "offset")));
        assert_eq!(seed, hash(&row, "evaluation_seed"));
        let masked = mask_chunk(&ScalarBytes(bytes(&row, "chunk")), &hash(&row, "proof_hash"));
        assert_eq!(masked, ScalarBytes(bytes(&row, "masked")));
        let distance = solution_distance(&challenge, &bits.sector_slot_challenge, &masked);
        assert_eq!(distance, number(&row, "distance"));
    }
}

#[test]
fn expirations_are_frozen() {
    for row in rows("expiration") {
        let commitment = Commitment(bytes(&row, "commitment"));
        let lifetime = number(&row, "min_sector_lifetime");
        let expires = expiration_history_size(&hash(&row, "sector_id"), size(&row), &commitment, lifetime);
        assert_eq!(expires.segments(), number(&row, "expires"), "{row}");
    }
}

#[test]
fn ranges_are_frozen() {
    for row in rows("range") {
        assert_eq!(pieces_to_range(&preset(&row), number(&row, "pieces")).0, number(&row, "range"), "{row}");
    }
}

#[test]
fn retargets_are_frozen() {
    let params = ProtocolParams::preset(Preset::Test);
    for row in rows("retarget") {
        let current = SolutionRange(number(&row, "current"));
        let next = next_solution_range(&params, current, Slot(0), Slot(number(&row, "slots")));
        assert_eq!(next.0, number(&row, "next"), "{row}");
    }
}

#[test]
fn the_header_encoding_and_its_hashes_are_frozen() {
    let row = vectors("header");
    let encoded = hex::decode(row["encoded"].as_str().unwrap()).unwrap();
    let header: Header = decode_strict(&encoded, encoded.len()).unwrap();
    assert_eq!(header.encode(), encoded);
    assert_eq!(header.hash(), hash(&row, "hash"));
    assert_eq!(header.pre_seal_hash(), hash(&row, "pre_seal_hash"));
    let (digest, seal) = BlockDigest::read(&header).unwrap();
    assert_eq!(seal.0, [18; 64]);
    assert_eq!(digest.segment_headers[0].hash(), hash(&row, "segment_header_hash"));
    assert_eq!(solution_entropy(&digest.pre_digest.solution), hash(&row, "entropy"));
    let mut unsealed = header.digest.clone().into_inner();
    unsealed.pop();
    assert_eq!(digest.into_unsealed().into_inner(), unsealed);
}
