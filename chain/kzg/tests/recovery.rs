//! Recovery of records and segments from any half.

#[path = "samples/samples.rs"]
mod samples;

use auto_core::{Commitment, ScalarBytes};
use auto_kzg::{
    Kzg, KzgError, extend_commitments, extend_record, extend_segment, raw_to_record, record_to_raw,
    recover_record, recover_segment,
};
use proptest::prelude::*;
use samples::{raw, raw_record, scalars_record};

/// Keeps `count` of the values, drawn by `seed`.
fn keep<T: Clone>(values: &[T], count: usize, seed: u64) -> Vec<Option<T>> {
    let draw = |index: usize| auto_core::hash(&[seed.to_le_bytes(), (index as u64).to_le_bytes()].concat());
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by_key(|index| draw(*index));
    let mut kept = vec![None; values.len()];
    for index in order.into_iter().take(count) {
        kept[index] = Some(values[index].clone());
    }
    kept
}

/// All records of a segment at their positions.
fn segment(source: u64) -> Vec<Vec<u8>> {
    let source: Vec<Vec<u8>> = (0..source).map(raw_record).collect();
    let parity = extend_segment(&source).expect("power of two");
    source.into_iter().zip(parity).flat_map(|(source, parity)| [source, parity]).collect()
}

#[test]
fn raw_history_round_trips() {
    let raw = raw(1);
    let record = raw_to_record(&raw).expect("exact length");
    assert_eq!(record_to_raw(&record), Some(raw.clone()));
    assert_eq!(raw_to_record(&raw[1..]), None);
    assert_eq!(record_to_raw(&record[32..]), None);
    let mut parity = record;
    parity[32 * 9] = 1;
    assert_eq!(record_to_raw(&parity), None);
}

#[test]
fn source_chunks_are_the_record() {
    let record = scalars_record(1);
    let chunks = extend_record(&record).expect("canonical");
    assert_eq!(chunks.len(), 8192);
    assert_eq!(chunks[..4096].iter().flat_map(|chunk| chunk.0).collect::<Vec<_>>(), record);
}

#[test]
fn record_recovers_from_source_parity_and_everything() {
    let record = scalars_record(2);
    let chunks: Vec<Option<ScalarBytes>> =
        extend_record(&record).expect("canonical").into_iter().map(Some).collect();
    let mut source = chunks.clone();
    source[4096..].fill(None);
    let mut parity = chunks.clone();
    parity[..4096].fill(None);
    for known in [source, parity, chunks] {
        assert_eq!(recover_record(&known), Ok(record.clone()));
    }
}

#[test]
fn case_37_one_chunk_too_few_fails_cleanly() {
    let chunks = extend_record(&raw_record(3)).expect("canonical");
    let error = KzgError::NotEnough { known: 4095, needed: 4096 };
    assert_eq!(recover_record(&keep(&chunks, 4095, 1)), Err(error));
    assert_eq!(recover_record(&vec![None; 8192]), Err(KzgError::NotEnough { known: 0, needed: 4096 }));
    assert!(recover_record(&keep(&chunks, 4096, 1)[..8191]).is_err());
}

#[test]
fn case_37_one_piece_too_few_fails_cleanly() {
    let records = segment(4);
    assert_eq!(recover_segment(&keep(&records, 3, 1)), Err(KzgError::NotEnough { known: 3, needed: 4 }));
    assert_eq!(recover_segment(&keep(&records, 4, 1)), Ok(records));
    assert!(matches!(recover_segment(&[]), Err(KzgError::Count { .. })));
}

#[test]
fn case_37_corrupted_chunk_is_detected() {
    let record = raw_record(3);
    let commitment = Kzg::ceremony().commit_record(&record).expect("canonical");
    let chunks = extend_record(&record).expect("canonical");
    let mut known = keep(&chunks, 4096, 2);
    let position = known.iter().position(Option::is_some).expect("some are known");
    known[position].as_mut().expect("known").0[31] ^= 1;
    // With exactly half known nothing contradicts, and the commitment tells.
    let recovered = recover_record(&known).expect("half is known");
    assert_ne!(Kzg::ceremony().commit_record(&recovered), Ok(commitment));
    // One more chunk is enough to notice.
    let absent = known.iter().position(Option::is_none).expect("some are missing");
    known[absent] = Some(chunks[absent]);
    assert_eq!(recover_record(&known), Err(KzgError::Contradiction));
}

#[test]
fn case_37_corrupted_piece_is_detected() {
    let records = segment(4);
    let commitments: Vec<Commitment> =
        records.iter().map(|record| Kzg::ceremony().commit_record(record).expect("canonical")).collect();
    let mut known = keep(&records, 4, 3);
    let corrupted = known.iter().position(Option::is_some).expect("some are known");
    known[corrupted].as_mut().expect("known")[32 * 5 + 31] ^= 1;
    let recovered = recover_segment(&known).expect("half is known");
    for (position, (record, commitment)) in recovered.iter().zip(&commitments).enumerate() {
        let matches = Kzg::ceremony().commit_record(record).as_ref() == Ok(commitment);
        // What was known and sound stays; all that was computed from the corrupted piece is noticed.
        assert_eq!(matches, known[position].is_some() && position != corrupted, "position {position}");
    }
    let absent = known.iter().position(Option::is_none).expect("some are missing");
    known[absent] = Some(records[absent].clone());
    assert_eq!(recover_segment(&known), Err(KzgError::Contradiction));
}

#[test]
fn parity_commitments_follow_from_source_commitments() {
    for count in [2, 8] {
        let records = segment(count);
        let commitments: Vec<Commitment> =
            records.iter().map(|record| Kzg::ceremony().commit_record(record).expect("canonical")).collect();
        let source: Vec<Commitment> = commitments.iter().copied().step_by(2).collect();
        let parity: Vec<Commitment> = commitments.iter().copied().skip(1).step_by(2).collect();
        assert_eq!(extend_commitments(&source), Ok(parity));
    }
    for count in [0, 1, 3, 129, 256] {
        let refused = extend_commitments(&vec![Commitment([0; 48]); count]);
        assert!(matches!(refused, Err(KzgError::Count { .. })), "{count} records");
    }
}

#[test]
fn malformed_records_are_refused() {
    let mut records: Vec<Option<Vec<u8>>> = segment(2).into_iter().map(Some).collect();
    records[1].as_mut().expect("known")[..32].fill(0xff);
    assert_eq!(recover_segment(&records), Err(KzgError::Scalar { index: 0 }));
    records[1] = Some(vec![0; 31]);
    assert_eq!(recover_segment(&records), Err(KzgError::RecordLength { actual: 31 }));
    assert_eq!(extend_segment(&[vec![], vec![]]), Err(KzgError::RecordLength { actual: 0 }));
    let mut chunks = keep(&extend_record(&raw_record(1)).expect("canonical"), 8192, 1);
    chunks[8191] = Some(ScalarBytes([0xff; 32]));
    assert_eq!(recover_record(&chunks), Err(KzgError::Scalar { index: 8191 }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_half_or_more_recovers_a_record(seed: u64, extra in 0_usize..4096) {
        let record = scalars_record(seed);
        let chunks = extend_record(&record).expect("canonical");
        prop_assert_eq!(recover_record(&keep(&chunks, 4096 + extra, seed)), Ok(record));
    }

    #[test]
    fn any_half_or_more_recovers_a_segment(seed: u64, bits in 1_u32..4, extra in 0_usize..8) {
        let records = segment(1 << bits);
        let known = records.len() / 2 + extra % (records.len() / 2 + 1);
        prop_assert_eq!(recover_segment(&keep(&records, known, seed)), Ok(records));
    }
}
