//! Adversarial cases of receipts: which are taken, and what happens when one is proven wrong.

use crate::world::{D, E, Setup, World, address};
use auto_core::{
    Amount, BlockFees, BlockNumber, ExecutionReceipt, Hash, List, OperatorId, Submission, Transfers,
    merkle_root,
};
use auto_domains::{DomainsEvent, receipt};
use auto_module::messages::CONFIRMED;

pub(crate) fn three_operators() -> World {
    let operators = vec![(D, Amount::ai3(1000)), (D, Amount::ai3(1000)), (D, Amount::ai3(1000))];
    World::new(Setup { operators, ..Setup::default() })
}

/// The code of why a bundle of operator 0 with this receipt is refused.
fn refused(world: &mut World, receipt: ExecutionReceipt) -> &'static str {
    let bundle = world.bundle_with(world.right(0), receipt, &[]);
    world.refusal(&[Submission::Bundle(Box::new(bundle))])
}

/// A world with blocks 1 and 2 of the domain, of which the first has a receipt.
fn begun() -> World {
    let mut world = three_operators();
    world.step(&[0]);
    world.step(&[1, 2]);
    assert_eq!((world.record(D).head, world.record(D).head_receipt), (BlockNumber(2), BlockNumber(1)));
    world
}

/// Proves the receipt of this height wrong, as an accepted proof of account 7 does.
pub(crate) fn prove_wrong(world: &mut World, height: u64) -> Vec<DomainsEvent> {
    let bad = receipt::at(&world.contents, D, BlockNumber(height)).expect("sound").expect("in the line");
    let mut events = Vec::new();
    world.tamper(|state| events = receipt::remove_from(state, &bad, address(7)).expect("open"));
    events
}

#[test]
fn case_57_a_receipt_that_skips_its_parent_is_refused() {
    let mut world = begun();
    let next = world.honest_receipt(D);
    assert_eq!(next.number, BlockNumber(2));
    let mut skipping = next.clone();
    skipping.number = BlockNumber(3);
    assert_eq!(refused(&mut world, skipping), "RCP-0001");
    let mut orphan = next.clone();
    orphan.parent_receipt = Hash([9; 32]);
    assert_eq!(refused(&mut world, orphan), "RCP-0007");
    let mut grandchild = next.clone();
    grandchild.parent_receipt = world.head_receipt(D).parent_receipt;
    assert_eq!(refused(&mut world, grandchild), "RCP-0007");
    world.submit_receipt(0, next);
    // The block that this consensus block makes has no receipt yet.
    let mut early = world.head_receipt(D);
    early.number = BlockNumber(4);
    assert_eq!(refused(&mut world, early), "RCP-0001");
}

#[test]
fn case_58_a_second_new_head_in_one_block_is_refused() {
    let mut world = three_operators();
    for _ in 0..5 {
        world.step(&[0]);
    }
    prove_wrong(&mut world, 2);
    assert_eq!((world.record(D).head, world.record(D).head_receipt), (BlockNumber(5), BlockNumber(1)));
    let first = world.honest_receipt(D);
    let mut other = first.clone();
    World::retrace(&mut other, vec![Hash([1; 32]), Hash([2; 32])]);
    let first = other;
    let second = world.claim_after(&first).expect("block 3");
    let pair = [world.sealed(world.right(1), first.clone()), world.sealed(world.right(2), second)];
    assert_eq!(world.refusal(&pair), "RCP-0002");
    // The very same receipt again only adds an operator that vouches for it.
    let pair = [world.sealed(world.right(1), first.clone()), world.sealed(world.right(2), first.clone())];
    world.submit(&pair);
    let known = receipt::at(&world.contents, D, BlockNumber(2)).expect("sound").expect("new");
    assert_eq!(known.submitters.to_vec(), [OperatorId(1), OperatorId(2)]);
    assert_eq!(known.receipt, first);
}

#[test]
fn case_58_branches_old_and_settled_receipts_are_refused() {
    let mut world = three_operators();
    let mut line = Vec::new();
    for _ in 0..8 {
        world.step(&[0, 1]);
        line.push(world.head_receipt(D));
    }
    let record = world.record(D);
    assert_eq!((record.head_receipt, record.confirmed), (BlockNumber(7), BlockNumber(4)));
    let receipt_of = |number: usize| line[number].clone();
    let branch = |mut receipt: ExecutionReceipt| {
        World::retrace(&mut receipt, vec![Hash([1; 32]), Hash([2; 32])]);
        receipt
    };
    assert_eq!(receipt_of(7).number, BlockNumber(7));
    assert_eq!(refused(&mut world, branch(receipt_of(7))), "RCP-0005");
    assert_eq!(refused(&mut world, receipt_of(6)), "RCP-0003");
    assert_eq!(refused(&mut world, branch(receipt_of(6))), "RCP-0005");
    assert_eq!(refused(&mut world, receipt_of(4)), "RCP-0004");
    assert_eq!(refused(&mut world, receipt_of(3)), "RCP-0004");
    assert_eq!(refused(&mut world, branch(receipt_of(3))), "RCP-0004");
    assert_eq!(refused(&mut world, receipt_of(0)), "RCP-0004");
    // The newest is taken again, and an operator is not counted twice.
    world.submit_receipt(2, receipt_of(7));
    let known = receipt::at(&world.contents, D, BlockNumber(7)).expect("sound").expect("newest");
    assert_eq!(known.submitters.to_vec(), [0, 1, 2].map(OperatorId));
    assert_eq!(world.operator(2).last_receipt, Some(BlockNumber(7)));
}

#[test]
fn case_59_a_receipt_names_its_consensus_block_and_all_of_its_bundles() {
    let mut world = begun();
    let next = world.honest_receipt(D);
    assert_eq!(next.bundles.len(), 2);
    let mut fork = next.clone();
    fork.consensus_hash = Hash([3; 32]);
    assert_eq!(refused(&mut world, fork), "RCP-0008");
    let mut moved = next.clone();
    moved.consensus_number = BlockNumber(1);
    assert_eq!(refused(&mut world, moved), "RCP-0008");
    let bundles = |change: &dyn Fn(&mut Vec<auto_core::InboxedBundle>)| {
        let mut list = next.bundles.to_vec();
        change(&mut list);
        ExecutionReceipt { bundles: List::new(list).expect("few"), ..next.clone() }
    };
    assert_eq!(refused(&mut world, bundles(&|list| list.truncate(1))), "RCP-0009");
    assert_eq!(refused(&mut world, bundles(&|list| list.push(list[0]))), "RCP-0009");
    assert_eq!(refused(&mut world, bundles(&|list| list[1].extrinsics_root = Hash([4; 32]))), "RCP-0009");
    world.submit_receipt(0, next);
}

#[test]
fn case_59_reordered_bundles_are_refused() {
    let mut world = three_operators();
    let payment = world.payment(D, 3, 0, 4, Amount::ai3(1));
    let bundles = [world.bundle(0, &[payment]), world.bundle(1, &[])];
    world.submit(&bundles);
    let mut next = world.honest_receipt(D);
    let mut list = next.bundles.to_vec();
    assert_ne!(list[0].extrinsics_root, list[1].extrinsics_root);
    list.swap(0, 1);
    next.bundles = List::new(list).expect("two");
    assert_eq!(refused(&mut world, next), "RCP-0009");
}

#[test]
fn case_60_a_trace_that_does_not_fit_is_refused() {
    let mut world = begun();
    let next = world.honest_receipt(D);
    let mut short = next.clone();
    World::retrace(&mut short, vec![next.final_state_root]);
    assert_eq!(refused(&mut world, short), "RCP-0010");
    let mut empty = next.clone();
    empty.trace = List::default();
    empty.trace_root = merkle_root(&[]);
    assert_eq!(refused(&mut world, empty), "RCP-0010");
    let mut wrong_root = next.clone();
    wrong_root.trace_root = Hash([5; 32]);
    assert_eq!(refused(&mut world, wrong_root), "RCP-0011");
    let mut wrong_end = next.clone();
    wrong_end.final_state_root = Hash([6; 32]);
    assert_eq!(refused(&mut world, wrong_end), "RCP-0012");
    let mut unsorted = next.clone();
    let twice = vec![(E, Amount::ZERO), (E, Amount::ZERO)];
    unsorted.transfers = Transfers { outgoing: List::new(twice).expect("two"), ..Transfers::default() };
    assert_eq!(refused(&mut world, unsorted), "RCP-0013");
    world.submit_receipt(0, next);
}

#[test]
fn confirmation_pays_funds_and_submitters_and_burns_the_rest() {
    let mut world = three_operators();
    let bundle = world.bundle(0, &[world.payment(D, 3, 0, 4, Amount::ai3(1))]);
    world.submit(&[bundle]);
    let mut next = world.honest_receipt(D);
    let honest = next.fees;
    assert!(!honest.storage.is_zero() && !honest.execution.is_zero());
    // Fees that cannot be split evenly; that they are wrong is for a fraud proof to say.
    let unit = Amount::from_base_units;
    next.fees = BlockFees { storage: unit(1001), execution: unit(200_003), burned: unit(7) };
    let bundles = [1, 2].map(|operator| {
        let bundle = world.bundle_with(world.right(operator), next.clone(), &[]);
        Submission::Bundle(Box::new(bundle))
    });
    world.submit(&bundles);
    let before = (world.operator(0).storage_fund, world.operator(1).stake, world.operator(2).stake);
    let mut executed = None;
    while world.record(D).confirmed < BlockNumber(1) {
        let receipt = world.claim(D);
        executed = Some(world.submit_receipt(1, receipt));
    }
    let events = World::events(&executed.expect("blocks"));
    let confirmed = events.iter().find_map(|event| match event {
        DomainsEvent::DomainBlockConfirmed { storage, execution, burned, .. } => {
            Some((*storage, *execution, *burned))
        }
        _ => None,
    });
    assert_eq!(confirmed, Some((unit(1001), unit(200_002), unit(8))));
    assert_eq!(world.operator(0).storage_fund, before.0.checked_add(unit(1001)).expect("small"));
    // Tax and the nominators' part both stay with the pool.
    let gained = [(1, before.1), (2, before.2)].map(|(operator, stake)| {
        let pool = world.operator(operator);
        pool.stake.checked_add(pool.deposits_in_epoch).and_then(|all| all.checked_sub(stake)).expect("more")
    });
    assert_eq!(gained, [unit(100_001); 2]);
    let known = CONFIRMED.get(&world.contents, &D).expect("sound").expect("confirmed");
    assert_eq!((known.number, known.receipt), (BlockNumber(1), next.hash()));
    assert_eq!(known.state_root, next.final_state_root);
}
