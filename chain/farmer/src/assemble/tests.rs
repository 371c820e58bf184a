//! What is staged can be read back from its place, whatever the batches.

use super::*;
use crate::encoding::EncodedRecord;
use crate::layout::{CHUNK_BYTES, Layout};
use crate::sector::SectorReader;
use crate::{ContentsMap, PlotFile};
use auto_core::{Commitment, PieceOffset, Preset, ProtocolParams, SectorIndex, Witness};
use std::path::Path;

/// A piece of which `encoded` chunks lie in s-buckets that `seed` chooses.
fn staged(offset: PieceOffset, encoded: usize, seed: u64) -> (StagedPiece, EncodedRecord) {
    let mut bytes = vec![0; CHUNK_BYTES + 8 * S_BUCKETS];
    blake3::Hasher::new()
        .update(&seed.to_le_bytes())
        .update(&offset.0.to_le_bytes())
        .finalize_xof()
        .fill(&mut bytes);
    let (chunks, keys) = bytes.split_at(CHUNK_BYTES);
    let mut buckets: Vec<usize> = (0..S_BUCKETS).collect();
    buckets.sort_by_key(|bucket| keys[8 * bucket..8 * bucket + 8].to_vec());
    let mut map = ContentsMap::default();
    buckets.iter().take(encoded).for_each(|bucket| map.insert(*bucket));
    let piece = StagedPiece {
        offset,
        commitment: Commitment([1; 48]),
        witness: Witness([2; 48]),
        checksum: hash(chunks),
        map: map.clone(),
    };
    (piece, EncodedRecord { map, chunks: chunks.to_vec() })
}

fn check(pieces: u16, classes: u16, encoded: &[usize], seed: u64) {
    let preset = ProtocolParams::preset(Preset::Test);
    let params = ProtocolParams { pieces_in_sector: pieces, audit_classes: classes, ..preset };
    let layout = Layout::new(&params).expect("valid");
    let file = tempfile::tempfile().expect("a temporary file");
    file.reserve(layout.file_bytes(1).expect("small")).expect("room for it");
    let path = Path::new("plot.bin");
    let staging = Staging { file: &file, path, layout: &layout };
    let id = hash(b"sector");
    let lengths = encoded.iter().copied().cycle();
    let all: Vec<_> =
        layout.offsets().zip(lengths).map(|(offset, length)| staged(offset, length, seed)).collect();
    for (piece, record) in &all {
        staging.store(&id, piece, record).expect("room for it");
        let loaded = staging.load(&id, piece.offset).expect("readable").expect("whole");
        assert_eq!((loaded.map, loaded.checksum), (piece.map.clone(), piece.checksum));
        assert!(staging.load(&hash(b"other sector"), piece.offset).expect("readable").is_none());
    }
    let staged: Vec<_> = all.iter().map(|(piece, _)| piece.clone()).collect();
    let base = layout.sector_at(0);
    let digest = assemble(&staging, &staged, base, 1).expect("room for it");
    assert_eq!(assemble(&staging, &staged, base, 100_000).expect("room for it"), digest);
    assert_eq!(assemble(&staging, &staged, base, usize::MAX).expect("room for it"), digest);
    let reader = SectorReader { file: &file, path, layout: &layout, sector: SectorIndex(0), base, digest };
    reader.verify().expect("every checksum matches");
    for (piece, record) in &all {
        let stored = reader.record(usize::from(piece.offset.0), None).expect("readable");
        assert_eq!(stored.map, record.map);
        assert!(stored.chunks == record.chunks, "piece {}", piece.offset);
        assert_eq!(stored.metadata.checksum, piece.checksum);
    }
}

#[test]
fn records_come_back_whatever_the_classes_and_the_extra_chunks() {
    check(4, 1, &[4096, 4000, 4096, 0], 1);
    check(5, 2, &[4096], 2);
    check(11, 8, &[4096, 4095, 1, 4096, 3000], 3);
    check(1, 1, &[10], 4);
}

#[test]
fn a_damaged_staged_piece_is_not_taken_up() {
    let layout = Layout::new(&ProtocolParams::preset(Preset::Test)).expect("valid");
    let file = tempfile::tempfile().expect("a temporary file");
    file.reserve(layout.file_bytes(1).expect("small")).expect("room for it");
    let staging = Staging { file: &file, path: Path::new("plot.bin"), layout: &layout };
    let (piece, record) = staged(PieceOffset(2), 4000, 9);
    let id = hash(b"sector");
    staging.store(&id, &piece, &record).expect("room for it");
    for position in [0, 33, 64, 66, 70, 120, 170, 200, 300, 50_000] {
        let at = layout.staged_at(2) + position;
        let mut byte = [0];
        PlotFile::read_at(&file, &mut byte, at).expect("readable");
        PlotFile::write_at(&file, &[byte[0] ^ 1], at).expect("writable");
        assert!(staging.load(&id, PieceOffset(2)).expect("readable").is_none(), "flip at {position}");
        PlotFile::write_at(&file, &byte, at).expect("writable");
    }
    assert!(staging.load(&id, PieceOffset(2)).expect("readable").is_some());
    assert!(staging.load(&id, PieceOffset(1)).expect("readable").is_none());
}
