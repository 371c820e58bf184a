//! Several liars together.

use crate::world::{D, Net, NodeSetup, Setup};
use auto_core::{Amount, hash};
use auto_domains::state::OperatorStatus;
use auto_operator::{Lie, TransactionStatus};

#[test]
fn receipts_that_build_on_a_lie_fall_with_it_and_the_line_catches_up() {
    let mut setup = Setup::honest(3);
    setup.nodes =
        vec![NodeSetup::liar(0, Lie::FinalizeRoot), NodeSetup::liar(1, Lie::Follow), NodeSetup::operator(2)];
    setup.params.challenge_period = 60;
    setup.params.staking_epoch = 1000;
    let mut net = Net::new(setup);
    let id = net.pay(D, 30, 0, 40, Amount::ai3(1));
    net.nodes[2].online = false;
    net.steps(30);
    let built = net.record(D).head_receipt.0;
    assert!(built > 5, "the liars built {built} receipts");
    net.nodes[2].online = true;
    net.until(10, "the lie is proven", |net| net.operator(0).status == OperatorStatus::Slashed);
    assert!(net.record(D).head_receipt.0 < built);
    net.until(10, "the follower is slashed", |net| net.operator(1).status == OperatorStatus::Slashed);
    net.until(120, "the line caught up", |net| {
        let record = net.record(D);
        record.head.0 - record.head_receipt.0 <= 1 && record.head_receipt.0 > built
    });
    assert!(net.lone > 3, "by {} receipts alone", net.lone);
    assert!(net.handle(2).domain(D).expect("served").wrong.is_empty());
    assert!(matches!(
        net.handle(2).transaction(D, &id).expect("served"),
        Some(TransactionStatus::Executed { .. })
    ));
    assert_eq!(net.operator(2).status, OperatorStatus::Registered);
}

fn one_honest_among_liars(seed: u64) {
    let mut setup = Setup::honest(6);
    let lie = |number: u64| {
        let drawn = hash(&[seed.to_le_bytes(), number.to_le_bytes()].concat()).0[0];
        Lie::ALL[usize::from(drawn) % Lie::ALL.len()]
    };
    let lies: Vec<Lie> = (0..5).map(lie).collect();
    setup.nodes = lies.iter().zip(0..).map(|(lie, number)| NodeSetup::liar(number, *lie)).collect();
    setup.nodes.push(NodeSetup::operator(5));
    setup.params.challenge_period = 8;
    setup.params.staking_epoch = 4;
    let mut net = Net::new(setup);
    let before = net.there(5, D, 55);
    let mut ids = Vec::new();
    for round in 0..20 {
        if round % 2 == 0 {
            ids.push(net.pay(D, 30 + round, 0, 55, Amount::ai3(1)));
        }
        net.steps(2);
    }
    net.until(200, &format!("seed {seed}, {lies:?}: all are confirmed"), |net| {
        net.handle(5).domain(D).expect("served").wrong.is_empty()
            && ids.iter().all(|id| {
                let status = net.handle(5).transaction(D, id).expect("served");
                matches!(status, Some(TransactionStatus::Executed { confirmed: true, .. }))
            })
    });
    assert_eq!(net.operator(5).status, OperatorStatus::Registered, "seed {seed}, {lies:?}");
    let paid = Amount::ai3(u32::try_from(ids.len()).expect("few"));
    assert_eq!(net.there(5, D, 55), before.checked_add(paid).expect("little"), "seed {seed}");
}

#[test]
fn one_honest_operator_among_five_liars_wins() {
    (1..=30).for_each(one_honest_among_liars);
}
