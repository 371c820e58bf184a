//! Proofs and witnesses from an adversary.

use auto_core::{Hash, decode_strict};
use auto_state::{Changes, EMPTY_ROOT, MemoryNodes, Recorder, Snapshot, StateError, StateProof, Witness};
use parity_scale_codec::{Decode, Encode};

fn state(count: u32) -> (MemoryNodes, Hash) {
    let changes: Changes =
        (0..count).map(|number| (number.to_le_bytes().to_vec(), Some(vec![7; 3]))).collect();
    let commit = Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).commit(&changes).expect("sound");
    (commit.fresh.into_iter().collect(), commit.root)
}

fn prove(nodes: &MemoryNodes, root: Hash, key: &[u8]) -> StateProof {
    Snapshot::new(nodes, root).prove(key).expect("sound")
}

#[test]
fn no_changed_bit_of_a_proof_verifies() {
    let (nodes, root) = state(200);
    let absent: Vec<[u8; 4]> = (1000..1040u32).map(u32::to_le_bytes).collect();
    for key in [5u32.to_le_bytes()].iter().chain(&absent) {
        let proof = prove(&nodes, root, key);
        assert!(proof.verify(&root, key).is_ok());
        let encoded = proof.encode();
        for bit in 0..encoded.len() * 8 {
            let mut wrong = encoded.clone();
            wrong[bit / 8] ^= 1 << (bit % 8);
            if let Ok(wrong) = decode_strict::<StateProof>(&wrong, 1 << 16) {
                assert!(wrong.verify(&root, key).is_err(), "bit {bit}");
            }
        }
    }
}

#[test]
fn a_proof_holds_for_its_key_and_root_only() {
    let (nodes, root) = state(200);
    let (_, other_root) = state(201);
    let key = 5u32.to_le_bytes();
    let proof = prove(&nodes, root, &key);
    assert_eq!(proof.verify(&root, &key), Ok(Some(vec![7; 3])));
    let mismatch = proof.verify(&other_root, &key);
    assert_eq!(mismatch, Err(StateError::ProofMismatch { wanted: other_root, found: root }));
    for other in (0..300u32).filter(|number| *number != 5) {
        // A proof of absence may hold for several absent keys; it never turns presence into absence.
        if let Ok(value) = proof.verify(&root, &other.to_le_bytes()) {
            panic!("the proof of one key gives {value:?} for another");
        }
    }
}

/// The parts of a proof as they are encoded, to build hostile ones from.
type Parts = (Vec<(u8, Hash)>, Vec<u8>);

fn parts(proof: &StateProof) -> Parts {
    let encoded = proof.encode();
    let count = u32::decode(&mut &encoded[..4]).expect("a count");
    let mut rest = &encoded[4..];
    let steps = (0..count).map(|_| Decode::decode(&mut rest).expect("a step")).collect();
    (steps, rest.to_vec())
}

fn build((steps, end): Parts) -> StateProof {
    let count = u32::try_from(steps.len()).expect("few");
    let mut encoded = count.encode();
    steps.iter().for_each(|step| step.encode_to(&mut encoded));
    encoded.extend(end);
    decode_strict(&encoded, 1 << 16).expect("well formed")
}

#[test]
fn steps_out_of_order_repeated_or_spare_are_refused() {
    let (nodes, root) = state(200);
    let key = 5u32.to_le_bytes();
    let proof = prove(&nodes, root, &key);
    let (steps, end) = parts(&proof);
    assert!(steps.len() > 3);
    assert_eq!(build((steps.clone(), end.clone())), proof);
    let malformed = Err(StateError::ProofMalformed("depths do not rise"));
    let mut swapped = steps.clone();
    swapped.swap(0, 1);
    assert_eq!(build((swapped, end.clone())).verify(&root, &key), malformed);
    let mut repeated = steps.clone();
    repeated.insert(1, steps[0]);
    assert_eq!(build((repeated, end.clone())).verify(&root, &key), malformed);
    let mut spare = steps.clone();
    spare.push((255, Hash::ZERO));
    assert!(matches!(build((spare, end.clone())).verify(&root, &key), Err(StateError::ProofMismatch { .. })));
    let short = build((steps[..steps.len() - 1].to_vec(), end.clone())).verify(&root, &key);
    assert!(matches!(short, Err(StateError::ProofMismatch { .. })));
    let mut deeper = steps;
    deeper.last_mut().expect("some").0 += 1;
    assert!(matches!(build((deeper, end)).verify(&root, &key), Err(StateError::ProofMismatch { .. })));
}

#[test]
fn presence_cannot_be_shown_as_absence() {
    let (nodes, root) = state(2);
    let (present, absent) = (0u32.to_le_bytes(), 1u32.to_le_bytes());
    // With two keys there is one branch; end the walk to one key at the other key's leaf.
    let (steps, _) = parts(&prove(&nodes, root, &present));
    let path = auto_core::hash_parts(auto_core::tag::STATE_KEY, &[&absent]);
    let end = [vec![2], path.encode(), auto_core::hash(&[7; 3]).encode()].concat();
    let forged = build((steps.clone(), end)).verify(&root, &present);
    assert_eq!(forged, Err(StateError::ProofMalformed("the leaf cannot stand where the key would")));
    // End it at the key's own leaf, called another's.
    let path = auto_core::hash_parts(auto_core::tag::STATE_KEY, &[&present]);
    let end = [vec![2], path.encode(), auto_core::hash(&[7; 3]).encode()].concat();
    let forged = build((steps, end)).verify(&root, &present);
    assert_eq!(forged, Err(StateError::ProofMalformed("the leaf cannot stand where the key would")));
    // An empty state below a branch.
    let (steps, _) = parts(&prove(&nodes, root, &present));
    let forged = build((steps, vec![0])).verify(&root, &present);
    assert_eq!(forged, Err(StateError::ProofMalformed("an empty state below a branch")));
    assert_eq!(prove(&MemoryNodes::new(), EMPTY_ROOT, &present).verify(&EMPTY_ROOT, &present), Ok(None));
}

#[test]
fn witnesses_out_of_order_or_with_junk_are_refused() {
    let (nodes, root) = state(50);
    let recorder = Recorder::new(&nodes);
    assert!(Snapshot::new(&recorder, root).get(&5u32.to_le_bytes()).is_ok());
    let encoded = recorder.into_witness().encode();
    assert!(decode_strict::<Witness>(&encoded, 1 << 16).is_ok());
    let first = 4 + usize::try_from(u32::decode(&mut &encoded[4..8]).expect("a length")).expect("small");
    let (head, rest) = encoded[4..].split_at(first);
    let second = 4 + usize::try_from(u32::decode(&mut &rest[..4]).expect("a length")).expect("small");
    let swapped = [&encoded[..4], &rest[..second], head, &rest[second..]].concat();
    assert!(decode_strict::<Witness>(&swapped, 1 << 16).is_err());
    let junk = [&1u32.encode()[..], &3u32.encode(), b"abc"].concat();
    assert!(decode_strict::<Witness>(&junk, 1 << 16).is_err());
    assert!(decode_strict::<Witness>(&encoded[..encoded.len() - 1], 1 << 16).is_err());
}

#[test]
fn missing_and_damaged_nodes_are_errors() {
    let (mut nodes, root) = state(50);
    let mut damaged = nodes[&root].clone();
    *damaged.last_mut().expect("not empty") ^= 1;
    nodes.insert(root, damaged);
    assert_eq!(Snapshot::new(&nodes, root).get(b"key"), Err(StateError::Damaged(root)));
    nodes.remove(&root);
    assert_eq!(Snapshot::new(&nodes, root).get(b"key"), Err(StateError::Missing(root)));
    let change: Changes = [(b"key".to_vec(), None)].into();
    assert_eq!(Snapshot::new(&nodes, root).commit(&change), Err(StateError::Missing(root)));
}

/// Roots of small states: a change of any of these is a change of the protocol.
#[test]
fn frozen_roots_of_small_states() {
    let of = |entries: &[(&[u8], &[u8])]| {
        let changes = entries.iter().map(|(key, value)| (key.to_vec(), Some(value.to_vec()))).collect();
        Snapshot::new(MemoryNodes::new(), EMPTY_ROOT).commit(&changes).expect("sound").root.to_string()
    };
    let roots = [
        of(&[]),
        of(&[(b"", b"")]),
        of(&[(b"a", b"1")]),
        of(&[(b"a", b"1"), (b"b", b"2")]),
        of(&[(b"a", b"1"), (b"b", b"2"), (b"c", b"3"), (b"d", b"4"), (b"e", b"5")]),
        state(200).1.to_string(),
    ];
    assert_eq!(roots, ROOTS);
}

const ROOTS: [&str; 6] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "e99bb68f9c2a32a06e6434e4764ac78a2b23aef461a38946deeb3b1cdb96ba54",
    "63a8940cf5e30cbadf9a813284b998c07ab81ad67602e5d0ee1dc6b9d75ac227",
    "1004a37465e8d677a117a733a34fbba1635e00f707a8e6a2e53ab467abbd341c",
    "8b7bd93e8521ef47a2d0a379f607be3fb79566ca7f09ae3af9d2a77b7e176e63",
    "3ca9bb130972492e4ec2e1677da8ad1905fd3b0adfaf2d20775fe699659e43ef",
];
