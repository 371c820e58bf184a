//! Claims that are refused for their solution (cases 1 to 11).

use crate::encodings::{FIELD_ORDER, add, bad_points, packed, scalar, values};
use crate::fixture::{Fixture, address, fixture, stranger};
use auto_consensus::{Claim, ConsensusError, check_solution, verify_solution};
use auto_core::{
    ChallengeBits, Commitment, Hash, HistorySize, PieceOffset, SBucket, ScalarBytes, SectorIndex,
    SegmentIndex, Slot, Solution, SolutionRange, SpaceProof, Witness, decode_strict, expiration_history_size,
    global_challenge, piece_index, sector_id,
};
use parity_scale_codec::Encode;

fn verify(fixture: &Fixture, claim: &Claim, solution: &Solution) -> Result<(), ConsensusError> {
    verify_solution(&fixture.params, &fixture.headers, claim, solution)
}

fn check(fixture: &Fixture, claim: &Claim, solution: &Solution) -> Result<(), ConsensusError> {
    check_solution(&fixture.params, &fixture.headers, claim, solution).map(|_| ())
}

fn opening_fails(fixture: &Fixture, claim: &Claim, solution: &Solution) {
    let result = verify(fixture, claim, solution);
    assert!(matches!(result, Err(ConsensusError::Opening(_))), "{result:?}");
}

fn space_fails(fixture: &Fixture, claim: &Claim, solution: &Solution) {
    let result = verify(fixture, claim, solution);
    assert!(matches!(result, Err(ConsensusError::Space(_))), "{result:?}");
}

#[test]
fn a_real_solution_is_accepted() {
    let fixture = fixture();
    let (claim, solution) = fixture.solved(1);
    assert_eq!(verify(fixture, &claim, &solution), Ok(()));
    assert_eq!(verify(fixture, &fixture.wide(1).0, &solution), Ok(()));
    assert!(solution.encode().len() < 1024);
}

#[test]
fn case_01_a_solution_replayed_at_a_later_slot_is_refused() {
    let fixture = fixture();
    let (parent, block) = fixture.at(1);
    let slot = block.header.pre_digest().unwrap().slot;
    for later in 1..6 {
        let slot = Slot(slot.0 + later);
        let mut replayed = fixture.tampered(block, |digest| {
            digest.pre_digest.slot = slot;
            digest.pre_digest.proof_of_time = fixture.output(parent, slot);
            digest.pre_digest.future_proof_of_time = fixture.output(parent, Slot(slot.0 + 2));
        });
        replayed.justification = fixture.justification(parent, slot);
        let error = fixture.verify(parent, &replayed).unwrap_err();
        assert!(matches!(error, ConsensusError::OutsideRange { .. } | ConsensusError::Space(_)), "{error:?}");
        // Even if its distance fits by chance, the bucket of another slot makes the proofs wrong.
        let (claim, solution) = fixture.wide(1);
        let proof_of_time = fixture.output(parent, slot);
        space_fails(fixture, &Claim { slot, proof_of_time, ..claim }, &solution);
    }
}

#[test]
fn case_02_a_solution_under_another_key_is_refused() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    for id in 100..110 {
        let stolen = Solution { public_key: stranger(id).public_key(), ..solution.clone() };
        space_fails(fixture, &claim, &stolen);
    }
}

#[test]
fn case_02_a_changed_reward_address_breaks_the_seal() {
    let fixture = fixture();
    let (parent, block) = fixture.at(1);
    let mut stolen = fixture.tampered(block, |digest| {
        digest.pre_digest.solution.reward_address = address(9);
    });
    assert!(fixture.verify(parent, &stolen).is_ok(), "the farmer may name whom it likes");
    let mut items = stolen.header.digest.into_inner();
    *items.last_mut().unwrap() = block.header.digest.last().unwrap().clone();
    stolen.header.digest = auto_core::List::new(items).unwrap();
    let key = fixture.farmer.public_key();
    assert_eq!(fixture.verify(parent, &stolen), Err(ConsensusError::Seal { key }));
}

#[test]
fn case_03_a_piece_offset_past_the_sector_is_refused() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    let pieces = fixture.params.pieces_in_sector;
    for offset in [pieces, pieces + 1, u16::MAX] {
        let offset = PieceOffset(offset);
        let moved = Solution { piece_offset: offset, ..solution.clone() };
        assert_eq!(check(fixture, &claim, &moved), Err(ConsensusError::PieceOffset { offset, pieces }));
    }
}

#[test]
fn case_03_a_piece_of_an_unchallenged_class_is_refused() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    let params = auto_core::ProtocolParams { audit_classes: 4, ..fixture.params.clone() };
    let id = sector_id(&solution.public_key, solution.sector_index, solution.history_size);
    let challenge = global_challenge(&claim.proof_of_time, claim.slot);
    let challenged = ChallengeBits::new(&id, &challenge, 4).class;
    for class in 0..4 {
        let moved = Solution { piece_offset: PieceOffset(class), ..solution.clone() };
        let result = check_solution(&params, &fixture.headers, &claim, &moved).map(|_| ());
        let refused = Err(ConsensusError::PieceClass { class, challenged });
        assert_eq!(result == refused, class != challenged, "{result:?}");
    }
}

#[test]
fn case_04_a_history_ahead_of_the_chain_is_refused() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    let sized = |size| Solution { history_size: HistorySize::new(size).unwrap(), ..solution.clone() };
    let limit = |size| HistorySize::new(size).unwrap();
    assert_eq!(
        check(fixture, &claim, &sized(2)),
        Err(ConsensusError::HistorySize { declared: limit(2), limit: limit(1) })
    );
    let announcing = Claim { announces_segment: true, ..claim };
    assert_eq!(check(fixture, &announcing, &sized(2)), Ok(()));
    assert_eq!(
        check(fixture, &announcing, &sized(3)),
        Err(ConsensusError::HistorySize { declared: limit(3), limit: limit(2) })
    );
}

#[test]
fn case_04_a_sector_over_the_announced_segment_wins_in_the_announcing_block_only() {
    let fixture = fixture();
    let announcing = usize::try_from(crate::fixture::ANNOUNCING).unwrap();
    let (parent, _) = fixture.at(announcing);
    let block = fixture.author(parent, &fixture.young, &fixture.due(parent));
    let verified = fixture.verify(parent, &block).unwrap();
    assert_eq!(verified.state().history_size().segments(), 2);
    // The same farmer one block earlier, where nothing is announced.
    let (parent, honest) = fixture.at(announcing - 1);
    let pre_digest = fixture.claim(parent, &fixture.young, parent.slot());
    let mut block = fixture.tampered(honest, |digest| digest.pre_digest = pre_digest.clone());
    block.justification = fixture.justification(parent, pre_digest.slot);
    assert!(matches!(fixture.verify(parent, &block), Err(ConsensusError::HistorySize { .. })));
}

#[test]
fn case_04_extreme_history_sizes_do_not_overflow() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    assert!(decode_strict::<HistorySize>(&0u64.encode(), 8).is_err());
    for size in [u64::MAX, u64::MAX - 1, u64::MAX / 4, u64::MAX / 4 + 1, 1 << 62] {
        let history_size = HistorySize::new(size).unwrap();
        let extreme = Solution { history_size, ..solution.clone() };
        assert!(matches!(check(fixture, &claim, &extreme), Err(ConsensusError::HistorySize { .. })));
        let grown = Claim { history_size: HistorySize::new(u64::MAX).unwrap(), ..claim };
        assert!(check(fixture, &grown, &extreme).is_err());
    }
    let history_size = HistorySize::new(u64::MAX).unwrap();
    let extreme = Solution { history_size, ..solution };
    let grown = Claim { history_size, announces_segment: true, ..claim };
    assert_eq!(check(fixture, &grown, &extreme), Err(ConsensusError::HistoryOverflow { size: history_size }));
}

#[test]
fn case_05_a_sector_is_refused_from_its_expiration_on() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    let id = sector_id(&solution.public_key, SectorIndex(0), HistorySize::ONE);
    // The second segment decides, as the minimum lifetime is one segment.
    let expires =
        expiration_history_size(&id, HistorySize::ONE, &fixture.headers[1].commitment, 1).segments();
    let at = |size| {
        let history_size = HistorySize::new(size).unwrap();
        check(fixture, &Claim { history_size, ..claim }, &solution)
    };
    assert!(expires > 2, "{expires}");
    assert_eq!(at(1), Ok(()), "younger than the minimum lifetime");
    assert_eq!(at(expires - 1), Ok(()));
    for size in [expires, expires + 1, 1 << 40] {
        assert_eq!(
            at(size),
            Err(ConsensusError::SectorExpired {
                expires: HistorySize::new(expires).unwrap(),
                current: HistorySize::new(size).unwrap(),
            })
        );
    }
}

#[test]
fn case_05_a_commitment_that_must_exist_is_demanded() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    let old = Claim { history_size: HistorySize::new(2).unwrap(), ..claim };
    let result = check_solution(&fixture.params, &fixture.headers[..1].to_vec(), &old, &solution).map(|_| ());
    assert_eq!(result, Err(ConsensusError::SegmentUnknown { index: SegmentIndex(1) }));
}

#[test]
fn case_06_a_record_witness_of_elsewhere_is_refused() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    let piece = piece_index(&fixture.params, &fixture.sector.id, HistorySize::ONE, solution.piece_offset);
    let (segment, position) = fixture.locate(piece.unwrap());
    for other in (0..4).filter(|other| *other != position) {
        let record_witness = segment.witnesses[other];
        opening_fails(fixture, &claim, &Solution { record_witness, ..solution.clone() });
    }
    let record_witness = fixture.segments[1].witnesses[position];
    opening_fails(fixture, &claim, &Solution { record_witness, ..solution.clone() });
    let record_commitment = fixture.segments[1].commitments[position];
    opening_fails(fixture, &claim, &Solution { record_commitment, record_witness, ..solution });
}

#[test]
fn case_07_a_chunk_or_chunk_witness_of_elsewhere_is_refused() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    let bucket = check_solution(&fixture.params, &fixture.headers, &claim, &solution).unwrap().s_bucket();
    let offset = solution.piece_offset.0;
    for neighbour in [bucket.0.checked_sub(1), bucket.0.checked_add(1)].into_iter().flatten() {
        let neighbour = SBucket(neighbour % 8192);
        let other = fixture.solution(&fixture.sector, offset, neighbour, solution.proof_of_space.clone());
        let chunk_witness = other.chunk_witness;
        opening_fails(fixture, &claim, &Solution { chunk_witness, ..solution.clone() });
        opening_fails(fixture, &claim, &Solution { chunk: other.chunk, chunk_witness, ..solution.clone() });
    }
    let own = fixture.sector.pieces[usize::from(offset)].piece;
    let other = (0..4).find(|other| fixture.sector.pieces[usize::from(*other)].piece != own).unwrap();
    let other = fixture.solution(&fixture.sector, other, bucket, solution.proof_of_space.clone());
    opening_fails(fixture, &claim, &Solution { chunk: other.chunk, ..solution.clone() });
    let (chunk, chunk_witness) = (other.chunk, other.chunk_witness);
    opening_fails(fixture, &claim, &Solution { chunk, chunk_witness, ..solution });
}

#[test]
fn case_08_a_non_canonical_scalar_is_refused() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    let order = scalar(FIELD_ORDER);
    for chunk in [add(&solution.chunk.0, &order), order, [0xff; 32]] {
        opening_fails(fixture, &claim, &Solution { chunk: ScalarBytes(chunk), ..solution.clone() });
    }
}

#[test]
fn case_08_an_invalid_point_is_refused() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    for point in bad_points(solution.record_commitment.0) {
        let record_commitment = Commitment(point);
        opening_fails(fixture, &claim, &Solution { record_commitment, ..solution.clone() });
    }
    for point in bad_points(solution.record_witness.0) {
        let record_witness = Witness(point);
        opening_fails(fixture, &claim, &Solution { record_witness, ..solution.clone() });
    }
    for point in bad_points(solution.chunk_witness.0) {
        let chunk_witness = Witness(point);
        opening_fails(fixture, &claim, &Solution { chunk_witness, ..solution.clone() });
    }
}

#[test]
fn case_09_a_proof_of_space_of_elsewhere_or_rearranged_is_refused() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    let bucket = check_solution(&fixture.params, &fixture.headers, &claim, &solution).unwrap().s_bucket();
    let tables = &fixture.sector.pieces[usize::from(solution.piece_offset.0)].tables;
    let neighbours = (1..40).flat_map(|step| [bucket.0.checked_sub(step), bucket.0.checked_add(step)]);
    let proofs: Vec<_> = neighbours.flatten().filter_map(|other| tables.proof(SBucket(other))).collect();
    assert!(proofs.len() > 10);
    for proof_of_space in proofs {
        space_fails(fixture, &claim, &Solution { proof_of_space, ..solution.clone() });
    }
    let original = values(&solution.proof_of_space);
    assert_eq!(packed(&original), solution.proof_of_space);
    let mut swapped = original.clone();
    swapped.rotate_left(32);
    let mut repeated = original.clone();
    repeated[1] = repeated[0];
    let mut doubled = original.clone();
    doubled.copy_within(0..32, 32);
    for values in [swapped, repeated, doubled] {
        let proof_of_space = packed(&values);
        space_fails(fixture, &claim, &Solution { proof_of_space, ..solution.clone() });
    }
}

#[test]
fn case_09_a_proof_of_space_of_another_parameter_is_refused() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    let bytes = solution.proof_of_space.bytes();
    assert!(SpaceProof::new(13, bytes[..104].to_vec()).is_none());
    assert!(SpaceProof::new(14, bytes[..111].to_vec()).is_none());
    let proof_of_space = SpaceProof::new(15, [bytes, &[0; 8]].concat()).unwrap();
    assert_eq!(
        verify(fixture, &claim, &Solution { proof_of_space, ..solution }),
        Err(ConsensusError::SpaceParameter { declared: 15, expected: 14 })
    );
}

#[test]
fn case_10_the_window_ends_exactly_at_half_the_range() {
    let fixture = fixture();
    let (claim, solution) = fixture.wide(1);
    let distance = check_solution(&fixture.params, &fixture.headers, &claim, &solution).unwrap().distance();
    let at = |range| {
        let claim = Claim { solution_range: SolutionRange(range), ..claim };
        check(fixture, &claim, &solution)
    };
    assert_eq!(at(distance * 2), Ok(()));
    assert_eq!(at(distance * 2 + 1), Ok(()));
    let limit = distance - 1;
    assert_eq!(at(distance * 2 - 1), Err(ConsensusError::OutsideRange { distance, limit }));
    assert_eq!(at(limit * 2), Err(ConsensusError::OutsideRange { distance, limit }));
}

#[test]
fn case_11_a_chunk_without_a_proof_of_space_is_refused() {
    let fixture = fixture();
    let (parent, _) = fixture.at(1);
    let mut tried = 0;
    for slot in (1..16).map(Slot) {
        let proof_of_time = fixture.output(parent, slot);
        let challenge = global_challenge(&proof_of_time, slot);
        let bucket = ChallengeBits::new(&fixture.sector.id, &challenge, 1).s_bucket;
        let tables = &fixture.sector.pieces[0].tables;
        if tables.proof(bucket).is_some() {
            continue;
        }
        let borrowed = (0..8192).find_map(|other| tables.proof(SBucket(other))).unwrap();
        let solution = fixture.solution(&fixture.sector, 0, bucket, borrowed);
        let (claim, _) = fixture.wide(1);
        space_fails(fixture, &Claim { slot, proof_of_time, ..claim }, &solution);
        let proof_of_space = SpaceProof::new(14, vec![0; 112]).unwrap();
        space_fails(
            fixture,
            &Claim { slot, proof_of_time, ..claim },
            &Solution { proof_of_space, ..solution },
        );
        tried += 1;
    }
    assert!(tried > 2, "{tried}");
    assert_ne!(fixture.sector.id, Hash::ZERO);
}
