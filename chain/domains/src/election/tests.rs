//! Frozen vectors, and draws that must not count.

use super::*;
use crate::BundleError;
use crate::state::Epoch;
use auto_core::{
    Address, Amount, DomainId, Hash, List, OperatorId, OperatorKey, OperatorSignature, PotOutput,
    ProofOfElection, Slot, VrfSignature, tag,
};
use proptest::prelude::*;
use schnorrkel::vrf::{VRFPreOut, VRFProof};

const SECRET: [u8; 32] = [7; 32];
const GENESIS: Hash = Hash([1; 32]);
const OWNER: Address = Address([2; 32]);
const DOMAIN: DomainId = DomainId(3);
const SLOT: Slot = Slot(0x0102_0304);
const OUTPUT: PotOutput = PotOutput([5; 16]);

// Frozen: the secret above in uniform mode, and what it drew and signed once. Proofs and signatures were made
// with nonces of another kind, so they are verified and not compared.
const KEY: &str = "840fa71dbdfb6cd7481055f497142a038ea9275ab6b73d4a6c4d6f567e15bd36";
const DRAW_MESSAGE: &str = "0101010101010101010101010101010101010101010101010101010101010101\
    030000000403020100000000\
    05050505050505050505050505050505";
const PRE_OUTPUT: &str = "98f50474076bc49c312b1c350f03a200c9b0b7aa8e5aa839709afaa01bb0bd1e";
const PROOF: &str = "acdd3cfc54b9d009fed06c0a516f4acfc38ac1d7874ad71f6b41ddb641e06607\
    fb05e6c8eed53ec2d9c0616efa5aac49c8e8a91cd4bc505959ef18058983610b";
const DRAWN: u128 = 328_406_607_792_536_793_317_930_401_009_701_774_888;
const POSSESSION_MESSAGE: &str = "030000000202020202020202020202020202020202020202020202020202020202020202";
const POSSESSION: &str = "fadb577a20481d3681d5b3c05263a460a0af8a96c299eefb96a34608cef85f66\
    1a0ef5b96db17dc21d4a6b4dc7483a397d7f77a6da59970689da713a8b465983";
const SIGNER_POSITION: u64 = 14_550_837_801_983_423_429;
const OPERATOR_POSITION: u64 = 15_469_923_852_840_121_320;

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    assert_eq!(hex.len(), 2 * N);
    std::array::from_fn(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hex"))
}

fn key() -> OperatorKey {
    OperatorKey(bytes(KEY))
}

fn right(vrf: VrfSignature) -> ProofOfElection {
    ProofOfElection { domain: DOMAIN, operator: OperatorId(0), slot: SLOT, proof_of_time: OUTPUT, vrf }
}

fn epoch(total: u128, availability_factor: u32) -> Epoch {
    Epoch { total: Amount::from_base_units(total), availability_factor, ..Epoch::default() }
}

fn of(stake: u128) -> Amount {
    Amount::from_base_units(stake)
}

#[test]
fn a_draw_is_what_it_was_frozen_as() {
    let vrf = VrfSignature { pre_output: bytes(PRE_OUTPUT), proof: bytes(PROOF) };
    assert_eq!(draw_message(&GENESIS, DOMAIN, SLOT, &OUTPUT), bytes::<60>(DRAW_MESSAGE));
    assert_eq!(verify_draw(&key(), &GENESIS, &right(vrf)), Ok(DRAWN));
    let pair = OperatorPair::from_secret(&SECRET);
    assert_eq!(pair.key(), key());
    let again = pair.draw(&GENESIS, DOMAIN, SLOT, &OUTPUT);
    assert_eq!(again.pre_output, vrf.pre_output);
    assert_eq!(verify_draw(&key(), &GENESIS, &right(again)), Ok(DRAWN));
    assert_eq!(pair.drawn(&GENESIS, DOMAIN, SLOT, &OUTPUT), DRAWN);
}

#[test]
fn what_is_signed_twice_is_the_same_and_no_two_messages_share_a_nonce() {
    let pair = OperatorPair::from_secret(&SECRET);
    let draw = |slot| pair.draw(&GENESIS, DOMAIN, slot, &OUTPUT);
    assert_eq!(draw(SLOT), draw(SLOT));
    let sign = |tag: &[u8], genesis, message: &[u8]| pair.sign(tag, genesis, message);
    let one = sign(tag::BUNDLE_SIGNATURE, &GENESIS, b"one");
    assert_eq!(one, sign(tag::BUNDLE_SIGNATURE, &GENESIS, b"one"));
    // The first half of a signature is the nonce's point, and with a proof the verifier finds it.
    let others = [
        sign(tag::BUNDLE_SIGNATURE, &GENESIS, b"two"),
        sign(tag::BUNDLE_SIGNATURE, &Hash([9; 32]), b"one"),
        sign(tag::OPERATOR_POSSESSION, &GENESIS, b"one"),
        OperatorPair::from_secret(&[8; 32]).sign(tag::BUNDLE_SIGNATURE, &GENESIS, b"one"),
    ];
    for other in others {
        assert_ne!(one.0[..32], other.0[..32]);
    }
    let nonce_of = |slot| {
        let vrf = draw(slot);
        let output = VRFPreOut::from_bytes(&vrf.pre_output).expect("a point");
        let proof = VRFProof::from_bytes(&vrf.proof).expect("a proof");
        let drawn = draw::transcript(&GENESIS, DOMAIN, slot, &OUTPUT);
        let point = keys::point(&pair.key()).expect("a key");
        let (_, proof) = point.vrf_verify(drawn, &output, &proof).expect("verifies");
        proof.to_bytes()[..32].to_vec()
    };
    assert_eq!(nonce_of(SLOT), nonce_of(SLOT));
    assert_ne!(nonce_of(SLOT), nonce_of(Slot(SLOT.0 + 1)));
}

#[test]
fn a_proof_of_possession_is_what_it_was_frozen_as() {
    assert_eq!(possession_message(DOMAIN, &OWNER), bytes::<36>(POSSESSION_MESSAGE));
    assert!(verify_possession(&key(), &GENESIS, DOMAIN, &OWNER, &OperatorSignature(bytes(POSSESSION))));
}

#[test]
fn thresholds_are_what_they_were_frozen_as() {
    let wanted = [
        ((1, 1), 1024, 1, 113_427_455_640_312_821_154_458_202_477_256_070_485),
        ((1, 6), 1024, 1, 18_904_575_940_052_136_859_076_367_079_542_678_414),
        ((1, 6), 2048, 1, 37_809_151_880_104_273_718_152_734_159_085_356_828),
        ((1, 1), 1024, 3, u128::MAX),
        ((1, 1), 4096, 1, u128::MAX),
        ((2, 3), 1500, 2, 221_537_999_297_485_978_817_301_176_713_390_762_666),
    ];
    for (probability, factor, stake, threshold) in wanted {
        assert_eq!(super::threshold(&epoch(3, factor), probability, of(stake)), threshold);
    }
}

#[test]
fn positions_and_ranges_are_what_they_were_frozen_as() {
    let vrf = VrfSignature { pre_output: bytes(PRE_OUTPUT), proof: [0; 64] };
    assert_eq!(signer_position(&OWNER), SIGNER_POSITION);
    assert_eq!(operator_position(&vrf), OPERATOR_POSITION);
    // Half of the range on either side, around the end of the ring as well.
    for (operator, signer, range, within) in [
        (100, 150, 100, true),
        (100, 151, 100, false),
        (100, 50, 100, true),
        (100, 49, 100, false),
        (0, u64::MAX, 2, true),
        (u64::MAX, 0, 2, true),
        (u64::MAX, 1, 2, false),
        (5, 5, 0, true),
        (5, 6, 1, false),
        (0, 1 << 63, u64::MAX, true),
        (0, 1 << 63, u64::MAX - 1, false),
    ] {
        assert_eq!(in_range(operator, signer, range), within, "{operator} {signer} {range}");
    }
}

#[test]
fn case_48_a_draw_counts_for_its_key_slot_output_domain_and_chain_only() {
    let pair = OperatorPair::from_secret(&SECRET);
    let vrf = pair.draw(&GENESIS, DOMAIN, SLOT, &OUTPUT);
    let good = right(vrf);
    assert!(verify_draw(&pair.key(), &GENESIS, &good).is_ok());
    let other = OperatorPair::from_secret(&[8; 32]);
    let bad = Err(BundleError::BadDraw);
    let stolen = ProofOfElection { slot: Slot(SLOT.0 + 1), ..good };
    assert_eq!(verify_draw(&pair.key(), &GENESIS, &stolen), bad);
    let stolen = ProofOfElection { proof_of_time: PotOutput([6; 16]), ..good };
    assert_eq!(verify_draw(&pair.key(), &GENESIS, &stolen), bad);
    let stolen = ProofOfElection { domain: DomainId(4), ..good };
    assert_eq!(verify_draw(&pair.key(), &GENESIS, &stolen), bad);
    assert_eq!(verify_draw(&pair.key(), &Hash([9; 32]), &good), bad);
    assert_eq!(verify_draw(&other.key(), &GENESIS, &good), bad);
    // Another output under the same proof, and outputs and keys that are no points, or the neutral one.
    let pre_output = other.draw(&GENESIS, DOMAIN, SLOT, &OUTPUT).pre_output;
    for pre_output in [pre_output, [0; 32], [255; 32]] {
        let vrf = VrfSignature { pre_output, ..vrf };
        assert_eq!(verify_draw(&pair.key(), &GENESIS, &right(vrf)), bad);
    }
    for key in [[0; 32], [255; 32]] {
        assert_eq!(verify_draw(&OperatorKey(key), &GENESIS, &good), bad);
        assert!(!is_usable_key(&OperatorKey(key)));
    }
    // A scalar that is not reduced is another encoding of the same proof.
    let mut proof = vrf.proof;
    proof[63] |= 0xf0;
    assert_eq!(verify_draw(&pair.key(), &GENESIS, &right(VrfSignature { proof, ..vrf })), bad);
}

#[test]
fn case_48_nobody_is_elected_where_nothing_is_staked() {
    assert_eq!(threshold(&epoch(0, 4096), (1, 1), Amount::ZERO), 0);
    assert_eq!(threshold(&epoch(0, 4096), (1, 1), of(5)), 0);
    assert_eq!(threshold(&epoch(5, 4096), (1, 1), Amount::ZERO), 0);
    assert_eq!(threshold(&epoch(5, 4096), (1, 0), of(5)), 0);
    assert!(!is_elected(&epoch(0, 4096), (1, 1), of(5), 0));
}

#[test]
fn case_47_a_draw_is_elected_below_the_threshold_only() {
    let epoch = epoch(3, 1024);
    let threshold = threshold(&epoch, (1, 6), of(1));
    assert!(is_elected(&epoch, (1, 6), of(1), threshold - 1));
    assert!(!is_elected(&epoch, (1, 6), of(1), threshold));
    let listed = vec![(OperatorId(2), of(1)), (OperatorId(5), of(2))];
    let epoch = Epoch { stakes: List::new(listed).expect("two"), ..epoch };
    assert_eq!(epoch.stake_of(OperatorId(5)), Some(of(2)));
    assert_eq!(epoch.stake_of(OperatorId(3)), None);
}

#[test]
fn signatures_hold_for_their_tag_chain_and_message_only() {
    let pair = OperatorPair::from_secret(&SECRET);
    let good = pair.sign(tag::BUNDLE_SIGNATURE, &GENESIS, b"bundle");
    let verify = |tag, genesis: &Hash, message: &[u8], signature| {
        verify_signature(&pair.key(), tag, genesis, message, signature)
    };
    assert!(verify(tag::BUNDLE_SIGNATURE, &GENESIS, b"bundle", &good));
    assert!(!verify(tag::OPERATOR_POSSESSION, &GENESIS, b"bundle", &good));
    assert!(!verify(tag::BUNDLE_SIGNATURE, &Hash::ZERO, b"bundle", &good));
    assert!(!verify(tag::BUNDLE_SIGNATURE, &GENESIS, b"bundlf", &good));
    // The marker of schnorrkel has to be there.
    let mut unmarked = good;
    unmarked.0[63] &= 0x7f;
    assert!(!verify(tag::BUNDLE_SIGNATURE, &GENESIS, b"bundle", &unmarked));
    // With the neutral point as key anything would hold.
    assert!(!verify_signature(&OperatorKey([0; 32]), tag::BUNDLE_SIGNATURE, &GENESIS, b"", &good));
    assert!(!format!("{pair:?}").contains(&"07".repeat(8)), "the secret shows");
}

proptest! {
    #[test]
    fn thresholds_add_up_to_the_probability_at_most(
        stakes in proptest::collection::vec(1..u128::MAX / 8, 1..8),
        probability in (1..=u32::MAX, 1..=u32::MAX).prop_map(|(a, b)| (a.min(b), a.max(b))),
    ) {
        let total: u128 = stakes.iter().sum();
        let epoch = epoch(total, FACTOR_ONE);
        let each = stakes.iter().map(|stake| threshold(&epoch, probability, of(*stake)));
        let all = each.clone().try_fold(0u128, u128::checked_add);
        // Rounded down, so that all together never exceed what one with all of the stake would have.
        prop_assert!(all.is_some_and(|all| all <= threshold(&epoch, probability, of(total))));
        // A larger factor never lowers a chance.
        let more = super::tests::epoch(total, FACTOR_ONE + 7);
        for (stake, before) in stakes.iter().zip(each) {
            prop_assert!(threshold(&more, probability, of(*stake)) >= before);
        }
    }

    #[test]
    fn a_range_is_symmetric_and_grows(a in any::<u64>(), b in any::<u64>(), range in any::<u64>()) {
        prop_assert_eq!(in_range(a, b, range), in_range(b, a, range));
        prop_assert!(!in_range(a, b, range) || in_range(a, b, range.saturating_add(1)));
        prop_assert!(in_range(a, b, u64::MAX) && in_range(a, a, range));
    }
}
