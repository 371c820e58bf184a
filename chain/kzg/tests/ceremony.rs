//! The embedded ceremony is Ethereum's: another implementation makes and accepts the same commitments and
//! proofs.

#[path = "samples/samples.rs"]
mod samples;

use auto_core::{Commitment, RECORD_BYTES, SBucket, ScalarBytes, Witness};
use auto_kzg::{Kzg, extend_record};
use c_kzg::{Blob, Bytes32, Bytes48, KzgSettings, ethereum_kzg_settings};
use samples::{raw_record, scalars_record};

fn other() -> &'static KzgSettings {
    ethereum_kzg_settings(0)
}

fn blob(record: &[u8]) -> Blob {
    Blob::from_bytes(record).expect("a record is as long as a blob")
}

#[test]
fn commitments_agree_with_eip_4844() {
    for record in [raw_record(1), raw_record(2), scalars_record(3), vec![0; RECORD_BYTES]] {
        let expected = other().blob_to_kzg_commitment(&blob(&record)).expect("canonical");
        assert_eq!(Kzg::ceremony().commit_record(&record), Ok(Commitment(expected.to_bytes().into_inner())));
    }
}

#[test]
fn chunks_and_witnesses_agree_with_eip_4844() {
    let record = scalars_record(4);
    let chunks = extend_record(&record).expect("canonical");
    let commitment = Kzg::ceremony().commit_record(&record).expect("canonical");
    let points = samples::points();
    for bucket in [0_u16, 1, 2, 4095, 4096, 4097, 8191] {
        let (chunk, witness) = Kzg::ceremony().open_chunk(&record, SBucket(bucket)).expect("in range");
        let index = usize::from(bucket);
        assert_eq!(chunk, chunks[index], "bucket {bucket}");
        let point = Bytes32::new(points[index]);
        let (proof, value) = other().compute_kzg_proof(&blob(&record), &point).expect("canonical");
        assert_eq!(chunk, ScalarBytes(*value), "bucket {bucket}");
        assert_eq!(witness, Witness(proof.to_bytes().into_inner()), "bucket {bucket}");
        let (c, p) = (Bytes48::from(commitment.0), Bytes48::from(witness.0));
        assert!(other().verify_kzg_proof(&c, &point, &Bytes32::new(chunk.0), &p).expect("well formed"));
        assert_eq!(Kzg::ceremony().verify_chunk(&commitment, SBucket(bucket), &chunk, &witness), Ok(()));
    }
}

#[test]
fn extended_records_agree_with_eip_7594() {
    let record = scalars_record(5);
    let cells = other().compute_cells(&blob(&record)).expect("canonical");
    let expected: Vec<u8> = cells.iter().flat_map(|cell| cell.to_bytes().to_vec()).collect();
    let ours: Vec<u8> = extend_record(&record).expect("canonical").iter().flat_map(|chunk| chunk.0).collect();
    assert_eq!(ours, expected);
}

#[test]
fn segment_openings_agree_with_eip_4844() {
    // The segment's polynomial has few coefficients; as a blob it is its values at all of omega_4096.
    let records: Vec<Commitment> = (0..8).map(samples::commitment).collect();
    let (segment, witnesses) = Kzg::ceremony().commit_segment(&records).expect("eight pieces");
    for (position, (record, witness)) in records.iter().zip(&witnesses).enumerate() {
        let mut element = auto_core::hash(&record.0).0;
        element[0] &= 0x3f;
        // omega_8^position is z_j for the bit-reversed position.
        let point = samples::points()[samples::reverse(position, 3)];
        let (c, p) = (Bytes48::from(segment.0), Bytes48::from(witness.0));
        let (point, value) = (Bytes32::new(point), Bytes32::new(element));
        assert!(
            other().verify_kzg_proof(&c, &point, &value, &p).expect("well formed"),
            "position {position}"
        );
    }
}
