//! What an adversary may try with a block's time, one test per case.

#[allow(clippy::mod_module_files, reason = "cargo takes tests/support.rs for a test of its own")]
mod support;

use auto_core::{PotOutput, PotSeed, Slot};
use auto_proof_of_time::{TimeError, TimeState, VerifiedCache, verify};
use support::{Block, DELAY, ITERATIONS, change, genesis, keep_time, spoiled, state};

/// A block that claims slot 5 and proves slots 1 to 9.
fn honest() -> Block {
    Block::new(genesis(), None, &keep_time(genesis(), None, 9))
}

#[test]
fn honest_time_is_accepted() {
    let block = honest();
    let time = block.verify().expect("honest time");
    assert_eq!(time.end.slot, Slot(9));
    assert_eq!(time.end.output, block.claim.future_proof_of_time);
    assert_eq!(time.slot_iterations, Some(ITERATIONS));
}

#[test]
fn a_child_that_claims_a_slot_before_its_parents_future_slot_is_accepted() {
    let proofs = keep_time(genesis(), None, 12);
    let parent = state(&proofs[8]);
    let mut child = Block::new(parent, None, &proofs[9..]);
    assert_eq!(child.claim.slot, Slot(8));
    child.claim.proof_of_time = proofs[7].checkpoints.output();
    assert_eq!(child.verify(), Err(TimeError::EarlierOutputUnknown(Slot(8))));
    child.earlier = Some(proofs[7].checkpoints.output());
    assert_eq!(child.verify().map(|time| time.slot_iterations), Ok(None));
    child.earlier = Some(proofs[6].checkpoints.output());
    assert_eq!(child.verify(), Err(TimeError::Output(Slot(8))));
    let mut at_parent = Block::new(parent, None, &keep_time(parent, None, 4));
    assert_eq!(at_parent.claim.slot, parent.slot);
    assert_eq!(at_parent.verify().map(|time| time.slot_iterations), Ok(Some(ITERATIONS)));
    at_parent.claim.proof_of_time = proofs[7].checkpoints.output();
    assert_eq!(at_parent.verify(), Err(TimeError::Output(parent.slot)));
}

#[test]
fn case_24_one_wrong_checkpoint_with_the_right_output_is_refused() {
    let proofs = keep_time(genesis(), None, 9);
    for slot in [0, 3, 8] {
        for position in 0..7 {
            let mut forged = proofs.clone();
            forged[slot] = spoiled(&proofs[slot], position);
            assert_eq!(forged[slot].checkpoints.output(), proofs[slot].checkpoints.output());
            let block = Block::new(genesis(), None, &forged);
            assert_eq!(block.verify(), Err(TimeError::Checkpoints(proofs[slot].slot)));
        }
    }
}

#[test]
fn case_25_outputs_that_differ_from_the_header_are_refused() {
    let mut block = honest();
    block.claim.future_proof_of_time.0[0] ^= 1;
    assert_eq!(block.verify(), Err(TimeError::FutureOutput(Slot(9))));
    let mut block = honest();
    block.claim.proof_of_time = block.justification.checkpoints[3].output();
    assert_eq!(block.verify(), Err(TimeError::Output(Slot(5))));
}

#[test]
fn case_26_justification_of_wrong_length_or_fork_is_refused() {
    let proofs = keep_time(genesis(), None, 10);
    let list = |count: usize| proofs.iter().take(count).map(|proof| proof.checkpoints).collect();
    let mut block = honest();
    for count in [0, 1, 8, 10] {
        block.set(list(count));
        let actual = u64::try_from(count).expect("small");
        assert_eq!(block.verify(), Err(TimeError::CheckpointCount { expected: 9, actual }));
    }
    block.set(list(9));
    block.justification.seed = PotSeed([1; 16]);
    assert_eq!(block.verify(), Err(TimeError::Seed(Slot(1))));
    // A whole fork of time with another seed: the first seed gives it away, and hiding it does too.
    let other = keep_time(TimeState::genesis(PotSeed([1; 16]), ITERATIONS), None, 9);
    let mut fork = Block::new(genesis(), None, &other);
    assert_eq!(fork.verify(), Err(TimeError::Seed(Slot(1))));
    fork.justification.seed = PotSeed(genesis().output.0);
    assert_eq!(fork.verify(), Err(TimeError::Checkpoints(Slot(1))));
    for (slot, future) in [(10, 9), (0, 0), (5, 0)] {
        let mut block = honest();
        (block.claim.slot, block.claim.future_slot) = (Slot(slot), Slot(future));
        assert!(matches!(block.verify(), Err(TimeError::SlotOrder { .. })));
    }
}

#[test]
fn case_27_iterations_lowered_or_changed_elsewhere_are_refused() {
    let mut block = honest();
    block.change = Some(change(5, ITERATIONS - 16, 1));
    let lowered = TimeError::IterationsLowered { from: ITERATIONS, to: ITERATIONS - 16 };
    assert_eq!(block.verify(), Err(lowered));
    block.change = Some(change(5, ITERATIONS + 8, 1));
    assert_eq!(block.verify(), Err(TimeError::Iterations(ITERATIONS + 8)));
    block.change = Some(change(5, 0, 1));
    assert_eq!(block.verify(), Err(TimeError::Iterations(0)));
    // A change that is over cannot bring iterations that are not in force.
    let proofs = keep_time(genesis(), None, 18);
    let mut block = Block::new(state(&proofs[8]), None, &proofs[9..]);
    block.change = Some(change(9, ITERATIONS * 2, 1));
    let outside = TimeError::IterationsOutsideInjection { expected: ITERATIONS, actual: ITERATIONS * 2 };
    assert_eq!(block.verify(), Err(outside));
    block.change = Some(change(9, ITERATIONS, 1));
    assert!(block.verify().is_ok());
    // More iterations than scheduled, with no injection at all.
    let more = keep_time(TimeState { iterations: ITERATIONS * 2, ..genesis() }, None, 9);
    let block = Block::new(genesis(), None, &more);
    assert_eq!(block.verify(), Err(TimeError::Checkpoints(Slot(1))));
}

#[test]
fn case_28_injection_a_slot_early_late_or_omitted_is_refused() {
    let due = change(6, ITERATIONS * 2, 7);
    assert!(Block::new(genesis(), Some(due), &keep_time(genesis(), Some(due), 9)).verify().is_ok());
    let others = [
        (Some(change(5, ITERATIONS * 2, 7)), 5),
        (Some(change(7, ITERATIONS * 2, 7)), 6),
        (None, 6),
        (Some(change(6, ITERATIONS * 2, 8)), 6),
        (Some(change(6, ITERATIONS, 7)), 6),
    ];
    for (made_with, wrong) in others {
        let mut block = Block::new(genesis(), made_with, &keep_time(genesis(), made_with, 9));
        block.change = Some(due);
        assert_eq!(block.verify(), Err(TimeError::Checkpoints(Slot(wrong))), "{made_with:?}");
    }
    // At the very first slot of a block the seed alone decides.
    let due = change(1, ITERATIONS, 7);
    let mut block = honest();
    block.change = Some(due);
    assert_eq!(block.verify(), Err(TimeError::Seed(Slot(1))));
}

#[test]
fn case_29_seed_as_key_and_seed_kept_at_injection_are_refused() {
    use aes_chain::encrypt_under;
    let proof = keep_time(genesis(), None, 1)[0];
    let derived = encrypt_under(proof.seed.key().0, proof.seed.0, ITERATIONS);
    assert_eq!(derived, proof.checkpoints);
    let seed_as_key = encrypt_under(proof.seed.0, proof.seed.0, ITERATIONS);
    assert!(!verify(proof.seed, ITERATIONS, &seed_as_key));
    let due = change(3, ITERATIONS, 7);
    let kept = keep_time(genesis(), None, 9);
    let mut block = Block::new(genesis(), None, &kept);
    block.change = Some(due);
    assert_eq!(block.verify(), Err(TimeError::Checkpoints(Slot(3))));
    let input = state(&kept[1]).next_input(Some(&due));
    assert_ne!(input.seed, kept[1].checkpoints.output().seed());
    assert_eq!(input.seed, kept[1].checkpoints.output().seed_with_entropy(&due.entropy));
}

#[test]
fn case_32_a_fork_that_compresses_time_is_refused() {
    // Ten slots with a tenth of the work each, whose outputs fit one another.
    let fast = keep_time(TimeState { iterations: 16, ..genesis() }, None, 10);
    let block = Block::new(genesis(), None, &fast);
    assert_eq!(block.verify(), Err(TimeError::Checkpoints(Slot(1))));
    // Announcing fewer iterations by a change does not help.
    let mut block = Block::new(genesis(), None, &fast);
    block.change = Some(change(1, 16, 0));
    assert_eq!(block.verify(), Err(TimeError::IterationsLowered { from: ITERATIONS, to: 16 }));
    // Nor does skipping slots: each counts.
    let honest = keep_time(genesis(), None, 9);
    let mut skipping = Block::new(genesis(), None, &honest);
    skipping.claim.future_slot = Slot(20);
    skipping.claim.slot = Slot(20 - DELAY);
    assert_eq!(skipping.verify(), Err(TimeError::CheckpointCount { expected: 20, actual: 9 }));
}

#[test]
fn case_33_a_cached_verdict_holds_for_its_seed_and_iterations_only() {
    let cache = VerifiedCache::new(100);
    let block = honest();
    assert!(block.verify_with(&cache).is_ok());
    let first = block.justification.checkpoints[0];
    let seed = block.justification.seed;
    assert!(cache.verify(seed, ITERATIONS, &first));
    assert_eq!(cache.get(seed, ITERATIONS * 2), None);
    assert!(!cache.verify(seed, ITERATIONS * 2, &first));
    assert!(!cache.verify(PotSeed([1; 16]), ITERATIONS, &first));
    // Known slots of a fork do not carry over to one with an injection.
    let mut other = honest();
    other.change = Some(change(4, ITERATIONS, 3));
    assert_eq!(other.verify_with(&cache), Err(TimeError::Checkpoints(Slot(4))));
    // And a forged slot is refused by the cache as by AES.
    let forged = spoiled(&keep_time(genesis(), None, 1)[0], 2);
    assert!(!cache.verify(seed, ITERATIONS, &forged.checkpoints));
    assert_eq!(cache.get(seed, ITERATIONS), Some(first));
}

#[test]
fn cheap_rules_decide_before_aes() {
    // With this many iterations AES would not come back.
    let huge = u64::MAX - 15;
    let mut block = honest();
    block.parent.iterations = huge;
    block.claim.future_proof_of_time = PotOutput([0; 16]);
    assert_eq!(block.verify(), Err(TimeError::FutureOutput(Slot(9))));
}

mod aes_chain {
    use auto_core::{PotCheckpoints, PotOutput};

    pub(super) fn encrypt_under(key: [u8; 16], block: [u8; 16], iterations: u64) -> PotCheckpoints {
        use aes::cipher::{BlockCipherEncrypt, KeyInit};
        let cipher = aes::Aes128::new(&key.into());
        let mut block = block.into();
        PotCheckpoints(std::array::from_fn(|_| {
            for _ in 0..iterations / 8 {
                cipher.encrypt_block(&mut block);
            }
            PotOutput(block.into())
        }))
    }
}
