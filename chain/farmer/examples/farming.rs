//! Measures plotting, audit, proof and retrieval with production hardness (k = 17).
//!
//! `cargo run -p auto-farmer --example farming [PIECES] [SECTORS] [CLASSES]` prints one JSON object.

use auto_core::{
    Address, HistorySize, Piece, PieceIndex, PieceOffset, Preset, ProtocolParams, PublicKey,
    SAFE_SCALAR_BYTES, SCALAR_BYTES, SectorIndex, SolutionRange, Witness, hash, pieces_to_range,
};
use auto_farmer::{CHUNK_BYTES, Farm, FarmConfig, Layout, PlotControl, SourceError};
use auto_kzg::Kzg;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Segments of the history that is plotted.
const SEGMENTS: u64 = 2;

fn piece(index: PieceIndex) -> Piece {
    let mut record = vec![0; auto_core::RECORD_BYTES];
    let mut reader = blake3::Hasher::new().update(&index.0.to_le_bytes()).finalize_xof();
    for scalar in record.chunks_exact_mut(SCALAR_BYTES) {
        reader.fill(&mut scalar[SCALAR_BYTES - SAFE_SCALAR_BYTES..]);
    }
    let commitment = Kzg::ceremony().commit_record(&record).expect("canonical scalars");
    Piece { record, commitment, witness: Witness([0; 48]) }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn milliseconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let started = Instant::now();
    let result = work();
    (started.elapsed().as_secs_f64() * 1e3, result)
}

/// Processor time of all threads so far; other processes on the machine do not count.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 14 and 15, counted from the end of the name, in hundredths of a second.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn memory_peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u16| arguments.next().map_or(default, |text| text.parse().expect("a number"));
    let (pieces, sectors, classes) = (number(16), u32::from(number(4)), number(1));
    let params = ProtocolParams {
        space_k: 17,
        pieces_in_sector: pieces,
        audit_classes: classes,
        ..ProtocolParams::preset(Preset::Dev)
    };
    let folder = tempfile::tempdir().expect("a folder");
    let layout = Layout::new(&params).expect("valid parameters");
    let config = FarmConfig {
        path: folder.path().to_owned(),
        size: layout.file_bytes(sectors),
        public_key: PublicKey([1; 32]),
        genesis: hash(b"speed"),
        first_sector: SectorIndex(0),
        threads: 0,
        directory_memory: FarmConfig::DIRECTORY_MEMORY,
        params,
    };
    let farm = Farm::open_or_create(&config).expect("a new farm");
    let history = HistorySize::new(SEGMENTS).expect("above zero");
    let all = SEGMENTS * config.params.pieces_per_segment();
    let held: BTreeMap<_, _> = (0..all).map(PieceIndex).map(|index| (index, piece(index))).collect();
    let source = |index| -> Result<Option<Piece>, SourceError> { Ok(held.get(&index).cloned()) };
    let stop = AtomicBool::new(false);
    let control = PlotControl { stop: &stop, progress: &|_| {} };
    let cpu_before = cpu_seconds();
    let (plot_ms, plotted) = milliseconds(|| farm.plot(&|| history, &source, &control));
    let plot_cpu = cpu_seconds() - cpu_before;
    plotted.expect("nothing fails");
    let plotted_mib = (layout.pieces() * CHUNK_BYTES) as f64 * f64::from(sectors) / f64::from(1u32 << 20);

    // At the initial range of a network of this size, so that few audits have a winner.
    let range = pieces_to_range(&config.params, u64::from(pieces) * u64::from(sectors));
    let audits: Vec<_> =
        (0u32..200).map(|slot| farm.audit(&hash(&slot.to_le_bytes()), SolutionRange(0))).collect();
    let bytes: u64 = audits.iter().map(|audit| audit.bytes_read).sum();
    let seconds = median(audits.iter().map(|audit| audit.elapsed.as_secs_f64()).collect());
    let winners: usize =
        (0u32..200).map(|slot| farm.audit(&hash(&slot.to_le_bytes()), range).candidates.len()).sum();

    let mut proofs = Vec::new();
    for slot in 1000u32..1100 {
        let Some(candidate) =
            farm.audit(&hash(&slot.to_le_bytes()), SolutionRange(u64::MAX)).candidates.pop()
        else {
            continue;
        };
        let (time, solution) = milliseconds(|| farm.prove(&candidate, Address([0; 32]), &|| true));
        solution.expect("provable");
        proofs.push(time);
        if proofs.len() == 15 {
            break;
        }
    }
    let reads = (0..15u16).map(|number| {
        let offset = PieceOffset(number % pieces);
        let (time, read) = milliseconds(|| farm.read_piece(SectorIndex(u32::from(number) % sectors), offset));
        read.expect("readable");
        time
    });
    let reads = median(reads.collect());
    let scrub = milliseconds(|| farm.scrub(true, &stop).expect("readable")).0;
    let figures = serde_json::json!({
            "pieces_per_sector": pieces,
            "sectors": sectors,
            "classes": classes,
            "sector_bytes": layout.sector_bytes(),
            "overhead_percent": 100.0 * layout.sector_bytes() as f64 / (layout.pieces() * CHUNK_BYTES) as f64 - 100.0,
            "plot_mib_per_s": plotted_mib / plot_ms * 1e3,
            "plot_mib_per_cpu_s": plotted_mib / plot_cpu,
            "memory_peak_kib": memory_peak_kib(),
            "audit_bytes_per_plotted_gib": bytes as f64 / 200.0 / plotted_mib * 1024.0,
            "audit_sectors_per_s": f64::from(sectors) / seconds,
            "audit_winners_per_slot": winners as f64 / 200.0,
            "prove_ms_p50": median(proofs),
            "read_piece_ms_p50": reads,
            "scrub_mib_per_s": plotted_mib / scrub * 1e3,
    });
    writeln!(std::io::stdout(), "{figures}").expect("an open stdout");
}
