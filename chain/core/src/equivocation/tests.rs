use super::*;
use crate::{
    BlockNumber, Commitment, DigestItem, HistorySize, KeyPair, List, PotOutput, ShardId, Signature, Solution,
    SpaceProof, Witness,
};

const GENESIS: Hash = Hash([0x67; 32]);

fn farmer() -> KeyPair {
    KeyPair::from_secret(&[7; 32])
}

fn unsealed(slot: u64, parent: u8) -> Header {
    let pair = farmer();
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
        proof_of_space: SpaceProof::new(14, vec![0; 112]).expect("the length of k = 14"),
    };
    let claim = PreDigest {
        slot: Slot(slot),
        solution,
        proof_of_time: PotOutput([5; 16]),
        future_proof_of_time: PotOutput([6; 16]),
    };
    Header {
        shard: ShardId(0),
        number: BlockNumber(7),
        parent_hash: Hash([parent; 32]),
        transactions_root: Hash::ZERO,
        state_root: Hash::ZERO,
        mmr_root: Hash::ZERO,
        digest: List::new(vec![DigestItem::PreDigest(Box::new(claim))]).expect("one"),
    }
}

fn sealed(slot: u64, parent: u8) -> Header {
    unsealed(slot, parent).seal(&farmer(), &GENESIS).expect("room for a seal")
}

fn with_seal(header: &Header, seal: Signature) -> Header {
    let mut items = header.digest.to_vec();
    items.push(DigestItem::Seal(seal));
    Header { digest: List::new(items).expect("two"), ..header.clone() }
}

#[test]
fn two_sealed_headers_of_one_claim_convict_in_either_order() {
    let (one, other) = (sealed(40, 1), sealed(40, 2));
    let evidence = Equivocation::new(one.clone(), other.clone());
    assert_eq!(evidence, Equivocation::new(other, one));
    let key = evidence.verify(&GENESIS).expect("both are sealed");
    assert_eq!((key.public_key, key.slot), (farmer().public_key(), Slot(40)));
    assert_eq!(evidence.verify(&Hash([1; 32])), Err(EquivocationError::Seal));
}

#[test]
fn the_encoding_is_that_of_the_two_headers() {
    let evidence = Equivocation::new(sealed(40, 1), sealed(40, 2));
    let bytes = evidence.encode();
    assert_eq!(bytes, [evidence.first.encode(), evidence.second.encode()].concat());
    assert_eq!(crate::decode_strict(&bytes, bytes.len()), Ok(evidence));
}

#[test]
fn case_16_headers_that_prove_nothing_are_refused() {
    let header = sealed(40, 1);
    let refused = |one: &Header, other: &Header| {
        Equivocation::new(one.clone(), other.clone()).verify(&GENESIS).expect_err("proves nothing")
    };
    assert_eq!(refused(&header, &header), EquivocationError::Order);
    let Equivocation { first, second } = Equivocation::new(header.clone(), sealed(40, 2));
    let turned = Equivocation { first: second, second: first };
    assert_eq!(turned.verify(&GENESIS), Err(EquivocationError::Order));
    let bare = Header { digest: List::default(), ..header.clone() };
    assert_eq!(refused(&header, &bare), EquivocationError::NoClaim);
    assert_eq!(refused(&header, &sealed(41, 1)), EquivocationError::DifferentClaims);
    assert_eq!(refused(&header, &unsealed(40, 2)), EquivocationError::NoSeal);
    // Anyone can copy a claim into another header, but not seal it; nor does a second seal make a block.
    assert_eq!(refused(&header, &with_seal(&unsealed(40, 2), Signature([1; 64]))), EquivocationError::Seal);
    let resealed = with_seal(&unsealed(40, 1), Signature([1; 64]));
    assert_eq!(refused(&header, &resealed), EquivocationError::SealsOnly);
}
