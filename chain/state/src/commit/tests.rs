use super::*;
use crate::{MemoryNodes, Recorder, StateProof, Witness, children};
use auto_core::{decode_strict, hash_parts, tag};
use parity_scale_codec::Encode;
use proptest::prelude::*;
use std::collections::BTreeSet;

type Model = BTreeMap<Vec<u8>, Vec<u8>>;
/// One batch: which keys get which value, or lose theirs.
type Batch = Vec<(usize, Option<u8>)>;

/// Keys of which many share long prefixes of their paths: the neighbours among 20,000.
fn keys() -> &'static [Vec<u8>] {
    static KEYS: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    KEYS.get_or_init(|| {
        let all = (0..20_000u32).map(|number| number.to_le_bytes().to_vec());
        let mut sorted: Vec<(Path, Vec<u8>)> = all.map(|key| (Path::of(&key), key)).collect();
        sorted.sort_unstable();
        let mut close: Vec<(u16, usize)> =
            sorted.windows(2).enumerate().map(|(at, pair)| (pair[0].0.common(&pair[1].0), at)).collect();
        close.sort_unstable_by(|a, b| b.cmp(a));
        assert!(close[0].0 > 24, "the closest paths share {} bits", close[0].0);
        let chosen: BTreeSet<usize> = close[..12].iter().flat_map(|(_, at)| [*at, at + 1]).collect();
        let spread = (0..16).map(|at| at * 1000 + 7);
        chosen.into_iter().chain(spread).map(|at| sorted[at].1.clone()).collect()
    })
}

/// The root by the definition of the tree, from nothing but its content.
fn reference(entries: &[(Path, Vec<u8>)]) -> Hash {
    let (first, last) = match entries {
        [] => return EMPTY_ROOT,
        [(path, value)] => return hash_parts(tag::STATE_LEAF, &[&path.0, hash(value).as_ref()]),
        [first, .., last] => (first.0, last.0),
    };
    let bit = |path: &Path, at: usize| path.0[at / 8] & (0x80 >> (at % 8)) != 0;
    let depth = (0..256).find(|at| bit(&first, *at) != bit(&last, *at)).expect("distinct paths");
    let mut prefix = vec![0u8; depth.div_ceil(8)];
    for at in (0..depth).filter(|at| bit(&first, *at)) {
        prefix[at / 8] |= 0x80 >> (at % 8);
    }
    let split = entries.iter().position(|(path, _)| bit(path, depth)).expect("the last goes right");
    let (left, right) = (reference(&entries[..split]), reference(&entries[split..]));
    let depth = u8::try_from(depth).expect("below 256");
    hash_parts(tag::STATE_NODE, &[&[depth], &prefix, left.as_ref(), right.as_ref()])
}

fn reference_root(model: &Model) -> Hash {
    let mut entries: Vec<_> = model.iter().map(|(key, value)| (Path::of(key), value.clone())).collect();
    entries.sort();
    reference(&entries)
}

fn reachable(nodes: &MemoryNodes, root: Hash) -> BTreeSet<Hash> {
    let mut seen = BTreeSet::new();
    let mut queue: Vec<Hash> = Some(root).filter(|root| *root != EMPTY_ROOT).into_iter().collect();
    while let Some(hash) = queue.pop() {
        assert!(seen.insert(hash), "a node occurs twice in a tree");
        if let Some((left, right)) = children(&hash, &nodes[&hash]).expect("sound") {
            queue.extend([left, right]);
        }
    }
    seen
}

fn changes(batch: &Batch) -> Changes {
    batch
        .iter()
        .map(|(at, value)| (keys()[*at % keys().len()].clone(), value.map(|byte| vec![byte])))
        .collect()
}

fn apply(model: &mut Model, changes: &Changes) {
    for (key, value) in changes {
        match value {
            Some(value) => drop(model.insert(key.clone(), value.clone())),
            None => drop(model.remove(key)),
        }
    }
}

fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let change = (0..64usize, proptest::option::weighted(0.6, 0..3u8));
    proptest::collection::vec(proptest::collection::vec(change, 0..12), 1..12)
}

fn as_set(hashes: impl IntoIterator<Item = Hash>) -> BTreeSet<Hash> {
    let mut set = BTreeSet::new();
    for hash in hashes {
        assert!(set.insert(hash), "a node is listed twice");
    }
    set
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn root_depends_on_content_only_and_node_lists_are_exact(batches in batches()) {
        let (mut nodes, mut model, mut root) = (MemoryNodes::new(), Model::new(), EMPTY_ROOT);
        for batch in &batches {
            let changes = changes(batch);
            let before = reachable(&nodes, root);
            let commit = Snapshot::new(&nodes, root).commit(&changes).expect("sound");
            apply(&mut model, &changes);
            nodes.extend(commit.fresh.clone());
            prop_assert_eq!(commit.root, reference_root(&model));
            let after = reachable(&nodes, commit.root);
            let fresh = as_set(commit.fresh.iter().map(|(hash, _)| *hash));
            let stale = as_set(commit.stale.iter().copied());
            prop_assert_eq!(fresh, after.difference(&before).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(stale, before.difference(&after).copied().collect::<BTreeSet<_>>());
            root = commit.root;
        }
        let snapshot = Snapshot::new(&nodes, root);
        for key in keys() {
            let wanted = model.get(key).cloned();
            prop_assert_eq!(&snapshot.get(key), &Ok(wanted.clone()));
            let encoded = snapshot.prove(key).expect("sound").encode();
            let proof: StateProof = decode_strict(&encoded, 1 << 16).expect("own encoding");
            prop_assert_eq!(proof.verify(&root, key), Ok(wanted));
        }
    }

    #[test]
    fn counted_references_keep_exactly_the_live_forks(batches in batches(), shape in any::<u64>()) {
        // Every batch makes a child of some earlier state; then states are released from the leaves up
        // or, where a single child is left, from the root down.
        let mut counts: BTreeMap<Hash, u32> = BTreeMap::new();
        let mut nodes = MemoryNodes::new();
        let mut states = vec![(EMPTY_ROOT, None::<(usize, Commit)>)];
        for (at, batch) in batches.iter().enumerate() {
            let parent = usize::try_from(shape >> (at * 4)).unwrap_or(0) % states.len();
            let commit = Snapshot::new(&nodes, states[parent].0).commit(&changes(batch)).expect("sound");
            for (hash, bytes) in &commit.fresh {
                *counts.entry(*hash).or_default() += 1;
                nodes.insert(*hash, bytes.clone());
            }
            states.push((commit.root, Some((parent, commit))));
        }
        let tip = states.len() - 1;
        let mut chain = vec![tip];
        while let Some((_, Some((parent, _)))) = chain.last().map(|at| &states[*at]) {
            chain.push(*parent);
        }
        let mut release = |hash: &Hash| {
            let count = counts.get_mut(hash).expect("counted");
            *count -= 1;
            if *count == 0 {
                nodes.remove(hash);
            }
        };
        for (at, (_, origin)) in states.iter().enumerate() {
            let Some((_, commit)) = origin else { continue };
            if chain.contains(&at) {
                commit.stale.iter().for_each(&mut release);
            } else {
                commit.fresh.iter().for_each(|(hash, _)| release(hash));
            }
        }
        let live = reachable(&nodes, states[tip].0);
        prop_assert_eq!(live, nodes.keys().copied().collect::<BTreeSet<_>>());
    }

    #[test]
    fn a_witness_replays_reads_and_commit(batches in batches(), reads in proptest::collection::vec(0..40usize, 0..6)) {
        let (mut nodes, mut root) = (MemoryNodes::new(), EMPTY_ROOT);
        let (last, earlier) = batches.split_last().expect("not empty");
        for batch in earlier {
            let commit = Snapshot::new(&nodes, root).commit(&changes(batch)).expect("sound");
            nodes.extend(commit.fresh);
            root = commit.root;
        }
        let run = |source: &dyn NodeSource| {
            let snapshot = Snapshot::new(source, root);
            let values: Result<Vec<_>, _> =
                reads.iter().map(|at| snapshot.get(&keys()[*at % keys().len()])).collect();
            Ok::<_, StateError>((values?, snapshot.commit(&changes(last))?))
        };
        let recorder = Recorder::new(&nodes);
        let first = run(&recorder).expect("sound");
        let witness = recorder.into_witness();
        let decoded: Witness = decode_strict(&witness.encode(), 1 << 20).expect("own encoding");
        prop_assert_eq!(&decoded, &witness);
        let again = Recorder::new(&decoded);
        prop_assert_eq!(run(&again), Ok(first));
        prop_assert_eq!(again.into_witness(), witness.clone());
        // Every recorded node is needed.
        for left_out in reachable(&nodes, root) {
            let mut kept = MemoryNodes::new();
            for hash in reachable(&nodes, root) {
                if let Some(bytes) = witness.node(&hash).expect("in memory").filter(|_| hash != left_out) {
                    kept.insert(hash, bytes);
                }
            }
            if kept.len() < witness.len() {
                prop_assert_eq!(run(&kept), Err(StateError::Missing(left_out)));
            }
        }
    }
}
