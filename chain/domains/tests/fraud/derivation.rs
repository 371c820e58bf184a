//! Chain cases 54 and 55, as far as they are about the block that is derived.

use super::fixture::scratch::Pad;
use super::fixture::{World, address, opaque, pay};
use auto_core::{
    Amount, BlockNumber, BundleVerdict, InvalidBundle, Nonce, OpaqueExtrinsic, Preset, ProtocolParams,
    extrinsic_hash,
};
use auto_domains::derive::{BlockRules, DeriveError, DigestEntry, bundle_digest, execute, step};
use auto_domains::fraud::FRAUD_PROOF_BYTES_MAX;
use auto_module::messages::{MessageProof, Payload};
use auto_module::{Extrinsic, Inherent, Outcome, Weight};
use auto_state::{Snapshot, StateError};
use parity_scale_codec::Encode;

/// Ways in which a bundle of three is bad: name, its extrinsics, and the verdict.
pub(crate) fn bad_bundles(world: &World) -> Vec<(&'static str, Vec<OpaqueExtrinsic>, InvalidBundle)> {
    let good = |nonce| world.transfer(1, nonce, 2, 1);
    let relay = |change: fn(&mut auto_module::messages::Relay)| world.relay(0, change);
    let inherent = opaque(Extrinsic::Inherent(Box::new(world.block(&[]).inherent)).encode());
    let call = || vec![pay(address(2), Amount::ai3(1))];
    let mut forged = world.transfer(2, 0, 3, 1).into_inner();
    *forged.last_mut().expect("not empty") ^= 1;
    let mut cut = world.transfer(2, 0, 3, 1).into_inner();
    cut.pop();
    let mut longer = world.transfer(2, 0, 3, 1).into_inner();
    longer.push(0);
    let illegal = InvalidBundle::IllegalTx(1);
    let message = InvalidBundle::InvalidMessage(1);
    let undecodable = InvalidBundle::UndecodableTx(1);
    let heavy = Weight::EXTRINSIC_MAX.0;
    let kinds: Vec<(&'static str, OpaqueExtrinsic, InvalidBundle)> = vec![
        ("junk", opaque(vec![7; 40]), undecodable),
        ("nothing", opaque(Vec::new()), undecodable),
        ("cut", opaque(cut), undecodable),
        ("trailing byte", opaque(longer), undecodable),
        ("unknown kind", opaque(vec![9]), undecodable),
        ("inherent", inherent, InvalidBundle::InherentExtrinsic(1)),
        ("message for another chain", relay(|relay| relay.message.dst.0 += 1), message),
        ("message of another channel", relay(|relay| relay.message.channel.0 += 2), message),
        ("message never sent", relay(|relay| relay.message.nonce = Nonce(99)), message),
        ("message far ahead", relay(|relay| relay.message.nonce = Nonce(1000)), message),
        (
            "message with another amount",
            relay(|relay| {
                let Payload::Transfer { amount, .. } = &mut relay.message.payload else { return };
                *amount = Amount::ai3(900);
            }),
            message,
        ),
        (
            "message with a leaf of another fork",
            relay(|relay| {
                let MessageProof::Consensus { leaf, .. } = &mut relay.proof else { return };
                leaf.block_hash.0[0] ^= 1;
            }),
            message,
        ),
        (
            "message with an unknown anchor",
            relay(|relay| {
                let MessageProof::Consensus { anchor, mmr, .. } = &mut relay.proof else { return };
                (anchor.0, mmr.leaves) = (anchor.0 + 40, mmr.leaves + 40);
            }),
            message,
        ),
        ("forged signature", opaque(forged), illegal),
        ("other domain", world.signed_with(2, 0, call(), |tx| tx.domain.0 += 1), illegal),
        ("expired", world.signed_with(2, 0, call(), |tx| tx.expiry = BlockNumber(1)), illegal),
        ("nonce of the far future", world.transfer(2, 256, 2, 1), illegal),
        ("no calls", world.signed(2, 0, Vec::new()), illegal),
        ("call refused by its module", world.pad(2, 0, &Pad::Refused), illegal),
        ("too heavy", world.pad(2, 0, &Pad::Heavy(heavy)), illegal),
    ];
    kinds.into_iter().map(|(name, bad, reason)| (name, vec![good(0), bad, good(1)], reason)).collect()
}

/// A domain in which account 5 has spent its first nonce.
pub(crate) fn world() -> World {
    let mut world = World::started(12);
    let scene = world.scene(vec![vec![world.transfer(5, 0, 6, 1)]]);
    world.advance(&scene);
    world
}

#[test]
fn case_54_a_bundle_with_one_bad_extrinsic_does_not_run_and_the_block_goes_on() {
    let world = world();
    for (name, bad, reason) in bad_bundles(&world) {
        let scene = world.scene(vec![bad, vec![world.transfer(3, 0, 4, 1)]]);
        let verdicts = scene.verdicts();
        assert_eq!(verdicts[0], BundleVerdict::Invalid(reason), "{name}");
        assert!(matches!(verdicts[1], BundleVerdict::Valid(_)), "{name}");
        assert_eq!(scene.derived.ordered.len(), 1, "{name}");
        assert_eq!(scene.derived.executed[0].outcome, Outcome::Applied, "{name}");
        assert_eq!(scene.right().trace.len(), 3, "{name}");
    }
}

#[test]
fn case_54_what_other_bundles_could_have_changed_is_skipped_and_no_fault() {
    let world = world();
    let poor =
        world.signed_with(2, 0, vec![pay(address(3), Amount::ai3(1))], |tx| tx.fee_limit = Amount::ZERO);
    let scene = world.scene(vec![vec![world.transfer(5, 0, 2, 1), world.transfer(200, 0, 2, 1), poor]]);
    assert!(matches!(scene.verdicts()[0], BundleVerdict::Valid(_)));
    assert_eq!(scene.derived.executed.len(), 3);
    for executed in &scene.derived.executed {
        assert!(matches!(executed.outcome, Outcome::Skipped { .. }), "{executed:?}");
    }
    assert!(scene.right().trace[..4].windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(scene.right().fees, auto_core::BlockFees::default());
}

#[test]
fn case_54_signers_out_of_range_make_a_bundle_invalid_and_messages_never_do() {
    let world = world();
    let bundle = vec![world.relay(0, |_| {}), world.transfer(1, 0, 2, 1)];
    let mut block = world.block(std::slice::from_ref(&bundle));
    block.range = 0;
    let scene = world.scene_of(block, vec![bundle]);
    assert_eq!(scene.verdicts(), [BundleVerdict::Invalid(InvalidBundle::OutOfRangeTx(1))]);
}

#[test]
fn case_54_a_wrong_weight_is_the_last_rule() {
    let world = world();
    let good = vec![world.transfer(1, 0, 2, 1)];
    let mut block = world.block(&[good.clone(), vec![opaque(vec![1]), world.transfer(1, 0, 2, 1)]]);
    let mut inbox = block.inbox.to_vec();
    inbox.iter_mut().for_each(|entry| entry.weight += 1);
    block.inbox = auto_core::List::new(inbox).expect("two");
    let scene = world.scene_of(block, vec![good, vec![opaque(vec![1]), world.transfer(1, 0, 2, 1)]]);
    let wanted = [InvalidBundle::InvalidWeight, InvalidBundle::UndecodableTx(0)].map(BundleVerdict::Invalid);
    assert_eq!(scene.verdicts(), wanted);
    assert!(scene.derived.ordered.is_empty());
}

#[test]
fn the_first_of_several_faults_counts() {
    let world = world();
    let late = |index, bundle: Vec<OpaqueExtrinsic>| {
        let scene = world.scene(vec![bundle]);
        assert_eq!(scene.verdicts(), [BundleVerdict::Invalid(index)]);
    };
    let junk = || opaque(vec![3; 9]);
    let expired = || world.signed_with(2, 0, vec![pay(address(3), Amount::ai3(1))], |tx| tx.expiry.0 = 1);
    late(InvalidBundle::IllegalTx(0), vec![expired(), junk()]);
    late(InvalidBundle::UndecodableTx(0), vec![junk(), expired()]);
    // Out of range and illegal: the range comes first.
    let both = vec![expired()];
    let mut block = world.block(std::slice::from_ref(&both));
    block.range = 0;
    let scene = world.scene_of(block, vec![both]);
    assert_eq!(scene.verdicts(), [BundleVerdict::Invalid(InvalidBundle::OutOfRangeTx(0))]);
}

#[test]
fn case_55_a_transaction_in_two_bundles_runs_once() {
    let world = world();
    let twice = world.transfer(1, 0, 2, 5);
    let scene = world.scene(vec![
        vec![twice.clone(), world.transfer(1, 1, 2, 5)],
        vec![world.transfer(3, 0, 2, 5), twice.clone(), twice.clone()],
    ]);
    assert!(scene.verdicts().iter().all(|verdict| matches!(verdict, BundleVerdict::Valid(_))));
    let runs = scene.derived.ordered.iter().filter(|(hash, _)| *hash == extrinsic_hash(&twice));
    assert_eq!(runs.count(), 1);
    assert_eq!(scene.derived.ordered.len(), 3);
    assert!(scene.derived.executed.iter().all(|executed| executed.outcome == Outcome::Applied));
}

#[test]
fn case_55_permuting_bundles_and_extrinsics_changes_nothing_of_the_block() {
    let world = world();
    let bundles: Vec<Vec<OpaqueExtrinsic>> = vec![
        vec![world.transfer(1, 0, 2, 5), world.transfer(1, 1, 3, 5), world.relay(1, |_| {})],
        vec![world.transfer(2, 0, 1, 7), world.relay(0, |_| {}), world.leave(3, 0, 2)],
        vec![world.pad(4, 0, &Pad::Fail), world.transfer(1, 0, 2, 5)],
    ];
    let scene = world.scene(bundles.clone());
    let mut permuted = bundles;
    permuted.rotate_left(1);
    permuted.iter_mut().for_each(|bundle| bundle.reverse());
    let other = world.scene(permuted);
    let (one, two) = (scene.right(), other.right());
    assert_eq!(one.block_hash, two.block_hash);
    assert_eq!(one.extrinsics_root, two.extrinsics_root);
    assert_eq!(one.trace, two.trace);
    assert_eq!((&one.fees, &one.transfers), (&two.fees, &two.transfers));
    assert_eq!(scene.derived.executed, other.derived.executed);
    assert!(
        scene.derived.executed.iter().filter(|executed| executed.outcome == Outcome::Applied).count() >= 5
    );
}

#[test]
fn nonces_of_a_sender_run_in_order_whatever_bundle_holds_them() {
    let world = world();
    let bundles: Vec<Vec<OpaqueExtrinsic>> =
        (0..6).rev().map(|nonce| vec![world.transfer(1, nonce, 2, 1)]).collect();
    let scene = world.scene(bundles);
    assert_eq!(scene.derived.executed.len(), 6);
    assert!(scene.derived.executed.iter().all(|executed| executed.outcome == Outcome::Applied));
}

#[test]
fn the_receipt_states_what_happened() {
    let world = world();
    let scene = world.scene(vec![vec![world.leave(1, 0, 4), world.relay(0, |_| {}), world.relay(1, |_| {})]]);
    let receipt = scene.right();
    assert_eq!(receipt.trace.len(), 5);
    assert_eq!(receipt.trace.last(), Some(&receipt.final_state_root));
    assert!(receipt.fees.storage > Amount::ZERO && receipt.fees.execution > Amount::ZERO);
    let one = |list: &[(auto_core::DomainId, Amount)]| list.first().map(|(_, amount)| *amount);
    assert_eq!(one(&receipt.transfers.outgoing), Some(Amount::ai3(4)));
    assert_eq!(one(&receipt.transfers.incoming), Some(Amount::ai3(3)));
    assert_eq!(one(&receipt.transfers.rejected), Some(Amount::from_base_units(1)));
    // The commit of the block is that of its steps together.
    let changes = scene.derived.steps.iter().flat_map(Clone::clone).collect();
    let commit = Snapshot::new(&scene.nodes, scene.tip.state_root).commit(&changes).expect("in memory");
    assert_eq!(commit.root, receipt.final_state_root);
    assert_eq!(commit.fresh.len(), scene.derived.commit.fresh.len());
    let entries: Vec<DigestEntry> = scene.bundles[0]
        .iter()
        .filter_map(|bytes| {
            let decoded = auto_module::Domain::decode(&scene.runtime, bytes).ok()?;
            DigestEntry::of(&decoded, bytes)
        })
        .collect();
    let digest = bundle_digest(&auto_core::List::new(entries).expect("three"));
    assert_eq!(scene.verdicts(), [BundleVerdict::Valid(digest)]);
}

#[test]
fn an_extrinsic_that_touches_too_much_has_no_effect() {
    let world = world();
    for pad in [Pad::Read(0, 200), Pad::Fill(0, 200)] {
        let scene = world.scene(vec![vec![world.pad(1, 0, &pad)]]);
        let outcome = &scene.derived.executed[0].outcome;
        assert_eq!(*outcome, Outcome::Skipped { code: step::TOO_MUCH }, "{pad:?}");
        assert_eq!(scene.right().trace[0], scene.right().trace[1], "{pad:?}");
    }
    let long = auto_core::Blob::new(vec![1; step::STEP_VALUE_BYTES_MAX + 1]).expect("short enough");
    let scene = world.scene(vec![vec![world.pad(1, 0, &Pad::Put(1, long))]]);
    assert_eq!(scene.derived.executed[0].outcome, Outcome::Skipped { code: step::TOO_MUCH });
    let scene =
        world.scene(vec![vec![world.pad(1, 0, &Pad::Read(0, 100)), world.pad(1, 1, &Pad::Fill(0, 100))]]);
    assert!(scene.derived.executed.iter().all(|executed| executed.outcome == Outcome::Applied));
}

#[test]
fn what_a_step_touches_fits_a_proof_and_a_proof_fits_a_block_of_every_preset() {
    for preset in [Preset::Production, Preset::Dev, Preset::Test] {
        let params = ProtocolParams::preset(preset);
        let (step, value) = step::step_limits(&params);
        let block = usize::try_from(params.block_bytes_max).expect("small");
        // Beside the step: the last value that is read, places under roots, the transaction around the proof.
        assert!(step + value + 4096 <= block.min(FRAUD_PROOF_BYTES_MAX), "{preset:?}");
    }
    let mut world = world();
    world.environment.params = ProtocolParams::preset(Preset::Test);
    let bundle = vec![world.pad(1, 0, &Pad::Read(0, 30)), world.pad(2, 0, &Pad::Read(0, 15))];
    let scene = world.scene(vec![bundle]);
    let skipped = Outcome::Skipped { code: step::TOO_MUCH };
    assert_eq!(scene.derived.executed.iter().filter(|executed| executed.outcome == skipped).count(), 1);
}

#[test]
fn foreign_bundles_and_missing_state_are_errors_not_verdicts() {
    let world = world();
    let bundle = vec![world.transfer(1, 0, 2, 1)];
    let block = world.block(std::slice::from_ref(&bundle));
    let scene = world.scene_of(block, vec![bundle]);
    let other = [world.transfer(1, 0, 2, 2)];
    let error = execute(&scene.rules(), &[&other], &scene.tip, &scene.nodes).map(|derived| derived.receipt);
    assert_eq!(error, Err(DeriveError::ForeignBundle(0)));
    let error = execute(&scene.rules(), &[], &scene.tip, &scene.nodes).map(|derived| derived.receipt);
    assert_eq!(error, Err(DeriveError::BundleCount { expected: 1, actual: 0 }));
    let slices: Vec<&[OpaqueExtrinsic]> = scene.bundles.iter().map(Vec::as_slice).collect();
    for lost in scene.nodes.keys() {
        let mut nodes = scene.nodes.clone();
        nodes.remove(lost);
        match execute(&scene.rules(), &slices, &scene.tip, &nodes) {
            Ok(derived) => assert_eq!(derived.receipt, *scene.right()),
            Err(error) => assert_eq!(error, DeriveError::State(StateError::Missing(*lost))),
        }
    }
}

#[test]
fn a_block_of_another_version_is_an_error() {
    let world = world();
    let mut block = world.block(&[]);
    block.inherent = Inherent { runtime_version: 2, ..block.inherent };
    let rules = BlockRules { domain: &world.runtime, environment: &world.environment, block: &block };
    let tip = auto_domains::derive::ParentTip::of(&world.parent);
    assert!(matches!(execute(&rules, &[], &tip, &world.nodes), Err(DeriveError::Domain(_))));
}
