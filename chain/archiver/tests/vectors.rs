//! Frozen vectors of the archive's format. A test compares with the file and never writes it.

use auto_archiver::{Archiver, SegmentItem, parse_segment};
use auto_core::{
    BlockNumber, Commitment, Hash, LastArchivedBlock, Preset, ProtocolParams, SegmentHeader, SegmentIndex,
};
use serde_json::{Value, json};

fn frozen() -> Value {
    serde_json::from_str(include_str!("vectors/archiver.json")).expect("the file is JSON")
}

fn header(partial_bytes: Option<u32>) -> SegmentHeader {
    SegmentHeader {
        index: SegmentIndex(3),
        commitment: Commitment([0xab; 48]),
        previous_hash: Hash([0xcd; 32]),
        last_archived_block: LastArchivedBlock { number: BlockNumber(258), partial_bytes },
    }
}

#[test]
fn items_are_encoded_as_frozen() {
    let items = [
        ("padding", SegmentItem::Padding(3)),
        ("block", SegmentItem::Block(vec![1, 2, 3])),
        ("block_start", SegmentItem::BlockStart(vec![4; 300])),
        ("block_continuation", SegmentItem::BlockContinuation(vec![5])),
        ("parent_segment_header", SegmentItem::ParentSegmentHeader(header(None))),
        ("parent_segment_header_partial", SegmentItem::ParentSegmentHeader(header(Some(77)))),
    ];
    for (name, item) in items {
        let bytes = item.to_bytes().expect("short");
        assert_eq!(json!(hex::encode(&bytes)), frozen()["items"][name], "{name}");
        if !matches!(item, SegmentItem::BlockContinuation(_)) {
            assert_eq!(parse_segment(&bytes), Ok(vec![item]), "{name}");
        }
    }
}

#[test]
fn segments_are_made_as_frozen() {
    let params = ProtocolParams { segment_blocks_max: 2, ..ProtocolParams::preset(Preset::Test) };
    let mut archiver = Archiver::new(&params);
    let blocks: [Vec<u8>; 3] =
        [b"genesis".to_vec(), vec![0xee; 200_000], (0..=255).collect::<Vec<u8>>().repeat(400)];
    let mut made = Vec::new();
    for (number, block) in (0u64..).zip(&blocks) {
        for segment in archiver.add_block(BlockNumber(number), block.clone(), Vec::new()).expect("archives") {
            let header = &segment.header;
            let last = header.last_archived_block;
            made.push(json!({
                "commitment": header.commitment.to_string(),
                "hash": header.hash().to_string(),
                "last_archived_block": [Some(last.number.0), last.partial_bytes.map(u64::from)],
                "piece_commitments": segment.pieces.iter().map(|piece| piece.commitment.to_string()).collect::<Vec<_>>(),
                "piece_witnesses": segment.pieces.iter().map(|piece| hex::encode(piece.witness.0)).collect::<Vec<_>>(),
                "piece_hashes": segment.pieces.iter().map(|piece| auto_core::hash(&piece.to_bytes()).to_string()).collect::<Vec<_>>(),
            }));
        }
    }
    assert_eq!(Value::from(made.clone()), frozen()["segments"], "made: {}", Value::from(made));
}
