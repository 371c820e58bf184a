//! Headers that are refused for their proof of time (cases 24 to 29).

use crate::fixture::{Authored, Fixture, ROOTS, checkpoints_from, fixture};
use auto_consensus::{ChainState, ConsensusError, solution_entropy};
use auto_core::{
    DigestItem, Hash, List, PotCheckpoints, PotJustification, PotOutput, PotParametersChange, PotSeed,
    PreDigest, Slot, is_within_range,
};
use auto_proof_of_time::TimeError;

fn refusal(number: usize, change: impl FnOnce(&mut PotSeed, &mut Vec<PotCheckpoints>)) -> TimeError {
    let (parent, block) = fixture().at(number);
    let mut seed = block.justification.seed;
    let mut checkpoints = block.justification.checkpoints.clone().into_inner();
    change(&mut seed, &mut checkpoints);
    let justification = PotJustification { seed, checkpoints: List::new(checkpoints).unwrap() };
    time_error(fixture().verify(parent, &Authored { justification, ..block.clone() }).unwrap_err())
}

fn time_error(error: ConsensusError) -> TimeError {
    match error {
        ConsensusError::Time(error) => error,
        other => panic!("{other:?}"),
    }
}

fn future(parent: &ChainState) -> Slot {
    Slot(parent.future_slot().0 + 1)
}

fn scheduled(block: &Authored) -> PotParametersChange {
    let find = |item: &DigestItem| match item {
        DigestItem::PotParametersChange(change) => Some(*change),
        _ => None,
    };
    block.header.digest.iter().find_map(find).unwrap()
}

#[test]
fn case_24_one_wrong_checkpoint_is_refused() {
    for position in 0..7 {
        let error = refusal(2, |_, checkpoints| checkpoints[0].0[position].0[5] ^= 1);
        assert_eq!(error, TimeError::Checkpoints(future(fixture().at(2).0)));
    }
}

#[test]
fn case_25_another_future_proof_of_time_is_refused() {
    let fixture = fixture();
    let slot = fixture.states[2].future_slot();
    let error = fixture.refusal(2, |digest| digest.pre_digest.future_proof_of_time.0[0] ^= 1);
    assert_eq!(error, ConsensusError::Time(TimeError::FutureOutput(slot)));
    let error = refusal(2, |_, checkpoints| {
        let last = checkpoints.last_mut().unwrap();
        last.0[7].0[0] ^= 1;
    });
    assert_eq!(error, TimeError::FutureOutput(slot));
}

/// A block whose solution is right for an output that its slot does not have.
fn forged_output(
    fixture: &Fixture,
    parent: &ChainState,
    slots: impl Iterator<Item = (Slot, PotOutput)>,
) -> Authored {
    let forged = |(slot, proof_of_time): (Slot, PotOutput)| {
        let (solution, distance) = fixture.solve(&fixture.sector, &proof_of_time, slot)?;
        let future_proof_of_time = fixture.output(parent, Slot(slot.0 + 2));
        is_within_range(distance, parent.solution_range()).then_some(PreDigest {
            slot,
            solution,
            proof_of_time,
            future_proof_of_time,
        })
    };
    let pre_digest = { slots }.find_map(forged).unwrap();
    fixture.author_claim(parent, pre_digest, ROOTS, &[])
}

#[test]
fn case_25_a_proof_of_time_of_another_slot_is_refused() {
    let fixture = fixture();
    let (parent, _) = fixture.at(4);
    // Proven in the block's own justification.
    let late = (3..60).map(|ahead| {
        let slot = Slot(parent.slot().0 + ahead);
        (slot, fixture.output(parent, Slot(slot.0 + 1)))
    });
    let block = forged_output(fixture, parent, late);
    let slot = block.header.pre_digest().unwrap().slot;
    assert_eq!(time_error(fixture.verify(parent, &block).unwrap_err()), TimeError::Output(slot));
    // Proven by the parent already: outputs an author might pick at will.
    let slot = Slot(parent.slot().0 + 1);
    let early = (0..=255).map(|byte| (slot, PotOutput([byte; 16])));
    let block = forged_output(fixture, parent, early);
    assert_eq!(time_error(fixture.verify(parent, &block).unwrap_err()), TimeError::Output(slot));
}

#[test]
fn case_26_a_justification_of_wrong_length_is_refused() {
    let expected = u64::try_from(fixture().at(3).1.justification.checkpoints.len()).unwrap();
    let count = |actual| TimeError::CheckpointCount { expected, actual };
    assert_eq!(refusal(3, |_, checkpoints| checkpoints.truncate(checkpoints.len() - 1)), count(expected - 1));
    assert_eq!(refusal(3, |_, checkpoints| *checkpoints = checkpoints.split_off(1)), count(expected - 1));
    assert_eq!(refusal(3, |_, checkpoints| checkpoints.push(checkpoints[0])), count(expected + 1));
    assert_eq!(refusal(3, |_, checkpoints| checkpoints.clear()), count(0));
    let (parent, block) = fixture().at(3);
    let missing = Authored { justification: PotJustification::default(), ..block.clone() };
    assert_eq!(time_error(fixture().verify(parent, &missing).unwrap_err()), count(0));
}

#[test]
fn case_26_the_seed_of_another_fork_is_refused() {
    let fixture = fixture();
    let (parent, _) = fixture.at(3);
    for other in [PotSeed([9; 16]), fixture.states[1].next_input().seed, PotSeed::default()] {
        assert_eq!(refusal(3, |seed, _| *seed = other), TimeError::Seed(future(parent)));
    }
}

#[test]
fn case_27_changed_iterations_are_refused() {
    let fixture = fixture();
    for declared in [240, 128, 16, 0, 255, 264, 272, u64::MAX] {
        assert_eq!(
            fixture.refusal(4, |digest| digest.iterations = declared),
            ConsensusError::Iterations { declared, expected: 256 }
        );
    }
    // Iterations that a scheduled change alters.
    let honest = scheduled(fixture.at(10).1);
    for iterations in [240, 128, 0, 264, 272] {
        let declared = Some(PotParametersChange { iterations, ..honest });
        assert_eq!(
            fixture.refusal(10, |digest| digest.change = declared),
            ConsensusError::ParametersChange {
                declared: Box::new(declared),
                expected: Box::new(Some(honest))
            }
        );
    }
}

#[test]
fn case_27_a_change_in_a_block_that_schedules_none_is_refused() {
    let fixture = fixture();
    let declared = Some(scheduled(fixture.at(10).1));
    for number in [1, 5, 9, 11] {
        assert_eq!(
            fixture.refusal(number, |digest| digest.change = declared),
            ConsensusError::ParametersChange { declared: Box::new(declared), expected: Box::new(None) }
        );
    }
}

#[test]
fn case_28_wrong_entropy_is_refused() {
    let fixture = fixture();
    let honest = scheduled(fixture.at(10).1);
    let entropy_of =
        |number: usize| solution_entropy(&fixture.at(number).1.header.pre_digest().unwrap().solution);
    assert_eq!(honest.entropy, entropy_of(5));
    assert_eq!(honest.slot, Slot(fixture.states[10].slot().0 + 4));
    let mut wrong: Vec<_> = [4, 6, 9, 10].map(|number| Some(entropy_of(number))).to_vec();
    wrong.push(Some(Hash::ZERO));
    let mut changes: Vec<_> = wrong
        .into_iter()
        .map(|entropy| entropy.map(|entropy| PotParametersChange { entropy, ..honest }))
        .collect();
    changes.push(Some(PotParametersChange { slot: Slot(honest.slot.0 - 1), ..honest }));
    changes.push(Some(PotParametersChange { slot: Slot(honest.slot.0 + 1), ..honest }));
    changes.push(None);
    for declared in changes {
        assert_eq!(
            fixture.refusal(10, |digest| digest.change = declared),
            ConsensusError::ParametersChange {
                declared: Box::new(declared),
                expected: Box::new(Some(honest))
            }
        );
    }
}

/// The block of the shared chain whose justification holds the slot of an injection.
fn injected(fixture: &Fixture) -> (usize, Slot) {
    let crosses = |number: &usize| {
        let change = fixture.states[number - 1].change();
        change.is_some_and(|change| {
            change.slot > fixture.states[number - 1].future_slot()
                && change.slot <= fixture.states[*number].future_slot()
        })
    };
    let number = (1..=crate::fixture::BLOCKS).find(crosses).unwrap();
    (number, fixture.states[number - 1].change().unwrap().slot)
}

/// The justification that follows when the injection is `change`; its outputs go into the header.
fn retimed(fixture: &Fixture, number: usize, change: Option<&PotParametersChange>) -> Authored {
    let (parent, block) = fixture.at(number);
    let mut input = parent.time().next_input(change);
    let mut checkpoints = Vec::new();
    let seed = input.seed;
    for _ in 0..block.justification.checkpoints.len() {
        let proof = checkpoints_from(input.seed, input.iterations);
        checkpoints.push(proof);
        input = input.ended(proof.output()).next_input(change);
    }
    let last = checkpoints.last().unwrap().output();
    let mut retimed = fixture.tampered(block, |digest| digest.pre_digest.future_proof_of_time = last);
    retimed.justification = PotJustification { seed, checkpoints: List::new(checkpoints).unwrap() };
    retimed
}

#[test]
fn case_28_an_injection_early_late_omitted_or_other_is_refused() {
    let fixture = fixture();
    let (number, _) = injected(fixture);
    let (parent, _) = fixture.at(number);
    let honest = *parent.change().unwrap();
    assert!(fixture.verify(parent, &retimed(fixture, number, Some(&honest))).is_ok());
    let changes = [
        None,
        Some(PotParametersChange { entropy: Hash([9; 32]), ..honest }),
        Some(PotParametersChange { slot: Slot(honest.slot.0 + 1), ..honest }),
        Some(PotParametersChange { slot: Slot(honest.slot.0 - 1), ..honest }),
    ];
    for change in changes {
        let error = fixture.verify(parent, &retimed(fixture, number, change.as_ref())).unwrap_err();
        // The solution falls first where the wrong time reaches the block's own slot.
        assert!(matches!(error, ConsensusError::Time(_)), "{error:?}");
    }
}

#[test]
fn case_29_the_key_in_place_of_the_seed_is_refused() {
    let fixture = fixture();
    let (parent, block) = fixture.at(3);
    let first = future(parent);
    let key = PotSeed(block.justification.seed.key().0);
    assert_eq!(refusal(3, |seed, _| *seed = key), TimeError::Seed(first));
    let error = refusal(3, |_, checkpoints| {
        let honest = checkpoints[0].0[7];
        checkpoints[0] = checkpoints_from(key, 256);
        checkpoints[0].0[7] = honest;
    });
    assert_eq!(error, TimeError::Checkpoints(first));
}

#[test]
fn case_29_a_seed_that_is_not_reset_at_the_injection_is_refused() {
    let fixture = fixture();
    let (number, slot) = injected(fixture);
    let (parent, block) = fixture.at(number);
    let time = fixture.time(parent, slot);
    let (input, checkpoints) = time.last().unwrap();
    let before = if time.len() == 1 { parent.time().output } else { time[time.len() - 2].1.output() };
    let entropy = parent.change().unwrap().entropy;
    assert_eq!(input.seed, before.seed_with_entropy(&entropy));
    assert_ne!(input.seed, before.seed());
    let position = time.len() - 1;
    assert_eq!(block.justification.checkpoints[position], *checkpoints);
    let unreset = checkpoints_from(before.seed(), input.iterations);
    let error = refusal(number, |_, checkpoints| {
        let honest = checkpoints[position].0[7];
        checkpoints[position] = unreset;
        checkpoints[position].0[7] = honest;
    });
    assert_eq!(error, TimeError::Checkpoints(slot));
}
