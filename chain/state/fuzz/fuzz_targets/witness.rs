//! Witnesses, with which anybody runs a part of the chain again.

#![no_main]

use auto_core::{Hash, decode_strict, hash, hash_parts, tag};
use auto_state::{Changes, Snapshot, Witness};
use libfuzzer_sys::fuzz_target;
use parity_scale_codec::{Decode, Encode};

/// Keys of the leaves, and hashes of all nodes, by the rule that the crate states.
fn nodes(witness: &Witness) -> (Vec<Vec<u8>>, Vec<Hash>) {
    let encoded: Vec<Vec<u8>> = stored(&witness.encode());
    let (mut keys, mut hashes) = (Vec::new(), Vec::new());
    for node in encoded {
        let (kind, body) = node.split_first().expect("a node has a kind");
        if *kind == 0 {
            let length = u32::decode(&mut &body[..4]).expect("a length") as usize;
            let (key, value) = (&body[4..4 + length], &body[8 + length..]);
            let path = hash_parts(tag::STATE_KEY, &[key]);
            hashes.push(hash_parts(tag::STATE_LEAF, &[path.as_ref(), hash(value).as_ref()]));
            keys.push(key.to_vec());
        } else {
            hashes.push(hash_parts(tag::STATE_NODE, &[body]));
        }
    }
    (keys, hashes)
}

/// The nodes as they are stored.
fn stored(mut encoded: &[u8]) -> Vec<Vec<u8>> {
    let count = u32::decode(&mut encoded).expect("a count");
    let mut nodes = Vec::new();
    for _ in 0..count {
        let length = u32::decode(&mut encoded).expect("a length") as usize;
        let (node, rest) = encoded.split_at(length);
        nodes.push(node.to_vec());
        encoded = rest;
    }
    nodes
}

/// What decodes is canonical, and whatever tree its nodes make is read, proven and changed without harm.
fn check(bytes: &[u8]) {
    let Ok(witness) = decode_strict::<Witness>(bytes, 1 << 20) else { return };
    assert_eq!(witness.encode(), bytes);
    let (mut keys, hashes) = nodes(&witness);
    assert!(hashes.is_sorted_by(|a, b| a < b));
    keys.push(b"another".to_vec());
    for root in hashes.iter().take(8) {
        let snapshot = Snapshot::new(&witness, *root);
        for key in keys.iter().take(8) {
            let Ok(value) = snapshot.get(key) else { continue };
            let proof = snapshot.prove(key).expect("the way was there");
            assert_eq!(proof.verify(root, key), Ok(value.clone()));
            let changes = Changes::from([(key.clone(), Some(b"new".to_vec()))]);
            if let Ok(commit) = snapshot.commit(&changes) {
                assert!(commit.root != *root || value.as_deref() == Some(b"new"));
            }
            let _ = snapshot.commit(&Changes::from([(key.clone(), None)]));
        }
    }
}

fuzz_target!(|bytes: &[u8]| check(bytes));
