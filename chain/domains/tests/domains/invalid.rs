//! Bundles that are valid in a block and invalid on their domain: they cost their author the stake.

use crate::submissions::{claiming, submission};
use crate::world::{D, E, Setup, World};
use auto_core::{
    Amount, Blob, BlockNumber, BundleVerdict, InvalidBundle, OpaqueExtrinsic, OperatorId, Slot, Submission,
};
use auto_domains::DomainsEvent;
use auto_domains::state::{DOMAIN, EPOCH, OperatorStatus};
use auto_module::messages::{Message, Payload};
use auto_module::{Extrinsic, Inherent};
use parity_scale_codec::Encode;

/// Extrinsics that no honest bundle holds, with the reason that a receipt gives for each.
fn bad_extrinsics(world: &World) -> Vec<(OpaqueExtrinsic, InvalidBundle)> {
    let inherent = Inherent {
        number: BlockNumber(1),
        consensus_number: BlockNumber(1),
        consensus_hash: auto_core::Hash::ZERO,
        mmr_root: auto_core::Hash::ZERO,
        slot: Slot(1),
        byte_fee: Amount::ZERO,
        runtime_version: 1,
    };
    let blob = |extrinsic: Extrinsic| Blob::new(extrinsic.encode()).expect("short");
    let message = Message {
        src: auto_core::DomainId::CONSENSUS,
        dst: D,
        channel: auto_core::ChannelId(0),
        nonce: auto_core::Nonce(0),
        received: auto_core::Nonce(0),
        payload: Payload::Open,
    };
    // The message was never sent: the proof shows that its place in the outbox is empty.
    let relay = world.relay_from_consensus(message, BlockNumber(world.number.0 - 1));
    vec![
        (Blob::new(vec![9, 9, 9]).expect("short"), InvalidBundle::UndecodableTx(0)),
        (blob(Extrinsic::Inherent(Box::new(inherent))), InvalidBundle::InherentExtrinsic(0)),
        (blob(Extrinsic::Message(Box::new(relay))), InvalidBundle::InvalidMessage(0)),
        (world.payment(E, 3, 0, 4, Amount::ai3(1)), InvalidBundle::IllegalTx(0)),
        (world.payment(D, 3, 100_000, 4, Amount::ai3(1)), InvalidBundle::IllegalTx(0)),
    ]
}

/// Lets operator 0 offer a bundle that an honest receipt marks for `reason`, and follows it to the end.
fn follow_invalid_bundle(mut world: World, bundle: Submission, reason: InvalidBundle) {
    let number = BlockNumber(world.record(D).head.0 + 1);
    let good = world.bundle(1, &[]);
    let executed = world.submit(&[bundle, good]);
    assert_eq!(executed.submissions.len(), 2, "the block is valid");
    let derived = world.derive_next(D).expect("the block");
    assert_eq!(derived.receipt.number, number);
    assert_eq!(derived.receipt.bundles[0].verdict, BundleVerdict::Invalid(reason));
    assert!(matches!(derived.receipt.bundles[1].verdict, BundleVerdict::Valid(_)));
    assert_eq!(derived.executed.len(), 0);
    let marking = world.step(&[1]);
    let hash = derived.receipt.hash();
    assert_eq!(world.operator(0).status, OperatorStatus::InvalidBundle(hash));
    let marked = |event: &DomainsEvent| matches!(event, DomainsEvent::BundleMarkedInvalid { reason: why, .. } if *why == reason);
    assert_eq!(World::events(&marking).iter().filter(|event| marked(event)).count(), 1);
    let (stake, fund) = (world.operator(0).stake, world.operator(0).storage_fund);
    assert!(!stake.is_zero());
    let again = claiming(&world, world.right_in(0, D, World::last_slot(world.number.0 + 1)));
    assert_eq!(world.refusal(&[again]), "BUN-0012");
    while world.record(D).confirmed < BlockNumber(number.0 - 1) {
        world.step(&[1]);
    }
    assert_eq!(world.operator(0).status, OperatorStatus::InvalidBundle(hash));
    assert_eq!(world.operator(0).stake, stake, "not before the receipt is confirmed");
    assert_eq!(world.operator(0).storage_fund, fund, "nothing comes back for an invalid bundle");
    let confirming = world.step(&[1]);
    assert_eq!(world.record(D).confirmed, number);
    assert_eq!(world.operator(0).status, OperatorStatus::Slashed);
    assert!(world.operator(0).stake.is_zero() && world.operator(0).storage_fund.is_zero());
    let slashed = |event: &DomainsEvent| matches!(event, DomainsEvent::OperatorSlashed { operator: OperatorId(0), rewarded, .. } if rewarded.is_zero());
    assert_eq!(World::events(&confirming).iter().filter(|event| slashed(event)).count(), 1);
    assert_eq!(world.operator(1).status, OperatorStatus::Registered);
}

/// A world in which every block has a receipt, and the next bundle carries the newest.
fn started() -> World {
    let setup = Setup { domains: 2, ..Setup::default() };
    let mut world = World::new(setup);
    world.step(&[0, 1]);
    world.step(&[0, 1]);
    world
}

#[test]
fn case_54_a_bundle_with_a_bad_extrinsic_costs_its_author_the_stake() {
    let kinds = bad_extrinsics(&started()).len();
    for kind in 0..kinds {
        let mut world = started();
        let (extrinsic, reason) = bad_extrinsics(&world).swap_remove(kind);
        let bundle = world.bundle(0, &[extrinsic]);
        follow_invalid_bundle(world, bundle, reason);
    }
}

#[test]
fn case_54_a_bundle_out_of_its_range_costs_its_author_the_stake() {
    let mut world = started();
    let mut record = world.record(D);
    record.range = 2;
    world.tamper(|state| DOMAIN.put(state, &D, &record));
    let payment = world.payment(D, 3, 0, 4, Amount::ai3(1));
    let bundle = world.bundle(0, &[payment]);
    follow_invalid_bundle(world, bundle, InvalidBundle::OutOfRangeTx(0));
}

#[test]
fn no_range_is_wider_than_the_chain_allows() {
    let mut params = Setup::default().params;
    params.signer_range_max = u64::MAX / 3;
    let mut world = World::new(Setup { params, ..Setup::default() });
    let began = |world: &World| EPOCH.get(&world.contents, &D).expect("sound").expect("begun").number;
    let first = began(&world);
    assert_eq!(world.record(D).range, u64::MAX / 3);
    while began(&world) < first + 2 {
        world.step(&[0]);
        assert_eq!(world.record(D).range, u64::MAX / 3, "one bundle in many slots would have the whole ring");
    }
}

#[test]
fn case_52_and_54_a_wrong_weight_costs_its_author_the_stake() {
    let mut world = started();
    let payment = world.payment(D, 3, 0, 4, Amount::ai3(1));
    let Submission::Bundle(honest) = world.bundle(0, std::slice::from_ref(&payment)) else {
        unreachable!("a bundle")
    };
    let mut header = honest.header.clone();
    header.weight -= 1;
    let light = submission(world.seal_bundle(header, &[payment]));
    follow_invalid_bundle(world, light, InvalidBundle::InvalidWeight);
}
