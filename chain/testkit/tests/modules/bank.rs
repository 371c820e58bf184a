//! The bank, as sentences.

use auto_core::{Amount, BlockNumber, ProtocolParams, decode_strict};
use auto_module::bank::{Bank, Call, Event, FEES, ISSUANCE, Transfer};
use auto_module::{Module, Outcome, module};
use auto_testkit::{DomainHarness, Tx, address};
use proptest::prelude::*;

fn pay(to: &str, amount: Amount) -> Call {
    Call::Transfer(Transfer { to: address(to), amount })
}

fn bank() -> DomainHarness {
    DomainHarness::new(vec![module::<Bank>()])
}

fn payment(domain: &DomainHarness, from: &str, to: &str, ai3: u32) -> Tx {
    domain.sign::<Bank>(from, [pay(to, Amount::ai3(ai3))])
}

#[test]
fn a_payment_moves_money_and_costs_a_fee() {
    let mut domain = bank();
    let rent = payment(&domain, "alice", "bob", 5);
    let done = domain.run(&rent);
    assert!(done.applied(&rent));
    assert_eq!(domain.balance("bob"), Amount::ai3(1005));
    let paid = Amount::ai3(5).checked_add(done.fee(&rent)).expect("small");
    assert_eq!(domain.balance("alice"), Amount::ai3(1000).saturating_sub(paid));
    let moved = Event::Transferred { from: address("alice"), to: address("bob"), amount: Amount::ai3(5) };
    assert_eq!(done.events_of::<Bank>(&rent), [moved]);
}

#[test]
fn a_payment_that_is_too_large_fails_and_still_costs_its_fee() {
    let mut domain = bank();
    let greedy = payment(&domain, "alice", "bob", 2000);
    let done = domain.run(&greedy);
    assert!(matches!(done.outcome(&greedy), Some(Outcome::Failed { call: 0, .. })));
    assert_eq!(done.code(&greedy), Some("BNK-0002"));
    assert_eq!(domain.balance("bob"), Amount::ai3(1000));
    assert_eq!(domain.balance("alice"), Amount::ai3(1000).saturating_sub(done.fee(&greedy)));
    assert!(done.events_of::<Bank>(&greedy).is_empty());
}

#[test]
fn a_transaction_takes_effect_as_a_whole_or_not_at_all() {
    let mut domain = bank();
    let both = domain.sign::<Bank>("alice", [pay("bob", Amount::ai3(1)), pay("carol", Amount::ai3(5000))]);
    let done = domain.run(&both);
    assert!(matches!(done.outcome(&both), Some(Outcome::Failed { call: 1, .. })));
    assert_eq!(domain.balance("bob"), Amount::ai3(1000));
}

#[test]
fn payments_of_one_account_run_in_the_order_they_were_signed() {
    let mut domain = bank();
    let payments: Vec<Tx> = (1..=4).map(|ai3| payment(&domain, "alice", "bob", ai3)).collect();
    let reversed: Vec<Tx> = payments.iter().rev().cloned().collect();
    let done = domain.block(&reversed);
    assert!(done.all_applied());
    let order: Vec<_> = done.derived().ordered.iter().map(|(hash, _)| *hash).collect();
    assert_eq!(order, payments.iter().map(Tx::hash).collect::<Vec<_>>());
    assert_eq!(domain.balance("bob"), Amount::ai3(1010));
}

#[test]
fn several_operators_make_one_block_of_their_bundles() {
    let mut domain = bank();
    let (one, other) = (payment(&domain, "alice", "bob", 1), payment(&domain, "bob", "alice", 2));
    // Two of them offer this one; it runs once.
    let both = payment(&domain, "carol", "alice", 3);
    let done = domain.bundles(&[&[both.clone(), one.clone()], &[other.clone(), both.clone()], &[]]);
    assert!(done.applied(&one) && done.applied(&other) && done.applied(&both));
    assert_eq!((done.derived().executed.len(), domain.number()), (3, BlockNumber(1)));
    let paid = Amount::ai3(3).checked_add(done.fee(&both)).expect("small");
    assert_eq!(domain.balance("carol"), Amount::ai3(1000).saturating_sub(paid));
}

#[test]
fn what_no_operator_may_offer_is_not_in_the_block() {
    let mut domain = bank();
    let nothing = domain.sign::<Bank>("alice", [pay("bob", Amount::ZERO)]);
    let calls = vec![Bank::encode_call(&pay("bob", Amount::ai3(1))).expect("short")];
    let late = domain.sign_with("alice", calls.clone(), |transaction| transaction.expiry = BlockNumber(0));
    let foreign = domain.sign_with("alice", calls, |transaction| transaction.domain.0 += 1);
    let done = domain.block(&[nothing.clone(), late.clone(), foreign.clone()]);
    assert_eq!(done.refusal(&nothing), Some("BNK-0001"));
    assert_eq!(done.refusal(&late), Some("BNK-0006"));
    assert_eq!(done.refusal(&foreign), Some("MOD-0005"));
    assert!(done.derived().executed.is_empty());
    // None of them was used up.
    let after = payment(&domain, "alice", "bob", 1);
    assert!(domain.run(&after).applied(&after));
}

#[test]
fn a_nonce_out_of_turn_is_skipped_and_costs_nothing() {
    let mut domain = bank();
    let calls = vec![Bank::encode_call(&pay("bob", Amount::ai3(1))).expect("short")];
    let early = domain.sign_with("alice", calls, |transaction| transaction.nonce.0 += 7);
    let done = domain.run(&early);
    assert!(matches!(done.outcome(&early), Some(Outcome::Skipped { .. })));
    assert_eq!(domain.balance("alice"), Amount::ai3(1000));
}

#[test]
fn blocks_without_transactions_change_no_money() {
    let mut domain = bank();
    let before = ISSUANCE.get(domain.state()).expect("sound");
    domain.advance(6);
    assert_eq!(ISSUANCE.get(domain.state()).expect("sound"), before);
    assert_eq!(domain.number(), BlockNumber(6));
    // The chain below confirmed what is old enough.
    let record = auto_domains::view::domain(domain.consensus().state(), domain.environment().domain);
    assert_eq!(record.expect("sound").expect("exists").record.confirmed, BlockNumber(2));
}

#[test]
fn the_receipt_states_the_fees_of_the_block_and_the_state_proves_them() {
    let mut domain = bank();
    let rent = payment(&domain, "alice", "bob", 5);
    let done = domain.run(&rent);
    let fees = domain.receipt().fees;
    assert_eq!(fees.storage.checked_add(fees.execution), Some(done.fee(&rent)));
    let proven = domain.prove(&FEES.key()).verify(&domain.receipt().final_state_root, &FEES.key());
    assert_eq!(decode_strict(&proven.expect("holds").expect("is there"), 256), Ok(fees));
}

#[test]
fn every_lie_about_a_block_is_told_and_proven() {
    let mut domain = bank();
    let payments: Vec<Tx> = (1..=3).map(|ai3| payment(&domain, "alice", "bob", ai3)).collect();
    let done = domain.block(&payments);
    // Five roots, one more, one less; extrinsics root, block hash, three fees, transfers; digest, weight, and
    // three extrinsics of the bundle.
    assert_eq!(done.lies_proven(), 18);
    assert_eq!(done.refused_at_the_door(), 0);
    assert!((1..10_000).contains(&done.longest_proof()), "{}", done.longest_proof());
}

#[test]
fn lies_can_take_turns() {
    let rich = Amount::ai3(1000);
    let builder = DomainHarness::builder(vec![module::<Bank>()]).account("alice", rich);
    let mut domain = builder.operators(1).lies_per_block(4).start();
    for _ in 0..20 {
        let rent = payment(&domain, "alice", "bob", 1);
        assert_eq!(domain.run(&rent).lies_proven(), 4);
    }
    assert_eq!(domain.balance("bob"), Amount::ai3(20));
}

#[test]
fn a_domain_without_money_tells_some_lies_that_no_chain_takes() {
    let mut domain = DomainHarness::builder(vec![module::<Bank>()]).start();
    let done = domain.block(&[]);
    // Three fees and a transfer of what is not there.
    assert_eq!((done.lies_proven(), done.refused_at_the_door()), (11, 4));
}

#[test]
fn parameters_can_be_others() {
    let free = |params: &mut ProtocolParams| {
        (params.transaction_fee, params.weight_fee) = (Amount::ZERO, Amount::ZERO);
        (params.domain_byte_fee, params.byte_fee_max) = (Amount::ZERO, Amount::ZERO);
    };
    let builder = DomainHarness::builder(vec![module::<Bank>()]).account("alice", Amount::ai3(10));
    let mut domain = builder.params(free).start();
    let rent = payment(&domain, "alice", "bob", 1);
    domain.run(&rent);
    assert_eq!((domain.balance("alice"), domain.balance("bob")), (Amount::ai3(9), Amount::ai3(1)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn money_is_neither_made_nor_lost_by_random_payments(
        blocks in proptest::collection::vec(
            proptest::collection::vec((0..3usize, 0..4usize, 0..600u32), 0..6), 1..5),
    ) {
        const NAMES: [&str; 4] = ["alice", "bob", "carol", "dave"];
        let rich = Amount::ai3(1000);
        let builder = DomainHarness::builder(vec![module::<Bank>()]).lies_per_block(6);
        let mut domain = NAMES[..3].iter().fold(builder, |builder, name| builder.account(name, rich)).start();
        let mut left = Amount::ai3(3000);
        for block in blocks {
            let payments: Vec<Tx> = block
                .into_iter()
                .map(|(from, to, ai3)| payment(&domain, NAMES[from], NAMES[to], ai3))
                .collect();
            let done = domain.block(&payments);
            let fees = payments.iter().try_fold(Amount::ZERO, |sum, tx| sum.checked_add(done.fee(tx)));
            left = left.saturating_sub(fees.expect("small"));
            let sum = NAMES.iter().try_fold(Amount::ZERO, |sum, name| sum.checked_add(domain.balance(name)));
            prop_assert_eq!(sum, Some(left));
        }
    }
}
