//! Headers that are refused for their segment headers (case 21).

use crate::fixture::{ANNOUNCING, fixture};
use auto_consensus::{ChainState, ConsensusError, verify_block};
use auto_core::{BlockNumber, Commitment, Hash, List, SegmentHeader, SegmentIndex};

/// What the announcing block is refused for when it declares `declared` and `expected` is due.
fn refusal(declared: Vec<SegmentHeader>, expected: &[SegmentHeader]) -> ConsensusError {
    let fixture = fixture();
    let (parent, block) = fixture.at(usize::try_from(ANNOUNCING).unwrap());
    let block = fixture.tampered(block, |digest| digest.segment_headers = List::new(declared).unwrap());
    verify_block(&fixture.context(parent, expected), block.header, &block.justification).unwrap_err()
}

fn due() -> SegmentHeader {
    fixture().headers[1].clone()
}

fn after(header: &SegmentHeader) -> SegmentHeader {
    SegmentHeader { index: SegmentIndex(header.index.0 + 1), previous_hash: header.hash(), ..header.clone() }
}

fn differ(declared: usize, expected: usize, position: usize) -> ConsensusError {
    ConsensusError::SegmentHeaders { declared, expected, position }
}

#[test]
fn case_21_a_missing_segment_header_is_refused() {
    assert_eq!(refusal(vec![], &[due()]), differ(0, 1, 0));
    assert_eq!(refusal(vec![due()], &[due(), after(&due())]), differ(1, 2, 1));
}

#[test]
fn case_21_an_extra_segment_header_is_refused() {
    assert_eq!(refusal(vec![due()], &[]), differ(1, 0, 0));
    assert_eq!(refusal(vec![due(), after(&due())], &[due()]), differ(2, 1, 1));
    let fixture = fixture();
    let (parent, block) = fixture.at(1);
    let block = fixture.tampered(block, |digest| digest.segment_headers = List::new(vec![due()]).unwrap());
    let early = fixture.verify(parent, &block).unwrap_err();
    assert!(matches!(early, ConsensusError::SegmentTooEarly { .. }));
}

#[test]
fn case_21_reordered_segment_headers_are_refused() {
    let (first, second) = (due(), after(&due()));
    assert_eq!(
        refusal(vec![second.clone(), first.clone()], &[first.clone(), second]),
        ConsensusError::SegmentIndex { declared: SegmentIndex(2), expected: SegmentIndex(1) }
    );
    assert_eq!(
        refusal(vec![first.clone(), first.clone()], &[first]),
        ConsensusError::SegmentIndex { declared: SegmentIndex(1), expected: SegmentIndex(2) }
    );
}

#[test]
fn case_21_a_segment_of_unconfirmed_blocks_is_refused() {
    let mut early = due();
    let depth = fixture().params.confirmation_depth;
    for archived in [ANNOUNCING - depth + 1, ANNOUNCING, u64::MAX].map(BlockNumber) {
        early.last_archived_block.number = archived;
        assert_eq!(
            refusal(vec![early.clone()], std::slice::from_ref(&early)),
            ConsensusError::SegmentTooEarly {
                index: SegmentIndex(1),
                archived,
                number: BlockNumber(ANNOUNCING),
                depth
            }
        );
    }
}

#[test]
fn case_21_a_segment_header_with_a_wrong_link_is_refused() {
    let expected = fixture().headers[0].hash();
    for declared in [Hash::ZERO, Hash([9; 32]), due().hash()] {
        let unlinked = SegmentHeader { previous_hash: declared, ..due() };
        assert_eq!(
            refusal(vec![unlinked], &[due()]),
            ConsensusError::SegmentPreviousHash { index: SegmentIndex(1), declared, expected }
        );
    }
}

#[test]
fn case_21_a_segment_header_with_another_commitment_is_refused() {
    let other = SegmentHeader { commitment: Commitment([9; 48]), ..due() };
    assert_eq!(refusal(vec![other], &[due()]), differ(1, 1, 0));
}

#[test]
fn genesis_starts_from_the_first_segment_only() {
    let fixture = fixture();
    let genesis = |params, header| ChainState::genesis(params, fixture.genesis, b"", header).unwrap_err();
    assert_eq!(
        genesis(&fixture.params, &fixture.headers[1]),
        ConsensusError::SegmentIndex { declared: SegmentIndex(1), expected: SegmentIndex(0) }
    );
    let linked = SegmentHeader { previous_hash: Hash([1; 32]), ..fixture.headers[0].clone() };
    assert!(matches!(genesis(&fixture.params, &linked), ConsensusError::SegmentPreviousHash { .. }));
    let mut params = fixture.params.clone();
    params.entropy_interval = params.entropy_delay;
    let error = genesis(&params, &fixture.headers[0]);
    assert!(matches!(error, ConsensusError::Params { field: "entropy_interval", .. }));
}
