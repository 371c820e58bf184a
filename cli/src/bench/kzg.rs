//! KZG over one record: commit, open, verify, recover.

use super::{Figures, fastest, figures, rounded};
use crate::error::{CliError, internal};
use auto_core::{RECORD_BYTES, SAFE_SCALAR_BYTES, SBucket, SCALAR_BYTES, ScalarBytes};
use auto_kzg::{Kzg, extend_record, recover_record};
use serde_json::json;
use std::hint::black_box;

const RUNS: usize = 7;
/// Any bucket beyond the source chunks costs the same.
const BUCKET: SBucket = SBucket(5000);

pub(super) fn measure() -> Result<Figures, CliError> {
    let kzg = Kzg::ceremony();
    let mut record = vec![0; RECORD_BYTES];
    for (scalar, seed) in record.chunks_exact_mut(SCALAR_BYTES).zip(0u32..) {
        let hash = auto_core::hash(&seed.to_le_bytes());
        let start = SCALAR_BYTES.saturating_sub(SAFE_SCALAR_BYTES);
        for (to, from) in scalar.iter_mut().skip(start).zip(hash.0) {
            *to = from;
        }
    }
    let commitment = kzg.commit_record(&record).map_err(internal)?;
    let (chunk, witness) = kzg.open_chunk(&record, BUCKET).map_err(internal)?;
    let chunks = extend_record(&record).map_err(internal)?;
    // Every other chunk is lost: half of those left are parity.
    let half: Vec<Option<ScalarBytes>> =
        chunks.iter().enumerate().map(|(at, chunk)| at.is_multiple_of(2).then_some(*chunk)).collect();
    if recover_record(&half).map_err(internal)? != record {
        return Err(internal("a record was recovered wrongly"));
    }
    kzg.verify_chunk(&commitment, BUCKET, &chunk, &witness).map_err(internal)?;
    let commit_s = fastest(RUNS, || drop(black_box(kzg.commit_record(&record))));
    let open_s = fastest(RUNS, || drop(black_box(kzg.open_chunk(&record, BUCKET))));
    let verify_s =
        fastest(RUNS * 4, || drop(black_box(kzg.verify_chunk(&commitment, BUCKET, &chunk, &witness))));
    let recover_s = fastest(RUNS, || drop(black_box(recover_record(&half))));
    Ok(figures([
        ("commit_ms", rounded(commit_s * 1e3)),
        ("open_ms", rounded(open_s * 1e3)),
        ("verify_ms", rounded(verify_s * 1e3)),
        ("recover_ms", rounded(recover_s * 1e3)),
        ("note", json!("one record of 4096 scalars, one chunk; recovery from 4096 of 8192 chunks")),
    ]))
}
