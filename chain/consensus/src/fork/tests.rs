use super::*;
use auto_core::{
    Commitment, DigestItem, HistorySize, KeyPair, List, PieceOffset, PotOutput, PreDigest, ScalarBytes,
    SectorIndex, ShardId, Signature, Slot, Solution, SpaceProof, Witness,
};

fn hash(id: u8) -> Hash {
    Hash([id; 32])
}

fn node(number: u64, parent: u8, weight: u128) -> Node {
    Node { number: BlockNumber(number), parent: hash(parent), weight, claim: None }
}

fn tree(depth: u64) -> ForkTree {
    let root = node(10, 0xff, 100);
    ForkTree {
        depth,
        root: hash(0),
        best: hash(0),
        nodes: BTreeMap::from([(hash(0), root)]),
        claims: BTreeMap::new(),
    }
}

fn insert(
    tree: &mut ForkTree,
    id: u8,
    number: u64,
    parent: u8,
    weight: u128,
) -> Result<bool, ConsensusError> {
    tree.insert_node(hash(id), node(number, parent, weight)).map(|inserted| inserted.is_best)
}

#[test]
fn case_22_a_reorg_deeper_than_the_confirmation_depth_is_refused() {
    let mut tree = tree(2);
    for (id, number) in [(1, 11), (2, 12), (3, 13)] {
        assert_eq!(insert(&mut tree, id, number, id - 1, 100 + u128::from(id)), Ok(true));
    }
    // Off block 1 two blocks are reverted, off the root three.
    assert_eq!(insert(&mut tree, 20, 12, 1, 1_000), Ok(true));
    assert_eq!(
        tree.reorg_path(&hash(3), &hash(20)),
        Ok(ReorgPath { revert: vec![hash(3), hash(2)], apply: vec![hash(20)] })
    );
    assert_eq!(insert(&mut tree, 21, 13, 20, 1_001), Ok(true));
    assert_eq!(
        insert(&mut tree, 30, 11, 0, u128::MAX),
        Err(ConsensusError::ReorgTooDeep { depth: 3, limit: 2 })
    );
    assert_eq!(tree.best(), hash(21));
}

#[test]
fn case_22_a_fork_below_the_confirmed_block_is_refused() {
    let mut tree = tree(2);
    for (id, number) in [(1, 11), (2, 12), (3, 13)] {
        assert_eq!(insert(&mut tree, id, number, id - 1, 100 + u128::from(id)), Ok(true));
    }
    assert_eq!(tree.next_confirmed(), Some(hash(1)));
    assert_eq!(tree.confirm(&hash(1)), Ok(vec![]));
    assert_eq!(
        insert(&mut tree, 30, 11, 0, u128::MAX),
        Err(ConsensusError::BelowConfirmed { number: BlockNumber(11), confirmed: BlockNumber(11) })
    );
    assert_eq!(
        insert(&mut tree, 31, 14, 99, u128::MAX),
        Err(ConsensusError::UnknownParent { number: BlockNumber(14), parent: hash(99) })
    );
}

#[test]
fn case_23_a_heavier_fork_of_fewer_blocks_wins() {
    let mut tree = tree(4);
    for (id, number) in [(1, 11), (2, 12), (3, 13)] {
        assert_eq!(insert(&mut tree, id, number, id - 1, 100 + u128::from(id)), Ok(true));
    }
    assert_eq!(insert(&mut tree, 20, 11, 0, 150), Ok(true));
    assert_eq!(tree.best(), hash(20));
    let path = tree.reorg_path(&hash(3), &hash(20)).unwrap();
    assert_eq!((path.revert, path.apply), (vec![hash(3), hash(2), hash(1)], vec![hash(20)]));
}

#[test]
fn case_23_equal_weight_keeps_the_first_seen() {
    let mut tree = tree(4);
    assert_eq!(insert(&mut tree, 9, 11, 0, 150), Ok(true));
    assert_eq!(insert(&mut tree, 1, 11, 0, 150), Ok(false));
    assert_eq!(tree.best(), hash(9));
    assert_eq!(insert(&mut tree, 2, 12, 1, 151), Ok(true));
}

#[test]
fn confirming_discards_the_other_forks_only() {
    let mut tree = tree(2);
    insert(&mut tree, 1, 11, 0, 101).unwrap();
    insert(&mut tree, 2, 12, 1, 102).unwrap();
    insert(&mut tree, 20, 11, 0, 101).unwrap();
    insert(&mut tree, 21, 12, 20, 102).unwrap();
    insert(&mut tree, 22, 12, 1, 102).unwrap();
    insert(&mut tree, 3, 13, 2, 103).unwrap();
    assert_eq!(tree.leaves().len(), 3);
    assert_eq!(tree.confirm(&hash(21)), Err(ConsensusError::NotOnBestChain { hash: hash(21) }));
    assert_eq!(tree.confirm(&hash(77)), Err(ConsensusError::UnknownBlock { hash: hash(77) }));
    assert_eq!(tree.confirm(&hash(1)), Ok(vec![hash(21), hash(20)]));
    assert_eq!(tree.confirmed(), hash(1));
    assert_eq!(tree.len(), 4);
    assert!(tree.contains(&hash(22)) && !tree.contains(&hash(0)));
    assert_eq!(insert(&mut tree, 2, 12, 1, 102), Err(ConsensusError::KnownBlock { hash: hash(2) }));
}

#[test]
fn paths_lead_through_the_last_common_ancestor() {
    let mut tree = tree(9);
    insert(&mut tree, 1, 11, 0, 101).unwrap();
    insert(&mut tree, 2, 12, 1, 102).unwrap();
    insert(&mut tree, 3, 13, 2, 103).unwrap();
    insert(&mut tree, 22, 12, 1, 102).unwrap();
    let forth = tree.reorg_path(&hash(3), &hash(22)).unwrap();
    let back = tree.reorg_path(&hash(22), &hash(3)).unwrap();
    assert_eq!(forth, ReorgPath { revert: vec![hash(3), hash(2)], apply: vec![hash(22)] });
    assert_eq!(back, ReorgPath { revert: vec![hash(22)], apply: vec![hash(2), hash(3)] });
    assert_eq!(tree.reorg_path(&hash(3), &hash(3)), Ok(ReorgPath::default()));
    assert_eq!(tree.reorg_path(&hash(0), &hash(2)).map(|path| path.apply), Ok(vec![hash(1), hash(2)]));
}

/// A header that claims one solution, with its key, sealed by whatever bytes.
fn claimed(state: u8, seal: u8) -> (SolutionKey, Header) {
    let pair = KeyPair::from_secret(&[7; 32]);
    let solution = Solution {
        public_key: pair.public_key(),
        reward_address: pair.public_key().address(),
        sector_index: SectorIndex(3),
        history_size: HistorySize::ONE,
        piece_offset: PieceOffset(2),
        record_commitment: Commitment([1; 48]),
        record_witness: Witness([2; 48]),
        chunk: ScalarBytes([3; 32]),
        chunk_witness: Witness([4; 48]),
        proof_of_space: SpaceProof::new(14, vec![0; 112]).unwrap(),
    };
    let time = PotOutput([5; 16]);
    let claim = PreDigest { slot: Slot(40), solution, proof_of_time: time, future_proof_of_time: time };
    let key = SolutionKey::new(&claim);
    let items = vec![DigestItem::PreDigest(Box::new(claim)), DigestItem::Seal(Signature([seal; 64]))];
    let header = Header {
        shard: ShardId(0),
        number: BlockNumber(11),
        parent_hash: hash(0),
        transactions_root: Hash::ZERO,
        state_root: hash(state),
        mmr_root: Hash::ZERO,
        digest: List::new(items).unwrap(),
    };
    (key, header)
}

#[test]
fn case_16_a_second_seal_over_one_header_is_no_evidence() {
    let mut tree = tree(2);
    let mut insert = |(key, header): (SolutionKey, Header)| {
        let node = Node { claim: Some((key, header.clone())), ..node(11, 0, 150) };
        tree.insert_node(header.hash(), node).unwrap().equivocation
    };
    assert_eq!(insert(claimed(1, 1)), None);
    assert_eq!(insert(claimed(1, 2)), None, "the two blocks are one header");
    let evidence = Equivocation::new(claimed(1, 1).1, claimed(2, 3).1);
    let found = *insert(claimed(2, 3)).unwrap();
    assert!(found == evidence || found == Equivocation::new(claimed(1, 2).1, claimed(2, 3).1));
}
