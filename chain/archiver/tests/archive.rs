//! Whole segments with commitments: blocks in, pieces out, blocks and objects back.

use auto_archiver::{
    ArchiveError, ArchivedSegment, Archiver, ObjectReader, SegmentReader, join_source_pieces, piece_to_raw,
    reconstruct_segment, verify_piece, verify_piece_witness,
};
use auto_core::{
    BlockNumber, BlockObject, ErrorCode, GlobalObject, Hash, Piece, PieceIndex, Preset, ProtocolParams,
    SegmentIndex,
};
use proptest::prelude::*;
use std::sync::LazyLock;

fn params() -> ProtocolParams {
    ProtocolParams::preset(Preset::Test)
}

fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    })
    .take(length)
    .collect()
}

/// A block with one object behind `gap` bytes.
fn block(seed: u64, gap: usize, length: usize) -> (Vec<u8>, Vec<BlockObject>) {
    let object = noise(seed, length);
    let mut bytes = noise(seed + 1000, gap);
    bytes.push(1);
    let offset = u32::try_from(bytes.len()).expect("short");
    bytes.extend(u32::try_from(length).expect("short").to_le_bytes());
    bytes.extend(&object);
    (bytes, vec![BlockObject { hash: Hash::of_object(&object), offset }])
}

struct History {
    params: ProtocolParams,
    blocks: Vec<(Vec<u8>, Vec<BlockObject>)>,
    segments: Vec<ArchivedSegment>,
}

impl History {
    fn archive(params: ProtocolParams, blocks: Vec<(Vec<u8>, Vec<BlockObject>)>) -> Self {
        let mut archiver = Archiver::new(&params);
        let mut segments = Vec::new();
        for (number, (bytes, objects)) in (0u64..).zip(&blocks) {
            segments.extend(
                archiver.add_block(BlockNumber(number), bytes.clone(), objects.clone()).expect("archives"),
            );
        }
        Self { params, blocks, segments }
    }

    fn piece(&self, index: PieceIndex) -> Option<&Piece> {
        let pieces = self.params.pieces_per_segment();
        let segment = self.segments.get(usize::try_from(index.segment(pieces)?.0).ok()?)?;
        segment.pieces.get(usize::try_from(index.position(pieces)?).ok()?)
    }

    fn object(&self, mapping: &GlobalObject, limit: u32) -> Result<Vec<u8>, ArchiveError> {
        let mut reader = ObjectReader::new(&self.params, mapping, limit)?;
        loop {
            let needs = reader.needs();
            if needs.is_empty() {
                return reader.finish();
            }
            for index in needs {
                let piece = self.piece(index).ok_or(ArchiveError::ObjectIncomplete(index))?;
                reader.feed(index, &piece_to_raw(index, piece)?)?;
            }
        }
    }

    fn objects(&self) -> Vec<GlobalObject> {
        self.segments.iter().flat_map(|segment| segment.objects.clone()).collect()
    }
}

/// Genesis, then three blocks over two segments: the second object lies over a segment's end.
static HISTORY: LazyLock<History> = LazyLock::new(|| {
    let params = ProtocolParams { segment_blocks_max: 3, ..params() };
    let blocks = vec![
        block(1, 30, 500),
        block(2, 10, 150_000),
        block(3, 60_000, 100_000),
        block(4, 5, 77),
        block(5, 0, 9),
    ];
    History::archive(params, blocks)
});

fn index_of(segment: &ArchivedSegment, position: usize) -> PieceIndex {
    PieceIndex(segment.header.index.0 * 4 + u64::try_from(position).expect("small"))
}

#[test]
fn segments_chain_and_every_piece_verifies() {
    let history = &*HISTORY;
    assert_eq!(history.segments.len(), 3);
    let mut previous = Hash::ZERO;
    for (index, segment) in (0u64..).zip(&history.segments) {
        assert_eq!((segment.header.index, segment.header.previous_hash), (SegmentIndex(index), previous));
        previous = segment.header.hash();
        assert_eq!(segment.pieces.len(), 4);
        for (position, piece) in segment.pieces.iter().enumerate() {
            verify_piece(&history.params, &segment.header, index_of(segment, position), piece)
                .expect("holds");
        }
    }
    let ends = history.segments.iter().map(|segment| segment.header.last_archived_block);
    let ends: Vec<(u64, bool)> = ends.map(|last| (last.number.0, last.partial_bytes.is_some())).collect();
    assert_eq!(ends, [(0, false), (2, true), (4, false)]);
}

#[test]
fn blocks_and_objects_come_back_from_source_pieces() {
    let history = &*HISTORY;
    let mut reader = SegmentReader::new();
    let mut read = Vec::new();
    for segment in &history.segments {
        let pieces: Vec<Option<Piece>> = segment
            .pieces
            .iter()
            .enumerate()
            .map(|(at, piece)| (at % 2 == 0).then(|| piece.clone()))
            .collect();
        let raw = join_source_pieces(&history.params, &pieces).expect("all source pieces");
        read.extend(reader.push(&segment.header, &raw).expect("its own segments"));
    }
    let wanted: Vec<(BlockNumber, Vec<u8>)> =
        (0u64..).map(BlockNumber).zip(history.blocks.iter().map(|(bytes, _)| bytes.clone())).collect();
    assert!(read == wanted);
    let objects = history.objects();
    assert_eq!(objects.len(), history.blocks.len());
    for (mapping, (bytes, inside)) in objects.iter().zip(&history.blocks) {
        let start = usize::try_from(inside[0].offset).expect("small") + 4;
        assert!(history.object(mapping, 1 << 20).expect("reads") == bytes[start..]);
    }
}

#[test]
fn every_half_reconstructs_the_segment() {
    let history = &*HISTORY;
    let segment = &history.segments[1];
    for (a, b) in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
        let given: Vec<Option<Piece>> = segment
            .pieces
            .iter()
            .enumerate()
            .map(|(at, piece)| (at == a || at == b).then(|| piece.clone()))
            .collect();
        let all = reconstruct_segment(&history.params, &segment.header, &given).expect("half is enough");
        assert!(all == segment.pieces);
    }
}

#[test]
fn case_36_pieces_that_are_not_at_their_index_are_refused() {
    let history = &*HISTORY;
    let (segment, params) = (&history.segments[1], &history.params);
    let check = |position: usize, piece: &Piece| {
        let index = index_of(segment, position);
        verify_piece(params, &segment.header, index, piece).map_err(|error| error.code())
    };
    let [source, parity, other, _] = segment.pieces.as_slice() else { panic!("four pieces") };
    // A valid record under another commitment, and another record under a valid commitment.
    let foreign = Piece { commitment: other.commitment, ..source.clone() };
    assert_eq!(check(0, &foreign), Err("ARC-0010"));
    let foreign = Piece { commitment: other.commitment, witness: other.witness, ..source.clone() };
    assert_eq!(check(2, &foreign), Err("ARC-0009"));
    verify_piece_witness(params, &segment.header, index_of(segment, 2), &foreign)
        .expect("the cheap check does not look at the record");
    let mut flipped = source.clone();
    flipped.record[70] ^= 1;
    assert_eq!(check(0, &flipped), Err("ARC-0009"));
    let mut over = source.clone();
    over.record[..32].fill(255);
    assert_eq!(check(0, &over), Err("ARC-0009"), "a scalar that is not canonical");
    let short = Piece { record: source.record[1..].to_vec(), ..source.clone() };
    assert_eq!(check(0, &short), Err("ARC-0009"));
    // Source and parity swapped, and the right position of another segment.
    assert_eq!(check(1, source), Err("ARC-0010"));
    assert_eq!(check(0, parity), Err("ARC-0010"));
    assert_eq!(check(0, &history.segments[2].pieces[0]), Err("ARC-0010"));
    // An index beyond the segment, and so beyond any history that ends with it.
    for index in [0, 3, 8, u64::MAX] {
        let error = verify_piece(params, &segment.header, PieceIndex(index), source);
        assert_eq!(error.map_err(|error| error.code()), Err("ARC-0008"));
    }
}

#[test]
fn case_37_too_few_or_corrupted_pieces_fail_cleanly() {
    let history = &*HISTORY;
    let (segment, params) = (&history.segments[1], &history.params);
    let reconstruct = |pieces: &[Option<Piece>]| reconstruct_segment(params, &segment.header, pieces);
    let mut pieces: Vec<Option<Piece>> = vec![None; 4];
    pieces[3] = Some(segment.pieces[3].clone());
    let expected = ArchiveError::NotEnoughPieces { good: 1, needed: 2, bad: vec![] };
    assert_eq!(reconstruct(&pieces), Err(expected));

    let mut corrupted = segment.pieces[0].clone();
    corrupted.record[1000] ^= 4;
    pieces[0] = Some(corrupted);
    let expected = ArchiveError::NotEnoughPieces { good: 1, needed: 2, bad: vec![0] };
    assert_eq!(reconstruct(&pieces), Err(expected), "one of just enough is corrupted");
    let swapped = Piece { witness: segment.pieces[1].witness, ..segment.pieces[2].clone() };
    pieces[2] = Some(swapped);
    let expected = ArchiveError::NotEnoughPieces { good: 1, needed: 2, bad: vec![0, 2] };
    assert_eq!(reconstruct(&pieces), Err(expected));
    pieces[1] = Some(segment.pieces[1].clone());
    assert!(reconstruct(&pieces).expect("the two good ones are enough") == segment.pieces);

    let other = &history.segments[2].header;
    let whole: Vec<Option<Piece>> = segment.pieces.iter().cloned().map(Some).collect();
    let expected = ArchiveError::NotEnoughPieces { good: 0, needed: 2, bad: vec![0, 1, 2, 3] };
    assert_eq!(reconstruct_segment(params, other, &whole), Err(expected));
    assert_eq!(reconstruct(&whole[1..]), Err(ArchiveError::PieceCount { expected: 4, given: 3 }));
}

#[test]
fn case_39_mappings_that_point_wrong_are_refused() {
    let history = &*HISTORY;
    let limit = 1 << 20;
    let mapping = history.objects()[1];
    let read = |mapping: &GlobalObject, limit| history.object(mapping, limit).map_err(|error| error.code());
    // Past the record, at its very end, and in a parity piece.
    for offset in [126_976, 126_977, u32::MAX] {
        assert_eq!(read(&GlobalObject { offset, ..mapping }, limit), Err("ARC-0014"));
    }
    let parity = PieceIndex(mapping.piece_index.0 + 1);
    assert_eq!(read(&GlobalObject { piece_index: parity, ..mapping }, limit), Err("ARC-0014"));
    // A length above the limit is refused before anything is read for it.
    assert_eq!(read(&mapping, 149_999), Err("ARC-0015"));
    assert_eq!(read(&mapping, 150_000).map(|object| object.len()), Ok(150_000));
    let middle = GlobalObject { offset: mapping.offset + 1, ..mapping };
    assert!(read(&middle, limit).is_err());
    // Over two segments: this object starts in segment 1 and ends in segment 2.
    let split = history.objects()[2];
    assert_eq!(split.piece_index.segment(4), Some(SegmentIndex(1)));
    assert_eq!(read(&split, limit).map(|object| object.len()), Ok(100_000));
    // In the padding behind the last block: zeros are an object of no bytes, which is another object.
    let padding = GlobalObject { piece_index: PieceIndex(2), offset: 100_000, hash: mapping.hash };
    assert_eq!(read(&padding, limit), Err("ARC-0018"));
    // The last bytes of the last segment: the length itself goes on beyond the history.
    let last = GlobalObject { piece_index: PieceIndex(10), offset: 126_974, hash: mapping.hash };
    assert_eq!(read(&last, limit), Err("ARC-0017"));
    // The last bytes of a segment that ends in padding: the next one has no continuation.
    let end = GlobalObject { piece_index: PieceIndex(2), offset: 126_974, hash: mapping.hash };
    assert!(matches!(history.object(&end, limit), Err(ArchiveError::Malformed { .. })));
}

#[test]
fn case_40_object_with_another_hash_is_refused() {
    let history = &*HISTORY;
    let mapping = history.objects()[3];
    let wrong = GlobalObject { hash: Hash([9; 32]), ..mapping };
    let error = history.object(&wrong, 1000).expect_err("another hash");
    assert_eq!(error, ArchiveError::ObjectHash { expected: Hash([9; 32]), found: mapping.hash });
    // A peer that changes one byte of the record.
    let mut reader = ObjectReader::new(&history.params, &mapping, 1000).expect("a place");
    let piece = history.piece(mapping.piece_index).expect("there");
    let mut raw = piece_to_raw(mapping.piece_index, piece).expect("a source record");
    raw[usize::try_from(mapping.offset).expect("small") + 20] ^= 1;
    reader.feed(mapping.piece_index, &raw).expect("the bytes alone do not show it");
    assert_eq!(reader.finish().expect_err("another hash").code(), "ARC-0018");
}

#[test]
fn records_that_were_not_asked_for_are_refused() {
    let history = &*HISTORY;
    let mapping = history.objects()[3];
    let mut reader = ObjectReader::new(&history.params, &mapping, 1000).expect("a place");
    let other = PieceIndex(mapping.piece_index.0 ^ 2);
    assert_eq!(reader.feed(other, &[0; 126_976]).expect_err("another").code(), "ARC-0016");
    assert_eq!(reader.feed(mapping.piece_index, &[0; 99]).expect_err("short").code(), "ARC-0016");
    assert_eq!(reader.clone().finish().expect_err("nothing yet").code(), "ARC-0017");
}

#[test]
fn blocks_that_cannot_be_archived_change_nothing() {
    let mut archiver = Archiver::new(&params());
    let before = archiver.clone();
    let mut code = |number: u64, block: &[u8], offset: u32| {
        let objects = [BlockObject { hash: Hash::ZERO, offset }];
        archiver.add_block(BlockNumber(number), block.to_vec(), objects.to_vec()).expect_err("refused").code()
    };
    assert_eq!(code(1, &[0; 8], 0), "ARC-0001");
    assert_eq!(code(0, &[], 0), "ARC-0002");
    assert_eq!(code(0, &[0; 8], 5), "ARC-0003");
    assert_eq!(code(0, &[9, 0, 0, 0, 1], 0), "ARC-0003");
    assert_eq!(code(0, &[0; 8], u32::MAX), "ARC-0003");
    assert!(archiver == before);
}

#[test]
fn resuming_needs_the_unfinished_block_first() {
    let history = &*HISTORY;
    let code = |segment: usize, blocks: Vec<(u64, Vec<u8>)>| {
        let last = history.segments[segment].header.clone();
        let blocks = blocks.into_iter().map(|(number, bytes)| (BlockNumber(number), bytes, vec![]));
        Archiver::resume(&history.params, last, blocks).map(|_| ()).map_err(|error| error.code())
    };
    let whole = history.blocks[2].0.clone();
    assert_eq!(code(0, vec![]), Ok(()));
    assert_eq!(code(0, vec![(2, vec![1; 9])]), Err("ARC-0001"));
    assert_eq!(code(1, vec![]), Err("ARC-0004"));
    assert_eq!(code(1, vec![(2, vec![1; 9])]), Err("ARC-0004"));
    assert_eq!(code(1, vec![(3, whole.clone())]), Err("ARC-0004"));
    assert_eq!(code(1, vec![(2, whole)]), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, ..ProptestConfig::default() })]

    #[test]
    fn a_resumed_archiver_is_the_one_that_never_stopped(
        sizes in prop::collection::vec((0usize..3000, 0usize..180_000), 5..9),
        blocks_max in 2u32..5,
    ) {
        let params = ProtocolParams { segment_blocks_max: blocks_max, ..params() };
        // One block is longer than a whole segment.
        let sizes = std::iter::once((10, 10)).chain(sizes).chain([(1, 600_000)]);
        let blocks: Vec<_> = (0u64..).zip(sizes).map(|(seed, (gap, length))| block(seed, gap, length)).collect();
        let mut archiver = Archiver::new(&params);
        let mut segments: Vec<ArchivedSegment> = Vec::new();
        let mut states = Vec::new();
        for (number, (bytes, objects)) in (0u64..).zip(&blocks) {
            segments.extend(archiver.add_block(BlockNumber(number), bytes.clone(), objects.clone()).expect("archives"));
            states.push((segments.len(), archiver.clone()));
        }
        prop_assert!(segments.len() >= 4);
        for (at, segment) in segments.iter().enumerate() {
            let last = segment.header.last_archived_block;
            let number = usize::try_from(last.number.0).expect("small");
            let first = if last.partial_bytes.is_some() { number } else { number + 1 };
            let given = |until: usize| {
                let blocks = (0u64..).map(BlockNumber).zip(blocks.clone()).take(until).skip(first);
                blocks.map(|(number, (bytes, objects))| (number, bytes, objects))
            };
            // With all blocks so far of some later moment it is what it was at that moment.
            for until in [number + 1, number + 2] {
                let Some((count, state)) = states.get(until - 1) else { continue };
                let (resumed, made) =
                    Archiver::resume(&params, segment.header.clone(), given(until)).expect("resumes");
                prop_assert!(made == segments[at + 1..*count]);
                prop_assert!(resumed == *state);
            }
        }
    }
}
