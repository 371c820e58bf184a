//! One suite that both stores must pass.

use auto_core::{Hash, hash};
use auto_state::{Commit, NodeSource};
use auto_store::{
    Batch, Column, Direction, MemoryStore, Operation, RocksStore, StateNodes, Store, StoreError,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

fn put(store: &dyn Store, column: Column, key: &[u8], value: &[u8]) {
    let mut batch = Batch::new();
    batch.put(column, key, value);
    store.write(batch).expect("writes");
}

fn keys(
    store: &dyn Store,
    prefix: &[u8],
    from: Option<&[u8]>,
    order: Direction,
    limit: usize,
) -> Vec<Vec<u8>> {
    let pairs = store.scan(Column::Index, prefix, from, order, limit).expect("scans");
    pairs.into_iter().map(|(key, _)| key).collect()
}

fn values_are_kept_per_column(store: &dyn Store) {
    for (number, column) in (0u8..).zip(Column::ALL) {
        assert_eq!(store.get(column, b"key").expect("reads"), None);
        put(store, column, b"key", &[number]);
    }
    for (number, column) in (0u8..).zip(Column::ALL) {
        assert_eq!(store.get(column, b"key").expect("reads"), Some(vec![number]));
    }
    put(store, Column::Blocks, b"", b"");
    assert_eq!(store.get(Column::Blocks, b"").expect("reads"), Some(Vec::new()));
    let large = vec![7; 300_000];
    put(store, Column::Pieces, b"large", &large);
    assert_eq!(store.get(Column::Pieces, b"large").expect("reads"), Some(large));
}

fn a_batch_applies_in_order(store: &dyn Store) {
    let mut batch = Batch::synced();
    batch.put(Column::Accounts, b"kept".as_slice(), b"old".as_slice());
    batch.delete(Column::Accounts, b"kept".as_slice());
    batch.put(Column::Accounts, b"kept".as_slice(), b"new".as_slice());
    batch.put(Column::Accounts, b"gone".as_slice(), b"value".as_slice());
    batch.delete(Column::Accounts, b"gone".as_slice());
    batch.delete(Column::Accounts, b"never".as_slice());
    assert_eq!(batch.len(), 6);
    store.write(batch).expect("writes");
    assert_eq!(store.get(Column::Accounts, b"kept").expect("reads"), Some(b"new".to_vec()));
    assert_eq!(store.get(Column::Accounts, b"gone").expect("reads"), None);
    store.write(Batch::new()).expect("an empty batch is nothing");
}

fn scans_have_prefix_start_order_and_limit(store: &dyn Store) {
    let all: [&[u8]; 7] = [b"a", b"b", b"b\0", b"b1", b"b\xff", b"c", b"\xff\xff"];
    for key in all {
        put(store, Column::Index, key, b"");
    }
    let (forward, reverse) = (Direction::Forward, Direction::Reverse);
    let listed = |wanted: &[&[u8]]| wanted.iter().map(|key| key.to_vec()).collect::<Vec<_>>();
    assert_eq!(keys(store, b"", None, forward, 99), listed(&all));
    assert_eq!(keys(store, b"b", None, forward, 99), listed(&all[1..5]));
    assert_eq!(keys(store, b"b", None, reverse, 2), listed(&[b"b\xff", b"b1"]));
    assert_eq!(keys(store, b"b", Some(b"b1"), forward, 99), listed(&[b"b1", b"b\xff"]));
    assert_eq!(keys(store, b"b", Some(b"b1"), reverse, 99), listed(&[b"b1", b"b\0", b"b"]));
    assert_eq!(keys(store, b"b", Some(b"a"), forward, 1), listed(&[b"b"]));
    assert_eq!(keys(store, b"b", Some(b"c"), reverse, 1), listed(&[b"b\xff"]));
    assert_eq!(keys(store, b"b", Some(b"c"), forward, 9), listed(&[]));
    assert_eq!(keys(store, b"b", Some(b"a"), reverse, 9), listed(&[]));
    assert_eq!(keys(store, b"\xff", None, reverse, 9), listed(&[b"\xff\xff"]));
    assert_eq!(keys(store, b"", None, forward, 0), listed(&[]));
    assert_eq!(keys(store, b"x", None, forward, 9), listed(&[]));
}

fn node(byte: u8) -> (Hash, Vec<u8>) {
    (hash(&[byte]), vec![byte; 3])
}

fn commit(bytes: &[u8]) -> Commit {
    Commit { root: Hash::ZERO, fresh: bytes.iter().map(|byte| node(*byte)).collect(), stale: Vec::new() }
}

fn state_nodes_live_as_long_as_they_are_used(store: &dyn Store) {
    let nodes = StateNodes(store);
    let shared = node(1).0;
    let mut batch = Batch::new();
    let mut stage = nodes.stage();
    stage.stage_commit(&commit(&[1, 2]));
    stage.stage_commit(&commit(&[1]));
    stage.stage_release([&node(2).0]);
    stage.finish(&mut batch).expect("counts hold");
    store.write(batch).expect("writes");
    assert_eq!(nodes.count(&shared).expect("reads"), 2);
    assert_eq!(nodes.node(&shared).expect("reads"), Some(vec![1; 3]));
    assert_eq!(nodes.node(&node(2).0).expect("reads"), None);

    let mut batch = Batch::new();
    let mut stage = nodes.stage();
    stage.stage_release([&shared, &shared]);
    stage.stage_commit(&commit(&[3]));
    stage.finish(&mut batch).expect("counts hold");
    assert_eq!(nodes.count(&shared).expect("reads"), 2, "nothing changes before the write");
    store.write(batch).expect("writes");
    assert_eq!(nodes.count(&shared).expect("reads"), 0);
    assert_eq!(nodes.node(&shared).expect("reads"), None);
    assert_eq!(nodes.count(&node(3).0).expect("reads"), 1);

    let mut batch = Batch::new();
    let mut stage = nodes.stage();
    stage.stage_commit(&commit(&[4]));
    stage.stage_release([&node(3).0, &node(3).0]);
    let error = stage.finish(&mut batch).expect_err("one use was committed, two are released");
    assert!(matches!(error, StoreError::ReleasedTooOften { node: hash } if hash == node(3).0));
    assert!(batch.is_empty());

    put(store, Column::State, node(9).0.as_ref(), &[1, 0]);
    assert!(matches!(nodes.count(&node(9).0), Err(StoreError::MalformedNode { .. })));
    assert!(nodes.node(&node(9).0).is_err());
}

fn suite(make: &dyn Fn() -> Arc<dyn Store>) {
    for check in [
        values_are_kept_per_column,
        a_batch_applies_in_order,
        scans_have_prefix_start_order_and_limit,
        state_nodes_live_as_long_as_they_are_used,
    ] {
        check(&make());
    }
}

#[test]
fn the_memory_store_conforms() {
    suite(&|| Arc::new(MemoryStore::new()));
}

#[test]
fn the_store_on_disk_conforms() {
    let folder = tempfile::tempdir().expect("a folder");
    let count = std::sync::atomic::AtomicUsize::new(0);
    suite(&|| {
        let name = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string();
        Arc::new(RocksStore::open(folder.path().join(name)).expect("opens"))
    });
}

#[test]
fn what_is_written_is_there_after_reopening() {
    let folder = tempfile::tempdir().expect("a folder");
    for round in 0u8..5 {
        let store = RocksStore::open(folder.path()).expect("opens");
        for earlier in 0..round {
            assert_eq!(store.get(Column::Blocks, &[earlier]).expect("reads"), Some(vec![earlier]));
        }
        put(&store, Column::Blocks, &[round], &[round]);
    }
}

fn small_key() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop_oneof![Just(0u8), Just(1), Just(254), Just(255)], 0..4)
}

fn operation() -> impl Strategy<Value = (bool, Vec<u8>, u8)> {
    (any::<bool>(), small_key(), any::<u8>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn both_stores_do_what_a_sorted_list_does(
        batches in prop::collection::vec(prop::collection::vec(operation(), 0..12), 1..6),
        scans in prop::collection::vec(
            (small_key(), prop::option::of(small_key()), any::<bool>(), 0usize..9),
            20,
        ),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = RocksStore::open(folder.path()).expect("opens");
        let memory = MemoryStore::new();
        let mut model = BTreeMap::new();
        for operations in batches {
            let mut batch = Batch::new();
            for (delete, key, value) in operations {
                if delete {
                    batch.delete(Column::Index, key.clone());
                    model.remove(&key);
                } else {
                    batch.put(Column::Index, key.clone(), [value]);
                    model.insert(key, vec![value]);
                }
            }
            let in_column = batch.operations().iter().all(|operation| match operation {
                Operation::Put { column, .. } | Operation::Delete { column, .. } => *column == Column::Index,
            });
            prop_assert!(in_column);
            disk.write(batch.clone()).expect("writes");
            memory.write(batch).expect("writes");
        }
        for (prefix, from, reverse, limit) in scans {
            let mut wanted: Vec<(Vec<u8>, Vec<u8>)> = model
                .iter()
                .filter(|(key, _)| key.starts_with(&prefix))
                .filter(|(key, _)| match &from {
                    None => true,
                    Some(from) if reverse => *key <= from,
                    Some(from) => *key >= from,
                })
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            let direction = if reverse { Direction::Reverse } else { Direction::Forward };
            if reverse {
                wanted.reverse();
            }
            wanted.truncate(limit);
            for store in [&disk as &dyn Store, &memory] {
                let found = store.scan(Column::Index, &prefix, from.as_deref(), direction, limit);
                prop_assert_eq!(&found.expect("scans"), &wanted);
            }
        }
    }
}
