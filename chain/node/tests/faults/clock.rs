//! A clock that jumps changes nothing about blocks.

use crate::driver::Driver;
use crate::fixture::{genesis, object, store_object};
use auto_core::Hash;
use auto_node::{Event, PeerId, Tick};
use auto_store::MemoryStore;
use parity_scale_codec::Encode;
use std::sync::Arc;

const HOUR: u64 = 3_600_000;
const BLOCKS: u64 = 8;

/// A clock that moves by 50 ms and, at every `period`-th reading, jumps by an hour, forth and back.
fn jumping(period: u64) -> impl FnMut() -> Tick {
    let (mut time, mut reading) = (10 * HOUR, 0u64);
    move || {
        reading += 1;
        time += 50;
        if reading.is_multiple_of(period) {
            let forth = (reading / period).is_multiple_of(2);
            time = if forth { time + HOUR } else { time.saturating_sub(HOUR) };
        }
        Tick(time)
    }
}

fn run(clock: impl FnMut() -> Tick) -> (Vec<Hash>, Vec<u8>) {
    let mut node =
        Driver::open(Arc::new(MemoryStore::new()), &genesis(), true, clock).expect("the store works");
    let hash = node.machine.chain().genesis_hash();
    for number in 0..BLOCKS {
        let transaction = store_object(&hash, number, &object(number, 900));
        node.machine.submit(&transaction.encode()).expect("it is valid");
        node.run_to(number + 1).expect("the store works");
    }
    (node.blocks(), format!("{:?}", node.told).into_bytes())
}

#[test]
fn the_same_blocks_result_whatever_the_clock_says() {
    let steady = run(jumping(u64::MAX));
    assert_eq!(steady.0.len(), usize::try_from(BLOCKS).expect("fits"));
    for period in [1, 2, 7] {
        assert!(run(jumping(period)) == steady, "a clock that jumps at every {period}th reading matters");
    }
    assert!(run(|| Tick(0)) == steady, "a clock that stands matters");
    assert!(run(|| Tick(u64::MAX)) == steady, "a clock at its end matters");
}

#[test]
fn a_node_whose_clock_jumps_follows_one_whose_clock_does_not() {
    let genesis = genesis();
    let open = |farms, period| {
        Driver::open(Arc::new(MemoryStore::new()), &genesis, farms, jumping(period)).expect("the store works")
    };
    let (mut farmer, mut follower) = (open(true, u64::MAX), open(false, 3));
    let peer = PeerId(1);
    farmer.run_to(3).expect("the store works");
    farmer.step(Event::Connected(peer)).expect("the store works");
    follower.step(Event::Connected(peer)).expect("the store works");
    for height in 4..=BLOCKS {
        farmer.run_to(height).expect("the store works");
        while let Some((to, bytes)) = farmer.sent.pop_front() {
            follower.step(Event::Message(to, bytes)).expect("the store works");
            while let Some((to, bytes)) = follower.sent.pop_front() {
                farmer.step(Event::Message(to, bytes)).expect("the store works");
            }
        }
        follower.step(Event::Timer).expect("the store works");
        assert_eq!(follower.blocks(), farmer.blocks());
    }
    assert!(farmer.dropped.is_empty() && follower.dropped.is_empty(), "{:?}", follower.dropped);
}
