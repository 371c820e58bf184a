//! Plot, audit, prove, verify; and read back.

use crate::history::{
    WIDEST, challenge_at, cheap_source, config, control, offsets, params, piece, plot_all, plotted_farm,
    size, source,
};
use auto_core::{
    Address, ChallengeBits, ErrorCode, Hash, PieceIndex, SectorIndex, Solution, SolutionRange,
    evaluation_seed, hash, is_within_range, mask_chunk, piece_index, sector_id, solution_distance,
};
use auto_farmer::{Candidate, Farm, FarmError, Outcome, PlotOutcome, PlotPhase, SourceError};
use auto_kzg::Kzg;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

const REWARD: Address = Address([9; 32]);

/// What a verifier does with a solution, apart from the record's place in its segment.
pub(crate) fn assert_verifies(solution: &Solution, challenge: &Hash, candidate: &Candidate) {
    let id = sector_id(&solution.public_key, solution.sector_index, solution.history_size);
    let bits = ChallengeBits::new(&id, challenge, params().audit_classes);
    assert_eq!(solution.piece_offset.0 % params().audit_classes, bits.class);
    let seed = evaluation_seed(&id, solution.piece_offset);
    auto_proof_of_space::verify(params().space_k, &seed, bits.s_bucket, &solution.proof_of_space)
        .expect("a valid proof of space");
    Kzg::ceremony()
        .verify_chunk(&solution.record_commitment, bits.s_bucket, &solution.chunk, &solution.chunk_witness)
        .expect("a valid opening");
    let masked = mask_chunk(&solution.chunk, &hash(solution.proof_of_space.bytes()));
    let distance = solution_distance(challenge, &bits.sector_slot_challenge, &masked);
    assert_eq!(distance, candidate.distance);
    let index = piece_index(&params(), &id, solution.history_size, solution.piece_offset);
    let original = piece(index.expect("no overflow"));
    assert_eq!(solution.record_commitment, original.commitment);
    assert_eq!(solution.record_witness, original.witness);
    assert_eq!(solution.reward_address, REWARD);
}

pub(crate) fn prove_all(farm: &Farm, challenge: &Hash) -> Vec<SectorIndex> {
    let report = farm.audit(challenge, WIDEST);
    let prove = |candidate: &Candidate| {
        let solution = farm.prove(candidate, REWARD, &|| true).ok()?;
        assert_verifies(&solution, challenge, candidate);
        Some(candidate.sector)
    };
    report.candidates.iter().filter_map(prove).collect()
}

#[test]
fn every_candidate_of_an_audit_proves_and_verifies() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = plotted_farm(folder.path(), 2);
    let challenge = hash(b"slot 1");
    let report = farm.audit(&challenge, WIDEST);
    let holders: BTreeSet<_> = report.candidates.iter().map(|candidate| candidate.sector).collect();
    assert!(!holders.is_empty());
    assert_eq!(report.sectors, 2);
    let reads = 3 * u64::try_from(holders.len()).expect("few");
    assert_eq!(report.reads, reads, "one read of chunks and two to name the pieces; none where none lie");
    assert!(report.candidates.is_sorted_by_key(|candidate| candidate.distance));
    assert_eq!(prove_all(&farm, &challenge).len(), report.candidates.len());
    farm.record(&Outcome::Won);
    let stats = farm.stats();
    assert_eq!((stats.audits, stats.won), (2, 1));
    assert_eq!(stats.proved, u64::try_from(report.candidates.len()).expect("few"));
}

#[test]
fn without_a_winner_an_audit_is_one_contiguous_read_per_sector() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(plotted_farm(folder.path(), 2));
    let mut config = config(folder.path(), 2);
    let narrow = SolutionRange(0);
    let in_memory = Farm::open_or_create(&config).expect("an existing farm");
    let challenge = challenge_at(&in_memory, 0, 1, 17);
    let report = in_memory.audit(&challenge, narrow);
    let occupied = report.reads;
    assert!((1..=2).contains(&occupied), "at most one read per sector");
    assert_eq!(report.bytes_read % 32, 0);
    assert!(report.bytes_read <= 2 * 4 * 32);
    drop(in_memory);
    config.directory_memory = 0;
    let on_disk = Farm::open_or_create(&config).expect("an existing farm");
    let report = on_disk.audit(&challenge, narrow);
    assert_eq!(report.reads, occupied + 2, "directories outside of memory cost a small read each");
    let wide = on_disk.audit(&challenge, WIDEST);
    assert!(wide.candidates.iter().all(|candidate| is_within_range(candidate.distance, WIDEST)));
    assert!(!prove_all(&on_disk, &challenge).is_empty());
}

#[test]
fn classes_of_pieces_answer_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = config(folder.path(), 1);
    config.params.audit_classes = 2;
    config.params.pieces_in_sector = 5;
    config.size = auto_farmer::Layout::new(&config.params).expect("valid").file_bytes(1);
    let farm = Farm::open_or_create(&config).expect("a new farm");
    plot_all(&farm, 1);
    let mut seen = BTreeSet::new();
    for number in 0u8..12 {
        let challenge = hash(&[number]);
        let id = sector_id(farm.public_key(), SectorIndex(0), size(1));
        let bits = ChallengeBits::new(&id, &challenge, 2);
        for candidate in farm.audit(&challenge, WIDEST).candidates {
            assert_eq!(candidate.offset.0 % 2, bits.class);
            seen.insert(candidate.offset);
            if number < 3 {
                farm.prove(&candidate, REWARD, &|| true).expect("provable");
            }
        }
    }
    assert!(seen.len() >= 4, "{seen:?}");
    for offset in (0..5).map(auto_core::PieceOffset) {
        let read = farm.read_piece(SectorIndex(0), offset).expect("readable");
        let id = sector_id(farm.public_key(), SectorIndex(0), size(1));
        let index = piece_index(&config.params, &id, size(1), offset).expect("no overflow");
        assert_eq!(read, piece(index));
    }
}

#[test]
fn pieces_read_back_are_those_plotted() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = plotted_farm(folder.path(), 2);
    for sector in [SectorIndex(0), SectorIndex(1)] {
        let id = sector_id(farm.public_key(), sector, size(1));
        for offset in offsets() {
            let index = piece_index(&params(), &id, size(1), offset).expect("no overflow");
            assert_eq!(farm.read_piece(sector, offset).expect("readable"), piece(index));
            let (held_in, held_at) = farm.locate(index).expect("it is plotted");
            assert_eq!(farm.read_piece(held_in, held_at).expect("readable"), piece(index));
        }
    }
    assert_eq!(farm.locate(PieceIndex(4)), None);
    assert_eq!(
        farm.read_piece(SectorIndex(2), auto_core::PieceOffset(0)).expect_err("no such").code(),
        "FRM-0010"
    );
    assert_eq!(
        farm.read_piece(SectorIndex(0), auto_core::PieceOffset(4)).expect_err("no such").code(),
        "FRM-0012"
    );
    let coverage = farm.coverage(size(1)).expect("small");
    assert_eq!(coverage.copies.iter().map(|copies| u32::from(*copies)).sum::<u32>(), 8);
    assert_eq!(coverage.in_segment(&params(), 0), coverage.distinct());
}

#[test]
fn case_11_an_extra_chunk_is_never_a_candidate_and_has_no_proof() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = plotted_farm(folder.path(), 1);
    let id = sector_id(farm.public_key(), SectorIndex(0), size(1));
    let tables: Vec<_> = offsets()
        .map(|offset| {
            auto_proof_of_space::Tables::generate(params().space_k, &evaluation_seed(&id, offset))
                .expect("valid")
        })
        .collect();
    let proofs: Vec<_> = tables.iter().map(auto_proof_of_space::Tables::proof_hashes).collect();
    let proven = |proofs: &Vec<Option<Hash>>| proofs.iter().flatten().count();
    assert!(proofs.iter().any(|proofs| proven(proofs) < 4096), "no record of this key is short of proofs");
    let mut met = 0;
    for bucket in 0..8192 {
        let challenge = challenge_at(&farm, 0, 1, bucket);
        let report = farm.audit(&challenge, WIDEST);
        assert!(report.failures.is_empty());
        for candidate in &report.candidates {
            assert_eq!(candidate.s_bucket.0, bucket);
            let offset = usize::from(candidate.offset.0);
            assert!(proofs[offset][usize::from(bucket)].is_some(), "an extra chunk in s-bucket {bucket}");
        }
        met += report.candidates.len();
    }
    assert_eq!(met, proofs.iter().map(|proofs| proven(proofs).min(4096)).sum::<usize>());
    // Offered all the same, such a chunk finds no proof of space.
    let short = (0u16..).zip(&proofs).find(|(_, proofs)| proven(proofs) < 4096).expect("found above");
    let bucket = (0u16..).zip(short.1).find(|(_, proof)| proof.is_none()).expect("it is short").0;
    let table = &tables[usize::from(short.0)];
    assert!(table.proof(auto_core::SBucket(bucket)).is_none());
    let challenge = challenge_at(&farm, 0, 1, bucket);
    let mut forged = farm.audit(&hash(b"any"), WIDEST).candidates.remove(0);
    (forged.offset, forged.s_bucket) = (auto_core::PieceOffset(short.0), auto_core::SBucket(bucket));
    assert!(farm.prove(&forged, REWARD, &|| true).is_err());
    assert!(farm.audit(&challenge, WIDEST).candidates.iter().all(|candidate| candidate.offset.0 != short.0));
}

#[test]
fn a_late_proof_is_given_up_between_steps() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = plotted_farm(folder.path(), 1);
    let challenge = (0u16..).map(|bucket| challenge_at(&farm, 0, 1, bucket));
    let candidate = challenge.filter_map(|challenge| farm.audit(&challenge, WIDEST).candidates.pop()).next();
    let candidate = candidate.expect("some s-bucket is occupied");
    let run = |allowed: u64| {
        let asked = AtomicU64::new(0);
        farm.prove(&candidate, REWARD, &|| asked.fetch_add(1, Ordering::Relaxed) < allowed)
    };
    let mut steps = BTreeSet::new();
    for allowed in 0..5 {
        match run(allowed) {
            Err(FarmError::Late { step }) => assert!(steps.insert(step), "{step}"),
            other => panic!("{other:?}"),
        }
    }
    assert!(run(5).is_ok(), "in time at every step");
    assert_eq!((farm.stats().proved, farm.stats().late), (1, 5));
    assert_eq!(farm.status().counts.quarantined, 0, "lateness is no damage");
}

#[test]
fn plotting_stops_between_pieces_and_goes_on_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = Farm::open_or_create(&config(folder.path(), 2)).expect("a new farm");
    let (stop, fetched) = (AtomicBool::new(false), AtomicU64::new(0));
    let counting = |index| {
        fetched.fetch_add(1, Ordering::Relaxed);
        cheap_source(index)
    };
    let stopping = |progress: &auto_farmer::PlotProgress| {
        if progress.pieces_done == 3 {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let control = auto_farmer::PlotControl { stop: &stop, progress: &stopping };
    assert_eq!(farm.plot(&|| size(1), &counting, &control).expect("no failure"), PlotOutcome::Stopped);
    assert_eq!(fetched.load(Ordering::Relaxed), 3);
    assert_eq!(farm.status().counts.plotted, 0);
    drop(farm);
    let farm = Farm::open_or_create(&config(folder.path(), 2)).expect("an existing farm");
    stop.store(false, Ordering::Relaxed);
    let events = Mutex::new(Vec::new());
    let progress = |progress: &auto_farmer::PlotProgress| events.lock().expect("no panic").push(*progress);
    let control = auto_farmer::PlotControl { stop: &stop, progress: &progress };
    assert_eq!(farm.plot(&|| size(1), &counting, &control).expect("no failure"), PlotOutcome::Plotted);
    assert_eq!(fetched.load(Ordering::Relaxed), 8, "no piece is fetched twice");
    let events = events.into_inner().expect("no panic");
    assert!(events.iter().filter(|event| event.phase == PlotPhase::Done).count() == 2);
    let last = events.last().expect("events");
    assert_eq!((last.sectors_done, last.sectors_total, last.pieces_done), (2, 2, 4));
    assert!(last.mib_per_second > 0.0 && last.remaining_seconds == Some(0));
}

#[test]
fn a_missing_or_malformed_piece_stops_plotting_with_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let farm = Farm::open_or_create(&config(folder.path(), 1)).expect("a new farm");
    let stop = AtomicBool::new(false);
    let run = |source: &dyn auto_farmer::PieceSource| {
        farm.plot_sector(SectorIndex(0), size(1), source, &control(&stop))
            .expect_err("the source fails")
            .code()
    };
    assert_eq!(run(&|_| Ok(None)), "FRM-0014");
    assert_eq!(run(&|_| Err(SourceError("no peers".to_owned()))), "FRM-0014");
    let short = |index| Ok(Some(auto_core::Piece { record: vec![0; 32], ..piece(index) }));
    assert_eq!(run(&short), "FRM-0015");
    let no_scalar =
        |index| Ok(Some(auto_core::Piece { record: vec![0xff; auto_core::RECORD_BYTES], ..piece(index) }));
    assert_eq!(run(&no_scalar), "FRM-0015");
    farm.plot_sector(SectorIndex(0), size(1), &source, &control(&stop)).expect("and then goes on");
}
