//! Headers that are refused for their structure, range, slot or seal, and equivocation (cases 12 to 16, 23).

use crate::fixture::{Authored, ROOTS, fixture, stranger};
use auto_consensus::{
    BlockDigest, ChainState, ConsensusError, Context, ERRORS, ForkTree, Roots, is_era_end,
    next_solution_range, verify_block,
};
use auto_core::{
    BlockNumber, DigestItem, Equivocation, EquivocationError, ErrorCode, Hash, Header, List, ShardId,
    Signature, Slot, SolutionRange, decode_strict, tag,
};
use parity_scale_codec::{Decode, Encode};

fn with_items(number: usize, change: impl FnOnce(&mut Vec<DigestItem>)) -> ConsensusError {
    let (parent, block) = fixture().at(number);
    let mut items = block.header.digest.clone().into_inner();
    change(&mut items);
    let header = Header { digest: List::new(items).unwrap(), ..block.header.clone() };
    fixture().verify(parent, &Authored { header, ..block.clone() }).unwrap_err()
}

fn with_header(number: usize, change: impl FnOnce(&mut Header)) -> ConsensusError {
    let (parent, block) = fixture().at(number);
    let mut header = block.header.clone();
    change(&mut header);
    fixture().verify(parent, &Authored { header, ..block.clone() }).unwrap_err()
}

#[test]
fn the_shared_chain_spans_eras_and_injections() {
    let fixture = fixture();
    let injections = fixture.blocks.iter().filter(|block| {
        block.header.digest.iter().any(|item| matches!(item, DigestItem::PotParametersChange(_)))
    });
    assert_eq!(injections.count(), 2);
    let last = fixture.states.last().unwrap();
    assert_ne!(last.solution_range(), fixture.params.initial_solution_range);
    assert_eq!(last.history_size().segments(), 2);
    let weight: u128 = fixture
        .verified
        .iter()
        .fold(0, |sum, block| sum + u128::from(u64::MAX - block.digest().solution_range.0));
    assert_eq!(last.weight(), weight);
}

#[test]
fn a_state_survives_its_encoding_and_gives_the_same_child() {
    let fixture = fixture();
    for (number, verified) in (1..).zip(&fixture.verified) {
        let (parent, block) = fixture.at(number);
        let bytes = parent.encode();
        let stored: ChainState = decode_strict(&bytes, bytes.len()).unwrap();
        assert_eq!(&stored, parent);
        assert_eq!(fixture.verify(&stored, block).as_ref(), Ok(verified));
        assert!(ChainState::decode(&mut &bytes[..bytes.len() - 1]).is_err());
    }
}

#[test]
fn case_12_a_digest_that_breaks_the_order_is_refused() {
    let unexpected =
        |position, expected, found| ConsensusError::DigestUnexpected { position, expected, found };
    let after = "nothing after the seal";
    assert_eq!(
        with_items(1, |items| items.push(DigestItem::PotIterations(256))),
        unexpected(4, after, "PotIterations")
    );
    assert_eq!(with_items(1, |items| items.push(items[3].clone())), unexpected(4, after, "Seal"));
    assert_eq!(
        with_items(1, |items| items.insert(1, items[0].clone())),
        unexpected(1, "PotIterations", "PreDigest")
    );
    assert_eq!(with_items(1, |items| items.swap(0, 1)), unexpected(0, "PreDigest", "PotIterations"));
    assert_eq!(with_items(1, |items| items.swap(1, 2)), unexpected(1, "PotIterations", "SolutionRange"));
    assert_eq!(
        with_items(1, |items| items.insert(3, items[2].clone())),
        unexpected(3, "Seal", "SolutionRange")
    );
    // Block 10 schedules a change: a range declared behind it is out of order.
    let range = DigestItem::NextSolutionRange(SolutionRange(9));
    assert_eq!(with_items(10, |items| items.insert(4, range)), unexpected(4, "Seal", "NextSolutionRange"));
    assert_eq!(
        with_items(10, |items| items.insert(4, items[3].clone())),
        unexpected(4, "Seal", "PotParametersChange")
    );
    for (kept, expected) in ["PreDigest", "PotIterations", "SolutionRange", "Seal"].into_iter().enumerate() {
        assert_eq!(with_items(1, |items| items.truncate(kept)), ConsensusError::DigestMissing { expected });
    }
    let empty = DigestItem::SegmentHeaders(List::default());
    assert_eq!(with_items(1, |items| items.insert(3, empty)), ConsensusError::DigestEmptySegments);
}

#[test]
fn case_12_unknown_items_and_trailing_bytes_are_undecodable() {
    let (_, block) = fixture().at(1);
    let mut bytes = block.header.encode();
    assert_eq!(decode_strict::<Header>(&bytes, bytes.len()).as_ref(), Ok(&block.header));
    // The seal is the last 65 bytes; its first byte is the index of its variant.
    let seal = bytes.len() - 65;
    assert_eq!(bytes[seal], 255);
    for unknown in 6..255 {
        bytes[seal] = unknown;
        assert!(decode_strict::<Header>(&bytes, bytes.len()).is_err(), "{unknown}");
    }
    bytes[seal] = 255;
    bytes.push(0);
    assert!(decode_strict::<Header>(&bytes, bytes.len()).is_err());
}

#[test]
fn case_12_a_header_of_another_shard_parent_or_height_is_refused() {
    let (parent, _) = fixture().at(2);
    assert_eq!(
        with_header(2, |header| header.shard = ShardId(1)),
        ConsensusError::Shard { shard: ShardId(1) }
    );
    assert_eq!(
        with_header(2, |header| header.parent_hash = Hash([9; 32])),
        ConsensusError::Parent { declared: Hash([9; 32]), expected: parent.hash() }
    );
    for declared in [0, 1, 3, u64::MAX].map(BlockNumber) {
        let expected = BlockNumber(2);
        assert_eq!(
            with_header(2, |header| header.number = declared),
            ConsensusError::Number { declared, expected }
        );
    }
}

#[test]
fn case_13_a_wrong_solution_range_is_refused() {
    let fixture = fixture();
    let expected = fixture.states[8].solution_range();
    for declared in [expected.0 + 1, expected.0 - 1, 0, u64::MAX, fixture.params.initial_solution_range.0] {
        let declared = SolutionRange(declared);
        assert_eq!(
            fixture.refusal(9, |digest| digest.solution_range = declared),
            ConsensusError::SolutionRange { declared, expected }
        );
    }
}

#[test]
fn case_13_a_wrong_next_solution_range_is_refused() {
    let fixture = fixture();
    let (parent, block) = fixture.at(8);
    let (digest, _) = BlockDigest::read(&block.header).unwrap();
    let expected = digest.next_solution_range;
    let derived =
        next_solution_range(&fixture.params, parent.solution_range(), Slot(0), digest.pre_digest.slot);
    assert_eq!(expected, Some(derived));
    assert_eq!(fixture.states[8].solution_range(), derived);
    assert_eq!(fixture.states[8].era_start_slot(), digest.pre_digest.slot);
    let (low, high) = (parent.solution_range().0 / 4, parent.solution_range().0.saturating_mul(4));
    let wrong = [derived.0 + 1, derived.0 - 1, low - 1, high.saturating_add(1)].map(SolutionRange);
    for declared in wrong.map(Some).into_iter().chain([None]) {
        assert_eq!(
            fixture.refusal(8, |digest| digest.next_solution_range = declared),
            ConsensusError::NextSolutionRange { declared, expected }
        );
    }
    for number in [1, 7, 9] {
        assert!(!is_era_end(&fixture.params, BlockNumber(number)));
        let declared = Some(derived);
        assert_eq!(
            fixture.refusal(usize::try_from(number).unwrap(), |digest| digest.next_solution_range = declared),
            ConsensusError::NextSolutionRange { declared, expected: None }
        );
    }
}

#[test]
fn case_14_a_slot_not_after_the_parent_is_refused() {
    let fixture = fixture();
    let parent = fixture.states[4].slot();
    for slot in [parent, Slot(parent.0 - 1), Slot(0)] {
        assert_eq!(
            fixture.refusal(5, |digest| digest.pre_digest.slot = slot),
            ConsensusError::SlotNotAfterParent { slot, parent }
        );
    }
    for slot in [Slot(u64::MAX), Slot(u64::MAX - 1)] {
        assert_eq!(
            fixture.refusal(5, |digest| digest.pre_digest.slot = slot),
            ConsensusError::SlotOverflow { slot }
        );
    }
}

#[test]
fn case_14_a_slot_beyond_the_local_tip_is_refused() {
    let fixture = fixture();
    let (parent, block) = fixture.at(5);
    let slot = block.header.pre_digest().unwrap().slot;
    let with_tip = |tip| {
        let cx = Context { pot_tip: Some(tip), ..fixture.context(parent, &[]) };
        verify_block(&cx, block.header.clone(), &block.justification)
    };
    assert!(with_tip(slot).is_ok());
    let tip = Slot(slot.0 - 1);
    assert_eq!(with_tip(tip), Err(ConsensusError::SlotBeyondTip { slot, tip }));
}

#[test]
fn case_15_a_seal_of_another_key_or_context_is_refused() {
    let fixture = fixture();
    let (parent, block) = fixture.at(3);
    let key = fixture.farmer.public_key();
    let message = block.header.pre_seal_hash();
    let seals = [
        stranger(9).sign(tag::SEAL, &fixture.genesis, message.as_ref()),
        fixture.farmer.sign(tag::SEAL, &Hash([9; 32]), message.as_ref()),
        fixture.farmer.sign(tag::TRANSACTION_SIGNATURE, &fixture.genesis, message.as_ref()),
        fixture.farmer.sign(tag::SEAL, &fixture.genesis, block.header.hash().as_ref()),
        Signature([0; 64]),
    ];
    for seal in seals {
        let error = with_items(3, |items| *items.last_mut().unwrap() = DigestItem::Seal(seal));
        assert_eq!(error, ConsensusError::Seal { key });
    }
    // The seal covers the fields outside the digest.
    assert_eq!(with_header(3, |header| header.state_root = Hash([9; 32])), ConsensusError::Seal { key });
    let cx = Context { genesis: &Hash([9; 32]), ..fixture.context(parent, &[]) };
    let foreign = verify_block(&cx, block.header.clone(), &block.justification);
    assert_eq!(foreign, Err(ConsensusError::Seal { key }));
}

#[test]
fn case_16_one_solution_on_two_blocks_of_one_parent_is_an_equivocation() {
    let fixture = fixture();
    let (parent, block) = fixture.at(3);
    let roots = Roots { state: Hash([77; 32]), ..ROOTS };
    let claim = block.header.pre_digest().unwrap().clone();
    let other = fixture.author_claim(parent, claim, roots, &[]);
    let mut tree = ForkTree::new(fixture.params.confirmation_depth, parent);
    let first = tree.insert(&fixture.verified[2]).unwrap();
    assert!(first.is_best && first.equivocation.is_none());
    assert!(!tree.is_equivocated(&block.header.hash()));
    let second = tree.insert(&fixture.verify(parent, &other).unwrap()).unwrap();
    assert!(!second.is_best, "equal weight keeps the first seen");
    let proof = second.equivocation.unwrap();
    assert_eq!(*proof, Equivocation::new(block.header.clone(), other.header.clone()));
    let shown = proof.verify(&fixture.genesis).unwrap();
    assert_eq!(shown.public_key, fixture.farmer.public_key());
    assert!(tree.is_equivocated(&block.header.hash()) && tree.is_equivocated(&other.header.hash()));
}

#[test]
fn case_16_one_solution_on_two_parents_is_an_equivocation() {
    let fixture = fixture();
    let (grandparent, _) = fixture.at(3);
    let (_, block) = fixture.at(4);
    let claim = block.header.pre_digest().unwrap().clone();
    let other = fixture.author_claim(grandparent, claim, ROOTS, &[]);
    let verified = fixture.verify(grandparent, &other).unwrap();
    let mut tree = ForkTree::new(fixture.params.confirmation_depth, grandparent);
    assert!(tree.insert(&verified).unwrap().is_best);
    assert_eq!(tree.insert(&fixture.verified[2]).unwrap().equivocation, None);
    let inserted = tree.insert(&fixture.verified[3]).unwrap();
    assert!(inserted.is_best);
    let proof = inserted.equivocation.unwrap();
    assert!(proof.verify(&fixture.genesis).is_ok());
    let bytes = proof.encode();
    assert_eq!(decode_strict::<Equivocation>(&bytes, bytes.len()).as_ref(), Ok(&*proof));
    tree.confirm(&fixture.verified[2].hash()).unwrap();
    assert!(!tree.is_equivocated(&block.header.hash()), "the other block left with its fork");
}

#[test]
fn case_16_a_false_equivocation_proof_is_refused() {
    let fixture = fixture();
    let (_, block) = fixture.at(3);
    let proof = |first: &Header, second: &Header| {
        Equivocation::new(first.clone(), second.clone()).verify(&fixture.genesis)
    };
    let header = &block.header;
    assert_eq!(proof(header, header), Err(EquivocationError::Order));
    assert_eq!(proof(header, &fixture.blocks[3].header), Err(EquivocationError::DifferentClaims));
    // Anyone can copy the claim into another header, but not seal it.
    let forged = Header { state_root: Hash([9; 32]), ..header.clone() };
    assert_eq!(proof(header, &forged), Err(EquivocationError::Seal));
    assert_eq!(proof(&forged, header), Err(EquivocationError::Seal));
    let unsealed = Header { digest: BlockDigest::read(header).unwrap().0.into_unsealed(), ..forged };
    let sealed = unsealed.clone().seal(&stranger(9), &fixture.genesis).unwrap();
    assert_eq!(proof(header, &sealed), Err(EquivocationError::Seal));
    assert_eq!(proof(header, &unsealed), Err(EquivocationError::NoSeal));
}

#[test]
fn case_23_weight_follows_the_range_and_not_the_height() {
    let fixture = fixture();
    for (parent, state) in fixture.states.iter().zip(&fixture.states[1..]) {
        assert_eq!(state.weight() - parent.weight(), u128::from(u64::MAX - parent.solution_range().0));
    }
    let mut tree = ForkTree::new(fixture.params.confirmation_depth, &fixture.states[0]);
    for (verified, number) in fixture.verified.iter().zip(1u64..) {
        assert!(tree.insert(verified).unwrap().is_best);
        if let Some(confirmed) = tree.next_confirmed() {
            assert_eq!(
                tree.number(&confirmed),
                Some(BlockNumber(number - fixture.params.confirmation_depth))
            );
            assert_eq!(tree.confirm(&confirmed), Ok(vec![]));
        }
    }
    assert_eq!(tree.best(), fixture.verified.last().unwrap().hash());
}

#[test]
fn every_error_code_is_explained_once() {
    let codes: std::collections::BTreeSet<_> = ERRORS.iter().map(|entry| entry.code).collect();
    assert_eq!(codes.len(), ERRORS.len());
    for (number, entry) in (1..).zip(ERRORS) {
        assert_eq!(entry.code, format!("CON-{number:04}"));
        assert!(!entry.what.is_empty() && !entry.why.is_empty() && !entry.hint.is_empty());
    }
    assert_eq!(ConsensusError::NotOnBestChain { hash: Hash::ZERO }.code(), ERRORS.last().unwrap().code);
}
