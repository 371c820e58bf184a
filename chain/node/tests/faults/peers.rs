//! Two nodes and the messages between them: those that get lost, and those that never come.

use crate::driver::Driver;
use crate::fixture::{genesis, object, store_object};
use auto_core::{Genesis, List};
use auto_node::{Event, Message, PeerId, Tick};
use auto_store::{MemoryStore, Store};
use parity_scale_codec::Encode;
use std::cell::Cell;
use std::sync::Arc;

pub(crate) const PEER: PeerId = PeerId(1);
/// Hellos that one connection may see from one side.
const HELLOS_MAX: usize = 12;

pub(crate) fn open<'a>(genesis: &Genesis, farms: bool, now: &'a Cell<u64>) -> Driver<'a> {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    Driver::open(store, genesis, farms, move || Tick(now.get())).expect("opens")
}

/// Carries messages between two nodes until none is left; gives how many there were.
pub(crate) fn exchange(one: &mut Driver<'_>, other: &mut Driver<'_>) -> usize {
    let mut count = 0;
    loop {
        let (forth, back) = (one.sent.pop_front(), other.sent.pop_front());
        if forth.is_none() && back.is_none() {
            return count;
        }
        if let Some((_, bytes)) = forth {
            count += 1;
            other.step(Event::Message(PEER, bytes)).expect("the store works");
        }
        if let Some((_, bytes)) = back {
            count += 1;
            one.step(Event::Message(PEER, bytes)).expect("the store works");
        }
    }
}

/// A second passes for both.
pub(crate) fn second(one: &mut Driver<'_>, other: &mut Driver<'_>, now: &Cell<u64>) -> usize {
    now.set(now.get() + 1000);
    one.step(Event::Timer).expect("the store works");
    other.step(Event::Timer).expect("the store works");
    exchange(one, other)
}

pub(crate) fn connect(one: &mut Driver<'_>, other: &mut Driver<'_>) {
    one.step(Event::Connected(PEER)).expect("the store works");
    other.step(Event::Connected(PEER)).expect("the store works");
}

fn is_hello(bytes: &[u8]) -> bool {
    matches!(Message::decode_bytes(bytes), Ok(Message::Hello(_)))
}

#[test]
fn nodes_whose_first_words_were_both_lost_meet_all_the_same() {
    let now = Cell::new(0);
    let (mut ahead, mut behind) = (open(&genesis(), true, &now), open(&genesis(), false, &now));
    ahead.run_to(3).expect("the store works");
    connect(&mut ahead, &mut behind);
    ahead.sent.clear();
    behind.sent.clear();
    for _ in 0..20 {
        second(&mut ahead, &mut behind, &now);
    }
    assert_eq!(behind.blocks(), ahead.blocks());
    assert_eq!((&ahead.dropped, &behind.dropped), (&vec![], &vec![]));
    // Who knows the other is silent while nothing happens.
    assert_eq!((0..120).map(|_| second(&mut ahead, &mut behind, &now)).sum::<usize>(), 0);
}

#[test]
fn a_node_that_did_not_hear_the_other_is_told_again() {
    for lost in [true, false] {
        let now = Cell::new(0);
        let (mut ahead, mut behind) = (open(&genesis(), true, &now), open(&genesis(), false, &now));
        ahead.run_to(3).expect("the store works");
        connect(&mut ahead, &mut behind);
        if lost {
            ahead.sent.clear()
        } else {
            behind.sent.clear()
        }
        for _ in 0..20 {
            second(&mut ahead, &mut behind, &now);
        }
        assert_eq!(behind.blocks(), ahead.blocks());
        // The one ahead knows the other too: what it builds next arrives by itself.
        ahead.run_to(4).expect("the store works");
        exchange(&mut ahead, &mut behind);
        assert_eq!(behind.blocks(), ahead.blocks());
        assert_eq!((&ahead.dropped, &behind.dropped), (&vec![], &vec![]));
    }
}

#[test]
fn a_peer_that_never_speaks_is_left_after_a_few_attempts() {
    let now = Cell::new(0);
    let mut node = open(&genesis(), false, &now);
    node.step(Event::Connected(PEER)).expect("the store works");
    for _ in 0..600 {
        now.set(now.get() + 1000);
        node.step(Event::Timer).expect("the store works");
    }
    let hellos = node.sent.iter().filter(|(_, bytes)| is_hello(bytes)).count();
    assert_eq!((hellos, node.sent.len()), (HELLOS_MAX, HELLOS_MAX));
    assert_eq!(node.dropped.len(), 1);
    assert!(node.dropped[0].contains("introduced itself"), "{:?}", node.dropped);
    assert_eq!(node.machine.peer_count(), 0);
}

#[test]
fn a_peer_that_repeats_itself_is_answered_a_few_times_only() {
    let now = Cell::new(0);
    let (mut node, mut other) = (open(&genesis(), false, &now), open(&genesis(), false, &now));
    connect(&mut node, &mut other);
    let (_, hello) = other.sent.pop_front().expect("it introduces itself");
    for _ in 0..600 {
        now.set(now.get() + 1000);
        for _ in 0..5 {
            node.step(Event::Message(PEER, hello.clone())).expect("the store works");
        }
    }
    assert_eq!(node.sent.len(), HELLOS_MAX);
}

#[test]
fn what_a_peer_sends_tells_where_its_chain_stands() {
    let now = Cell::new(0);
    let (mut ahead, mut behind) = (open(&genesis(), true, &now), open(&genesis(), false, &now));
    connect(&mut ahead, &mut behind);
    exchange(&mut ahead, &mut behind);
    assert_eq!(behind.machine.peer_head(PEER).map(|(number, _)| number.0), Some(0));
    // New blocks come one by one, missed ones in an answer.
    for height in [2, 5] {
        ahead.run_to(height).expect("the store works");
        if height == 5 {
            ahead.sent.drain(..ahead.sent.len() - 1);
            while ahead.head() == 5 && !ahead.sent.iter().any(|(_, bytes)| bytes.first() == Some(&2)) {
                ahead.slot().expect("the store works");
            }
        }
        exchange(&mut ahead, &mut behind);
        let head = ahead.machine.chain().head();
        assert_eq!(behind.machine.peer_head(PEER), Some((head.number(), head.weight())));
    }
    // A block that is no heavier changes nothing.
    let before = behind.machine.peer_head(PEER);
    let old = ahead.machine.chain().blocks_after(&[]).expect("the store works").swap_remove(0);
    behind.step(Event::Message(PEER, Message::Block(Box::new(old)).encode())).expect("the store works");
    assert_eq!(behind.machine.peer_head(PEER), before);
}

#[test]
fn a_branch_that_is_longer_than_an_answer_is_followed_to_its_end() {
    let now = Cell::new(0);
    let (mut ahead, mut behind) = (open(&genesis(), true, &now), open(&genesis(), true, &now));
    // One transaction more, and the first block is another one.
    let transaction = store_object(&ahead.machine.chain().genesis_hash(), 0, &object(1, 100));
    behind.machine.submit(&transaction.encode()).expect("it is valid");
    behind.run_to(2).expect("the store works");
    ahead.run_to(3).expect("the store works");
    assert_ne!(ahead.blocks()[0], behind.blocks()[0]);
    connect(&mut ahead, &mut behind);
    let (_, hello) = ahead.sent.pop_back().expect("it introduces itself");
    behind.step(Event::Message(PEER, hello)).expect("the store works");
    // Blocks so large that an answer holds one.
    for _ in 0..30 {
        while let Some((_, bytes)) = behind.sent.pop_front() {
            let Ok(Message::GetBlocks(locator)) = Message::decode_bytes(&bytes) else { continue };
            let mut blocks = ahead.machine.chain().blocks_after(&locator).expect("the store works");
            blocks.truncate(1);
            let answer = Message::Blocks(List::new(blocks).expect("one")).encode();
            behind.step(Event::Message(PEER, answer)).expect("the store works");
        }
        now.set(now.get() + 1000);
        behind.step(Event::Timer).expect("the store works");
    }
    assert_eq!(behind.blocks(), ahead.blocks());
}

#[test]
fn a_peer_that_answers_the_same_for_ever_is_not_asked_for_ever() {
    let now = Cell::new(0);
    let (mut ahead, mut behind) = (open(&genesis(), true, &now), open(&genesis(), false, &now));
    ahead.run_to(2).expect("the store works");
    connect(&mut ahead, &mut behind);
    let answer = ahead.machine.chain().blocks_after(&[]).expect("the store works");
    let answer = Message::Blocks(List::new(answer).expect("a few")).encode();
    let (_, hello) = ahead.sent.pop_front().expect("it introduces itself");
    behind.step(Event::Message(PEER, hello)).expect("the store works");
    let mut asked = 0;
    while behind.sent.drain(..).any(|(_, bytes)| bytes.first() == Some(&4)) {
        asked += 1;
        assert!(asked < 10, "still asking");
        behind.step(Event::Message(PEER, answer.clone())).expect("the store works");
    }
    assert_eq!(behind.head(), 2);
}
