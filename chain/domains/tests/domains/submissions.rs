//! Adversarial cases of bundles and lone receipts.

use crate::world::{D, E, Setup, World};
use auto_core::{
    Amount, BUNDLE_BYTES_MAX, Blob, BlockNumber, Bundle, EXTRINSIC_BYTES_MAX, List, OpaqueExtrinsic,
    OperatorId, OperatorSignature, ProofOfElection, Slot, Submission,
};
use auto_domains::state::{BLOCK, HELD, OPERATOR};
use parity_scale_codec::Encode;

pub(crate) fn submission(bundle: Bundle) -> Submission {
    Submission::Bundle(Box::new(bundle))
}

/// An empty bundle with this right and the newest receipt.
pub(crate) fn claiming(world: &World, right: ProofOfElection) -> Submission {
    let receipt = world.head_receipt(right.domain);
    submission(world.bundle_with(right, receipt, &[]))
}

/// A signature that holds for nothing.
fn unsigned(mut bundle: Submission) -> Submission {
    match &mut bundle {
        Submission::Bundle(bundle) => bundle.signature = OperatorSignature([1; 64]),
        Submission::Receipt(sealed) => sealed.signature = OperatorSignature([1; 64]),
    }
    bundle
}

#[test]
fn honest_bundles_make_blocks_that_are_confirmed() {
    let mut world = World::new(Setup::default());
    let period = world.rules.params.challenge_period;
    for nonce in 0..12 {
        let payment = world.payment(D, 3, nonce, 4, Amount::ai3(1));
        let bundles = [world.bundle(0, &[payment]), world.bundle(1, &[])];
        let executed = world.submit(&bundles);
        assert_eq!(executed.submissions.len(), 2);
    }
    let record = world.record(D);
    assert_eq!((record.head, record.head_receipt), (BlockNumber(12), BlockNumber(11)));
    assert_eq!(record.confirmed, BlockNumber(11 - period));
    let derived = world.derive_next(D).expect("block 12");
    assert_eq!(derived.executed.len(), 1);
    assert!(!derived.receipt.fees.execution.is_zero());
}

#[test]
fn case_47_operators_of_other_domains_and_unknown_ones_are_refused() {
    let setup = Setup {
        domains: 2,
        operators: vec![(D, Amount::ai3(500)), (E, Amount::ai3(500))],
        ..Setup::default()
    };
    let mut world = World::new(setup);
    let slot = world.right(0).slot;
    let foreign = claiming(&world, world.right_in(1, D, slot));
    assert_eq!(world.refusal(&[foreign]), "BUN-0009");
    let unknown = claiming(&world, world.right_in(77, D, slot));
    assert_eq!(world.refusal(&[unknown]), "BUN-0008");
    let nowhere = ProofOfElection { domain: auto_core::DomainId(9), ..world.right(0) };
    let mut receipt = world.head_receipt(D);
    receipt.domain = nowhere.domain;
    let nowhere = submission(world.bundle_with(nowhere, receipt, &[]));
    assert_eq!(world.refusal(&[nowhere]), "BUN-0004");
    let mixed = submission(world.bundle_with(world.right(0), world.head_receipt(E), &[]));
    assert_eq!(world.refusal(&[mixed]), "BUN-0001");
}

#[test]
fn case_47_an_operator_that_is_not_elected_is_refused() {
    let mut world = World::new(Setup::default());
    let lost =
        world.new_slots().map(|slot| world.right_in(0, D, slot)).find(|right| !world.is_elected(right));
    let bundle = claiming(&world, lost.expect("half of the stake loses some slot"));
    assert_eq!(world.refusal(&[bundle]), "BUN-0021");
}

#[test]
fn case_48_a_draw_counts_for_its_slot_output_and_key_only() {
    let mut world = World::new(Setup::default());
    let right = world.right(0);
    let mut other_output = right;
    other_output.proof_of_time.0[0] ^= 1;
    let bundle = claiming(&world, other_output);
    assert_eq!(world.refusal(&[bundle]), "BUN-0019");
    let other_slot = ProofOfElection { vrf: world.right_in(0, D, Slot(right.slot.0 + 1)).vrf, ..right };
    let bundle = claiming(&world, other_slot);
    assert_eq!(world.refusal(&[bundle]), "BUN-0020");
    let other_key = ProofOfElection { vrf: world.right_in(1, D, right.slot).vrf, ..right };
    let bundle = claiming(&world, other_key);
    assert_eq!(world.refusal(&[bundle]), "BUN-0020");
    let bundle = unsigned(claiming(&world, right));
    assert_eq!(world.refusal(&[bundle]), "BUN-0022");
    let bundle = claiming(&world, right);
    world.submit(&[bundle]);
}

#[test]
fn case_49_a_slot_is_claimed_once_in_a_block() {
    let mut world = World::new(Setup::default());
    let right = world.right(0);
    let first = claiming(&world, right);
    let payment = world.payment(D, 3, 0, 4, Amount::ai3(1));
    let second = submission(world.bundle_with(right, world.head_receipt(D), &[payment]));
    assert_eq!(world.refusal(&[first.clone(), second]), "BUN-0018");
    assert_eq!(world.refusal(&[first.clone(), first.clone()]), "BUN-0018");
    // Different slots come in any order.
    let mut rights: Vec<_> = world.rights(0).take(3).collect();
    rights.swap(0, 2);
    let bundles: Vec<_> = rights.into_iter().map(|right| claiming(&world, right)).collect();
    assert_eq!(world.submit(&bundles).submissions.len(), 3);
}

#[test]
fn case_50_an_election_of_an_earlier_block_is_not_used_again() {
    let mut world = World::new(Setup::default());
    let rights: Vec<_> = world.rights(0).take(3).collect();
    let bundle = claiming(&world, rights[1]);
    world.submit(&[bundle]);
    for used in &rights[..2] {
        let receipt = world.honest_receipt(D);
        let payment = world.payment(D, 3, 0, 4, Amount::ai3(1));
        let again = submission(world.bundle_with(*used, receipt, &[payment]));
        assert_eq!(world.refusal(&[again]), "BUN-0017");
    }
    // A later slot of the block before is still free.
    let receipt = world.honest_receipt(D);
    let later = submission(world.bundle_with(rights[2], receipt, &[]));
    world.submit(&[later]);
    assert_eq!(world.operator(0).last_slot, Some(rights[2].slot));
}

#[test]
fn case_51_slots_of_the_future_and_of_old_blocks_are_refused() {
    let setup = Setup { operators: vec![(D, Amount::ai3(500))], ..Setup::default() };
    let mut world = World::new(setup);
    world.empty_blocks(10);
    let next = world.number.0 + 1;
    let longevity = world.rules.params.bundle_longevity;
    let future = claiming(&world, world.right_in(0, D, Slot(World::last_slot(next).0 + 1)));
    assert_eq!(world.refusal(&[future]), "BUN-0015");
    let oldest = Slot(World::last_slot(next - longevity - 1).0 + 1);
    let old = claiming(&world, world.right_in(0, D, Slot(oldest.0 - 1)));
    assert_eq!(world.refusal(&[old]), "BUN-0016");
    // A lone operator is elected in every slot: the first and the last slot of the window are good.
    let bundles = [oldest, World::last_slot(next)].map(|slot| claiming(&world, world.right_in(0, D, slot)));
    world.submit(&bundles);
}

#[test]
fn case_52_changed_and_oversized_bundles_are_refused() {
    let mut params = Setup::default().params;
    params.block_bytes_max = 1 << 18;
    let mut world = World::new(Setup { params, bundle_max: (400, 300_000), ..Setup::default() });
    let payments: Vec<_> = (0..4).map(|nonce| world.payment(D, 3, nonce, 4, Amount::ai3(1))).collect();
    let (right, receipt) = (world.right(0), world.head_receipt(D));
    let honest = world.bundle_with(right, receipt.clone(), &payments[..1]);
    let changed = Bundle { extrinsics: List::new(payments[1..2].to_vec()).expect("one"), ..honest.clone() };
    assert_eq!(world.refusal(&[submission(changed)]), "BUN-0003");
    let dropped = Bundle { extrinsics: List::default(), ..honest.clone() };
    assert_eq!(world.refusal(&[submission(dropped)]), "BUN-0003");
    let long = submission(world.bundle_with(right, receipt.clone(), &payments));
    assert_eq!(world.refusal(&[long]), "BUN-0023");
    let mut heavy = honest.header.clone();
    heavy.weight = 300_001;
    let heavy = submission(world.seal_bundle(heavy, &honest.extrinsics));
    assert_eq!(world.refusal(&[heavy]), "BUN-0024");
    let piece: OpaqueExtrinsic = Blob::new(vec![0; EXTRINSIC_BYTES_MAX]).expect("at the limit");
    let count = BUNDLE_BYTES_MAX / EXTRINSIC_BYTES_MAX + 1;
    let huge = submission(world.bundle_with(right, receipt, &vec![piece; count]));
    assert_eq!(world.refusal(&[huge]), "BUN-0002");
    world.submit(&[submission(honest)]);
}

#[test]
fn case_53_an_empty_fund_is_refused_before_any_cryptography() {
    let mut world = World::new(Setup::default());
    let mut record = world.operator(0);
    let mut held = HELD.get(&world.contents).expect("sound").expect("written");
    // Moves the fund into the stake, so that the money still adds up.
    let left = Amount::from_base_units(1);
    let moved = record.storage_fund.checked_sub(left).expect("more");
    record.stake = record.stake.checked_add(moved).expect("small");
    record.storage_fund = left;
    held.stakes = held.stakes.checked_add(moved).expect("small");
    held.funds = held.funds.checked_sub(moved).expect("more");
    let mut forged = claiming(&world, world.right(0));
    if let Submission::Bundle(bundle) = &mut forged {
        // Neither slot, output, draw nor signature is right, and none of it is looked at.
        bundle.header.election.slot = Slot(u64::MAX);
        bundle.header.election.proof_of_time.0 = [0; 16];
        bundle.header.election.vrf.proof = [0xff; 64];
        bundle.signature = OperatorSignature([0xff; 64]);
    }
    assert_eq!(world.refusal(std::slice::from_ref(&forged)), "BUN-0015");
    world.tamper(|state| {
        OPERATOR.put(state, &OperatorId(0), &record);
        HELD.put(state, &held);
    });
    assert_eq!(world.refusal(&[forged]), "STK-0027");
}

#[test]
fn the_fee_of_a_bundle_goes_from_the_fund_to_the_author() {
    let mut world = World::new(Setup::default());
    let (fund, bundle) = (world.operator(0).storage_fund, world.bundle(0, &[]));
    let bytes = u128::try_from(bundle.encoded_size()).expect("small");
    let price = auto_ledger::byte_fees(&world.contents).expect("sound").next;
    let executed = world.submit(&[bundle]);
    let fee = price.checked_mul(bytes).expect("small");
    assert!(!fee.is_zero());
    assert_eq!(executed.submissions[0].fee, fee);
    assert_eq!(executed.earnings.fees, fee);
    assert_eq!(world.operator(0).storage_fund, fund.checked_sub(fee).expect("covered"));
}

#[test]
fn case_69_while_receipts_lag_only_lone_receipts_are_taken() {
    let mut world = World::new(Setup::default());
    // Two blocks whose bundles bring no new receipt.
    for _ in 0..2 {
        let lone = world.sealed(world.right(1), world.head_receipt(D));
        assert_eq!(world.refusal(&[lone]), "BUN-0007");
        let bundle = claiming(&world, world.right(0));
        world.submit(&[bundle]);
    }
    assert_eq!((world.record(D).head, world.record(D).head_receipt), (BlockNumber(2), BlockNumber(0)));
    let receipt = world.honest_receipt(D);
    let bundle = submission(world.bundle_with(world.right(0), receipt.clone(), &[]));
    assert_eq!(world.refusal(std::slice::from_ref(&bundle)), "BUN-0006");
    let lone = world.sealed(world.right(1), receipt.clone());
    // Within the block the receipts have caught up as soon as the lone one is in.
    let carried = submission(world.bundle_with(world.right(0), receipt.clone(), &[]));
    let executed = world.submit(&[lone, carried]);
    assert_eq!(executed.submissions.len(), 2);
    assert_eq!((world.record(D).head, world.record(D).head_receipt), (BlockNumber(3), BlockNumber(1)));
    let fees = executed.submissions[0].fee;
    assert!(!fees.is_zero(), "a lone receipt pays for its bytes");
    assert!(world.operator(1).last_slot.is_some());
}

#[test]
fn a_full_domain_block_refuses_further_bundles() {
    let mut params = Setup::default().params;
    params.domain_block_bytes_max = 4096;
    let mut world = World::new(Setup { params, bundle_max: (4096, 1_000_000_000), ..Setup::default() });
    let payment = |at: u64| {
        let from = u8::try_from(at / 2).expect("small");
        world.payment(D, from, at % 2, 4, Amount::ai3(1))
    };
    let one: Vec<_> = (2..18).map(payment).collect();
    let first = world.bundle(0, &one);
    let second = world.bundle(1, &one);
    let fits: usize = one.iter().map(|bytes| bytes.len()).sum();
    assert!(fits < 4096 && 2 * fits > 4096, "{fits}");
    assert_eq!(world.refusal(&[first.clone(), second]), "BUN-0025");
    world.submit(&[first]);
}

/// The seed orders the extrinsics of a block on every machine: it must never come out differently.
#[test]
fn the_seed_of_a_domain_block_is_frozen() {
    let mut world = World::new(Setup {
        domains: 2,
        operators: vec![(D, Amount::ai3(1000)), (E, Amount::ai3(1000))],
        ..Setup::default()
    });
    world.step(&[0, 1]);
    let seeds = [D, E].map(|domain| {
        BLOCK
            .get(&world.contents, &(domain, BlockNumber(1)))
            .expect("sound")
            .expect("block 1")
            .seed
            .to_string()
    });
    assert_eq!(
        seeds,
        [
            "3f99476189c7fe3bf23bcab9d9aaae91e33aeecb857d0565749c20d16741ce70",
            "c75f75ecb668eaacf32ee66f4d82382bfa0939f71d3ca51c271a506b894f70be",
        ]
    );
}
