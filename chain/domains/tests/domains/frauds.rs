//! What happens when a receipt is proven wrong.

use crate::receipts::{prove_wrong, three_operators};
use crate::world::{D, Setup, World, address};
use auto_core::{Amount, BlockNumber, BundleVerdict, Hash, InvalidBundle, List, OperatorId};
use auto_domains::fraud::{FraudKind, FraudProof};
use auto_domains::state::{FALLEN, OperatorStatus, RECEIPT, RECEIPT_AT};
use auto_domains::{DomainsCall, DomainsEvent, Withdraw, receipt};

#[test]
fn case_68_who_extends_a_wrong_receipt_is_slashed_too_and_nominators_are_locked_in() {
    let mut world = three_operators();
    world.call(4, DomainsCall::Nominate { operator: OperatorId(1), amount: Amount::ai3(50) }).expect("taken");
    world.step(&[0, 1, 2]);
    world.step(&[0, 1, 2]);
    // Account 4 holds shares now; it asks for them back.
    world.call(4, DomainsCall::Withdraw { operator: OperatorId(1), amount: Withdraw::All }).expect("shares");
    let bad = world.record(D).head_receipt.0 + 1;
    let wrong = world.claim(D);
    world.submit_receipt(0, wrong);
    let on_top = world.claim(D);
    world.submit_receipt(1, on_top);
    let parent = world.head_receipt(D).number.0 - 2;
    let (reporter, total) = (world.balance(&address(7)), world.supply());
    let events = prove_wrong(&mut world, bad);
    let fraud = |event: &&DomainsEvent| matches!(event, DomainsEvent::FraudProven { number, removed: 2, .. } if number.0 == bad);
    assert_eq!(events.iter().filter(fraud).count(), 1);
    assert_eq!(world.record(D).head_receipt, BlockNumber(parent));
    for operator in [0, 1] {
        assert_eq!(world.operator(operator).status, OperatorStatus::PendingSlash);
    }
    assert_eq!(world.operator(2).status, OperatorStatus::Registered);
    // In the block that carries the slash out, the lock holds already.
    let unlock = world.signed(4, 0, vec![DomainsCall::Unlock { operator: OperatorId(1) }]);
    let executed = world.block(&[], &[unlock]).expect("the fee is paid");
    let outcome = &executed.transactions[0].outcome;
    assert!(
        matches!(outcome, auto_ledger::Outcome::Failed { error, .. } if auto_core::ErrorCode::code(error) == "STK-0018"),
        "{outcome:?}"
    );
    for operator in [0, 1] {
        let record = world.operator(operator);
        assert_eq!(record.status, OperatorStatus::Slashed);
        assert!(record.stake.is_zero() && record.storage_fund.is_zero());
    }
    let gone = world.call(4, DomainsCall::Unlock { operator: OperatorId(1) });
    assert_eq!(gone.map(drop), Err("STK-0019"));
    // The reporter earned its share, and most of the stake is gone for good.
    let gained = world.balance(&address(7)).checked_sub(reporter).expect("more");
    assert!(gained > Amount::ai3(190) && gained < Amount::ai3(206), "{gained}");
    let burned = total.checked_sub(world.supply()).expect("less");
    assert!(burned > Amount::ai3(1700), "{burned}");
}

#[test]
fn after_a_fraud_an_honest_operator_catches_up_with_lone_receipts() {
    let mut world = three_operators();
    world.step(&[0, 1, 2]);
    let wrong = world.claim(D);
    world.submit_receipt(0, wrong.clone());
    for _ in 0..2 {
        let on_top = world.claim(D);
        world.submit_receipt(1, on_top);
    }
    assert_eq!((world.record(D).head, world.record(D).head_receipt), (BlockNumber(4), BlockNumber(3)));
    prove_wrong(&mut world, 1);
    world.empty_blocks(1);
    let mut lone = 0;
    while world.record(D).head.0 - world.record(D).head_receipt.0 > 1 {
        // The very receipt that was proven wrong does not come back.
        if lone == 0 {
            let again = world.sealed(world.right(2), wrong.clone());
            assert_eq!(world.refusal(&[again]), "RCP-0006");
        }
        let honest = world.honest_receipt(D);
        let sealed = world.sealed(world.right(2), honest);
        world.submit(&[sealed]);
        lone += 1;
    }
    assert_eq!(lone, 3);
    for _ in 0..6 {
        world.step(&[2]);
    }
    assert!(world.record(D).confirmed.0 >= 5);
    assert_eq!(world.operator(2).status, OperatorStatus::Registered);
}

#[test]
fn a_fraud_unmarks_the_authors_that_the_wrong_receipt_blamed() {
    let mut world = three_operators();
    world.step(&[0]);
    let mut wrong = world.honest_receipt(D);
    let mut list = wrong.bundles.to_vec();
    list[0].verdict = BundleVerdict::Invalid(InvalidBundle::InvalidWeight);
    wrong.bundles = List::new(list).expect("one");
    world.submit_receipt(1, wrong.clone());
    assert_eq!(world.operator(0).status, OperatorStatus::InvalidBundle(wrong.hash()));
    prove_wrong(&mut world, 1);
    assert_eq!(world.operator(0).status, OperatorStatus::Registered);
    assert_eq!(world.operator(1).status, OperatorStatus::PendingSlash);
}

#[test]
fn genesis_confirmed_and_fallen_receipts_cannot_be_removed() {
    let mut world = three_operators();
    for _ in 0..6 {
        world.step(&[0]);
    }
    let line: Vec<_> = (0..=5)
        .filter_map(|height| receipt::at(&world.contents, D, BlockNumber(height)).expect("sound"))
        .collect();
    let settled =
        line.iter().find(|known| known.receipt.number == world.record(D).confirmed).expect("kept").clone();
    let open = line.iter().find(|known| known.receipt.number == BlockNumber(4)).expect("open").clone();
    let mut results = Vec::new();
    world.tamper(|state| {
        results.push(receipt::remove_from(state, &settled, address(7)).map(drop));
        results.push(receipt::remove_from(state, &open, address(7)).map(drop));
        results.push(receipt::remove_from(state, &open, address(7)).map(drop));
    });
    let codes: Vec<_> =
        results.iter().map(|result| result.as_ref().map_err(auto_core::ErrorCode::code).copied()).collect();
    assert_eq!(codes, [Err("RCP-0016"), Ok(()), Err("RCP-0016")]);
    let mut world = three_operators();
    let first = receipt::at(&world.contents, D, BlockNumber(0)).expect("sound").expect("genesis");
    world.tamper(|state| {
        let result = receipt::remove_from(state, &first, address(7));
        assert_eq!(result.map_err(|error| auto_core::ErrorCode::code(&error)), Err("RCP-0016"));
    });
}

#[test]
fn a_long_line_of_fallen_receipts_is_out_of_use_at_once_and_cleared_in_steps() {
    let mut params = Setup::default().params;
    params.challenge_period = 500;
    params.staking_epoch = 1000;
    let operators = vec![(D, Amount::ai3(1000)), (D, Amount::ai3(1000))];
    let mut world = World::new(Setup { params, operators, ..Setup::default() });
    world.step(&[0]);
    let mut hashes = Vec::new();
    for _ in 0..150 {
        let claim = world.claim(D);
        hashes.push(claim.hash());
        world.submit_receipt(0, claim);
    }
    assert_eq!(world.record(D).head_receipt, BlockNumber(150));
    prove_wrong(&mut world, 1);
    assert!(FALLEN.get(&world.contents).expect("sound").is_some(), "not all at once");
    let left = |world: &World| {
        hashes.iter().filter(|hash| RECEIPT.get(&world.contents, hash).expect("sound").is_some()).count()
    };
    assert_eq!(left(&world), 150 - 129);
    for (height, hash) in (1..).zip(&hashes) {
        assert_eq!(receipt::at(&world.contents, D, BlockNumber(height)), Ok(None));
        assert_eq!(receipt::record(&world.contents, *hash), Ok(None));
    }
    assert!(matches!(world.operator(0).status, OperatorStatus::PendingSlash));
    // A new receipt takes its place before the old one was cleared away.
    let honest = world.honest_receipt(D);
    assert!(!hashes.contains(&honest.hash()));
    let lone = world.sealed(world.right(1), honest.clone());
    world.submit(&[lone]);
    let second = world.honest_receipt(D);
    assert_eq!(second.number, BlockNumber(2));
    let place = RECEIPT_AT.key(&(D, BlockNumber(2)));
    let lone = world.sealed(world.right(1), second.clone());
    world.submit(&[lone]);
    assert!(world.contents.contains_key(&place));
    assert_eq!(receipt::hash_at(&world.contents, D, BlockNumber(2)), Ok(Some(second.hash())));
    assert_eq!(receipt::hash_at(&world.contents, D, BlockNumber(1)), Ok(Some(honest.hash())));
    assert_eq!(left(&world), 0);
    assert!(FALLEN.get(&world.contents).expect("sound").is_none());
    assert_eq!(world.operator(1).status, OperatorStatus::Registered);
}

#[test]
fn an_account_that_proves_a_fraud_cuts_the_line_and_earns_its_share() {
    let mut world = three_operators();
    world.step(&[0, 1]);
    let mut wrong = world.honest_receipt(D);
    wrong.block_hash = Hash([8; 32]);
    world.submit_receipt(0, wrong.clone());
    let proof = |receipt: Hash| {
        let proof = FraudProof { domain: D, bad_receipt: receipt, kind: FraudKind::BlockHash };
        DomainsCall::SubmitFraudProof(Box::new(proof))
    };
    let before = world.balance(&address(7));
    let events = world.call(7, proof(wrong.hash())).expect("the proof holds");
    assert!(matches!(events[..], [DomainsEvent::FraudProven { number: BlockNumber(1), removed: 1, .. }]));
    assert_eq!(world.record(D).head_receipt, BlockNumber(0));
    assert_eq!(world.operator(0).status, OperatorStatus::Slashed);
    assert!(world.balance(&address(7)) > before.checked_add(Amount::ai3(90)).expect("small"));
    // The same proof has nothing to prove any more, and the right receipt cannot be proven wrong.
    let again = world.call(7, proof(wrong.hash())).map(drop).expect_err("gone");
    assert!(again.starts_with("FRP"), "{again}");
    let honest = world.honest_receipt(D);
    let lone = world.sealed(world.right(1), honest.clone());
    world.submit(&[lone]);
    let groundless = world.call(7, proof(honest.hash())).map(drop).expect_err("the receipt stands");
    assert!(groundless.starts_with("FRP"), "{groundless}");
    assert_eq!(world.head_receipt(D), honest);
    assert_eq!(world.operator(1).status, OperatorStatus::Registered);
}
