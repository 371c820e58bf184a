//! A domain that its owner stops: what it refuses meanwhile, what still counts, and how it goes on.

use crate::submissions::claiming;
use crate::upgrades::own_runtime;
use crate::world::{D, E, Setup, World, address};
use auto_core::{Amount, BlockNumber, DomainId};
use auto_domains::fraud::{FraudKind, FraudProof};
use auto_domains::state::{EPOCH, FREEZE, OperatorStatus};
use auto_domains::{DomainsCall, DomainsEvent};

/// Who owns the domains.
const OWNER: u8 = 9;

fn freeze(world: &mut World, by: u8, domain: DomainId) -> Result<Vec<DomainsEvent>, &'static str> {
    world.call(by, DomainsCall::FreezeDomain { domain })
}

fn unfreeze(world: &mut World, by: u8, domain: DomainId) -> Result<Vec<DomainsEvent>, &'static str> {
    world.call(by, DomainsCall::UnfreezeDomain { domain })
}

/// A domain with a few blocks, and the number of blocks that a freeze lasts at most.
fn running() -> (World, u64) {
    let mut world = World::new(Setup::default());
    (0..3).for_each(|_| drop(world.step(&[0, 1])));
    let period = world.rules.params.challenge_period;
    (world, period)
}

#[test]
fn case_47_a_frozen_domain_takes_no_submission_and_others_do() {
    let operators = vec![(D, Amount::ai3(500)), (E, Amount::ai3(500))];
    let mut world = World::new(Setup { domains: 2, operators, ..Setup::default() });
    world.step(&[0]);
    let until = BlockNumber(world.number.0 + 1 + world.rules.params.challenge_period);
    assert_eq!(freeze(&mut world, OWNER, D), Ok(vec![DomainsEvent::DomainFrozen { domain: D, until }]));
    assert!(world.record(D).frozen && !world.record(E).frozen);
    let bundle = claiming(&world, world.right(0));
    assert_eq!(world.refusal(&[bundle]), "BUN-0005");
    let lone = world.sealed(world.right(0), world.head_receipt(D));
    assert_eq!(world.refusal(&[lone]), "BUN-0005");
    let elsewhere = claiming(&world, world.right_in(1, E, world.right(1).slot));
    world.submit(&[elsewhere]);
}

#[test]
fn only_its_owner_freezes_a_domain_and_lets_it_go() {
    let (mut world, _) = running();
    assert_eq!(freeze(&mut world, 3, D).map(drop), Err("REG-0006"));
    assert_eq!(freeze(&mut world, OWNER, DomainId(7)).map(drop), Err("REG-0005"));
    assert_eq!(unfreeze(&mut world, OWNER, D).map(drop), Err("REG-0018"));
    freeze(&mut world, OWNER, D).expect("the owner may");
    assert_eq!(unfreeze(&mut world, 3, D).map(drop), Err("REG-0006"));
    assert!(world.record(D).frozen);
    assert_eq!(unfreeze(&mut world, OWNER, D), Ok(vec![DomainsEvent::DomainUnfrozen { domain: D }]));
    assert!(!world.record(D).frozen);
    world.step(&[0, 1]);
}

#[test]
fn a_freeze_ends_by_itself_with_the_block_it_named() {
    let (mut world, period) = running();
    freeze(&mut world, OWNER, D).expect("the owner may");
    let until = FREEZE.get(&world.contents, &D).expect("sound").expect("frozen").until;
    assert_eq!(until, BlockNumber(world.number.0 + period));
    // It is not prolonged.
    assert_eq!(freeze(&mut world, OWNER, D).map(drop), Err("REG-0017"));
    world.empty_blocks(period - 2);
    assert!(world.record(D).frozen);
    // Bundles of the very block with which it ends are taken.
    let executed = world.step(&[0, 1]);
    assert_eq!(world.number, until);
    assert_eq!(World::events(&executed)[0], DomainsEvent::DomainUnfrozen { domain: D });
    assert_eq!(world.record(D).head, BlockNumber(4));
}

#[test]
fn between_two_freezes_a_domain_runs_for_as_long_as_one_lasts_at_most() {
    let (mut world, period) = running();
    for lifted in [false, true] {
        freeze(&mut world, OWNER, D).expect("long enough ago");
        if lifted {
            unfreeze(&mut world, OWNER, D).expect("frozen");
        } else {
            world.empty_blocks(period);
        }
        let ended = world.number.0;
        while world.number.0 + 1 < ended + period {
            assert_eq!(freeze(&mut world, OWNER, D).map(drop), Err("REG-0019"));
        }
    }
    freeze(&mut world, OWNER, D).expect("long enough ago");
}

#[test]
fn the_end_of_a_freeze_that_was_lifted_does_not_end_the_next_one() {
    let (mut world, period) = running();
    freeze(&mut world, OWNER, D).expect("the owner may");
    let first = world.number.0 + period;
    unfreeze(&mut world, OWNER, D).expect("frozen");
    world.empty_blocks(period - 1);
    freeze(&mut world, OWNER, D).expect("long enough ago");
    assert!(world.number.0 >= first);
    world.empty_blocks(period - 1);
    assert!(world.record(D).frozen);
    world.empty_blocks(1);
    assert!(!world.record(D).frozen);
}

#[test]
fn a_fraud_proof_counts_while_the_domain_is_frozen() {
    let (mut world, period) = running();
    let wrong = world.claim(D);
    world.submit_receipt(0, wrong.clone());
    freeze(&mut world, OWNER, D).expect("the owner may");
    let proof = FraudProof { domain: D, bad_receipt: wrong.hash(), kind: FraudKind::BlockHash };
    let reporter = world.balance(&address(7));
    let events =
        world.call(7, DomainsCall::SubmitFraudProof(Box::new(proof))).expect("the block hash is made up");
    assert!(matches!(events[0], DomainsEvent::FraudProven { number, .. } if number == wrong.number));
    world.empty_blocks(1);
    assert_eq!(world.operator(0).status, OperatorStatus::Slashed);
    assert!(world.balance(&address(7)) > reporter);
    world.empty_blocks(period);
    // It goes on with what is right.
    assert_eq!(world.record(D).head_receipt.0 + 1, wrong.number.0);
    while world.record(D).head.0 - world.record(D).head_receipt.0 > 1 {
        let honest = world.honest_receipt(D);
        let sealed = world.sealed(world.right(1), honest);
        world.submit(&[sealed]);
    }
    world.step(&[1]);
}

#[test]
fn case_71_an_upgrade_that_is_due_while_frozen_runs_from_the_next_block() {
    let (mut world, period) = running();
    let (runtime, name) = own_runtime(&mut world, OWNER);
    let head = world.record(D).head.0;
    let at = BlockNumber(world.number.0 + 3);
    world.call(OWNER, DomainsCall::UpgradeRuntime { runtime, name, version: 2, at }).expect("the owner may");
    freeze(&mut world, OWNER, D).expect("the owner may");
    world.empty_blocks(period - 1);
    assert!(world.number >= at && world.record(D).frozen);
    assert_eq!(world.record(D).head.0, head, "the upgrade made no block");
    world.step(&[0, 1]);
    let block = world.derivation(D, BlockNumber(head + 1)).expect("the next block");
    assert_eq!(block.inherent.runtime_version, 2);
    world.step(&[0, 1]);
    assert_eq!(world.record(D).head_receipt.0, head + 1, "operators agree on it");
}

#[test]
fn frozen_slots_belong_to_no_epoch() {
    let (mut world, period) = running();
    let began = |world: &World| EPOCH.get(&world.contents, &D).expect("sound").expect("begun").began_slot.0;
    let before = began(&world);
    let since = world.context().slot.0;
    freeze(&mut world, OWNER, D).expect("the owner may");
    world.empty_blocks(period - 1);
    assert_eq!(began(&world), before);
    let thawed = world.context().slot.0;
    world.empty_blocks(1);
    assert_eq!(began(&world), before + (thawed - since));
    // One that began after the freeze did begins again.
    let mut epoch = EPOCH.get(&world.contents, &D).expect("sound").expect("begun");
    world.empty_blocks(period - 1);
    freeze(&mut world, OWNER, D).expect("long enough ago");
    epoch.began_slot.0 = world.context().slot.0;
    world.tamper(|state| EPOCH.put(state, &D, &epoch));
    world.empty_blocks(period - 1);
    let thawed = world.context().slot.0;
    world.empty_blocks(1);
    assert_eq!(began(&world), thawed);
}
