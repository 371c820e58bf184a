//! The Merkle mountain range: frozen roots, the definition, and proofs in one form only.

use auto_core::{BlockNumber, Hash, hash_parts, tag};
use auto_state::mmr::{Mmr, MmrLeaf, MmrProof, MmrSource};
use parity_scale_codec::{Decode, Encode};

fn leaf(number: u64) -> MmrLeaf {
    let byte = number.to_le_bytes()[0];
    MmrLeaf { number: BlockNumber(number), block_hash: Hash([byte; 32]), state_root: Hash([byte ^ 0xff; 32]) }
}

struct Leaves;

impl MmrSource for Leaves {
    fn leaf(&self, index: u64) -> Option<Hash> {
        Some(leaf(index).hash())
    }
}

const MMR_ROOTS: [&str; 10] = [
    "f48c5c13cbf0155a23f7587272cedcfe1d8795017646dd911f08db0946f11caa",
    "c309100844a51bce76795baca6203df99f3ff7070ebe98477eb368101a5029cb",
    "13180cc19146ecc64ff420f6ab14c0228901181ce163e106995880d139f74640",
    "69ed66796c6e67a755c9d23904bbd444cbc783bc01b890b267d58e5451af7590",
    "1aea0fb2e6aa3c4674c9a99f315a5fed05f23c7b2947f1416b8f30dfd76f1f1c",
    "43344b688a09359f099e45cb1ba9689844dc448dbe0864b553578f7948db99f3",
    "5f921853d994a187330815150119ca323e3de8e2a1bdf0003cc44580e8876fba",
    "490238045da7b6016d796a627f6c59dfaf5de92c33b2d70868a9b406b13e83dc",
    "4a69e149498ae55fcdbf199d44f9fa200c325831d7f2c73f1f3974eea2ccf8bf",
    "39eb7e3b4eb66be316b1c26247616abde0af3a6c51365347939791d64b12880e",
];

#[test]
fn mmr_roots_of_zero_to_nine_leaves() {
    let mut mmr = Mmr::default();
    let mut roots = vec![mmr.root().to_string()];
    for number in 0..9 {
        mmr.append(&leaf(number)).expect("in order");
        roots.push(mmr.root().to_string());
    }
    assert_eq!(roots, MMR_ROOTS);
}

/// The root of seven leaves out of nothing but the definition.
#[test]
fn mmr_root_follows_the_definition() {
    let hash = |number: u64| {
        let leaf = leaf(number);
        let parts = [number.to_le_bytes().to_vec(), leaf.block_hash.0.to_vec(), leaf.state_root.0.to_vec()];
        hash_parts(tag::MMR_LEAF, &[&parts.concat()])
    };
    let node = |left: Hash, right: Hash| hash_parts(tag::MMR_NODE, &[&left.0, &right.0]);
    let four = node(node(hash(0), hash(1)), node(hash(2), hash(3)));
    let two = node(hash(4), hash(5));
    let root = hash_parts(tag::MMR_ROOT, &[&7u64.to_le_bytes(), &four.0, &two.0, &hash(6).0]);
    assert_eq!(root.to_string(), MMR_ROOTS[7]);
}

#[test]
fn every_leaf_is_provable_strictly() {
    for leaves in 1..=33u64 {
        let mut mmr = Mmr::default();
        for number in 0..leaves {
            let completed = mmr.append(&leaf(number)).expect("in order");
            for node in completed {
                assert_eq!(Leaves.node(node.height, node.index), Some(node.hash));
            }
        }
        let decoded = Mmr::decode(&mut &mmr.encode()[..]).expect("own encoding");
        assert_eq!(decoded, mmr);
        assert_eq!(mmr.append(&leaf(leaves + 1)), None);
        for index in 0..leaves {
            let proof = MmrProof::new(&Leaves, leaves, index).expect("the leaf exists");
            assert!(proof.verify(&mmr.root(), &leaf(index)));
            for other in (0..leaves + 2).filter(|other| *other != index) {
                assert!(!proof.verify(&mmr.root(), &leaf(other)));
            }
            let encoded = proof.encode();
            for bit in 0..encoded.len() * 8 {
                let mut wrong = encoded.clone();
                wrong[bit / 8] ^= 1 << (bit % 8);
                if let Ok(wrong) = auto_core::decode_strict::<MmrProof>(&wrong, 1 << 14) {
                    assert!(!wrong.verify(&mmr.root(), &leaf(index)), "leaf {index} of {leaves}, bit {bit}");
                }
            }
        }
        assert_eq!(MmrProof::new(&Leaves, leaves, leaves), None);
    }
}

#[test]
fn a_hash_too_many_is_refused() {
    let proof = MmrProof::new(&Leaves, 7, 2).expect("the leaf exists");
    let mut mmr = Mmr::default();
    (0..7).for_each(|number| drop(mmr.append(&leaf(number))));
    let longer = |list: &[Hash]| auto_core::List::new([list, &[Hash::ZERO]].concat()).expect("short");
    let siblings = MmrProof { siblings: longer(&proof.siblings), ..proof.clone() };
    assert!(!siblings.verify(&mmr.root(), &leaf(2)));
    let peaks = MmrProof { peaks: longer(&proof.peaks), ..proof.clone() };
    assert!(!peaks.verify(&mmr.root(), &leaf(2)));
    let mut wrong = mmr.encode();
    wrong[0] = 6;
    assert!(Mmr::decode(&mut &wrong[..]).is_err());
}

#[test]
fn leaves_of_any_kind_are_proven_by_their_hashes() {
    struct Logged;
    impl MmrSource for Logged {
        fn leaf(&self, index: u64) -> Option<Hash> {
            Some(hash_parts(b"a log of its own\0", &[&index.to_le_bytes()]))
        }
    }
    let (mut log, mut blocks) = (Mmr::default(), Mmr::default());
    for number in 0..11 {
        log.append_hash(Logged.leaf(number).expect("every leaf")).expect("few");
        assert_eq!(blocks.append_hash(leaf(number).hash()).expect("few").len(), log_length(number));
    }
    for index in 0..11 {
        let proof = MmrProof::new(&Logged, 11, index).expect("there");
        let hash = Logged.leaf(index).expect("every leaf");
        assert!(proof.verify_hash(&log.root(), index, hash));
        assert!(!proof.verify_hash(&log.root(), (index + 1) % 11, hash));
        assert!(!proof.verify_hash(&blocks.root(), index, hash));
    }
    // The range over blocks is the same range.
    let proof = MmrProof::new(&Leaves, 11, 4).expect("there");
    assert!(proof.verify(&blocks.root(), &leaf(4)) && proof.verify_hash(&blocks.root(), 4, leaf(4).hash()));
}

/// Nodes that the leaf of this number completes, itself included.
fn log_length(number: u64) -> usize {
    usize::try_from(number.trailing_ones()).expect("few") + 1
}
