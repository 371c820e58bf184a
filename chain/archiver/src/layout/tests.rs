//! The byte layout alone: random blocks through small segments, and everything read back.

use super::*;
use crate::{ObjectReader, SegmentItem, SegmentReader, parse_segment};
use auto_core::{Commitment, Hash, PieceIndex};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A segment as the layout alone makes it: the header has no real commitment.
struct Made {
    header: SegmentHeader,
    filled: FilledSegment,
}

type TestBlock = (Vec<u8>, Vec<BlockObject>);

struct Chain {
    geometry: Geometry,
    blocks_max: u32,
    layout: Layout,
    segments: Vec<Made>,
}

impl Chain {
    fn new(geometry: Geometry, blocks_max: u32) -> Self {
        let layout = Layout::new(geometry, blocks_max);
        Self { geometry, blocks_max, layout, segments: Vec::new() }
    }

    fn add(&mut self, number: u64, block: &TestBlock) {
        let mut from = 0;
        while from < block.0.len() {
            from = self.layout.append(BlockNumber(number), &block.0, from, &block.1).expect("fits");
            if let Some(filled) = self.layout.cut().expect("cuts") {
                let previous = self.segments.last().map(|made| made.header.hash());
                let header = SegmentHeader {
                    index: filled.index,
                    commitment: Commitment([7; 48]),
                    previous_hash: previous.unwrap_or(Hash::ZERO),
                    last_archived_block: filled.last,
                };
                self.layout = Layout::after(self.geometry, self.blocks_max, &header).expect("a next segment");
                self.segments.push(Made { header, filled });
            }
        }
    }

    fn record(&self, piece: PieceIndex) -> Option<&[u8]> {
        let (segment, record) = self.geometry.source_record(piece)?;
        let made = self.segments.get(usize::try_from(segment.0).ok()?)?;
        made.filled.bytes.chunks(self.geometry.record_bytes).nth(record)
    }

    fn object(&self, mapping: &GlobalObject, limit: u32) -> Result<Option<Vec<u8>>, ArchiveError> {
        let mut reader = ObjectReader::with_geometry(self.geometry, mapping, limit)?;
        loop {
            let needs = reader.needs();
            if needs.is_empty() {
                return reader.finish().map(Some);
            }
            for piece in needs.iter().rev() {
                let Some(raw) = self.record(*piece) else { return Ok(None) };
                reader.feed(*piece, raw)?;
            }
        }
    }
}

/// Objects with some bytes before each; the block is what holds them.
fn block(parts: &[(usize, usize)], seed: u8) -> TestBlock {
    let (mut bytes, mut objects) = (vec![seed], Vec::new());
    for (number, (gap, length)) in (0u8..).zip(parts) {
        bytes.extend(std::iter::repeat_n(seed ^ number, *gap));
        let data: Vec<u8> =
            (0..*length).map(|at| seed.wrapping_mul(31).wrapping_add((at % 251) as u8)).collect();
        objects.push(BlockObject { hash: Hash::of_object(&data), offset: bytes.len() as u32 });
        bytes.extend((data.len() as u32).to_le_bytes());
        bytes.extend(data);
    }
    (bytes, objects)
}

fn some_block() -> impl Strategy<Value = TestBlock> {
    let part = (0usize..40, prop_oneof![0usize..50, 100usize..700]);
    (prop::collection::vec(part, 0..5), any::<u8>()).prop_map(|(parts, seed)| block(&parts, seed))
}

fn check_round_trip(chain: &Chain, blocks: &[TestBlock]) -> Result<(), TestCaseError> {
    let mut reader = SegmentReader::new();
    let mut read = Vec::new();
    for made in &chain.segments {
        prop_assert_eq!(made.filled.bytes.len(), chain.geometry.segment_bytes());
        read.extend(reader.push(&made.header, &made.filled.bytes).expect("its own segments"));
    }
    // Every block that the last header calls whole is there.
    let last = chain.segments.last().expect("genesis makes one").header.last_archived_block;
    let whole = last.number.0 + u64::from(last.partial_bytes.is_none());
    prop_assert_eq!(read.len() as u64, whole);
    let mappings: BTreeMap<Hash, &GlobalObject> = chain
        .segments
        .iter()
        .flat_map(|made| &made.filled.objects)
        .map(|mapping| (mapping.hash, mapping))
        .collect();
    for (number, (block, wanted)) in (0u64..).zip(read.iter().zip(blocks)) {
        prop_assert_eq!(block, &(BlockNumber(number), wanted.0.clone()));
        for object in &wanted.1 {
            let mapping = mappings.get(&object.hash).expect("each object of a whole block has a mapping");
            let data = chain.object(mapping, 700).expect("its own mapping").expect("all of it is archived");
            prop_assert_eq!(Hash::of_object(&data), object.hash);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn blocks_and_objects_come_back(
        blocks in prop::collection::vec(some_block(), 1..24),
        records in prop::sample::select(vec![2usize, 4]),
        record_bytes in 90usize..400,
        blocks_max in 0u32..5,
    ) {
        let mut chain = Chain::new(Geometry { records, record_bytes }, blocks_max);
        for (number, block) in (0u64..).zip(&blocks) {
            chain.add(number, block);
        }
        check_round_trip(&chain, &blocks)?;
    }

    #[test]
    fn junk_never_panics(
        raw in prop::collection::vec(prop_oneof![Just(0u8), 1u8..6, any::<u8>()], 180),
        offset in any::<u32>(),
        piece in any::<u64>(),
    ) {
        let _ = parse_segment(&raw);
        let geometry = Geometry { records: 2, record_bytes: 90 };
        for offset in [offset, offset % 90] {
            let mapping = GlobalObject { hash: Hash::ZERO, piece_index: PieceIndex(piece), offset };
            let Ok(mut reader) = ObjectReader::with_geometry(geometry, &mapping, 5000) else { continue };
            for _ in 0..100 {
                let Some(piece) = reader.needs().first().copied() else { break };
                let record = if matches!(geometry.source_record(piece), Some((_, 0))) { &raw[..90] } else { &raw[90..] };
                if reader.feed(piece, record).is_err() {
                    break;
                }
            }
            prop_assert!(reader.finish().is_err());
        }
    }

    #[test]
    fn a_flipped_byte_never_gives_other_blocks_silently(at in 0usize..400, flip in 1u8..255) {
        let mut chain = Chain::new(Geometry { records: 2, record_bytes: 200 }, 0);
        let blocks = [block(&[], 1), block(&[(10, 300)], 2), block(&[(3, 300)], 3)];
        for (number, block) in (0u64..).zip(&blocks) {
            chain.add(number, block);
        }
        let mut bytes = chain.segments[1].filled.bytes.clone();
        bytes[at] ^= flip;
        // Either the format is broken, or exactly one content byte differs.
        let mut reader = SegmentReader::new();
        reader.push(&chain.segments[0].header, &chain.segments[0].filled.bytes).expect("intact");
        let before = reader.clone();
        match reader.push(&chain.segments[1].header, &bytes) {
            Err(_) => prop_assert_eq!(reader, before),
            Ok(read) => {
                let lengths: Vec<usize> = read.iter().map(|(_, block)| block.len()).collect();
                prop_assert!(lengths.iter().all(|length| blocks.iter().any(|block| block.0.len() == *length)));
            }
        }
    }
}

/// Every offset in a record, so that lengths and objects are split at each of their bytes.
#[test]
fn an_object_may_be_split_anywhere() {
    let geometry = Geometry { records: 2, record_bytes: 130 };
    for gap in 0..600 {
        for length in [0, 1, 5, 131, 300] {
            let mut chain = Chain::new(geometry, 1);
            let blocks = [block(&[], 9), block(&[(gap, length)], 5), block(&[], 6)];
            for (number, block) in (0u64..).zip(&blocks) {
                chain.add(number, block);
            }
            let mapping = chain.segments.iter().flat_map(|made| &made.filled.objects).next().expect("mapped");
            let object = chain.object(mapping, 300).expect("reads").expect("all there");
            assert_eq!(object.len(), length);
        }
    }
}

#[test]
fn only_the_records_of_an_object_are_asked_for() {
    let mut chain = Chain::new(Geometry { records: 16, record_bytes: 200 }, 0);
    chain.add(0, &block(&[], 1));
    chain.add(1, &block(&[(500, 900), (40, 3), (700, 2500)], 2));
    let objects: Vec<GlobalObject> =
        chain.segments.iter().flat_map(|made| made.filled.objects.clone()).collect();
    let mapping = objects[0];
    let mut reader = ObjectReader::with_geometry(chain.geometry, &mapping, 900).expect("a place");
    assert_eq!(reader.needs(), [mapping.piece_index]);
    reader.feed(mapping.piece_index, chain.record(mapping.piece_index).expect("there")).expect("takes");
    let wanted = (mapping.offset as usize + 4 + 900).div_ceil(200) as u64;
    let all: Vec<PieceIndex> = (1..wanted).map(|n| PieceIndex(mapping.piece_index.0 + 2 * n)).collect();
    assert_eq!(reader.needs(), all);
    for piece in all.iter().rev() {
        reader.feed(*piece, chain.record(*piece).expect("there")).expect("takes");
    }
    assert_eq!(reader.needs(), []);
    assert_eq!(reader.finish().expect("complete").len(), 900);
}

#[test]
fn the_rest_of_a_segment_is_padded_by_one_rule() {
    let geometry = Geometry { records: 2, record_bytes: 20 };
    // So many bytes of the genesis block leave `rest` bytes behind its item.
    for rest in 0..12usize {
        let mut chain = Chain::new(geometry, 0);
        let content = vec![1; 40 - ITEM_HEADER_BYTES - rest];
        chain.add(0, &(content.clone(), Vec::new()));
        assert_eq!(chain.segments.len(), 1);
        let bytes = &chain.segments[0].filled.bytes;
        assert!(bytes[40 - rest..].iter().enumerate().all(|(at, byte)| *byte == 0 || at == 1));
        let mut wanted = vec![SegmentItem::Block(content)];
        if rest >= ITEM_BYTES_MIN {
            wanted.push(SegmentItem::Padding((rest - ITEM_HEADER_BYTES) as u32));
        }
        assert_eq!(parse_segment(bytes), Ok(wanted));
    }
}

#[test]
fn malformed_segments_are_refused() {
    let padding = |length: usize| SegmentItem::Padding(length as u32).to_bytes().expect("short");
    let item = |kind: u8, content: &[u8]| {
        let mut bytes = Vec::new();
        push_item(&mut bytes, kind, content).expect("short");
        bytes
    };
    let refused: [Vec<u8>; 10] = [
        [item(1, b"a"), vec![0, 0, 0, 0, 1]].concat(),
        item(1, b""),
        [item(1, b""), padding(9)].concat(),
        [padding(3), padding(3)].concat(),
        [padding(3), item(1, b"abc")].concat(),
        [item(2, b"abc"), vec![0]].concat(),
        [item(1, b"abc"), item(3, b"abc")].concat(),
        [item(1, b"abc"), item(4, &[0; 97])].concat(),
        item(5, b"abc"),
        item(0, b"abc"),
    ];
    for bytes in refused {
        assert!(matches!(parse_segment(&bytes), Err(ArchiveError::Malformed { .. })), "{bytes:?}");
    }
    let mut long = item(1, b"abc");
    long[1] = 4;
    assert!(parse_segment(&long).is_err());
    assert_eq!(parse_segment(&[]), Ok(Vec::new()));
}
