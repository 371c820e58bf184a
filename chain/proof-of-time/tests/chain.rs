//! The machine that keeps the best chain of time.

#[allow(clippy::mod_module_files, reason = "cargo takes tests/support.rs for a test of its own")]
mod support;

use auto_core::{PotOutput, PotSeed, Slot};
use auto_proof_of_time::{
    ChainLimits, Outcome, PotChain, TimeError, TimeState, Update, VerifiedCache, verify_many,
};
use proptest::prelude::*;
use std::sync::Arc;
use support::{Block, ITERATIONS, chain, change, fed, genesis, keep_time, spoiled, state};

fn extended(from: u64, to: u64) -> Outcome {
    Outcome::Extended { from: Slot(from), to: Slot(to) }
}

#[test]
fn proofs_in_any_order_end_in_the_same_chain() {
    let proofs = keep_time(genesis(), None, 4);
    let mut chain = chain(None);
    assert_eq!(chain.on_proof(1, &proofs[2]), Outcome::Buffered);
    assert_eq!(chain.on_proof(2, &proofs[2]), Outcome::AlreadyKnown);
    assert_eq!(chain.on_proof(1, &proofs[1]), Outcome::Buffered);
    assert_eq!(chain.on_proof(1, &proofs[0]), extended(1, 3));
    assert_eq!(chain.on_proof(1, &proofs[3]), extended(4, 4));
    assert_eq!(chain.on_proof(1, &proofs[3]), Outcome::AlreadyKnown);
    assert_eq!(chain.tip(), state(&proofs[3]));
    assert_eq!(chain.proof_at(Slot(2)), Some(proofs[1]));
    assert_eq!(chain.proof_at(Slot(0)), None);
    assert_eq!(chain.proof_at(Slot(5)), None);
}

#[test]
fn history_is_bounded_and_justifies_what_it_holds() {
    let limits = ChainLimits { history: 5, ..ChainLimits::default() };
    let mut chain = PotChain::new(limits, Arc::new(VerifiedCache::new(2)), genesis(), None);
    let proofs = keep_time(genesis(), None, 9);
    for proof in &proofs {
        assert_eq!(chain.on_own_proof(proof), Outcome::Extended { from: proof.slot, to: proof.slot });
    }
    assert_eq!(chain.output_at(Slot(3)), None);
    assert_eq!(chain.output_at(Slot(4)), Some(proofs[3].checkpoints.output()));
    assert_eq!(chain.checkpoints_between(Slot(3), Slot(9)), None);
    assert_eq!(chain.checkpoints_between(Slot(4), Slot(10)), None);
    assert_eq!(chain.checkpoints_between(Slot(6), Slot(6)), None);
    let justification = chain.checkpoints_between(Slot(4), Slot(9)).expect("kept");
    let mut block = Block::new(state(&proofs[3]), None, &proofs[4..]);
    assert_eq!(block.justification, justification);
    block.justification = justification;
    assert!(block.verify().is_ok());
    assert_eq!(chain.on_proof(1, &proofs[0]), Outcome::Rejected(TimeError::TooOld(Slot(1))));
    assert_eq!(chain.on_own_proof(&proofs[0]), Outcome::Rejected(TimeError::TooOld(Slot(1))));
    assert_eq!(chain.on_own_proof(&proofs[8]), Outcome::AlreadyKnown);
}

#[test]
fn case_30_proofs_too_far_ahead_or_with_too_many_iterations_are_refused() {
    let proofs = keep_time(genesis(), None, 11);
    let mut chain = chain(None);
    assert_eq!(chain.on_proof(1, &proofs[9]), Outcome::Buffered);
    let far = TimeError::TooFarAhead { slot: Slot(11), tip: Slot(0) };
    assert_eq!(chain.on_proof(1, &proofs[10]), Outcome::Rejected(far));
    let mut proof = proofs[4];
    proof.iterations = ITERATIONS + ITERATIONS / 2;
    assert_eq!(chain.on_proof(1, &proof), Outcome::Buffered);
    proof.iterations += 1;
    assert_eq!(chain.on_proof(2, &proof), Outcome::Rejected(TimeError::Iterations(385)));
    proof.iterations += 15;
    let over = TimeError::IterationsOverBound { actual: 400, limit: 384 };
    assert_eq!(chain.on_proof(3, &proof), Outcome::Rejected(over));
    // For the next slot they must be exact.
    let mut next = proofs[0];
    next.iterations = ITERATIONS + 16;
    assert_eq!(chain.on_proof(3, &next), Outcome::Rejected(TimeError::OtherChain(Slot(1))));
    // A change that is due raises the bound.
    let _ = chain.set_change(Some(change(4, ITERATIONS * 2, 1)));
    proof.iterations = ITERATIONS * 3;
    assert_eq!(chain.on_proof(3, &proof), Outcome::Buffered);
}

#[test]
fn case_31_many_seeds_for_one_slot_from_one_peer_cost_nothing_and_end_in_a_ban() {
    let (mut chain, _) = fed(None, 2);
    let mut proof = keep_time(genesis(), None, 3)[2];
    // For the next slot the seed is known, so none of these reaches AES.
    for seed in 0..100 {
        let mut forged = proof;
        forged.seed = PotSeed([seed; 16]);
        assert_eq!(chain.on_proof(7, &forged), Outcome::Rejected(TimeError::OtherChain(Slot(3))));
    }
    proof.slot = Slot(5);
    let mut outcomes = Vec::new();
    for seed in 0..100 {
        proof.seed = PotSeed([seed; 16]);
        outcomes.push(chain.on_proof(7, &proof));
    }
    let buffered = outcomes.iter().filter(|outcome| **outcome == Outcome::Buffered).count();
    assert_eq!(buffered, ChainLimits::default().variants_per_source);
    assert_eq!(outcomes.last(), Some(&Outcome::Rejected(TimeError::SourceExhausted(7))));
    assert_eq!(chain.take_exhausted(), [7]);
    assert!(chain.take_exhausted().is_empty());
    // Others are heard, and the banned source is forgiven in time.
    let limits = ChainLimits { forgiven_after: 3, ..ChainLimits::default() };
    let mut chain = PotChain::new(limits, Arc::new(VerifiedCache::new(50)), genesis(), None);
    let proofs = keep_time(genesis(), None, 8);
    for position in 0..4 {
        let refused = Outcome::Rejected(TimeError::Checkpoints(Slot(1)));
        assert_eq!(chain.on_proof(7, &spoiled(&proofs[0], position)), refused);
    }
    assert_eq!(chain.on_proof(7, &proofs[0]), Outcome::Rejected(TimeError::SourceExhausted(7)));
    for proof in &proofs[..3] {
        assert_eq!(chain.on_proof(8, proof), Outcome::Extended { from: proof.slot, to: proof.slot });
    }
    assert_eq!(chain.on_proof(7, &proofs[3]), extended(4, 4));
}

#[test]
fn case_31_many_sources_cannot_cost_more_than_proving_the_slot() {
    let mut chain = chain(None);
    let proof = keep_time(genesis(), None, 1)[0];
    let mut outcomes = Vec::new();
    for source in 0..100u8 {
        let mut forged = proof;
        forged.checkpoints.0[0].0[0] = source;
        forged.checkpoints.0[0].0[1] ^= 1;
        outcomes.push(chain.on_proof(u64::from(source), &forged));
    }
    let wrong = Outcome::Rejected(TimeError::Checkpoints(Slot(1)));
    assert_eq!(outcomes[..11], vec![wrong; 11]);
    assert_eq!(outcomes[11], extended(1, 1));
    assert_eq!(outcomes[12..], vec![wrong; 88]);
    assert_eq!(chain.tip(), state(&proof));
}

#[test]
fn waiting_proofs_are_bounded_in_all_and_faults_fall_back_on_their_sources() {
    let proofs = keep_time(genesis(), None, 3);
    let mut chain = chain(None);
    for source in 0..16u8 {
        let mut forged = proofs[2];
        forged.checkpoints.0[0].0[0] ^= source + 1;
        assert_eq!(chain.on_proof(u64::from(source), &forged), Outcome::Buffered);
    }
    assert_eq!(chain.on_proof(99, &proofs[2]), Outcome::Rejected(TimeError::BufferFull(Slot(3))));
    assert_eq!(chain.on_proof(50, &proofs[0]), extended(1, 1));
    // Slot 3 is proven here after twelve wrong proofs.
    assert_eq!(chain.on_proof(50, &proofs[1]), extended(2, 3));
    assert_eq!(chain.tip(), state(&proofs[2]));
}

#[test]
fn case_34_a_proof_that_waits_is_not_trusted_until_verified() {
    let proofs = keep_time(genesis(), None, 3);
    let mut chain = chain(None);
    assert_eq!(chain.on_proof(1, &spoiled(&proofs[1], 7)), Outcome::Buffered);
    assert_eq!(chain.output_at(Slot(2)), None);
    assert_eq!(chain.proof_at(Slot(2)), None);
    assert_eq!(chain.checkpoints_between(Slot(0), Slot(2)), None);
    assert_eq!(chain.on_proof(2, &proofs[0]), extended(1, 1));
    assert_eq!(chain.output_at(Slot(2)), None);
    assert_eq!(chain.on_proof(2, &proofs[1]), extended(2, 2));
    assert_eq!(chain.output_at(Slot(2)), Some(proofs[1].checkpoints.output()));
}

#[test]
fn case_27_28_an_injection_learned_in_time_is_followed_and_nothing_else() {
    let due = change(4, ITERATIONS * 2, 5);
    let mut chain = chain(None);
    assert_eq!(chain.set_change(Some(due)), Update::default());
    let right = keep_time(genesis(), Some(due), 6);
    let plain = keep_time(genesis(), None, 6);
    for proof in &right[..3] {
        assert_eq!(chain.on_proof(1, proof), Outcome::Extended { from: proof.slot, to: proof.slot });
    }
    let other = Outcome::Rejected(TimeError::OtherChain(Slot(4)));
    assert_eq!(chain.on_proof(1, &plain[3]), other);
    let mut lowered = right[3];
    lowered.iterations = ITERATIONS;
    assert_eq!(chain.on_proof(1, &lowered), other);
    assert_eq!(chain.next().iterations, ITERATIONS * 2);
    assert_eq!(chain.on_proof(1, &right[3]), extended(4, 4));
    assert_eq!(chain.next(), state(&right[3]).next_input(Some(&due)));
    assert_eq!(chain.on_proof(1, &right[4]), extended(5, 5));
}

#[test]
fn case_35_an_injection_learned_late_reverts_the_slots_built_without_it() {
    let (mut chain, plain) = fed(None, 6);
    let due = change(4, ITERATIONS * 2, 5);
    let update = chain.set_change(Some(due));
    assert_eq!(update, Update { reverted_from: Some(Slot(4)), extended: None });
    assert_eq!(chain.tip(), state(&plain[2]));
    assert_eq!(chain.next(), state(&plain[2]).next_input(Some(&due)));
    assert_eq!(chain.checkpoints_between(Slot(0), Slot(4)), None);
    let right = keep_time(genesis(), Some(due), 6);
    assert_eq!(chain.on_proof(1, &right[4]), Outcome::Buffered);
    assert_eq!(chain.on_proof(1, &right[3]), extended(4, 5));
    // Back again: the slots known before need no second proof.
    let update = chain.set_change(None);
    assert_eq!(update, Update { reverted_from: Some(Slot(4)), extended: Some((Slot(4), Slot(6))) });
    assert_eq!(chain.tip(), state(&plain[5]));
}

#[test]
fn case_35_a_reorganisation_to_another_injection_reports_the_first_differing_slot() {
    let (ours, theirs) = (change(4, ITERATIONS, 5), change(5, ITERATIONS, 6));
    let cache = Arc::new(VerifiedCache::new(100));
    let mut chain = PotChain::new(ChainLimits::default(), Arc::clone(&cache), genesis(), Some(ours));
    let our_time = keep_time(genesis(), Some(ours), 10);
    for proof in &our_time {
        assert_eq!(chain.on_own_proof(proof), Outcome::Extended { from: proof.slot, to: proof.slot });
    }
    // The other fork's blocks were verified with the same cache.
    let their_time = keep_time(genesis(), Some(theirs), 9);
    assert!(Block::new(genesis(), Some(theirs), &their_time).verify_with(&cache).is_ok());
    let update = chain.reset_to(state(&their_time[8]), Some(theirs));
    assert_eq!(update, Update { reverted_from: Some(Slot(4)), extended: Some((Slot(4), Slot(9))) });
    assert_eq!(chain.output_at(Slot(3)), Some(our_time[2].checkpoints.output()));
    assert_eq!(chain.output_at(Slot(9)), Some(their_time[8].checkpoints.output()));
    assert!(chain.checkpoints_between(Slot(0), Slot(9)).is_some());
}

#[test]
fn case_35_a_reorganisation_to_unknown_time_starts_anew_and_reverts_everything_kept() {
    let (mut chain, _) = fed(Some(change(4, ITERATIONS, 5)), 8);
    let theirs = Some(change(4, ITERATIONS, 6));
    let their_time = keep_time(genesis(), theirs, 9);
    let best = state(&their_time[5]);
    let update = chain.reset_to(best, theirs);
    assert_eq!(update, Update { reverted_from: Some(Slot(1)), extended: Some((Slot(6), Slot(6))) });
    assert_eq!(chain.tip(), best);
    assert_eq!(chain.output_at(Slot(5)), None);
    assert_eq!(chain.on_proof(1, &their_time[6]), extended(7, 7));
}

#[test]
fn the_best_block_following_the_chain_reverts_nothing() {
    let due = change(6, ITERATIONS * 2, 1);
    let (mut chain, proofs) = fed(Some(due), 9);
    assert_eq!(chain.reset_to(state(&proofs[6]), Some(due)), Update::default());
    // The next change replaces the one that was applied, and does not undo it.
    let next = change(12, ITERATIONS * 4, 2);
    assert_eq!(chain.reset_to(state(&proofs[7]), Some(next)), Update::default());
    assert_eq!(chain.output_at(Slot(6)), Some(proofs[5].checkpoints.output()));
    let more = keep_time(state(&proofs[8]), Some(next), 4);
    for proof in &more {
        assert_eq!(chain.on_proof(1, proof), Outcome::Extended { from: proof.slot, to: proof.slot });
    }
    assert_eq!(chain.tip().iterations, ITERATIONS * 4);
    // A block ahead of the chain, whose slots the cache knows, extends it.
    let ahead = keep_time(chain.tip(), Some(next), 3);
    let cache = Arc::new(VerifiedCache::new(100));
    let mut late = PotChain::new(ChainLimits::default(), Arc::clone(&cache), genesis(), None);
    let proofs = keep_time(genesis(), None, 7);
    assert!(Block::new(genesis(), None, &proofs).verify_with(&cache).is_ok());
    let update = late.reset_to(state(&proofs[6]), None);
    assert_eq!(update, Update { reverted_from: None, extended: Some((Slot(1), Slot(7))) });
    // One that it does not know starts it anew.
    assert_eq!(late.reset_to(state(&ahead[2]), Some(next)).extended, Some((ahead[2].slot, ahead[2].slot)));
    assert_eq!(late.tip(), state(&ahead[2]));
}

#[test]
fn only_the_next_unknown_slot_needs_verification() {
    let proofs = keep_time(genesis(), None, 2);
    let cache = Arc::new(VerifiedCache::new(10));
    let mut chain = PotChain::new(ChainLimits::default(), Arc::clone(&cache), genesis(), None);
    assert!(chain.needs_verification(&proofs[0]));
    assert!(!chain.needs_verification(&proofs[1]));
    let mut forged = proofs[0];
    forged.seed = PotSeed([1; 16]);
    assert!(!chain.needs_verification(&forged));
    assert!(cache.verify(proofs[0].seed, proofs[0].iterations, &proofs[0].checkpoints));
    assert!(!chain.needs_verification(&proofs[0]));
    assert_eq!(chain.on_proof(1, &proofs[0]), extended(1, 1));
    assert!(chain.needs_verification(&proofs[1]));
}

#[test]
fn extreme_slots_and_outputs_do_no_harm() {
    let edge = TimeState { slot: Slot(u64::MAX - 1), output: PotOutput([1; 16]), iterations: ITERATIONS };
    let mut chain = chain(None);
    let _ = chain.reset_to(edge, Some(change(u64::MAX, u64::MAX - 15, 1)));
    let mut proof = keep_time(genesis(), None, 1)[0];
    for slot in [0, 1, u64::MAX - 1, u64::MAX] {
        proof.slot = Slot(slot);
        assert!(matches!(chain.on_proof(slot, &proof), Outcome::Rejected(_)));
    }
    assert_eq!(chain.checkpoints_between(Slot(u64::MAX), Slot(u64::MAX)), None);
    assert_eq!(chain.checkpoints_between(Slot(0), Slot(u64::MAX)), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_order_of_delivery_within_the_window_gives_the_same_tip(order in Just((0usize..10).collect::<Vec<_>>()).prop_shuffle(), noise in 0usize..8) {
        let due = Some(change(5, ITERATIONS * 2, 1));
        let proofs = keep_time(genesis(), due, 10);
        let mut chain = chain(due);
        for position in order {
            let _ = chain.on_proof(2, &spoiled(&proofs[position], noise));
            let _ = chain.on_proof(1, &proofs[position]);
        }
        for proof in &proofs {
            let _ = chain.on_proof(3, proof);
        }
        prop_assert_eq!(chain.tip(), state(&proofs[9]));
        let all: Vec<_> = (1..=10).map(|slot| chain.proof_at(Slot(slot)).expect("kept")).collect();
        prop_assert_eq!(&all, &proofs);
        let slots: Vec<_> = all.iter().map(|proof| (proof.seed, proof.iterations, proof.checkpoints)).collect();
        prop_assert!(verify_many(&slots));
    }
}
