//! Frozen vectors of the sector format, version 1; a test that fails here means another format.

use crate::history::{cheap_source, config, control, offsets, params, record, size};
use auto_core::{
    CHUNKS_PER_RECORD, Hash, PieceIndex, Preset, ProtocolParams, S_BUCKETS, SCALAR_BYTES, ScalarBytes,
    SectorIndex, hash,
};
use auto_farmer::{Farm, Layout, PLOT_FILE, PLOT_VERSION, encode_record};
use std::os::unix::fs::FileExt;
use std::sync::atomic::AtomicBool;

fn vector(name: &str) -> serde_json::Value {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../vectors/sector_v1.json")).expect("committed JSON");
    vectors.get(name).cloned().expect("a vector of that name")
}

fn layout_of(params: &ProtocolParams) -> serde_json::Value {
    let layout = Layout::new(params).expect("a valid preset");
    serde_json::json!({
        "sector_bytes": layout.sector_bytes(),
        "staging_bytes": layout.staging_bytes(),
        "sector_0": layout.sector_at(0),
        "sector_1": layout.sector_at(1),
        "map_0": layout.map_at(0),
        "map_1": layout.map_at(1),
        "metadata_1": layout.metadata_at(1),
        "directory": layout.directory_start(),
        "chunks": layout.chunks_start(),
        "checksums": layout.checksums_start(),
    })
}

#[test]
fn layouts_of_the_presets_are_frozen() {
    assert_eq!(vector("version"), PLOT_VERSION);
    for (name, preset) in [("production", Preset::Production), ("dev", Preset::Dev), ("test", Preset::Test)] {
        let layout = layout_of(&ProtocolParams::preset(preset));
        assert_eq!(vector("layout")[name], layout, "{name}: {layout}");
    }
}

/// Two of three s-buckets have a proof, or fewer: `keep` of every `of`.
fn encoded(keep: usize, of: usize) -> serde_json::Value {
    let chunk = |bucket: usize| ScalarBytes(hash(&[b"chunk".as_slice(), &bucket.to_le_bytes()].concat()).0);
    let proof = |bucket: usize| hash(&[b"proof".as_slice(), &bucket.to_le_bytes()].concat());
    let extended: Vec<_> = (0..S_BUCKETS).map(chunk).collect();
    let proofs: Vec<_> = (0..S_BUCKETS).map(|bucket| (bucket % of < keep).then(|| proof(bucket))).collect();
    let record = encode_record(&extended, &proofs).expect("right lengths");
    assert_eq!(record.chunks.len(), CHUNKS_PER_RECORD * SCALAR_BYTES);
    serde_json::json!({
        "encoded": record.map.count(),
        "last_s_bucket": record.map.encoded().last(),
        "map": hash(record.map.bytes()),
        "chunks": hash(&record.chunks),
    })
}

#[test]
fn encodings_of_records_are_frozen() {
    for (name, keep, of) in [("plenty", 2, 3), ("exact", 1, 2), ("short", 1, 3), ("none", 0, 1)] {
        let record = encoded(keep, of);
        assert_eq!(vector("encoding")[name], record, "{name}: {record}");
    }
    assert!(encode_record(&[], &[]).is_none());
}

#[test]
fn a_whole_sector_is_frozen() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = Farm::open_or_create(&config(folder.path(), 1)).expect("a new farm");
    let stop = AtomicBool::new(false);
    farm.plot_sector(SectorIndex(0), size(1), &cheap_source, &control(&stop)).expect("nothing fails");
    let layout = *farm.layout();
    let file = std::fs::File::open(folder.path().join(PLOT_FILE)).expect("a plot");
    let part = |from: u64, to: u64| -> Hash {
        let mut bytes = vec![0; usize::try_from(to - from).expect("small")];
        file.read_exact_at(&mut bytes, layout.sector_at(0) + from).expect("inside the file");
        hash(&bytes)
    };
    let sector = serde_json::json!({
        "maps": part(layout.map_at(0), layout.metadata_start()),
        "metadata": part(layout.metadata_start(), layout.directory_start()),
        "directory": part(layout.directory_start(), layout.chunks_start()),
        "chunks": part(layout.chunks_start(), layout.checksums_start()),
        "checksums": part(layout.checksums_start(), layout.sector_bytes()),
    });
    assert_eq!(vector("sector"), sector, "{sector}");
    assert_eq!(offsets().count(), usize::from(params().pieces_in_sector));
    assert_eq!(record(PieceIndex(0)).len(), auto_core::RECORD_BYTES);
}
