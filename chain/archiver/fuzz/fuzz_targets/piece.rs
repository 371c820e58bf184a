//! Pieces as peers send them.

#![no_main]

use auto_archiver::{piece_to_raw, verify_piece_witness};
use auto_core::{
    BlockNumber, Commitment, Hash, LastArchivedBlock, PIECE_BYTES, Piece, PieceIndex, Preset, ProtocolParams,
    RAW_RECORD_BYTES, RECORD_BYTES, SegmentHeader, SegmentIndex,
};
use libfuzzer_sys::fuzz_target;

/// A piece is its bytes; its points are decoded or refused, and its record is raw bytes or is not.
fn check(bytes: &[u8]) {
    assert!(bytes.len() == PIECE_BYTES || Piece::from_bytes(bytes).is_none());
    let Some((ends, record)) = bytes.split_at_checked(144) else { return };
    let mut whole = record.to_vec();
    whole.resize(RECORD_BYTES, 0);
    whole.extend_from_slice(&ends[..96]);
    let piece = Piece::from_bytes(&whole).expect("as long as a piece");
    assert_eq!(piece.to_bytes(), whole);
    let index = PieceIndex(u64::from(ends[0] % 2));
    if let Ok(raw) = piece_to_raw(index, &piece) {
        assert_eq!(raw.len(), RAW_RECORD_BYTES);
    }
    let header = SegmentHeader {
        index: SegmentIndex(0),
        commitment: Commitment(ends[96..].try_into().expect("48 bytes")),
        previous_hash: Hash::ZERO,
        last_archived_block: LastArchivedBlock { number: BlockNumber(0), partial_bytes: None },
    };
    let _ = verify_piece_witness(&ProtocolParams::preset(Preset::Test), &header, index, &piece);
}

fuzz_target!(|bytes: &[u8]| check(bytes));
