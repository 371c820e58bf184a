//! Openings that hold, and every way in which they may not.

#[path = "samples/samples.rs"]
mod samples;

use auto_core::{Commitment, SBucket, ScalarBytes, Witness};
use auto_kzg::{Kzg, KzgError, Opening, extend_commitments, extend_segment};
use samples::{raw_record, scalars_record};

const INFINITY: [u8; 48] = {
    let mut bytes = [0; 48];
    bytes[0] = 0xc0;
    bytes
};

fn kzg() -> &'static Kzg {
    Kzg::ceremony()
}

fn segment(first: u64) -> (Vec<Commitment>, Commitment, Vec<Witness>) {
    let records: Vec<Commitment> = (first..first + 8).map(samples::commitment).collect();
    let (commitment, witnesses) = kzg().commit_segment(&records).expect("eight pieces");
    (records, commitment, witnesses)
}

#[test]
fn every_record_of_every_segment_size_opens() {
    for bits in 2..=8 {
        let pieces = 1_u64 << bits;
        let records: Vec<Commitment> = (0..pieces)
            .map(|i| {
                Commitment(auto_core::hash(&i.to_le_bytes()).0.repeat(2)[..48].try_into().expect("48 bytes"))
            })
            .collect();
        let (commitment, witnesses) = kzg().commit_segment(&records).expect("power of two");
        let openings: Vec<Opening> = (0..pieces)
            .zip(records.iter().zip(&witnesses))
            .map(|(position, (record, witness))| Opening::Record {
                segment: commitment,
                position,
                pieces,
                record: *record,
                witness: *witness,
            })
            .collect();
        assert_eq!(kzg().verify_openings(&openings), Ok(()), "{pieces} pieces");
        assert_eq!(
            kzg().verify_record(
                &commitment,
                pieces - 1,
                pieces,
                &records[records.len() - 1],
                &witnesses[witnesses.len() - 1]
            ),
            Ok(())
        );
    }
    for count in [0, 1, 2, 3, 5, 12, 255, 257, 512] {
        let refused = kzg().commit_segment(&vec![Commitment([0; 48]); count]);
        assert!(matches!(refused, Err(KzgError::Count { .. })), "{count} pieces");
    }
}

#[test]
fn case_06_record_witness_of_another_position_is_refused() {
    let (records, commitment, witnesses) = segment(0);
    for (position, record) in (0_u64..).zip(&records) {
        for (other, witness) in (0_u64..).zip(&witnesses) {
            let result = kzg().verify_record(&commitment, position, 8, record, witness);
            let expected = if other == position { Ok(()) } else { Err(KzgError::Opening) };
            assert_eq!(result, expected, "witness {other} at {position}");
        }
    }
    // The right pair at the wrong place, at no place, and in a segment of another size.
    assert_eq!(kzg().verify_record(&commitment, 3, 8, &records[2], &witnesses[2]), Err(KzgError::Opening));
    assert_eq!(
        kzg().verify_record(&commitment, 8, 8, &records[0], &witnesses[0]),
        Err(KzgError::Position { position: 8, pieces: 8 })
    );
    assert_eq!(kzg().verify_record(&commitment, 2, 16, &records[2], &witnesses[2]), Err(KzgError::Opening));
}

#[test]
fn case_06_record_witness_of_another_segment_is_refused() {
    let (records, commitment, witnesses) = segment(0);
    let (_, other, other_witnesses) = segment(100);
    assert_eq!(
        kzg().verify_record(&commitment, 5, 8, &records[5], &other_witnesses[5]),
        Err(KzgError::Opening)
    );
    assert_eq!(kzg().verify_record(&other, 5, 8, &records[5], &witnesses[5]), Err(KzgError::Opening));
}

#[test]
fn case_07_chunk_witness_of_the_neighbour_bucket_is_refused() {
    let record = raw_record(7);
    let commitment = kzg().commit_record(&record).expect("canonical");
    for bucket in [1_u16, 4095, 4096, 8190] {
        let (chunk, witness) = kzg().open_chunk(&record, SBucket(bucket)).expect("in range");
        assert_eq!(kzg().verify_chunk(&commitment, SBucket(bucket), &chunk, &witness), Ok(()));
        for neighbour in [bucket - 1, bucket + 1] {
            let (_, other) = kzg().open_chunk(&record, SBucket(neighbour)).expect("in range");
            assert_eq!(
                kzg().verify_chunk(&commitment, SBucket(bucket), &chunk, &other),
                Err(KzgError::Opening)
            );
            assert_eq!(
                kzg().verify_chunk(&commitment, SBucket(neighbour), &chunk, &witness),
                Err(KzgError::Opening)
            );
        }
    }
    let (chunk, witness) = kzg().open_chunk(&record, SBucket(0)).expect("in range");
    let beyond = SBucket(8192);
    assert_eq!(kzg().open_chunk(&record, beyond), Err(KzgError::SBucket { bucket: 8192 }));
    assert_eq!(
        kzg().verify_chunk(&commitment, beyond, &chunk, &witness),
        Err(KzgError::SBucket { bucket: 8192 })
    );
}

#[test]
fn case_07_chunk_of_another_record_is_refused() {
    let (record, other) = (raw_record(7), raw_record(8));
    let commitment = kzg().commit_record(&record).expect("canonical");
    let (chunk, witness) = kzg().open_chunk(&record, SBucket(5000)).expect("in range");
    let (other_chunk, other_witness) = kzg().open_chunk(&other, SBucket(5000)).expect("in range");
    let verify = |chunk, witness| kzg().verify_chunk(&commitment, SBucket(5000), chunk, witness);
    assert_eq!(verify(&chunk, &witness), Ok(()));
    assert_eq!(verify(&other_chunk, &other_witness), Err(KzgError::Opening));
    assert_eq!(verify(&other_chunk, &witness), Err(KzgError::Opening));
    assert_eq!(verify(&chunk, &other_witness), Err(KzgError::Opening));
}

#[test]
fn case_08_non_canonical_scalar_is_refused() {
    let order = hex::decode("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001").expect("hex");
    let order: [u8; 32] = order.try_into().expect("32 bytes");
    // A constant record of zero: its chunk is zero, which is the order in disguise.
    let (commitment, witness) = (Commitment(INFINITY), Witness(INFINITY));
    let verify = |bytes| kzg().verify_chunk(&commitment, SBucket(3), &ScalarBytes(bytes), &witness);
    assert_eq!(verify([0; 32]), Ok(()));
    assert_eq!(verify(order), Err(KzgError::Scalar { index: 0 }));
    assert_eq!(verify([0xff; 32]), Err(KzgError::Scalar { index: 0 }));
    let mut below = order;
    below[31] = 0;
    assert_eq!(verify(below), Err(KzgError::Opening));
    let mut record = raw_record(1);
    record[32 * 77..32 * 78].copy_from_slice(&order);
    assert_eq!(kzg().commit_record(&record), Err(KzgError::Scalar { index: 77 }));
    assert_eq!(kzg().open_chunk(&record, SBucket(0)), Err(KzgError::Scalar { index: 77 }));
    assert_eq!(auto_kzg::extend_record(&record), Err(KzgError::Scalar { index: 77 }));
}

/// Encodings that no member of the group has.
fn bad_points(good: [u8; 48]) -> Vec<(&'static str, [u8; 48])> {
    let with = |change: fn(&mut [u8; 48])| {
        let mut bytes = good;
        change(&mut bytes);
        bytes
    };
    let x = |value: u8| {
        let mut bytes = [0; 48];
        (bytes[0], bytes[47]) = (0x80, value);
        bytes
    };
    let modulus =
        "9a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";
    let modulus: [u8; 48] = hex::decode(modulus).expect("hex").try_into().expect("48 bytes");
    let mut infinity_tail = INFINITY;
    infinity_tail[47] = 1;
    let mut infinity_sign = INFINITY;
    infinity_sign[0] = 0xe0;
    let mut infinity_plain = [0; 48];
    infinity_plain[0] = 0x40;
    vec![
        ("off the curve: x = 1", x(1)),
        ("outside the subgroup: x = 4", x(4)),
        ("outside the subgroup: x = 0", x(0)),
        ("x is the modulus", modulus),
        ("x above the modulus", [0x9f; 48]),
        ("compression flag missing", with(|b| b[0] &= 0x7f)),
        ("infinity flag on a point", with(|b| b[0] |= 0x40)),
        ("infinity with a tail", infinity_tail),
        ("infinity with a sign", infinity_sign),
        ("infinity uncompressed", infinity_plain),
        ("all zero", [0; 48]),
        ("all ones", [0xff; 48]),
    ]
}

#[test]
fn case_08_bad_points_are_refused() {
    let record = raw_record(1);
    let commitment = kzg().commit_record(&record).expect("canonical");
    let (chunk, witness) = kzg().open_chunk(&record, SBucket(9)).expect("in range");
    let (records, segment, witnesses) = segment(0);
    for (why, bytes) in bad_points(commitment.0) {
        let point = |what| Err(KzgError::Point { what });
        let (c, w) = (Commitment(bytes), Witness(bytes));
        assert_eq!(kzg().verify_chunk(&c, SBucket(9), &chunk, &witness), point("record commitment"), "{why}");
        assert_eq!(kzg().verify_chunk(&commitment, SBucket(9), &chunk, &w), point("chunk witness"), "{why}");
        assert_eq!(
            kzg().verify_record(&c, 0, 8, &records[0], &witnesses[0]),
            point("segment commitment"),
            "{why}"
        );
        assert_eq!(kzg().verify_record(&segment, 0, 8, &records[0], &w), point("record witness"), "{why}");
        assert_eq!(extend_commitments(&[commitment, c]).map(|_| ()), point("record commitment"), "{why}");
    }
    // The other sign is a point, only not the right one.
    let mut negated = witness;
    negated.0[0] ^= 0x20;
    assert_eq!(kzg().verify_chunk(&commitment, SBucket(9), &chunk, &negated), Err(KzgError::Opening));
}

#[test]
fn case_08_infinity_is_accepted_only_where_it_proves() {
    let mut five = [0; 32];
    five[31] = 5;
    let constant = kzg().commit_record(&five.repeat(4096)).expect("canonical");
    let opened = kzg().open_chunk(&five.repeat(4096), SBucket(6000));
    assert_eq!(opened, Ok((ScalarBytes(five), Witness(INFINITY))));
    let verify =
        |c: &Commitment, chunk| kzg().verify_chunk(c, SBucket(6000), &ScalarBytes(chunk), &Witness(INFINITY));
    assert_eq!(verify(&constant, five), Ok(()));
    assert_eq!(verify(&constant, [0; 32]), Err(KzgError::Opening));
    assert_eq!(verify(&Commitment(INFINITY), [0; 32]), Ok(()));
    assert_eq!(verify(&Commitment(INFINITY), five), Err(KzgError::Opening));
    let record = raw_record(1);
    let commitment = kzg().commit_record(&record).expect("canonical");
    let (chunk, _) = kzg().open_chunk(&record, SBucket(6000)).expect("in range");
    assert_eq!(verify(&commitment, chunk.0), Err(KzgError::Opening));
}

#[test]
fn case_36_source_and_parity_swapped_or_another_commitment_is_refused() {
    let source: Vec<Vec<u8>> = (0..2).map(raw_record).collect();
    let parity = extend_segment(&source).expect("two records");
    let commit = |record: &Vec<u8>| kzg().commit_record(record).expect("canonical");
    let pieces = [commit(&source[0]), commit(&parity[0]), commit(&source[1]), commit(&parity[1])];
    let (segment, witnesses) = kzg().commit_segment(&pieces).expect("four pieces");
    for position in 0..4_u64 {
        let own = position as usize;
        assert_eq!(kzg().verify_record(&segment, position, 4, &pieces[own], &witnesses[own]), Ok(()));
        let swapped = own ^ 1;
        for witness in [&witnesses[own], &witnesses[swapped]] {
            assert_eq!(
                kzg().verify_record(&segment, position, 4, &pieces[swapped], witness),
                Err(KzgError::Opening)
            );
        }
        // A valid record, but the commitment of another one.
        let wrong = commit(&raw_record(99));
        assert_eq!(
            kzg().verify_record(&segment, position, 4, &wrong, &witnesses[own]),
            Err(KzgError::Opening)
        );
    }
    let swapped = [pieces[1], pieces[0], pieces[3], pieces[2]];
    assert_ne!(kzg().commit_segment(&swapped).expect("four pieces").0, segment);
}

#[test]
fn one_false_opening_among_many_is_noticed() {
    let record = scalars_record(11);
    let commitment = kzg().commit_record(&record).expect("canonical");
    let (records, segment, witnesses) = segment(0);
    let mut openings = vec![];
    for bucket in [0, 4096] {
        let (chunk, witness) = kzg().open_chunk(&record, SBucket(bucket)).expect("in range");
        openings.push(Opening::Chunk { commitment, s_bucket: SBucket(bucket), chunk, witness });
    }
    for position in 0..2 {
        let (record, witness) = (records[position as usize], witnesses[position as usize]);
        openings.push(Opening::Record { segment, position, pieces: 8, record, witness });
    }
    assert_eq!(kzg().verify_openings(&openings), Ok(()));
    assert_eq!(kzg().verify_openings(&[]), Ok(()));
    for index in 0..openings.len() {
        let mut forged = openings.clone();
        match &mut forged[index] {
            Opening::Chunk { chunk, .. } => chunk.0[31] ^= 1,
            Opening::Record { position, .. } => *position += 2,
        }
        assert_eq!(kzg().verify_openings(&forged), Err(KzgError::Opening), "opening {index}");
    }
    // Errors that cancel when merely added up: two witnesses exchanged between the same positions.
    let exchange = |a: usize, b: usize| {
        let mut forged = openings.clone();
        let (left, right) = (witness_of(&openings[a]), witness_of(&openings[b]));
        set_witness(&mut forged[a], right);
        set_witness(&mut forged[b], left);
        forged
    };
    assert_eq!(kzg().verify_openings(&exchange(0, 1)), Err(KzgError::Opening));
    assert_eq!(kzg().verify_openings(&exchange(2, 3)), Err(KzgError::Opening));
}

#[test]
fn errors_that_cancel_in_a_plain_sum_are_noticed() {
    // Both claims are about one constant polynomial at one point, off by one in opposite directions.
    let value = |value: u8| {
        let mut bytes = [0; 32];
        bytes[31] = value;
        ScalarBytes(bytes)
    };
    let commitment = kzg().commit_record(&value(5).0.repeat(4096)).expect("canonical");
    let claim =
        |chunk| Opening::Chunk { commitment, s_bucket: SBucket(1), chunk, witness: Witness(INFINITY) };
    assert_eq!(kzg().verify_openings(&[claim(value(5)), claim(value(5))]), Ok(()));
    assert_eq!(kzg().verify_openings(&[claim(value(4)), claim(value(6))]), Err(KzgError::Opening));
}

fn witness_of(opening: &Opening) -> Witness {
    match opening {
        Opening::Chunk { witness, .. } | Opening::Record { witness, .. } => *witness,
    }
}

fn set_witness(opening: &mut Opening, to: Witness) {
    match opening {
        Opening::Chunk { witness, .. } | Opening::Record { witness, .. } => *witness = to,
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn junk_is_refused_without_panic(
        points in proptest::collection::vec(proptest::num::u8::ANY, 96),
        chunk in proptest::array::uniform32(proptest::num::u8::ANY),
        bucket in proptest::num::u16::ANY,
        position in proptest::num::u64::ANY,
        pieces in proptest::num::u64::ANY,
        length in 0_usize..300,
    ) {
        let commitment = Commitment(points[..48].try_into().expect("48 bytes"));
        let witness = Witness(points[48..].try_into().expect("48 bytes"));
        proptest::prop_assert!(kzg().verify_chunk(&commitment, SBucket(bucket), &ScalarBytes(chunk), &witness).is_err());
        proptest::prop_assert!(kzg().verify_record(&commitment, position, pieces, &commitment, &witness).is_err());
        proptest::prop_assert!(kzg().commit_record(&points).is_err());
        proptest::prop_assert!(extend_segment(&vec![points.clone(); length]).is_err());
        proptest::prop_assert!(auto_kzg::recover_segment(&vec![Some(points); length]).is_err());
        proptest::prop_assert!(auto_kzg::recover_record(&vec![Some(ScalarBytes(chunk)); length]).is_err());
    }
}
