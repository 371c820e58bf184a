//! Plotting: fetch, encode, stage, assemble; stoppable between pieces, continued after a crash.

use crate::assemble::{BATCH_BYTES, assemble};
use crate::encoding::encode_record;
use crate::header::{SectorHeader, StagingHeader};
use crate::layout::CHUNK_BYTES;
use crate::staging::{StagedPiece, Staging};
use crate::{Farm, FarmError, PieceSource};
use auto_core::{
    Hash, HistorySize, PieceIndex, PieceOffset, RECORD_BYTES, SectorIndex, evaluation_seed, hash,
    piece_index, sector_id,
};
use auto_proof_of_space::TablesGenerator;
use parking_lot::Mutex;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Why a sector is to be plotted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlotReason {
    /// It was never plotted.
    New,
    /// It is quarantined.
    Damaged,
    /// The history has outgrown it.
    Expired,
    /// The next segment will expire it; until it is replaced it farms on.
    Expiring,
}

/// How plotting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlotOutcome {
    /// Everything asked for is plotted.
    Plotted,
    /// It was stopped; what is staged is taken up next time.
    Stopped,
}

/// What a sector that is being plotted goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlotPhase {
    /// Pieces are fetched, encoded and staged.
    Encoding,
    /// The staged pieces move to their places.
    Writing,
    /// The sector can be farmed.
    Done,
}

/// How far plotting is.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct PlotProgress {
    /// The sector that is being plotted.
    pub sector: SectorIndex,
    /// What it goes through.
    pub phase: PlotPhase,
    /// Pieces of the sector that are staged.
    pub pieces_done: u64,
    /// Pieces of a sector.
    pub pieces_total: u64,
    /// Sectors of the farm that are plotted.
    pub sectors_done: u32,
    /// Sectors of the farm.
    pub sectors_total: u32,
    /// Encoded MiB per second since this run started; zero until the first piece.
    pub mib_per_second: f64,
    /// Expected seconds until all sectors are plotted, once that can be told.
    pub remaining_seconds: Option<u64>,
}

/// What steers a run of plotting.
#[derive(Clone, Copy)]
pub struct PlotControl<'a> {
    /// Set to true to stop before the next piece.
    pub stop: &'a AtomicBool,
    /// Told of every step, from any thread; it should return fast.
    pub progress: &'a (dyn Fn(&PlotProgress) + Sync),
}

impl std::fmt::Debug for PlotControl<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlotControl").field("stop", self.stop).finish_non_exhaustive()
    }
}

/// What lasts over all sectors of one call: the count of pieces, and the buffers of the tables.
struct Session {
    started: Instant,
    encoded: AtomicU64,
    /// As many as threads have worked at once.
    generators: Mutex<Vec<TablesGenerator>>,
}

impl Session {
    fn new() -> Self {
        Self { started: Instant::now(), encoded: AtomicU64::new(0), generators: Mutex::default() }
    }

    /// Which s-buckets of a piece have a proof, and the hash of it.
    fn proof_hashes(&self, k: u8, seed: &Hash) -> Result<Vec<Option<Hash>>, FarmError> {
        let idle = self.generators.lock().pop();
        let mut generator = match idle {
            Some(generator) => generator,
            None => TablesGenerator::new(k).map_err(|error| FarmError::Space(error.to_string()))?,
        };
        let tables = generator.generate(seed);
        let hashes = tables.proof_hashes();
        generator.recycle(tables);
        self.generators.lock().push(generator);
        Ok(hashes)
    }
}

/// One sector on its way.
struct Run<'a> {
    farm: &'a Farm,
    staging: Staging<'a>,
    source: &'a dyn PieceSource,
    control: &'a PlotControl<'a>,
    session: &'a Session,
    sector: SectorIndex,
    history_size: HistorySize,
    id: Hash,
    staged: AtomicU64,
}

/// Why a run ended before its sector was plotted.
enum Halt {
    Stopped,
    Failed(FarmError),
}

impl From<FarmError> for Halt {
    fn from(error: FarmError) -> Self {
        Self::Failed(error)
    }
}

impl Farm {
    /// The sector to plot next, most useful first: new, damaged, expired, soon to expire.
    #[must_use]
    pub fn next_job(&self) -> Option<(SectorIndex, PlotReason)> {
        let next =
            self.history_size().and_then(|history| HistorySize::new(history.segments().checked_add(1)?));
        let sectors = self.sectors.read();
        let reason = |sector: &crate::farm::Sector| match sector.header {
            SectorHeader::Unplotted => Some((0, PlotReason::New)),
            SectorHeader::Quarantined { .. } => Some((1, PlotReason::Damaged)),
            SectorHeader::Plotted { .. } => {
                let (expires, next) = sector.expires.zip(next)?;
                if expires < next {
                    Some((2, PlotReason::Expired))
                } else {
                    (expires == next).then_some((3, PlotReason::Expiring))
                }
            }
        };
        let jobs = (0..).zip(sectors.iter()).filter_map(|(slot, sector)| Some((reason(sector)?, slot)));
        let ((_, reason), slot) = jobs.min_by_key(|((rank, _), slot)| (*rank, *slot))?;
        Some((self.sector_number(slot), reason))
    }

    /// Plots every sector that needs it, one at a time, each with the history as long as it is then.
    ///
    /// # Errors
    /// As [`Farm::plot_sector`].
    pub fn plot(
        &self,
        history_size: &dyn Fn() -> HistorySize,
        source: &dyn PieceSource,
        control: &PlotControl<'_>,
    ) -> Result<PlotOutcome, FarmError> {
        let session = Session::new();
        while let Some((sector, _)) = self.next_job() {
            match self.run(sector, history_size(), source, control, &session)? {
                PlotOutcome::Plotted => {}
                PlotOutcome::Stopped => return Ok(PlotOutcome::Stopped),
            }
        }
        Ok(PlotOutcome::Plotted)
    }

    /// Plots one sector, whatever it holds now, with pieces of a history of `history_size`.
    ///
    /// Until all pieces are staged the old sector farms on. If an earlier run of this sector was cut
    /// off, its pieces are used again, and with them the length of the history it started with, as
    /// long as a sector of that length cannot have expired.
    ///
    /// # Errors
    /// When a piece cannot be had or is malformed, or the disk fails. The run can be repeated.
    pub fn plot_sector(
        &self,
        sector: SectorIndex,
        history_size: HistorySize,
        source: &dyn PieceSource,
        control: &PlotControl<'_>,
    ) -> Result<PlotOutcome, FarmError> {
        let session = Session::new();
        self.run(sector, history_size, source, control, &session)
    }

    fn run(
        &self,
        sector: SectorIndex,
        history_size: HistorySize,
        source: &dyn PieceSource,
        control: &PlotControl<'_>,
        session: &Session,
    ) -> Result<PlotOutcome, FarmError> {
        let slot = self.slot(sector)?;
        let _one_at_a_time = self.plotting.lock();
        let staging = Staging { file: self.file.as_ref(), path: &self.path, layout: &self.layout };
        let history_size = self.resume(&staging, sector, history_size)?;
        let id = sector_id(&self.header.public_key, sector, history_size);
        let staged = AtomicU64::new(0);
        let run = Run { farm: self, staging, source, control, session, sector, history_size, id, staged };
        let pieces = match self.plot_threads.install(|| run.stage_all()) {
            Ok(pieces) => pieces,
            Err(Halt::Stopped) => return Ok(PlotOutcome::Stopped),
            Err(Halt::Failed(error)) => return Err(error),
        };
        run.report(PlotPhase::Writing);
        // From here on the old content is gone, and the disk knows before the first byte of the new.
        self.set_header(slot, SectorHeader::Unplotted)?;
        let digest = assemble(&staging, &pieces, self.layout.sector_at(slot), BATCH_BYTES)?;
        self.sync()?;
        self.set_header(slot, SectorHeader::Plotted { history_size, digest })?;
        self.cache_directory(&self.plotted_sector(sector)?)?;
        run.report(PlotPhase::Done);
        Ok(PlotOutcome::Plotted)
    }

    /// Prepares the staging area and returns the length of the history to plot with.
    fn resume(
        &self,
        staging: &Staging<'_>,
        sector: SectorIndex,
        history_size: HistorySize,
    ) -> Result<HistorySize, FarmError> {
        if let Some(found) = staging.header()?.filter(|found| found.sector == sector) {
            let started = found.history_size.segments();
            let lifetime = started.saturating_add(self.header.params.min_sector_lifetime);
            // A plotted sector of that very length is what the staged pieces have become.
            let same = self.plotted_sector(sector).is_ok_and(|old| old.history_size == found.history_size);
            if started <= history_size.segments() && history_size.segments() < lifetime && !same {
                return Ok(found.history_size);
            }
        }
        staging.begin(StagingHeader { sector, history_size })?;
        Ok(history_size)
    }
}

impl Run<'_> {
    fn stage_all(&self) -> Result<Vec<StagedPiece>, Halt> {
        let offsets: Vec<PieceOffset> = self.farm.layout.offsets().collect();
        offsets.into_par_iter().map(|offset| self.stage(offset)).collect()
    }

    fn stage(&self, offset: PieceOffset) -> Result<StagedPiece, Halt> {
        if self.control.stop.load(Ordering::Relaxed) {
            return Err(Halt::Stopped);
        }
        let piece = match self.staging.load(&self.id, offset)? {
            Some(piece) => piece,
            None => {
                let piece = self.encode(offset)?;
                self.session.encoded.fetch_add(1, Ordering::Relaxed);
                piece
            }
        };
        self.staged.fetch_add(1, Ordering::Relaxed);
        self.report(PlotPhase::Encoding);
        Ok(piece)
    }

    fn encode(&self, offset: PieceOffset) -> Result<StagedPiece, FarmError> {
        let params = &self.farm.header.params;
        let index = piece_index(params, &self.id, self.history_size, offset)
            .ok_or_else(|| FarmError::Parameters("a piece index overflows".to_owned()))?;
        let unavailable = |reason| FarmError::PieceUnavailable { index, reason };
        let malformed = |reason| FarmError::PieceMalformed { index, reason };
        let piece = self.source.piece(index).map_err(|error| unavailable(error.0))?;
        let piece = piece.ok_or_else(|| unavailable("nobody has it".to_owned()))?;
        if piece.record.len() != RECORD_BYTES {
            return Err(malformed(format!("its record has {} bytes", piece.record.len())));
        }
        let extended =
            auto_kzg::extend_record(&piece.record).map_err(|error| malformed(error.to_string()))?;
        let proofs = self.session.proof_hashes(params.space_k, &evaluation_seed(&self.id, offset))?;
        let record = encode_record(&extended, &proofs)
            .ok_or_else(|| malformed("its extension has a wrong length".to_owned()))?;
        let staged = StagedPiece {
            offset,
            commitment: piece.commitment,
            witness: piece.witness,
            checksum: hash(&piece.to_bytes()),
            map: record.map.clone(),
        };
        self.staging.store(&self.id, &staged, &record)?;
        Ok(staged)
    }

    fn report(&self, phase: PlotPhase) {
        let pieces_total = crate::layout::wide(self.farm.layout.pieces());
        let pieces_done = self.staged.load(Ordering::Relaxed);
        let sectors_total = self.farm.sectors_total();
        let sectors_done = self.farm.plotted_count();
        let encoded = self.session.encoded.load(Ordering::Relaxed);
        let seconds = self.session.started.elapsed().as_secs_f64();
        let rate = if seconds > 0.0 { to_float(encoded) / seconds } else { 0.0 };
        let own = if phase == PlotPhase::Done { 0 } else { pieces_total.saturating_sub(pieces_done) };
        let others = u64::from(sectors_total.saturating_sub(sectors_done))
            .saturating_sub(u64::from(phase != PlotPhase::Done));
        let left = to_float(others.saturating_mul(pieces_total).saturating_add(own));
        let remaining = (encoded > 0).then(|| Duration::try_from_secs_f64(left / rate).ok()).flatten();
        let remaining_seconds = remaining.map(|time| time.as_secs());
        (self.control.progress)(&PlotProgress {
            sector: self.sector,
            phase,
            pieces_done,
            pieces_total,
            sectors_done,
            sectors_total,
            mib_per_second: rate * to_float(crate::layout::wide(CHUNK_BYTES)) / f64::from(1 << 20),
            remaining_seconds,
        });
    }
}

/// Which pieces a sector holds, in the order of their offsets.
pub(crate) fn piece_indexes<'a>(
    farm: &'a Farm,
    id: &'a Hash,
    history_size: HistorySize,
) -> impl Iterator<Item = (PieceOffset, PieceIndex)> + 'a {
    farm.layout
        .offsets()
        .filter_map(move |offset| Some((offset, piece_index(&farm.header.params, id, history_size, offset)?)))
}

/// A count as a float; counts of pieces stay far below 2^32.
fn to_float(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
