//! "Am I fast enough?": what this machine and a folder's disk can do, before anything is plotted.

use crate::encoding::{decode_chunks, encode_record};
use crate::layout::{CHUNK_BYTES, wide};
use crate::{FarmError, PlotFile};
use auto_core::{Hash, ProtocolParams, RECORD_BYTES, SAFE_SCALAR_BYTES, SBucket, SCALAR_BYTES, hash};
use auto_kzg::Kzg;
use auto_proof_of_space::Tables;
use rayon::prelude::*;
use std::path::Path;
use std::time::{Duration, Instant};

/// Bytes written to measure a disk.
const DISK_BYTES: usize = 16 << 20;

/// How a measured proof compares with the time the chain leaves for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// At most a quarter of the time is needed.
    Good,
    /// It suffices while nothing else is going on.
    Tight,
    /// Solutions will be late.
    TooSlow,
}

/// What a machine and a disk can do.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct FarmBench {
    /// History encoded per second with all cores, in MiB.
    pub plot_mib_per_s: f64,
    /// The median proof without reading, in milliseconds.
    pub prove_ms_p50: f64,
    /// The slowest proof without reading, in milliseconds.
    pub prove_ms_max: f64,
    /// Time from winning a slot to the block, in milliseconds.
    pub deadline_ms: u64,
    /// Bytes that reach the disk per second, in MiB.
    pub disk_write_mib_per_s: f64,
    /// Time until a small write is on the disk, in milliseconds.
    pub disk_sync_ms: f64,
    /// How proofs compare with the deadline.
    pub verdict: Verdict,
}

impl FarmBench {
    /// Measures with `rounds` records (at least one) and a file in `folder` that is removed again.
    ///
    /// # Errors
    /// When the folder cannot be written or the parameters make no tables.
    pub fn run(folder: &Path, params: &ProtocolParams, rounds: u32) -> Result<Self, FarmError> {
        let rounds = rounds.max(1);
        let started = Instant::now();
        (0..rounds).into_par_iter().try_for_each(|round| encode(params, round).map(drop))?;
        let plotted = f64::from(rounds) * megabytes(CHUNK_BYTES);
        let plot_mib_per_s = plotted / started.elapsed().as_secs_f64();
        // The ceremony is loaded once in the life of a node, not in a proof.
        let ceremony = Kzg::ceremony();
        let mut proofs = Vec::new();
        for round in 0..rounds {
            proofs.push(prove(ceremony, params, round)?);
        }
        proofs.sort_unstable();
        let at = |position: usize| milliseconds(proofs.get(position).copied().unwrap_or_default());
        let (disk_write_mib_per_s, disk_sync_ms) = disk(folder)?;
        let deadline_ms = params.authoring_delay.saturating_mul(params.slot_duration_ms);
        let slowest =
            proofs.last().map_or(u64::MAX, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        let verdict = match slowest {
            time if time <= deadline_ms / 4 => Verdict::Good,
            time if time <= deadline_ms => Verdict::Tight,
            _ => Verdict::TooSlow,
        };
        Ok(Self {
            plot_mib_per_s,
            prove_ms_p50: at(proofs.len() / 2),
            prove_ms_max: at(proofs.len() - 1),
            deadline_ms,
            disk_write_mib_per_s,
            disk_sync_ms,
            verdict,
        })
    }
}

fn record(round: u32) -> Vec<u8> {
    let mut record = vec![0; RECORD_BYTES];
    let mut bytes = blake3::Hasher::new().update(&round.to_le_bytes()).finalize_xof();
    for scalar in record.chunks_exact_mut(SCALAR_BYTES) {
        bytes.fill(scalar.split_at_mut(SCALAR_BYTES - SAFE_SCALAR_BYTES).1);
    }
    record
}

fn encode(params: &ProtocolParams, round: u32) -> Result<(crate::EncodedRecord, Hash), FarmError> {
    let seed = hash(&round.to_le_bytes());
    let extended =
        auto_kzg::extend_record(&record(round)).map_err(|error| FarmError::Kzg(error.to_string()))?;
    let tables =
        Tables::generate(params.space_k, &seed).map_err(|error| FarmError::Space(error.to_string()))?;
    let encoded = encode_record(&extended, &tables.proof_hashes());
    Ok((encoded.ok_or_else(|| FarmError::Kzg("an extension of a wrong length".to_owned()))?, seed))
}

/// The time of one proof, from the chunks of a record to the verified opening.
fn prove(ceremony: &Kzg, params: &ProtocolParams, round: u32) -> Result<Duration, FarmError> {
    let failed = |error: auto_kzg::KzgError| FarmError::Kzg(error.to_string());
    let original = record(round);
    let commitment = ceremony.commit_record(&original).map_err(failed)?;
    let (encoded, seed) = encode(params, round)?;
    let bucket = encoded.map.encoded().next().and_then(|bucket| u16::try_from(bucket).ok()).map(SBucket);
    let bucket = bucket.unwrap_or_default();
    let started = Instant::now();
    let tables =
        Tables::generate(params.space_k, &seed).map_err(|error| FarmError::Space(error.to_string()))?;
    let chunks = decode_chunks(&encoded.map, &encoded.chunks, &tables.proof_hashes()).unwrap_or_default();
    let recovered = auto_kzg::recover_record(&chunks).map_err(failed)?;
    let (chunk, witness) = ceremony.open_chunk(&recovered, bucket).map_err(failed)?;
    ceremony.verify_chunk(&commitment, bucket, &chunk, &witness).map_err(failed)?;
    Ok(started.elapsed())
}

/// MiB per second and milliseconds of a small synced write.
fn disk(folder: &Path) -> Result<(f64, f64), FarmError> {
    std::fs::create_dir_all(folder).map_err(|error| FarmError::io("create", folder, error))?;
    let failed = |error| FarmError::io("write to", folder, error);
    let path = folder.join(format!(".bench-{}", std::process::id()));
    let file = std::fs::File::options().write(true).create_new(true).open(&path).map_err(failed)?;
    let measured = measure_disk(&file);
    std::fs::remove_file(&path).map_err(|error| FarmError::io("remove", &path, error))?;
    measured.map_err(failed)
}

fn measure_disk(file: &std::fs::File) -> std::io::Result<(f64, f64)> {
    let mut bytes = vec![0; DISK_BYTES];
    blake3::Hasher::new().finalize_xof().fill(&mut bytes);
    let started = Instant::now();
    file.write_at(&bytes, 0)?;
    file.sync()?;
    let rate = megabytes(DISK_BYTES) / started.elapsed().as_secs_f64();
    let started = Instant::now();
    file.write_at(bytes.get(..4096).unwrap_or_default(), wide(DISK_BYTES / 2))?;
    file.sync()?;
    Ok((rate, milliseconds(started.elapsed())))
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / f64::from(1 << 20)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_core::Preset;

    #[test]
    fn every_figure_is_measured_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let params = ProtocolParams::preset(Preset::Test);
        let bench = FarmBench::run(folder.path(), &params, 1).expect("a working machine");
        assert!(bench.plot_mib_per_s > 0.0 && bench.prove_ms_p50 > 0.0 && bench.disk_write_mib_per_s > 0.0);
        assert_eq!(bench.deadline_ms, 2000);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
        let hopeless = ProtocolParams { slot_duration_ms: 1, authoring_delay: 1, ..params };
        let bench = FarmBench::run(folder.path(), &hopeless, 1).expect("a working machine");
        assert_eq!(bench.verdict, Verdict::TooSlow);
    }
}
