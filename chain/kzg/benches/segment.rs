//! What archiving, proving and verifying cost.
#![allow(missing_docs, reason = "criterion's macros make undocumented public functions")]

use auto_core::{Commitment, SBucket};
use auto_kzg::{
    Kzg, Opening, extend_commitments, extend_record, extend_segment, recover_record, recover_segment,
};
use criterion::{Criterion, criterion_group, criterion_main};
use rayon::prelude::*;
use std::hint::black_box;
use std::time::Duration;

#[path = "../tests/samples/samples.rs"]
mod samples;

/// Source records of a production segment.
const SOURCE: u64 = 128;

/// Everything that archiving a segment asks of this crate.
fn archive(source: &[Vec<u8>]) -> usize {
    let kzg = Kzg::ceremony();
    let parity = extend_segment(source).expect("power of two");
    let commitments: Vec<Commitment> =
        source.par_iter().map(|record| kzg.commit_record(record).expect("canonical")).collect();
    let extended = extend_commitments(&commitments).expect("valid");
    let pieces: Vec<Commitment> = commitments.into_iter().zip(extended).flat_map(|(a, b)| [a, b]).collect();
    let (_, witnesses) = kzg.commit_segment(&pieces).expect("power of two");
    parity.len() + witnesses.len()
}

fn records(c: &mut Criterion) {
    let kzg = Kzg::ceremony();
    let record = samples::raw_record(1);
    let commitment = kzg.commit_record(&record).expect("canonical");
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    c.bench_function("commit_record one core", |b| {
        b.iter(|| one.install(|| kzg.commit_record(black_box(&record))))
    });
    c.bench_function("commit_record", |b| b.iter(|| kzg.commit_record(black_box(&record))));
    c.bench_function("open_chunk source", |b| b.iter(|| kzg.open_chunk(black_box(&record), SBucket(17))));
    c.bench_function("open_chunk parity", |b| b.iter(|| kzg.open_chunk(black_box(&record), SBucket(5000))));
    c.bench_function("extend_record", |b| b.iter(|| extend_record(black_box(&record))));
    let chunks = extend_record(&record).expect("canonical");
    let half: Vec<_> =
        chunks.iter().enumerate().map(|(index, chunk)| ((index / 2) % 2 == 1).then_some(*chunk)).collect();
    c.bench_function("recover_record", |b| {
        b.iter(|| recover_record(black_box(&half)).expect("half is known"))
    });
    let (chunk, witness) = kzg.open_chunk(&record, SBucket(5000)).expect("in range");
    c.bench_function("verify_chunk", |b| {
        b.iter(|| kzg.verify_chunk(black_box(&commitment), SBucket(5000), &chunk, &witness).expect("holds"));
    });
    let pieces: Vec<Commitment> = vec![commitment; 256];
    let (segment, witnesses) = kzg.commit_segment(&pieces).expect("power of two");
    let openings = [
        Opening::Chunk { commitment, s_bucket: SBucket(5000), chunk, witness },
        Opening::Record { segment, position: 3, pieces: 256, record: commitment, witness: witnesses[3] },
    ];
    c.bench_function("verify_openings of a solution", |b| {
        b.iter(|| kzg.verify_openings(black_box(&openings)).expect("holds"));
    });
    c.bench_function("commit_segment 256", |b| b.iter(|| kzg.commit_segment(black_box(&pieces))));
}

fn segments(c: &mut Criterion) {
    let source: Vec<Vec<u8>> = (0..SOURCE).map(samples::raw_record).collect();
    c.bench_function("extend_segment 128", |b| b.iter(|| extend_segment(black_box(&source))));
    c.bench_function("archive segment 128", |b| b.iter(|| archive(black_box(&source))));
    let parity = extend_segment(&source).expect("power of two");
    let half: Vec<Option<Vec<u8>>> = parity.into_iter().flat_map(|record| [None, Some(record)]).collect();
    c.bench_function("recover_segment 256", |b| {
        b.iter(|| recover_segment(black_box(&half)).expect("half is known"))
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = records, segments
}
criterion_main!(benches);
