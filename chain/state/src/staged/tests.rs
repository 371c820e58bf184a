use super::*;
use crate::{MemoryNodes, Snapshot};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Puts and removals; `None` removes.
type Batch = Vec<(u16, Option<u8>)>;

/// Few keys, so that batches meet one another.
fn key(number: u16) -> Vec<u8> {
    (number % 48).to_le_bytes().to_vec()
}

fn changes(batch: &Batch) -> Changes {
    batch.iter().map(|(number, value)| (key(*number), value.map(|byte| vec![byte; 3]))).collect()
}

fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let change = (any::<u16>(), proptest::option::weighted(0.6, 0..3u8));
    proptest::collection::vec(proptest::collection::vec(change, 0..12), 1..12)
}

/// The nodes of a state after the batches, by commits of the finished crate.
fn committed(nodes: &mut MemoryNodes, mut root: Hash, batches: &[Batch]) -> Vec<Hash> {
    let mut roots = Vec::new();
    for batch in batches {
        let commit = Snapshot::new(&*nodes, root).commit(&changes(batch)).expect("all nodes are there");
        nodes.extend(commit.fresh);
        root = commit.root;
        roots.push(root);
    }
    roots
}

fn merged(batches: &[Batch]) -> Changes {
    batches.iter().flat_map(changes).collect()
}

proptest! {
    #[test]
    fn every_root_value_and_the_whole_commit_are_those_of_the_snapshot(
        first in batches(),
        later in batches(),
    ) {
        let mut nodes = MemoryNodes::new();
        let base = committed(&mut nodes, EMPTY_ROOT, &first).last().copied().unwrap_or(EMPTY_ROOT);
        let source = nodes.clone();
        let roots = committed(&mut nodes, base, &later);
        let mut staged = Staged::new(&source, base);
        let mut model: BTreeMap<Vec<u8>, Vec<u8>> = merged(&first)
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)))
            .collect();
        for (batch, root) in later.iter().zip(&roots) {
            for (key, value) in changes(batch) {
                match value {
                    Some(value) => model.insert(key, value),
                    None => model.remove(&key),
                };
            }
            prop_assert_eq!(staged.apply(&changes(batch)), Ok(*root));
            for number in 0..48 {
                prop_assert_eq!(staged.get(&key(number)), Ok(model.get(&key(number)).cloned()));
            }
        }
        let mut ours = staged.finish().expect("within the limits");
        let mut theirs = Snapshot::new(&source, base).commit(&merged(&later)).expect("all nodes are there");
        for commit in [&mut ours, &mut theirs] {
            commit.fresh.sort();
            commit.stale.sort();
        }
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn a_missing_node_is_an_error_and_changes_nothing(first in batches(), batch in batches(), lost in 0usize..64) {
        let mut nodes = MemoryNodes::new();
        let base = committed(&mut nodes, EMPTY_ROOT, &first).last().copied().unwrap_or(EMPTY_ROOT);
        let Some(lost) = nodes.keys().nth(lost % nodes.len().max(1)).copied() else { return Ok(()) };
        let whole = nodes.clone();
        nodes.remove(&lost);
        let mut staged = Staged::new(&nodes, base);
        let changes = merged(&batch);
        match staged.apply(&changes) {
            Ok(root) => {
                let wanted = Snapshot::new(&whole, base).commit(&changes).expect("all nodes are there");
                prop_assert_eq!(root, wanted.root);
            }
            Err(error) => {
                prop_assert_eq!(error, StateError::Missing(lost));
                prop_assert_eq!(staged.root(), base);
                let untouched = staged.finish().expect("nothing changed");
                prop_assert!(untouched.fresh.is_empty() && untouched.stale.is_empty());
            }
        }
    }
}

#[test]
fn limits_are_checked_before_anything_changes() {
    let mut staged = Staged::new(MemoryNodes::new(), EMPTY_ROOT);
    let long = [(vec![0; KEY_BYTES_MAX + 1], Some(Vec::new())), (b"a".to_vec(), Some(vec![1]))].into();
    assert_eq!(staged.apply(&long), Err(StateError::KeyTooLong { actual: 513, limit: 512 }));
    let large: Changes = [(b"a".to_vec(), Some(vec![0; VALUE_BYTES_MAX + 1]))].into();
    assert!(matches!(staged.apply(&large), Err(StateError::ValueTooLong { .. })));
    assert_eq!(staged.root(), EMPTY_ROOT);
}

#[test]
fn what_is_changed_back_is_no_change() {
    let mut nodes = MemoryNodes::new();
    let base = committed(&mut nodes, EMPTY_ROOT, &[(0..20).map(|number| (number, Some(1))).collect()])[0];
    let mut staged = Staged::new(&nodes, base);
    assert_ne!(staged.apply(&changes(&vec![(3, Some(2)), (4, None)])), Ok(base));
    assert_eq!(staged.apply(&changes(&vec![(3, Some(1)), (4, Some(1))])), Ok(base));
    let commit = staged.finish().expect("within the limits");
    assert_eq!(commit, Commit { root: base, fresh: Vec::new(), stale: Vec::new() });
}

#[test]
fn an_emptied_state_has_the_empty_root() {
    let mut nodes = MemoryNodes::new();
    let base = committed(&mut nodes, EMPTY_ROOT, &[vec![(1, Some(1)), (2, Some(1))]])[0];
    let mut staged = Staged::new(&nodes, base);
    assert_eq!(staged.apply(&changes(&vec![(1, None), (2, None)])), Ok(EMPTY_ROOT));
    assert_eq!(staged.get(&key(1)), Ok(None));
    assert!(staged.apply(&changes(&vec![(1, Some(1))])).is_ok_and(|root| root != EMPTY_ROOT));
    let commit = staged.finish().expect("within the limits");
    assert_eq!(commit.fresh.len(), 0, "the leaf of key 1 is as it was");
    assert_eq!(commit.stale.len(), 2, "the branch and the leaf of key 2");
}
