//! Every lie is provable, and no proof of a lie counts against the truth.

use super::derivation::{bad_bundles, world};
use super::fixture::scratch::Pad;
use super::fixture::{Scene, World, opaque};
use super::lies::{Lie, lies, name_of};
use auto_core::{BundleVerdict, ExecutionReceipt, InvalidBundle, List, OpaqueExtrinsic, decode_strict};
use auto_domains::fraud::{BundleData, FRAUD_PROOF_BYTES_MAX, FraudError, FraudKind, FraudProof, Phase};
use parity_scale_codec::Encode;
use std::collections::BTreeMap;

/// A change of a receipt.
type Change = fn(&mut ExecutionReceipt);

/// A block with everything in it: money, messages in and out, failures, repetitions, bad bundles.
pub(crate) fn rich(world: &World) -> Scene {
    let twice = world.transfer(1, 0, 2, 5);
    let bundles: Vec<Vec<OpaqueExtrinsic>> = vec![
        vec![twice.clone(), world.transfer(1, 1, 3, 5), world.relay(0, |_| {}), world.leave(3, 0, 2)],
        vec![world.transfer(2, 0, 1, 7), opaque(vec![1, 2, 3]), world.transfer(2, 1, 1, 7)],
        vec![world.pad(4, 0, &Pad::Fail), twice, world.relay(1, |_| {}), world.transfer(6, 3, 1, 1)],
        vec![world.transfer(7, 0, 1, 1)],
        vec![],
        vec![world.pad(8, 0, &Pad::Read(0, 200)), world.pad(4, 1, &Pad::Fill(3, 9))],
    ];
    let mut block = world.block(&bundles);
    let mut inbox = block.inbox.to_vec();
    inbox[3].weight += 1;
    block.inbox = List::new(inbox).expect("as many");
    world.scene_of(block, bundles)
}

/// Proves a lie and checks all that a proof has to be.
pub(crate) fn proven(scene: &Scene, lie: &Lie) -> FraudProof {
    let name = &lie.name;
    let proof = scene.prove(&lie.bad).unwrap_or_else(|error| panic!("{name}: {error}"));
    let proof = proof.unwrap_or_else(|| panic!("{name}: no difference"));
    assert_eq!(name_of(&proof.kind), lie.kind, "{name}");
    let bytes = proof.encode();
    assert!(bytes.len() <= FRAUD_PROOF_BYTES_MAX, "{name}: {} bytes", bytes.len());
    assert_eq!(decode_strict::<FraudProof>(&bytes, FRAUD_PROOF_BYTES_MAX).as_ref(), Ok(&proof), "{name}");
    assert_eq!(scene.judge(&lie.bad, &proof), Ok(()), "{name}");
    let refused = scene.judge(scene.right(), &proof);
    assert!(refused.is_err(), "{name}: counts against the truth");
    proof
}

fn prove_all(scene: &Scene) -> BTreeMap<&'static str, usize> {
    let mut kinds = BTreeMap::new();
    for lie in lies(scene) {
        let proof = proven(scene, &lie);
        *kinds.entry(name_of(&proof.kind)).or_default() += 1;
    }
    kinds
}

#[test]
fn every_lie_in_any_field_is_provable_and_the_truth_is_not() {
    let world = world();
    let scene = rich(&world);
    assert_eq!(scene.prove(scene.right()), Ok(None));
    let kinds = prove_all(&scene);
    assert_eq!(kinds.len(), 9, "{kinds:?}");
    assert!(kinds.values().all(|count| *count >= 8), "{kinds:?}");
}

#[test]
fn every_lie_in_the_smallest_blocks_is_provable() {
    // A first block without bundles, as after an upgrade; and one with an empty bundle.
    prove_all(&World::new(4).scene(Vec::new()));
    prove_all(&World::new(4).scene(vec![Vec::new()]));
    prove_all(&world().scene(vec![vec![opaque(vec![5])]]));
}

#[test]
fn case_61_one_wrong_middle_root_one_too_many_one_too_few() {
    let scene = rich(&world());
    let right = scene.right().trace.to_vec();
    let middle = right.len() / 2;
    let mut wrong = right.clone();
    wrong[middle].0[3] ^= 4;
    let shorter = right[..right.len() - 1].to_vec();
    let longer = [right.as_slice(), &right[..1]].concat();
    for (trace, kind) in [(wrong, "state transition"), (shorter, "trace length"), (longer, "trace length")] {
        let lie = lie_about(&scene, kind, |bad| bad.trace = List::new(trace.clone()).expect("few"));
        let proof = proven(&scene, &lie);
        if let FraudKind::StateTransition { phase: Phase::Apply { proof, .. }, .. } = proof.kind {
            assert_eq!(usize::try_from(proof.index), Ok(middle));
        }
    }
}

#[test]
fn case_62_a_wrong_first_or_last_root() {
    let scene = rich(&world());
    let last = scene.right().trace.len() - 1;
    for (at, finalize) in [(0, false), (last, true)] {
        let lie = lie_about(&scene, "state transition", |bad| {
            let mut trace = bad.trace.to_vec();
            trace[at].0[31] ^= 128;
            bad.trace = List::new(trace).expect("as many");
        });
        let FraudKind::StateTransition { phase, .. } = proven(&scene, &lie).kind else {
            panic!("a transition is wrong");
        };
        assert_eq!(phase, if finalize { Phase::Finalize } else { Phase::Initialize });
    }
}

#[test]
fn case_63_wrong_extrinsics_root_block_hash_fees_transfers() {
    let scene = rich(&world());
    let kinds: [(&'static str, Change); 4] = [
        ("extrinsics root", |bad| bad.extrinsics_root.0[0] ^= 1),
        ("block hash", |bad| bad.block_hash.0[0] ^= 1),
        ("fees", |bad| bad.fees.execution = auto_core::Amount::ai3(9)),
        ("transfers", |bad| bad.transfers.incoming = List::default()),
    ];
    for (kind, change) in kinds {
        let mut bad = scene.right().clone();
        change(&mut bad);
        proven(&scene, &Lie { name: kind.to_owned(), bad, kind });
    }
}

#[test]
fn case_64_bad_bundles_called_valid_and_good_ones_called_invalid_for_every_reason() {
    let world = world();
    let mut seen = BTreeMap::new();
    let good = vec![world.transfer(1, 0, 2, 1), world.relay(0, |_| {}), world.transfer(1, 1, 2, 1)];
    for (name, bad, reason) in bad_bundles(&world) {
        let scene = world.scene(vec![bad, good.clone()]);
        assert_eq!(scene.verdicts()[0], BundleVerdict::Invalid(reason), "{name}");
        *seen.entry(reason.order().1).or_insert(0) += prove_verdicts(&scene);
    }
    let mut block = world.block(std::slice::from_ref(&good));
    block.range = 0;
    let scene = world.scene_of(block, vec![good.clone()]);
    *seen.entry(1).or_insert(0) += prove_verdicts(&scene);
    let mut block = world.block(std::slice::from_ref(&good));
    let mut inbox = block.inbox.to_vec();
    inbox[0].weight -= 1;
    block.inbox = List::new(inbox).expect("one");
    let scene = world.scene_of(block, vec![good]);
    assert_eq!(scene.verdicts(), [BundleVerdict::Invalid(InvalidBundle::InvalidWeight)]);
    *seen.entry(5).or_insert(0) += prove_verdicts(&scene);
    assert_eq!(seen.len(), 6, "{seen:?}");
}

/// Proves every lie about verdicts; gives how many there were.
fn prove_verdicts(scene: &Scene) -> usize {
    let lies = lies(scene).into_iter().filter(|lie| lie.name.starts_with("bundle"));
    lies.inspect(|lie| drop(proven(scene, lie))).count()
}

#[test]
fn case_64_an_index_out_of_bounds_needs_no_data() {
    let scene = rich(&world());
    for index in [4, 5, 1023, u32::MAX] {
        let lie = lie_about(&scene, "false invalid bundle", |bad| {
            let mut bundles = bad.bundles.to_vec();
            bundles[0].verdict = BundleVerdict::Invalid(InvalidBundle::IllegalTx(index));
            bad.bundles = List::new(bundles).expect("as many");
        });
        let proof = proven(&scene, &lie);
        assert!(matches!(proof.kind, FraudKind::InvalidBundle { data: BundleData::Absent, .. }));
        assert!(proof.encoded_size() < 100);
    }
    // The same claim about an extrinsic that is there says nothing.
    let lie = lie_about(&scene, "false invalid bundle", |bad| {
        let mut bundles = bad.bundles.to_vec();
        bundles[0].verdict = BundleVerdict::Invalid(InvalidBundle::IllegalTx(3));
        bad.bundles = List::new(bundles).expect("as many");
    });
    let mut proof = proven(&scene, &lie);
    if let FraudKind::InvalidBundle { data, .. } = &mut proof.kind {
        *data = BundleData::Absent;
    }
    let refused = scene.judge(&lie.bad, &proof);
    assert_eq!(refused, Err(FraudError::WrongData(InvalidBundle::IllegalTx(3))));
}

#[test]
fn case_65_a_later_reason_than_the_first_and_a_wrong_digest() {
    let scene = rich(&world());
    let first = InvalidBundle::UndecodableTx(1);
    assert_eq!(scene.verdicts()[1], BundleVerdict::Invalid(first));
    let later =
        [InvalidBundle::OutOfRangeTx(1), InvalidBundle::UndecodableTx(2), InvalidBundle::InvalidWeight];
    for reason in later {
        let lie = lie_about(&scene, "true invalid bundle", |bad| {
            let mut bundles = bad.bundles.to_vec();
            bundles[1].verdict = BundleVerdict::Invalid(reason);
            bad.bundles = List::new(bundles).expect("as many");
        });
        let FraudKind::InvalidBundle { reason: proven, .. } = proven(&scene, &lie).kind else {
            panic!("a verdict is wrong");
        };
        assert_eq!(proven, first);
    }
    let lie = lie_about(&scene, "valid bundle", |bad| {
        let mut bundles = bad.bundles.to_vec();
        bundles[0].verdict = BundleVerdict::Valid(auto_core::hash(b"digest"));
        bad.bundles = List::new(bundles).expect("as many");
    });
    proven(&scene, &lie);
}

#[test]
fn what_the_door_refuses_is_not_proven() {
    let scene = rich(&world());
    let fields: [(&'static str, Change); 9] = [
        ("domain", |bad| bad.domain.0 += 1),
        ("number", |bad| bad.number.0 += 1),
        ("parent_receipt", |bad| bad.parent_receipt.0[0] ^= 1),
        ("consensus_number", |bad| bad.consensus_number.0 += 1),
        ("consensus_hash", |bad| bad.consensus_hash.0[0] ^= 1),
        ("bundles", |bad| bad.bundles = List::default()),
        ("trace", |bad| bad.trace = List::new(vec![bad.final_state_root]).expect("one")),
        ("trace_root", |bad| bad.trace_root.0[0] ^= 1),
        ("final_state_root", |bad| bad.final_state_root.0[0] ^= 1),
    ];
    for (field, change) in fields {
        let mut bad = scene.right().clone();
        change(&mut bad);
        assert_eq!(scene.prove(&bad), Err(FraudError::RefusedAtTheDoor(field)));
    }
}

fn lie_about(scene: &Scene, kind: &'static str, change: impl Fn(&mut ExecutionReceipt)) -> Lie {
    let mut bad = scene.right().clone();
    change(&mut bad);
    super::lies::seal(&mut bad);
    Lie { name: kind.to_owned(), bad, kind }
}
