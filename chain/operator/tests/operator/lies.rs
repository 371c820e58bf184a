//! Each lie alone: the honest one proves it, the liar loses its stake, the line goes on right.

use crate::world::{D, Net, NodeSetup, Setup};
use auto_core::{Amount, BlockNumber};
use auto_domains::DomainsEvent;
use auto_domains::state::OperatorStatus;
use auto_operator::{Fault, Lie, Notice, TransactionStatus};

fn disputed(lie: Lie) -> Net {
    let mut setup = Setup::honest(2);
    setup.nodes = vec![NodeSetup::liar(0, lie), NodeSetup::operator(1)];
    setup.params.challenge_period = 12;
    // Nobody is judged for being absent.
    setup.params.staking_epoch = 1000;
    if lie == Lie::AsValid(Fault::OutOfRange) {
        setup.params.signer_range_max = u64::MAX / 4;
    }
    let mut net = Net::new(setup);
    net.nodes[1].draws = false;
    net
}

fn is_proven(lie: Lie) {
    let mut net = disputed(lie);
    let before = net.there(1, D, 40);
    let ids: Vec<_> = (0..3).map(|nonce| net.pay(D, 30, nonce, 40, Amount::ai3(1))).collect();
    let (mut stated, mut proven) = (None, None);
    for _ in 0..40 {
        let fraud = net.step().iter().any(|event| matches!(event, DomainsEvent::FraudProven { .. }));
        let wrong = net.handle(1).domain(D).expect("served").wrong;
        if let (None, Some(first)) = (stated, wrong.first()) {
            stated = Some((net.number(), *first));
        }
        if fraud {
            proven = Some(net.number());
            break;
        }
    }
    let (at, number) = stated.expect("the lie was stated");
    let proven = proven.expect("the lie was proven");
    assert!(proven <= at + 2, "{lie}: stated in {at}, proven in {proven}");
    assert_eq!(net.record(D).head_receipt, BlockNumber(number.0 - 1), "{lie}");
    let told = |notice: &&Notice| matches!(notice, Notice::BadReceipt { proven: true, .. });
    assert_eq!(net.nodes[1].notices.iter().filter(told).count(), 1, "{lie}");
    net.nodes[0].draws = false;
    net.nodes[1].draws = true;
    net.until(60, &lie.to_string(), |net| {
        net.record(D).head_receipt >= number
            && net.handle(1).domain(D).expect("served").wrong.is_empty()
            && ids.iter().all(|id| {
                let status = net.handle(1).transaction(D, id).expect("served");
                matches!(status, Some(TransactionStatus::Executed { confirmed: true, .. }))
            })
    });
    assert_eq!(net.operator(0).status, OperatorStatus::Slashed, "{lie}");
    assert_eq!(net.operator(1).status, OperatorStatus::Registered, "{lie}");
    assert_eq!(net.there(1, D, 40), before.checked_add(Amount::ai3(3)).expect("little"), "{lie}");
}

#[test]
fn lies_about_roots_are_proven() {
    for lie in
        [Lie::InitializeRoot, Lie::MiddleRoot, Lie::FinalizeRoot, Lie::TraceTooLong, Lie::TraceTooShort]
    {
        is_proven(lie);
    }
}

#[test]
fn lies_about_the_block_are_proven() {
    for lie in [Lie::ExtrinsicsRoot, Lie::BlockHash, Lie::Fees, Lie::Transfers, Lie::BundleDigest] {
        is_proven(lie);
    }
}

#[test]
fn valid_bundles_that_are_called_invalid_are_proven_valid() {
    Fault::ALL.into_iter().for_each(|fault| is_proven(Lie::ValidAs(fault)));
}

#[test]
fn invalid_bundles_that_are_called_valid_are_proven_invalid() {
    Fault::ALL.into_iter().for_each(|fault| is_proven(Lie::AsValid(fault)));
}

#[test]
fn a_later_reason_is_proven_wrong() {
    is_proven(Lie::LaterReason);
}

#[test]
fn every_lie_is_covered() {
    let covered = 5 + 5 + 2 * Fault::ALL.len() + 1;
    assert_eq!(Lie::ALL.len(), covered + 1, "all but following, which needs another liar");
}

#[test]
fn a_watcher_proves_as_well() {
    let mut net = disputed(Lie::FinalizeRoot);
    let watcher = net.join(NodeSetup::watcher(50));
    net.nodes[1].online = false;
    net.pay(D, 30, 0, 40, Amount::ai3(1));
    net.until(40, "the watcher proves it", |net| net.operator(0).status == OperatorStatus::Slashed);
    assert!(
        net.nodes[watcher]
            .notices
            .iter()
            .any(|notice| matches!(notice, Notice::BadReceipt { proven: true, .. }))
    );
    let reporter = net.balance(50);
    assert!(reporter > Amount::ai3(100_000), "the reporter earned its share: {reporter}");
}

fn until_stated(net: &mut Net) {
    net.until(40, "a lie is stated", |net| !net.handle(1).domain(D).expect("served").wrong.is_empty());
}

#[test]
fn a_proof_that_was_lost_in_a_restart_is_made_again() {
    let mut net = disputed(Lie::FinalizeRoot);
    net.pay(D, 30, 0, 40, Amount::ai3(1));
    until_stated(&mut net);
    net.drop_waiting();
    net.nodes[0].draws = false;
    net.restart(1);
    assert!(net.handle(1).domain(D).expect("served").wrong.is_empty(), "nothing was compared yet");
    net.until(3, "it is proven", |net| net.operator(0).status == OperatorStatus::Slashed);
}

#[test]
fn a_proof_on_a_branch_that_was_left_is_made_again_on_the_other() {
    let mut net = disputed(Lie::FinalizeRoot);
    net.pay(D, 30, 0, 40, Amount::ai3(1));
    until_stated(&mut net);
    net.nodes[0].draws = false;
    let fork = net.head;
    net.until(3, "it is proven", |net| net.operator(0).status == OperatorStatus::Slashed);
    assert!(net.handle(1).domain(D).expect("served").wrong.is_empty());
    net.head = fork;
    net.drop_waiting();
    net.block(1);
    assert_eq!(net.operator(0).status, OperatorStatus::Registered);
    assert!(!net.handle(1).domain(D).expect("served").wrong.is_empty());
    net.until(3, "it is proven here too", |net| net.operator(0).status == OperatorStatus::Slashed);
}
