//! A short history to plot, and what every test needs to plot it.

use auto_core::{
    Commitment, Hash, HistorySize, Piece, PieceIndex, PieceOffset, Preset, ProtocolParams, PublicKey,
    SAFE_SCALAR_BYTES, SCALAR_BYTES, SectorIndex, SegmentIndex, SolutionRange, Witness, hash, sector_id,
};
use auto_farmer::{Farm, FarmConfig, Layout, PlotControl, PlotOutcome, SourceError};
use auto_kzg::Kzg;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, OnceLock};

pub(crate) const WIDEST: SolutionRange = SolutionRange(u64::MAX);

pub(crate) fn params() -> ProtocolParams {
    ProtocolParams::preset(Preset::Test)
}

pub(crate) fn size(segments: u64) -> HistorySize {
    HistorySize::new(segments).expect("above zero")
}

/// A config for a farm of `sectors` in `path`.
pub(crate) fn config(path: &Path, sectors: u32) -> FarmConfig {
    let layout = Layout::new(&params()).expect("a valid preset");
    FarmConfig {
        path: path.to_owned(),
        size: layout.file_bytes(sectors),
        public_key: PublicKey([7; 32]),
        genesis: hash(b"genesis of the farm tests"),
        params: params(),
        first_sector: SectorIndex(0),
        threads: 1,
        directory_memory: FarmConfig::DIRECTORY_MEMORY,
    }
}

/// The scalars of a record that nothing but its index decides.
pub(crate) fn record(index: PieceIndex) -> Vec<u8> {
    let mut bytes = vec![0; auto_core::RECORD_BYTES];
    let mut reader = blake3::Hasher::new().update(&index.0.to_le_bytes()).finalize_xof();
    for scalar in bytes.chunks_exact_mut(SCALAR_BYTES) {
        reader.fill(&mut scalar[SCALAR_BYTES - SAFE_SCALAR_BYTES..]);
    }
    bytes
}

fn witness(index: PieceIndex) -> Witness {
    let mut bytes = [0; 48];
    blake3::Hasher::new().update(b"witness").update(&index.0.to_le_bytes()).finalize_xof().fill(&mut bytes);
    Witness(bytes)
}

/// Pieces with real commitments, made once for all tests.
pub(crate) fn piece(index: PieceIndex) -> Piece {
    static PIECES: OnceLock<Mutex<BTreeMap<PieceIndex, Piece>>> = OnceLock::new();
    let mut pieces = PIECES.get_or_init(Mutex::default).lock().expect("no test panics in here");
    let make = || {
        let record = record(index);
        let commitment = Kzg::ceremony().commit_record(&record).expect("canonical scalars");
        Piece { record, commitment, witness: witness(index) }
    };
    pieces.entry(index).or_insert_with(make).clone()
}

pub(crate) fn source(index: PieceIndex) -> Result<Option<Piece>, SourceError> {
    Ok(Some(piece(index)))
}

/// Pieces whose commitments commit to nothing: for tests that never prove.
pub(crate) fn cheap_source(index: PieceIndex) -> Result<Option<Piece>, SourceError> {
    let record = record(index);
    let mut commitment = [0; 48];
    commitment[..32].copy_from_slice(hash(&record).as_ref());
    Ok(Some(Piece { record, commitment: Commitment(commitment), witness: witness(index) }))
}

pub(crate) fn control(stop: &AtomicBool) -> PlotControl<'_> {
    PlotControl { stop, progress: &|_| {} }
}

/// A farm of `sectors`, all plotted with a history of one segment.
pub(crate) fn plotted_farm(path: &Path, sectors: u32) -> Farm {
    let farm = Farm::open_or_create(&config(path, sectors)).expect("a new farm");
    plot_all(&farm, 1);
    farm
}

pub(crate) fn plot_all(farm: &Farm, segments: u64) {
    let stop = AtomicBool::new(false);
    let outcome = farm.plot(&|| size(segments), &source, &control(&stop)).expect("nothing fails");
    assert_eq!(outcome, PlotOutcome::Plotted);
}

/// The commitment of every segment, as far as expiry is concerned.
pub(crate) fn segment_commitment(index: SegmentIndex) -> Option<Commitment> {
    Some(Commitment([u8::try_from(index.0 % 251).expect("below 251"); 48]))
}

/// A challenge that leads the sector to one s-bucket.
pub(crate) fn challenge_at(farm: &Farm, sector: u32, segments: u64, bucket: u16) -> Hash {
    let id = sector_id(farm.public_key(), SectorIndex(sector), size(segments));
    let mut challenge = hash(&bucket.to_le_bytes());
    let [low, high] = bucket.to_le_bytes();
    challenge.0[0] = id.0[0] ^ low;
    challenge.0[1] = id.0[1] ^ high;
    challenge
}

pub(crate) fn offsets() -> impl Iterator<Item = PieceOffset> {
    (0..params().pieces_in_sector).map(PieceOffset)
}
