//! A disk that is full at any write: the node stops with the reason and later goes on from before it.

use crate::driver::Driver;
use crate::extension::extension;
use crate::fixture::{Found, check_whole, genesis, object, store_object};
use auto_core::{ErrorCode, KeyPair};
use auto_node::{Node, NodeConfig, NodeError, Retention, StoreKind};
use auto_store::{Column, Direction, FullDisk, MemoryStore, Store};
use parity_scale_codec::Encode;
use std::sync::Arc;

/// A disk with room for so many more writes.
fn full_disk(inner: &Arc<MemoryStore>, room: u64) -> Arc<dyn Store> {
    let disk = FullDisk::new(Arc::clone(inner), "/data/node");
    disk.leave_room(room);
    Arc::new(disk)
}

type Rows = Vec<(Vec<u8>, Vec<u8>)>;

fn contents(store: &MemoryStore) -> Vec<(Column, Rows)> {
    let rows = |column| {
        let rows = store.scan(column, &[], None, Direction::Forward, usize::MAX).expect("memory reads");
        (column, rows)
    };
    Column::ALL.map(rows).into()
}

fn assert_disk_full(error: &NodeError) {
    assert_eq!(error.code(), "STO-0006", "{error}");
    assert!(error.is_fatal());
    assert!(error.to_string().contains("no space left on the disk of /data/node"), "{error}");
}

#[test]
fn every_single_write_may_find_the_disk_full() {
    const HEIGHT: u64 = 12;
    let (genesis, inner) = (genesis(), Arc::new(MemoryStore::new()));
    let clock = || auto_node::Tick(0);
    let open = |room| Driver::open(full_disk(&inner, room), &genesis, true, clock);
    assert_disk_full(&open(0).err().expect("the genesis cannot be written"));
    assert_eq!(contents(&inner), contents(&MemoryStore::new()));

    drop(open(1).expect("the genesis is one write"));
    let store: Arc<dyn Store> = Arc::clone(&inner) as _;
    let (mut failures, mut object_number) = (0u64, 0);
    let mut found = check_whole(&store, &genesis);
    while found.head.0 < HEIGHT {
        // Each run gets one block further than the one before; the write after that one fails.
        let mut node = open(1).expect("opens again");
        object_number += 1;
        let data = object(object_number, 3000);
        let transaction = store_object(&node.machine.chain().genesis_hash(), found.transactions, &data);
        node.machine.submit(&transaction.encode()).expect("it is valid");
        let target = found.head.0 + 1;
        node.run_to(target).expect("there is room for one write");
        let before = contents(&inner);
        assert_disk_full(&node.run_to(target + 1).expect_err("there is no room for another"));
        assert!(contents(&inner) == before, "a write that fails leaves nothing");
        drop(node);
        failures += 1;
        let now = check_whole(&store, &genesis);
        let grown = Found { head: now.head, transactions: found.transactions + 1, segments: now.segments };
        assert_eq!((now, now.head.0), (grown, target));
        found = now;
    }
    assert!(failures >= HEIGHT && found.segments > 2, "{failures} failures, {found:?}");
    let mut node = open(u64::MAX).expect("opens again");
    node.run_to(HEIGHT + 5).expect("there is room again");
}

#[test]
fn after_any_number_of_writes_the_disk_may_be_full() {
    let genesis = genesis();
    for room in 1..=7 {
        let inner = Arc::new(MemoryStore::new());
        let clock = || auto_node::Tick(0);
        let mut node = Driver::open(full_disk(&inner, room), &genesis, true, clock).expect("opens");
        assert_disk_full(&node.run_to(100).expect_err("the disk is full at some time"));
        drop(node);
        let store: Arc<dyn Store> = Arc::clone(&inner) as _;
        let found = check_whole(&store, &genesis);
        assert_eq!(found.head.0, room - 1, "one write for the genesis and for each block");
        let mut node = Driver::open(store, &genesis, true, clock).expect("opens");
        node.run_to(found.head.0 + 2).expect("there is room again");
    }
}

#[test]
fn a_running_node_stops_with_the_reason() {
    let genesis = genesis();
    let config = |room| {
        let inner = Arc::new(MemoryStore::new());
        NodeConfig {
            store: StoreKind::Given(full_disk(&inner, room)),
            extension: extension(),
            followers: Vec::new(),
            retention: Retention::default(),
            timekeeper: false,
            pace_slots: true,
            farms: Vec::new(),
            transport: None,
            genesis: genesis.clone(),
        }
    };
    assert_disk_full(&Node::start(config(0)).expect_err("the genesis cannot be written"));

    // A block made elsewhere comes in while there is no room for it.
    let clock = || auto_node::Tick(0);
    let mut other = Driver::open(Arc::new(MemoryStore::new()), &genesis, true, clock).expect("opens");
    other.run_to(1).expect("memory has room");
    let block = other.machine.chain().blocks_after(&[]).expect("memory reads").remove(0);
    let node = Node::start(config(1)).expect("the genesis is one write");
    let events = node.events();
    let peer = auto_node::PeerId(3);
    let say = |message: auto_node::Message| {
        events.send(auto_node::Event::Message(peer, message.encode())).expect("the node runs");
    };
    events.send(auto_node::Event::Connected(peer)).expect("the node runs");
    say(auto_node::Message::Hello(Box::new(auto_node::Hello {
        genesis: node.handle().genesis(),
        params: genesis.params.clone(),
        head: node.handle().genesis(),
        number: auto_core::BlockNumber(0),
        weight: 0,
    })));
    say(auto_node::Message::Block(Box::new(block)));
    // Only a node that never stops keeps this waiting.
    let reason = (0..6000).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        node.failure()
    });
    let reason = reason.expect("the node stops");
    assert!(reason.contains("no space left") && reason.contains("STO-0006"), "{reason}");
    let transaction = store_object(&node.handle().genesis(), 0, b"too late");
    let error = node.handle().submit(&transaction.encode()).expect_err("the node has stopped");
    assert_eq!(error.code(), "NOD-0021");
    assert!(error.to_string().contains("no space left"), "{error}");
    let address = KeyPair::from_secret(&[1; 32]).public_key().address();
    assert_eq!(node.handle().account(&address, None).expect("reading goes on").at.number.0, 0);
}
