//! A small farm of production hardness over a real segment, for the measurements of farming.

use super::timed;
use crate::error::{CliError, internal};
use auto_archiver::{ArchivedSegment, Archiver};
use auto_core::{
    BlockNumber, Hash, HistorySize, KeyPair, Piece, PieceIndex, Preset, ProtocolParams, SectorIndex, hash,
};
use auto_farmer::{Farm, FarmConfig, PlotControl, SourceError};
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

/// A plotted farm, and what it was plotted from.
pub(super) struct PlottedFarm {
    pub(super) farm: Farm,
    pub(super) params: ProtocolParams,
    pub(super) segment: ArchivedSegment,
    /// Seconds that plotting each sector took.
    pub(super) seconds: Vec<f64>,
    _folder: TempDir,
}

/// Production parameters with `pieces` pieces in a sector and a segment of eight records.
fn parameters(pieces: u16) -> ProtocolParams {
    let production = ProtocolParams::preset(Preset::Production);
    let audit_classes = production.audit_classes.min(pieces);
    ProtocolParams { records_per_segment: 8, pieces_in_sector: pieces, audit_classes, ..production }
}

/// What the parameters differ in from production.
pub(super) fn note(pieces: u16, sectors: u32) -> String {
    format!(
        "k = 17 and every step of the production pipeline; {sectors} sectors of {pieces} pieces instead of 8000"
    )
}

/// Archives one segment of random bytes.
fn segment(params: &ProtocolParams) -> Result<ArchivedSegment, CliError> {
    let bytes: Vec<u8> =
        (0..params.segment_bytes().div_ceil(32)).flat_map(|at| hash(&at.to_le_bytes()).0).collect();
    let mut archiver = Archiver::new(params);
    let mut segments = archiver.add_block(BlockNumber(0), bytes.clone(), Vec::new()).map_err(internal)?;
    if segments.is_empty() {
        segments = archiver.add_block(BlockNumber(1), bytes, Vec::new()).map_err(internal)?;
    }
    segments.into_iter().next().ok_or_else(|| internal("no segment was cut"))
}

/// Plots `sectors` sectors of `pieces` pieces.
pub(super) fn plot(pieces: u16, sectors: u32) -> Result<PlottedFarm, CliError> {
    let params = parameters(pieces);
    let segment = segment(&params)?;
    let folder = tempfile::tempdir().map_err(internal)?;
    let size = auto_farmer::Layout::new(&params)?
        .file_bytes(sectors)
        .ok_or_else(|| internal("the farm is too large"))?;
    let farm = Farm::open_or_create(&FarmConfig {
        path: folder.path().to_owned(),
        size: Some(size),
        public_key: KeyPair::from_secret(&[7; 32]).public_key(),
        genesis: Hash::ZERO,
        params: params.clone(),
        first_sector: SectorIndex(0),
        threads: 0,
        directory_memory: FarmConfig::DIRECTORY_MEMORY,
    })?;
    farm.update_history(HistorySize::ONE, &|_| Some(segment.header.commitment));
    let source = |index: PieceIndex| -> Result<Option<Piece>, SourceError> {
        Ok(usize::try_from(index.0).ok().and_then(|at| segment.pieces.get(at)).cloned())
    };
    let stop = AtomicBool::new(false);
    let control = PlotControl { stop: &stop, progress: &|_| {} };
    let mut seconds = Vec::new();
    for sector in 0..sectors {
        let (time, plotted) =
            timed(|| farm.plot_sector(SectorIndex(sector), HistorySize::ONE, &source, &control));
        plotted?;
        seconds.push(time);
    }
    Ok(PlottedFarm { farm, params, segment, seconds, _folder: folder })
}
