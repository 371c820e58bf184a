//! Submissions of operators on their way into blocks.

use crate::driver::Driver;
use crate::extension::{FEE, REFUSED, count_call, extension, submission, taken_key};
use crate::fixture::{alice, genesis, object, store_object, transaction};
use crate::peers::{PEER, connect, exchange, open, second};
use auto_core::{Amount, Block, BlockNumber, ErrorCode, Hash, PotOutput, Slot, Submission};
use auto_node::{
    BlockEvents, Event, Message, Node, NodeConfig, NodeError, NodeEvent, NodeHandle, Retention, StoreKind,
    SubmissionKind, Tick,
};
use auto_store::{MemoryStore, Store};
use parity_scale_codec::Encode;
use std::cell::Cell;
use std::sync::Arc;

/// A submission for the last slot that a node has proven.
fn fresh(node: &Driver<'_>, operator: u64, number: u64) -> Submission {
    let slot = node.machine.slot();
    submission(1, operator, slot, output(node, slot), number)
}

/// The output of a slot that is not in a block yet, as its author would claim it.
fn output(node: &Driver<'_>, slot: Slot) -> PotOutput {
    node.machine.output_at(slot).expect("the slot is proven")
}

fn blocks(node: &Driver<'_>) -> Vec<Block> {
    node.machine.chain().blocks_after(&[]).expect("the store works")
}

/// Hashes of the submissions on the best chain, in order.
fn included(node: &Driver<'_>) -> Vec<Hash> {
    blocks(node).iter().flat_map(|block| block.body.submissions.iter().map(Submission::hash)).collect()
}

fn code(result: Result<Hash, NodeError>) -> &'static str {
    result.expect_err("it is refused").code()
}

/// A node that answers questions about a store.
fn ask(store: Arc<dyn Store>) -> (Node, NodeHandle) {
    let node = Node::start(NodeConfig {
        genesis: genesis(),
        store: StoreKind::Given(store),
        extension: extension(),
        followers: Vec::new(),
        retention: Retention::default(),
        timekeeper: false,
        pace_slots: false,
        farms: Vec::new(),
        transport: None,
    });
    let node = node.expect("it starts");
    let handle = node.handle();
    (node, handle)
}

#[test]
fn a_block_holds_submissions_before_transactions_and_shows_both() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let mut node = Driver::open(Arc::clone(&store), &genesis(), true, Tick::default).expect("opens");
    node.run_to(1).expect("the store works");
    let genesis_hash = node.machine.chain().genesis_hash();
    let counted = transaction(0, vec![count_call(b"counted")]).sign(&alice(), &genesis_hash);
    let failing =
        transaction(1, vec![count_call(b"first"), count_call(b"fail")]).sign(&alice(), &genesis_hash);
    node.machine.submit(&counted.encode()).expect("it is valid");
    assert_eq!(code(node.machine.submit(&failing.encode())), "TLY-0001");
    let offered = [fresh(&node, 1, 7), fresh(&node, 2, 8)];
    for one in &offered {
        assert_eq!(node.machine.submit_submission(&one.encode()).expect("it is valid"), one.hash());
        assert_eq!(node.told.iter().filter(|event| accepted(event, one)).count(), 0);
    }
    node.run_to(2).expect("the store works");
    for one in &offered {
        assert_eq!(node.told.iter().filter(|event| accepted(event, one)).count(), 1);
    }
    assert_eq!(included(&node), offered.each_ref().map(Submission::hash));
    assert!(node.machine.submissions().is_empty() && node.machine.pool().is_empty());
    assert_eq!(code(node.machine.submit_submission(&offered[0].encode())), "TLY-0001", "taken before");
    drop(node);

    let (node, handle) = ask(store);
    let view = handle.block(BlockNumber(2)).expect("the store works").expect("the block is there");
    assert_eq!(view.transactions, [counted.hash()]);
    assert_eq!(view.submissions.len(), 2);
    let (shown, first) = (&view.submissions[0], &offered[0]);
    assert_eq!((shown.hash, shown.kind), (first.hash(), SubmissionKind::Receipt));
    assert_eq!((shown.domain.0, shown.operator.0, shown.slot), (1, 1, first.election().slot));
    assert_eq!((shown.receipt_number.0, shown.receipt_hash), (7, first.receipt().hash()));
    assert_eq!((shown.extrinsics, shown.fee), (0, Amount::from_base_units(FEE)));
    assert_eq!(usize::try_from(shown.size_bytes), Ok(first.encode().len()));
    let place = handle.submission(&offered[1].hash()).expect("the store works").expect("it is included");
    assert_eq!(place, (view.id, 1, view.submissions[1].clone()));
    let text = |text: &str| text.as_bytes().to_vec();
    let wanted = BlockEvents {
        begun: vec![text("begin 2")],
        submissions: vec![vec![text("submission 7")], vec![text("submission 8")]],
        transactions: vec![(0, vec![text("counted")])],
        ended: vec![text("even")],
    };
    assert_eq!(handle.block_events(&view.id.hash).expect("the store works"), wanted);
    let genesis_events = handle.block_events(&handle.genesis()).expect("the store works");
    assert_eq!(genesis_events, BlockEvents::default());
    let taken = |at| {
        let key = taken_key(&offered[0].hash());
        handle.with_state(at, |id, state| {
            Ok::<_, NodeError>((id.number, state.get(&key).map_err(NodeError::State)?))
        })
    };
    assert_eq!(taken(None).expect("reads"), (BlockNumber(2), Some(BlockNumber(2).encode())));
    assert_eq!(taken(Some(BlockNumber(1))).expect("reads"), (BlockNumber(1), None));
    assert!(taken(Some(BlockNumber(3))).is_err_and(|error| error.code() == "NOD-0019"));
    let (header, proof) = handle.state_proof(&taken_key(&offered[0].hash()), None).expect("reads");
    assert!(!header.is_empty() && !proof.encode().is_empty());
    node.stop();
}

fn accepted(event: &NodeEvent, one: &Submission) -> bool {
    matches!(event, NodeEvent::SubmissionAccepted { hash } if *hash == one.hash())
}

#[test]
fn the_door_refuses_what_the_next_block_could_not_hold() {
    let now = Cell::new(0);
    let mut node = open(&genesis(), true, &now);
    node.run_to(1).expect("the store works");
    let slot = node.machine.slot();
    let good = output(&node, slot);
    let submit = |node: &mut Driver<'_>, one: Submission| node.machine.submit_submission(&one.encode());
    let ahead = Slot(slot.0 + 1);
    let wrong = PotOutput([8; 16]);
    assert_eq!(code(submit(&mut node, submission(1, 1, ahead, good, 1))), "NOD-0023");
    assert_eq!(code(submit(&mut node, submission(1, 1, slot, wrong, 1))), "TLY-0001");
    assert_eq!(code(submit(&mut node, submission(0, 1, slot, good, 1))), "TLY-0001");
    assert_eq!(code(submit(&mut node, submission(REFUSED.0, 1, slot, good, 1))), "TLY-0001");
    assert_eq!(code(node.machine.submit_submission(&[7; 9])), "NOD-0022");
    let mut trailing = submission(1, 1, slot, good, 1).encode();
    trailing.push(0);
    assert_eq!(code(node.machine.submit_submission(&trailing)), "NOD-0022");
    assert!(node.machine.submissions().is_empty());
    for number in 0..32 {
        submit(&mut node, submission(1, 1, slot, good, number)).expect("there is room");
    }
    assert_eq!(code(submit(&mut node, submission(1, 1, slot, good, 0))), "NOD-0016");
    assert_eq!(code(submit(&mut node, submission(1, 1, slot, good, 99))), "NOD-0025");
    submit(&mut node, submission(1, 2, slot, good, 99)).expect("another operator has room");
    // Five blocks later the slot can no longer be claimed.
    node.run_to(8).expect("the store works");
    assert_eq!(code(submit(&mut node, submission(1, 3, slot, good, 1))), "NOD-0024");
}

#[test]
fn submissions_reach_peers_and_leave_when_they_are_too_old() {
    let now = Cell::new(0);
    let (mut farming, mut other) = (open(&genesis(), true, &now), open(&genesis(), false, &now));
    connect(&mut farming, &mut other);
    exchange(&mut farming, &mut other);
    farming.run_to(2).expect("the store works");
    exchange(&mut farming, &mut other);
    let one = fresh(&farming, 1, 1);
    farming.machine.submit_submission(&one.encode()).expect("it is valid");
    // The effects come out with the next event.
    farming.step(Event::Timer).expect("the store works");
    exchange(&mut farming, &mut other);
    assert!(other.machine.submissions().get(&one.hash()).is_some());
    farming.run_to(farming.head() + 1).expect("the store works");
    exchange(&mut farming, &mut other);
    assert_eq!(included(&other), [one.hash()]);
    assert!(other.machine.submissions().is_empty());

    // One that the author never hears of.
    let lost = fresh(&farming, 1, 2);
    other.machine.submit_submission(&lost.encode()).expect("it is valid");
    other.step(Event::Timer).expect("the store works");
    other.sent.clear();
    farming.run_to(farming.head() + 8).expect("the store works");
    exchange(&mut farming, &mut other);
    for _ in 0..12 {
        second(&mut farming, &mut other, &now);
    }
    assert_eq!(other.blocks(), farming.blocks());
    assert!(other.machine.submissions().is_empty());
    let dropped = NodeEvent::SubmissionDropped { hash: lost.hash(), code: "NOD-0024".to_owned() };
    assert_eq!(other.told.iter().filter(|event| **event == dropped).count(), 1);
    assert_eq!(included(&farming), [one.hash()]);
    // Nobody is blamed for what is no longer, or not yet, of use.
    let late = Message::Submission(Box::new(lost)).encode();
    other.step(Event::Message(PEER, late)).expect("the store works");
    assert_eq!((&farming.dropped, &other.dropped), (&vec![], &vec![]));
}

#[test]
fn a_submission_of_a_reverted_block_is_offered_again() {
    let now = Cell::new(0);
    let (mut ahead, mut behind) = (open(&genesis(), true, &now), open(&genesis(), true, &now));
    // Slots pass for both; only one node hears of the submission and of a transaction.
    behind.slot().expect("the store works");
    let one = fresh(&behind, 1, 1);
    behind.machine.submit_submission(&one.encode()).expect("it is valid");
    let transaction = store_object(&ahead.machine.chain().genesis_hash(), 0, &object(1, 100));
    behind.machine.submit(&transaction.encode()).expect("it is valid");
    behind.run_to(1).expect("the store works");
    assert_eq!(included(&behind), [one.hash()]);
    ahead.run_to(3).expect("the store works");
    connect(&mut ahead, &mut behind);
    for _ in 0..20 {
        second(&mut ahead, &mut behind, &now);
    }
    assert!(behind.head() >= 3);
    assert_eq!(behind.blocks()[..3], ahead.blocks()[..3]);
    assert!(behind.machine.reverted() >= 1);
    assert!(behind.machine.submissions().get(&one.hash()).is_some(), "it waits again");
    assert_eq!(behind.machine.pool().len(), 1);
    let head = behind.head();
    behind.run_to(head + 1).expect("the store works");
    assert_eq!(included(&behind), [one.hash()]);
    assert!(behind.machine.submissions().is_empty());
}
