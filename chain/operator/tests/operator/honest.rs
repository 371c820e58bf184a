//! Honest networks.

use crate::world::{D, Net, NodeSetup, Setup, address};
use auto_core::{
    Amount, Blob, BlockNumber, DomainConfig, DomainId, List, ModuleGenesis, RuntimeId, Submission,
};
use auto_domains::{DomainsCall, DomainsEvent};
use auto_operator::{Ending, Notice, Ran, TransactionStatus};
use auto_testkit::consensus::Operator;

fn is_confirmed(net: &Net, at: usize, id: &auto_core::Hash) -> bool {
    matches!(
        net.handle(at).transaction(D, id).expect("served"),
        Some(TransactionStatus::Executed { confirmed: true, .. })
    )
}

#[test]
fn an_honest_network_executes_and_confirms_transfers() {
    let mut net = Net::new(Setup::honest(2));
    let before = net.there(0, D, 40);
    let ids: Vec<_> = (0..5).map(|nonce| net.pay(D, 30, nonce, 40, Amount::ai3(1))).collect();
    assert_eq!(net.handle(0).transaction(D, &ids[0]).expect("served"), Some(TransactionStatus::Accepted));
    net.until(40, "all are confirmed", |net| {
        ids.iter().all(|id| is_confirmed(net, 0, id) && is_confirmed(net, 1, id))
    });
    for at in 0..2 {
        assert_eq!(net.there(at, D, 40), before.checked_add(Amount::ai3(5)).expect("little"));
        assert!(net.handle(at).domain(D).expect("served").wrong.is_empty());
    }
    let Some(TransactionStatus::Executed { ran, .. }) =
        net.handle(1).transaction(D, &ids[4]).expect("served")
    else {
        panic!("it ran")
    };
    assert_eq!(ran.ending, Ending::Applied);
    assert!(!ran.fee.is_zero());
    assert_eq!(
        net.handle(0).state(D).expect("served").root(),
        net.handle(1).state(D).expect("served").root()
    );
    // Once all is confirmed nobody pays for empty bundles.
    net.steps(3);
    let head = net.record(D).head;
    net.steps(10);
    assert_eq!(net.record(D).head, head);
    let blocks = net.handle(0).blocks(D, None, 100).expect("served");
    assert_eq!(blocks.len(), usize::try_from(head.0).expect("few") + 1);
    assert_eq!(blocks.last().expect("genesis").receipt.number, BlockNumber(0));
}

#[test]
fn a_gap_of_nonces_waits_and_a_spent_one_is_dropped() {
    let mut net = Net::new(Setup::honest(1));
    let later = net.pay(D, 30, 1, 40, Amount::ai3(1));
    net.steps(4);
    assert_eq!(net.handle(0).transaction(D, &later).expect("served"), Some(TransactionStatus::Accepted));
    net.pay(D, 30, 0, 40, Amount::ai3(1));
    net.until(20, "both ran", |net| is_confirmed(net, 0, &later));
    assert!(net.handle(0).pool(D).is_empty());
}

#[test]
fn operators_that_were_offline_for_thirty_blocks_go_on() {
    let mut net = Net::new(Setup::honest(2));
    net.pay(D, 30, 0, 40, Amount::ai3(1));
    net.steps(3);
    net.nodes.iter_mut().for_each(|node| node.online = false);
    net.steps(30);
    net.nodes.iter_mut().for_each(|node| node.online = true);
    net.step();
    let id = net.pay(D, 31, 0, 40, Amount::ai3(1));
    net.until(40, "it is confirmed", |net| is_confirmed(net, 0, &id) && is_confirmed(net, 1, &id));
}

#[test]
fn a_restarted_operator_goes_on_where_it_was() {
    let mut net = Net::new(Setup::honest(2));
    net.pay(D, 30, 0, 40, Amount::ai3(1));
    net.steps(5);
    let before = net.nodes[0].operator.last();
    net.restart(0);
    assert_eq!(net.nodes[0].operator.last(), before);
    assert_eq!(
        net.handle(0).state(D).expect("served").root(),
        net.handle(1).state(D).expect("served").root()
    );
    let id = net.pay(D, 31, 0, 40, Amount::ai3(1));
    net.until(40, "it is confirmed", |net| is_confirmed(net, 0, &id) && is_confirmed(net, 1, &id));
    // Who joins late and derives everything anew comes to the same.
    let late = net.join(NodeSetup::watcher(50));
    assert_eq!(
        net.handle(late).state(D).expect("served").root(),
        net.handle(0).state(D).expect("served").root()
    );
}

#[test]
fn honest_operators_never_offer_what_others_call_invalid() {
    let mut setup = Setup::honest(5);
    setup.params.staking_epoch = 3;
    let mut net = Net::new(setup);
    let mut ids = Vec::new();
    for round in 0..12u64 {
        for from in 20..35 {
            ids.push(net.pay(D, from, round, 40, Amount::ai3(1)));
        }
        for _ in 0..3 {
            let events = net.step();
            let marked = events.iter().any(|event| matches!(event, DomainsEvent::BundleMarkedInvalid { .. }));
            assert!(!marked, "{events:?}");
        }
    }
    net.until(60, "all are confirmed", |net| ids.iter().all(|id| is_confirmed(net, 0, id)));
    assert!(
        net.nodes
            .iter()
            .all(|node| { node.notices.iter().all(|notice| matches!(notice, Notice::Offered { .. })) })
    );
}

#[test]
fn a_transaction_that_two_operators_offered_keeps_its_first_ending() {
    let mut setup = Setup::honest(2);
    // Nothing is confirmed before the second offer comes.
    setup.params.challenge_period = 12;
    let mut net = Net::new(setup);
    let before = net.there(0, D, 40);
    let id = net.pay(D, 30, 0, 40, Amount::ai3(1));
    net.slots();
    let of = |submission: &Submission| match submission {
        Submission::Bundle(bundle) if !bundle.extrinsics.is_empty() => {
            Some(bundle.header.election.operator.0)
        }
        _ => None,
    };
    // Both saw the same head, so that both offered it; the second bundle waits for the next block.
    let offers = std::mem::take(&mut net.submissions);
    let offer = |operator| offers.iter().find(|(_, one)| of(one) == Some(operator)).cloned();
    let (first, second) = (offer(0).expect("the first offered it"), offer(1).expect("so did the second"));
    net.submissions.push(first);
    net.block(0);
    let executed = |net: &Net, at| net.handle(at).transaction(D, &id).expect("served");
    let Some(ran_first) = executed(&net, 0) else { panic!("it ran") };
    net.submissions.push(second);
    net.block(0);
    assert_eq!(net.record(D).head, BlockNumber(2), "the second bundle made a block");
    let made = net.handle(0).blocks(D, None, 1).expect("served");
    let skipped = |ran: &Ran| ran.hash == id && matches!(ran.ending, Ending::Skipped { .. });
    assert!(made[0].ran.iter().any(skipped), "it was skipped there");
    for at in 0..2 {
        assert_eq!(executed(&net, at), Some(ran_first.clone()));
        assert_eq!(net.there(at, D, 40), before.checked_add(Amount::ai3(1)).expect("little"));
    }
    net.until(60, "it is confirmed", |net| is_confirmed(net, 0, &id) && is_confirmed(net, 1, &id));
    let Some(TransactionStatus::Executed { number, ran, .. }) = executed(&net, 1) else { panic!("it ran") };
    assert_eq!((number, ran.ending), (BlockNumber(1), Ending::Applied));
}

#[test]
fn a_domain_that_a_transaction_creates_is_followed() {
    let mut setup = Setup::honest(1);
    setup.nodes[0].roles.push((7, None));
    let start = setup.domain(1);
    let mut net = Net::new(setup);
    let created = DomainId(2);
    assert!(net.handle(0).domain(created).is_none());
    let config = DomainConfig { name: Blob::new(b"late".to_vec()).expect("short"), ..start.config };
    let modules: Vec<_> = start.modules.iter().map(|module| module.module).collect();
    let empty = |module| ModuleGenesis { module, genesis: Blob::default() };
    let modules = List::new(modules.into_iter().map(empty).collect()).expect("two");
    let accounts = List::new(start.accounts.iter().skip(29).take(2).cloned().collect()).expect("two");
    net.call(9, DomainsCall::InstantiateDomain { runtime: RuntimeId(0), config, modules, accounts });
    net.steps(1);
    assert_eq!(net.there(0, created, 30), Amount::ai3(1000));
    let (key, genesis) = (Operator::pair_of(7), net.rules.genesis);
    net.call(
        51,
        DomainsCall::RegisterOperator {
            domain: created,
            key: key.key(),
            possession: key.prove_possession(&genesis, created, &address(51)),
            stake: Amount::ai3(500),
            nomination_min: Amount::ai3(1),
            tax_percent: 5,
        },
    );
    net.steps(2);
    assert_eq!(net.handle(0).operators()[1].registered.map(|(_, domain)| domain), Some(created));
    net.pay(created, 30, 0, 31, Amount::ai3(4));
    net.until(20, "it ran there", |net| net.there(0, created, 31) == Amount::ai3(1004));
    let late = net.join(NodeSetup::watcher(50));
    assert_eq!(net.there(late, created, 31), Amount::ai3(1004));
}
