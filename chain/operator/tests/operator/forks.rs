//! Branches of the consensus chain.

use crate::world::{D, Net, NodeSetup, Setup};
use auto_core::Amount;
use auto_operator::TransactionStatus;

#[test]
fn every_branch_has_its_own_state_of_the_domain() {
    let mut setup = Setup::honest(2);
    setup.params.confirmation_depth = 12;
    let mut net = Net::new(setup);
    net.pay(D, 30, 0, 40, Amount::ai3(1));
    net.steps(3);
    let fork = net.head;
    let id = net.pay(D, 31, 0, 40, Amount::ai3(7));
    net.until(6, "it ran", |net| {
        matches!(net.handle(0).transaction(D, &id).expect("served"), Some(TransactionStatus::Executed { .. }))
    });
    let (first, there) = (net.head, net.handle(0).state(D).expect("served").root());
    assert_ne!(net.handle(0).pool(D).first(), Some(&id));

    // The other branch lacks it, so it waits again.
    net.head = fork;
    net.drop_waiting();
    net.block(1);
    assert_eq!(net.handle(0).transaction(D, &id).expect("served"), Some(TransactionStatus::Accepted));
    net.until(8, "it ran here too", |net| {
        matches!(net.handle(0).transaction(D, &id).expect("served"), Some(TransactionStatus::Executed { .. }))
    });
    let second = net.head;
    assert_eq!(net.there(0, D, 40), net.there(1, D, 40));
    let fresh = net.join(NodeSetup::watcher(50));
    assert_eq!(
        net.handle(fresh).state(D).expect("served").root(),
        net.handle(0).state(D).expect("served").root()
    );

    // And back: what was derived is still there.
    net.head = first;
    net.drop_waiting();
    for at in 0..3 {
        net.tell(at);
    }
    assert_eq!(net.handle(0).state(D).expect("served").root(), there);
    assert_eq!(net.handle(fresh).state(D).expect("served").root(), there);
    let back = |at: usize| net.handle(at).transaction(D, &id).expect("served");
    assert!(matches!(back(0), Some(TransactionStatus::Executed { .. })), "{:?}", back(0));
    net.steps(3);
    assert_ne!(net.head, second);
    assert!(net.handle(0).domain(D).expect("served").wrong.is_empty());
    // Nor does it matter that the branch which was left is pruned.
    net.until(30, "it is confirmed", |net| {
        let status = net.handle(0).transaction(D, &id).expect("served");
        matches!(status, Some(TransactionStatus::Executed { confirmed: true, .. }))
    });
    let before = auto_core::BlockNumber(net.number());
    net.steps(20);
    assert!(net.number() > before.0);
    assert!(matches!(
        net.handle(0).transaction(D, &id).expect("served"),
        Some(TransactionStatus::Executed { confirmed: true, .. })
    ));
}

#[test]
fn what_is_final_is_pruned() {
    let mut net = Net::new(Setup::honest(1));
    for nonce in 0..10 {
        net.pay(D, 30, nonce, 40, Amount::ai3(1));
        net.steps(3);
        let head = net.head;
        // A branch of one block that is left again.
        net.drop_waiting();
        net.block(7);
        net.head = head;
        net.drop_waiting();
        net.block(0);
    }
    net.steps(20);
    let depth = usize::try_from(net.setup.params.confirmation_depth).expect("small");
    assert!(net.records(0, b'k') <= depth + 2, "{} records of blocks", net.records(0, b'k'));
    // One record for each block of the domain, and none of the branches.
    let head = usize::try_from(net.record(D).head.0).expect("few");
    assert_eq!(net.records(0, b'd'), head + 1);
    assert!(net.handle(0).state_at(D, auto_core::BlockNumber(1)).is_ok());
    let gone = net.handle(0).state_at(D, auto_core::BlockNumber(1)).expect("a root");
    assert!(auto_module::bank::ISSUANCE.get(&gone).is_err(), "the state is gone");
    assert!(auto_module::bank::ISSUANCE.get(&net.handle(0).state(D).expect("served")).is_ok());
}
