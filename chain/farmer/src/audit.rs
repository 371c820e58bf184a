//! Auditing: which stored chunks are close enough to a slot's challenge.

use crate::farm::Plotted;
use crate::layout::wide;
use crate::sector::SectorReader;
use crate::{Farm, FarmError, contents};
use auto_core::{
    ChallengeBits, Hash, HistorySize, PieceOffset, SBucket, SCALAR_BYTES, ScalarBytes, SectorIndex,
    SolutionRange, is_within_range, solution_distance,
};
use rayon::prelude::*;
use std::time::{Duration, Instant};

/// A stored chunk that wins if it can be proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The sector that holds it.
    pub sector: SectorIndex,
    /// Length of the history when the sector was plotted.
    pub history_size: HistorySize,
    /// The piece it belongs to.
    pub offset: PieceOffset,
    /// The s-bucket it lies in.
    pub s_bucket: SBucket,
    /// Its distance from the challenge; smaller is better.
    pub distance: u64,
    /// The chunk as it lies on disk.
    pub masked: ScalarBytes,
    /// Digest of the sector as it was audited.
    pub(crate) digest: Hash,
}

/// What an audit found and what it cost.
#[derive(Debug, Default)]
pub struct AuditReport {
    /// Best first.
    pub candidates: Vec<Candidate>,
    /// Sectors that were audited.
    pub sectors: usize,
    /// Bytes read from disk or its cache.
    pub bytes_read: u64,
    /// Reads made: one contiguous read per sector, one more for each whose directory is not in memory.
    pub reads: u64,
    /// Sectors that could not be audited, and why; damaged ones are quarantined.
    pub failures: Vec<(SectorIndex, FarmError)>,
    /// How long it took.
    pub elapsed: Duration,
}

#[derive(Default)]
struct SectorAudit {
    candidates: Vec<Candidate>,
    bytes: u64,
    reads: u64,
}

impl Farm {
    /// Audits all plotted sectors that have not expired against the challenge of a slot.
    ///
    /// A sector plotted for a history of more than one segment beyond the one last told is left out:
    /// this node's chain would refuse it.
    #[must_use]
    pub fn audit(&self, global_challenge: &Hash, range: SolutionRange) -> AuditReport {
        let started = Instant::now();
        let known = |plotted: &Plotted| {
            let next = self.history_size().map(|history| history.segments().saturating_add(1));
            next.is_none_or(|next| plotted.history_size.segments() <= next)
        };
        let mut sectors = self.plotted();
        sectors.retain(|plotted| known(plotted) && !self.has_expired(plotted));
        let audits: Vec<_> = self.audit_threads.install(|| {
            let audit = |plotted: &Plotted| {
                let result = self.audit_sector(plotted, global_challenge, range);
                (plotted.sector, self.guard(plotted, result))
            };
            sectors.par_iter().map(audit).collect()
        });
        let mut report = AuditReport { sectors: sectors.len(), ..AuditReport::default() };
        for (sector, audit) in audits {
            match audit {
                Ok(audit) => {
                    report.candidates.extend(audit.candidates);
                    report.bytes_read = report.bytes_read.saturating_add(audit.bytes);
                    report.reads = report.reads.saturating_add(audit.reads);
                }
                Err(FarmError::Stale(_)) => {}
                Err(error) => report.failures.push((sector, error)),
            }
        }
        report.candidates.sort_by_key(|candidate| (candidate.distance, candidate.sector, candidate.offset));
        report.elapsed = started.elapsed();
        self.recorder.lock().audited(report.bytes_read, report.elapsed);
        report
    }

    fn audit_sector(
        &self,
        plotted: &Plotted,
        global_challenge: &Hash,
        range: SolutionRange,
    ) -> Result<SectorAudit, FarmError> {
        let reader = self.reader(plotted);
        let params = &self.header.params;
        let challenge = ChallengeBits::new(&plotted.id, global_challenge, params.audit_classes);
        let class = usize::from(challenge.class);
        let group = self.layout.group(challenge.s_bucket, class);
        let mut audit = SectorAudit::default();
        let (start, count) = match &plotted.directory {
            Some(directory) => reader.group_in(directory, group)?,
            None => {
                audit.reads += 1;
                audit.bytes += 8;
                reader.group_on_disk(group)?
            }
        };
        let mut chunks = vec![0; count * SCALAR_BYTES];
        if count > 0 {
            reader.read(&mut chunks, self.layout.chunk_at(start))?;
            audit.reads += 1;
            audit.bytes += wide(chunks.len());
        }
        let mut winners = Vec::new();
        for (rank, chunk) in chunks.as_chunks::<SCALAR_BYTES>().0.iter().enumerate() {
            let masked = ScalarBytes(*chunk);
            let distance = solution_distance(global_challenge, &challenge.sector_slot_challenge, &masked);
            if is_within_range(distance, range) {
                winners.push((rank, distance, masked));
            }
        }
        if !winners.is_empty() {
            let maps = self.audited_maps(&reader, class, &mut audit)?;
            for (rank, distance, masked) in winners {
                let member = contents::select(&maps, challenge.s_bucket, rank);
                let offset =
                    member.and_then(|rank| u16::try_from(self.layout.class_member(class, rank)).ok());
                let offset = offset.ok_or_else(|| reader.damaged(crate::Part::Directory))?;
                audit.candidates.push(Candidate {
                    sector: plotted.sector,
                    history_size: plotted.history_size,
                    offset: PieceOffset(offset),
                    s_bucket: challenge.s_bucket,
                    distance,
                    masked,
                    digest: plotted.digest,
                });
            }
        }
        Ok(audit)
    }

    /// The maps of a class, which tell the pieces that the chunks of a group belong to.
    fn audited_maps(
        &self,
        reader: &SectorReader<'_>,
        class: usize,
        audit: &mut SectorAudit,
    ) -> Result<Vec<u8>, FarmError> {
        let checksums = reader.checksums()?;
        let maps = reader.class_maps(class, self.layout.class_pieces(class), &checksums)?;
        audit.reads += 2;
        audit.bytes += wide(maps.len() + self.layout.checksums() * crate::layout::CHECKSUM_BYTES);
        Ok(maps)
    }
}
