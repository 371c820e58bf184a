use super::*;
use auto_core::hash;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Computed by another implementation of `ChaCha8` and of the rule.
const MIXED: [u8; 24] =
    [18, 0, 9, 21, 12, 4, 17, 3, 13, 7, 22, 14, 16, 2, 8, 20, 11, 19, 5, 23, 10, 6, 15, 1];
/// Forty senders with one extrinsic each, under the zero seed; likewise.
const FORTY: [u8; 40] = [
    13, 28, 18, 15, 23, 25, 1, 30, 20, 6, 34, 39, 5, 32, 36, 26, 38, 2, 35, 7, 11, 17, 22, 14, 27, 29, 31,
    16, 12, 19, 21, 10, 37, 0, 3, 9, 4, 8, 24, 33,
];

fn entry(sender: u8, nonce: u64, hash: u8) -> DigestEntry {
    DigestEntry { sender: Address([sender; 32]), nonce: Nonce(nonce), hash: Hash([hash; 32]) }
}

fn hashes(ordered: &[DigestEntry]) -> Vec<u8> {
    ordered.iter().map(|entry| entry.hash.0[0]).collect()
}

#[test]
fn the_order_is_frozen() {
    let entries: Vec<DigestEntry> = (0..24u8)
        .map(|i| entry(((u16::from(i) * u16::from(i)) % 7) as u8 + 1, u64::from(i) * 7 % 9, i))
        .collect();
    let repeated = [entries.as_slice(), &entries[..5]].concat();
    let seed: [u8; 32] = std::array::from_fn(|at| at as u8);
    assert_eq!(hashes(&order(&Hash(seed), repeated)), MIXED);
    let forty = (0..40).map(|i| entry(i, 0, i)).collect();
    assert_eq!(hashes(&order(&Hash::ZERO, forty)), FORTY);
    assert!(order(&Hash::ZERO, Vec::new()).is_empty());
}

#[test]
fn the_digest_is_frozen() {
    let entries = List::new(vec![entry(1, 2, 3), entry(4, 5, 6)]).expect("two");
    let mut preimage = tag::BUNDLE_DIGEST.to_vec();
    preimage.extend([2, 0, 0, 0]);
    for (sender, nonce, hash) in [(1, 2, 3), (4, 5, 6)] {
        preimage.extend([sender; 32]);
        preimage.extend([nonce, 0, 0, 0, 0, 0, 0, 0]);
        preimage.extend([hash; 32]);
    }
    assert_eq!(bundle_digest(&entries), hash(&preimage));
    assert_ne!(bundle_digest(&entries), bundle_digest(&List::default()));
}

fn entries() -> impl Strategy<Value = Vec<DigestEntry>> {
    let one = (0..5u8, 0..6u64, any::<u8>()).prop_map(|(sender, nonce, hash)| entry(sender, nonce, hash));
    proptest::collection::vec(one, 0..40)
}

proptest! {
    #[test]
    fn each_entry_runs_once_and_senders_keep_their_order(list in entries(), seed in any::<[u8; 32]>()) {
        let ordered = order(&Hash(seed), list.clone());
        let set: BTreeSet<DigestEntry> = list.into_iter().collect();
        prop_assert_eq!(ordered.len(), set.len());
        prop_assert_eq!(ordered.iter().copied().collect::<BTreeSet<_>>(), set);
        let mut last: BTreeMap<Address, DigestEntry> = BTreeMap::new();
        for entry in ordered {
            if let Some(before) = last.insert(entry.sender, entry) {
                prop_assert!(before < entry);
            }
        }
    }

    #[test]
    fn the_order_of_entries_changes_nothing(
        (list, shuffled) in entries().prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        seed in any::<[u8; 32]>(),
    ) {
        prop_assert_eq!(order(&Hash(seed), list), order(&Hash(seed), shuffled));
    }
}

/// Every place is as likely as any other: over many seeds each of four senders leads about as often.
#[test]
fn no_place_is_favoured() {
    let mut first = [0u32; 4];
    for seed in 0..4000u32 {
        let entries = (0..4).map(|i| entry(i, 0, i)).collect();
        let ordered = order(&hash(&seed.to_le_bytes()), entries);
        first[usize::from(ordered[0].hash.0[0])] += 1;
    }
    // Seven standard deviations around a thousand.
    assert!(first.iter().all(|count| (808..1192).contains(count)), "{first:?}");
}
