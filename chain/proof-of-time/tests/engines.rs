//! Every engine gives the same bytes and the same verdicts.

use auto_core::{PotCheckpoints, PotSeed};
use auto_proof_of_time::{Engine, SlotProof, TimeError, first_invalid, prove, verify_many};
use proptest::prelude::*;

fn slot(seed: [u8; 16], iterations: u64) -> SlotProof {
    (PotSeed(seed), iterations, prove(PotSeed(seed), iterations).expect("valid iterations"))
}

fn flip(checkpoints: &PotCheckpoints, position: usize, bit: usize) -> PotCheckpoints {
    let mut wrong = *checkpoints;
    wrong.0[position].0[bit / 8] ^= 1 << (bit % 8);
    wrong
}

#[test]
fn the_last_engine_is_the_fastest_and_portable_is_always_there() {
    let engines = Engine::available();
    assert_eq!(engines.first().map(|engine| engine.name()), Some("portable"));
    assert_eq!(engines.last(), Some(&Engine::fastest()));
}

#[test]
fn iterations_that_no_slot_may_have_are_refused() {
    let (seed, _, checkpoints) = slot([1; 16], 16);
    for engine in Engine::available() {
        for iterations in [0, 1, 8, 15, 17, 24, 100, u64::MAX] {
            assert_eq!(engine.prove(seed, iterations), Err(TimeError::Iterations(iterations)));
            assert!(!engine.verify(seed, iterations, &checkpoints));
            assert_eq!(
                engine.verify_each(&[(seed, iterations, checkpoints), (seed, iterations, checkpoints)]),
                [false, false]
            );
        }
    }
}

#[test]
fn one_wrong_slot_among_many_is_found_wherever_it_is() {
    let proofs: Vec<SlotProof> = (0..41).map(|seed| slot([seed; 16], 1 << 12)).collect();
    assert!(verify_many(&proofs));
    assert!(verify_many(&[]));
    for position in [0, 1, 15, 16, 31, 40] {
        let mut proofs = proofs.clone();
        proofs[position].2 = flip(&proofs[position].2, 5, 77);
        assert!(!verify_many(&proofs));
        assert_eq!(first_invalid(&proofs), Some(position));
    }
}

#[test]
fn many_slots_over_all_cores_get_the_verdicts_of_one_core() {
    let mut proofs: Vec<SlotProof> = (0..6).map(|seed| slot([seed; 16], 1 << 19)).collect();
    assert_eq!(first_invalid(&proofs), None);
    proofs[4].2 = flip(&proofs[4].2, 0, 0);
    assert_eq!(first_invalid(&proofs), Some(4));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn engines_agree(seed: [u8; 16], other: [u8; 16], parts in 1u64..40, more in 1u64..40, position in 0usize..8, bit in 0usize..128) {
        let (seed, iterations, right) = slot(seed, parts * 16);
        let others = slot(other, more * 16);
        let twin = slot(other, parts * 16);
        let wrong = flip(&right, position, bit);
        for engine in Engine::available() {
            prop_assert_eq!(engine.prove(seed, iterations), Ok(right));
            prop_assert!(engine.verify(seed, iterations, &right));
            prop_assert!(!engine.verify(seed, iterations, &wrong));
            prop_assert!(!engine.verify(seed, iterations + 16, &right));
            let proofs = [(seed, iterations, right), twin, (seed, iterations, wrong), twin, others, (seed, iterations, right), (seed, iterations, wrong)];
            prop_assert_eq!(engine.verify_each(&proofs), [true, true, false, true, true, true, false]);
            let swapped = [twin, (seed, iterations, wrong)];
            prop_assert_eq!(engine.verify_each(&swapped), [true, false]);
        }
    }
}
