//! Threats by their numbers in the catalogue of the design; 63 is with the audits.

use crate::payments::settle;
use crate::records::profile;
use crate::world::{AI3, World, address_payee, identity_payee};
use auto_agents::{Action, Agents, CLEARED_PER_ACT, Call, Order, Refund};
use auto_core::{Amount, Blob, Call as Encoded, ModuleId};
use autoid_core::{
    Action as Change, Approval, ApproveOver, Asset, AutoId, Genesis, Kind, Reason, Sign1, Time,
};
use autoid_interface::Envelope;
use parity_scale_codec::Encode;

#[test]
fn threat_06_siblings_within_their_caps_do_not_pass_the_cap_of_their_parent() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let root = world.grant(&office, &agent, None);
    let mut left = 100;
    for _ in 0..3 {
        let helper = world.identity(Kind::Agent, Some(&agent));
        let leaf = world.metered((&agent, &helper), Some(&root), |meter| {
            (meter.total, meter.per_call) = (40 * AI3, 40 * AI3);
        });
        let all = world.spend(&helper, &[&root, &leaf], 40 * AI3, address_payee("bob"));
        if left >= 40 {
            world.run::<Agents>(all);
            left -= 40;
        } else {
            assert_eq!(world.refused::<Agents>(all), "AGT-0018");
            let rest = world.spend(&helper, &[&root, &leaf], left * AI3, address_payee("bob"));
            world.run::<Agents>(rest);
        }
    }
    assert_eq!(world.used(&root).spent.base_units(), 100 * AI3);
}

#[test]
fn threat_06_siblings_in_one_block_do_not_either() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let root = world.grant(&office, &agent, None);
    let mut calls = Vec::new();
    for _ in 0..3 {
        let helper = world.identity(Kind::Agent, Some(&agent));
        let leaf = world.grant(&agent, &helper, Some(&root));
        calls.push(world.spend(&helper, &[&root, &leaf], 60 * AI3, address_payee("bob")));
    }
    let transactions: Vec<_> =
        calls.into_iter().map(|call| world.domain.sign::<Agents>("alice", [call])).collect();
    let done = world.domain.block(&transactions);
    let applied = transactions.iter().filter(|tx| done.applied(tx)).count();
    let refused = transactions.iter().filter(|tx| done.code(tx) == Some("AGT-0018")).count();
    assert_eq!((applied, refused), (1, 2));
}

#[test]
fn threat_07_no_sum_overflows() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let grant = world.metered((&office, &agent), None, |meter| {
        (meter.total, meter.per_call) = (u128::MAX, u128::MAX);
    });
    let first = world.spend(&agent, &[&grant], AI3, address_payee("bob"));
    world.run::<Agents>(first);
    let over = world.spend(&agent, &[&grant], u128::MAX, address_payee("bob"));
    assert_eq!(world.refused::<Agents>(over), "AGT-0039");
    let more = world.spend(&agent, &[&grant], u128::MAX - AI3, address_payee("bob"));
    assert_eq!(world.refused::<Agents>(more), "BNK-0002");
    assert_eq!(world.used(&grant).spent.base_units(), AI3);
}

#[test]
fn threat_21_a_call_counts_once_here_and_nowhere_else() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let grant = world.grant(&office, &agent, None);
    let call = world.call(&agent, &[&grant], Some((AI3, address_payee("bob"))));
    let act = world.act_of(&agent, call.clone());
    world.run::<Agents>(act.clone());
    assert_eq!(world.refused::<Agents>(act), "AGT-0012");
    // The same number under another body is the same call.
    let mut again = call.clone();
    again.exp = Time(again.exp.0 + 50);
    let again = world.act_of(&agent, again);
    assert_eq!(world.refused::<Agents>(again), "AGT-0012");
    // Twice in one transaction is twice.
    let twice = world.spend(&agent, &[&grant], AI3, address_payee("bob"));
    assert_eq!(world.try_run::<Agents>(vec![twice.clone(), twice]).expect_err("refused"), "AGT-0012");
    // Another verifier.
    let mut elsewhere = world.call(&agent, &[&grant], Some((AI3, address_payee("bob"))));
    elsewhere.aud = AutoId([7; 32]);
    let elsewhere = world.act_of(&agent, elsewhere);
    assert_eq!(world.refused::<Agents>(elsewhere), "AID-0133");
    // Another network.
    let foreign = world.call(&agent, &[&grant], Some((AI3, address_payee("bob"))));
    let foreign = Sign1::sign(foreign, &Genesis([7; 32]), 1, agent.key()).expect("sound");
    let Call::Act(mut act) = world.act_of(&agent, call) else { panic!("acts") };
    act.call = Envelope::from(foreign);
    assert_eq!(world.refused::<Agents>(Call::Act(act)), "AID-0136");
}

#[test]
fn threat_21_a_call_is_forgotten_only_when_it_is_out_of_time() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let grant = world.grant(&office, &agent, None);
    let mut calls = Vec::new();
    for _ in 0..4 {
        let act = world.spend(&agent, &[&grant], AI3, address_payee("bob"));
        world.run::<Agents>(act.clone());
        calls.push(act);
    }
    let called =
        |world: &World| world.domain.state().keys().filter(|key| key.starts_with(b"agents/called/")).count();
    assert_eq!(called(&world), 4);
    world.domain.advance(20);
    for act in calls {
        assert_eq!(world.refused::<Agents>(act), "AID-0131");
    }
    // Each act that comes clears a bounded number of them.
    for left in [3, 2, 1] {
        let act = world.spend(&agent, &[&grant], AI3, address_payee("bob"));
        world.run::<Agents>(act);
        assert_eq!((called(&world), CLEARED_PER_ACT), (left, 2));
        if left == 2 {
            world.domain.advance(20);
        }
    }
}

#[test]
fn threat_26_an_approval_is_good_for_one_call() {
    let mut world = World::new();
    let (person, office, agent) = world.office();
    let mut draft = world.draft(&office, &agent, None);
    draft.approve_over =
        Some(ApproveOver { asset: Asset::AI3, amount: 5 * AI3, approvers: vec![person.id], threshold: 1 });
    let grant = world.register(&office, draft);
    let small = world.spend(&agent, &[&grant], 5 * AI3, address_payee("bob"));
    world.run::<Agents>(small);
    let alone = world.spend(&agent, &[&grant], 6 * AI3, address_payee("bob"));
    assert_eq!(world.refused::<Agents>(alone), "AID-0127");

    let call = world.call(&agent, &[&grant], Some((6 * AI3, address_payee("bob"))));
    let digest = world.signed(&agent, call.clone()).open().expect("sound").digest(&world.genesis);
    let approval = Approval { call: digest, approver: person.id, exp: Time(world.now().0 + 200) };
    let approval = Sign1::sign(approval, &world.genesis, 1, person.key()).expect("sound");
    let approved = world.act_with(&agent, call, std::slice::from_ref(&approval));
    world.run::<Agents>(approved.clone());
    assert_eq!(world.refused::<Agents>(approved), "AGT-0012");
    let second = world.call(&agent, &[&grant], Some((6 * AI3, address_payee("bob"))));
    let second = world.act_with(&agent, second, &[approval]);
    assert_eq!(world.refused::<Agents>(second), "AID-0128");
}

#[test]
fn threat_27_nothing_is_settled_above_the_reserve_or_after_a_revocation() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let seller = world.identity(Kind::Agent, None);
    let root = world.grant(&office, &agent, None);
    let deadline = world.number() + 100;
    let (open, id) = world.open(&agent, &[&root], (10 * AI3, identity_payee(&seller)), deadline);
    world.run::<Agents>(open);
    let over = settle(&world, &seller, id, 10 * AI3 + 1);
    assert_eq!(world.refused::<Agents>(over), "AGT-0035");
    world.revoke(&office, &root);
    let late = settle(&world, &seller, id, AI3);
    assert_eq!(world.refused::<Agents>(late), "AGT-0041");
    world.run::<Agents>(Call::Refund(Refund { escrow: id }));
    assert_eq!((world.vault(&office), world.vault(&seller)), (1_000 * AI3, 0));
}

#[test]
fn threat_27_nor_while_somebody_is_suspended_or_after_an_epoch_ended() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let seller = world.identity(Kind::Agent, None);
    let root = world.grant(&office, &agent, None);
    let deadline = world.number() + 100;
    let (open, id) = world.open(&agent, &[&root], (10 * AI3, identity_payee(&seller)), deadline);
    world.run::<Agents>(open);
    world.operate(&agent, &office, Change::Suspend { reason: Reason::Unspecified });
    let claim = settle(&world, &seller, id, AI3);
    assert_eq!(world.refused::<Agents>(claim), "AID-0032");
    // A suspension ends, so the payee does not lose its claim to it.
    let refund = Call::Refund(Refund { escrow: id });
    assert_eq!(world.refused::<Agents>(refund.clone()), "AGT-0034");
    world.operate(&agent, &office, Change::Resume);
    world.operate(&office, &office, Change::BumpEpoch);
    let claim = settle(&world, &seller, id, AI3);
    assert_eq!(world.refused::<Agents>(claim), "AGT-0041");
    world.run::<Agents>(refund);
    assert_eq!(world.vault(&office), 1_000 * AI3);
}

#[test]
fn threat_64_records_cost_a_deposit_by_size_and_lists_have_bounds() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let rich = profile(&office, 100);
    let poor = auto_agents::Profile { skills: Default::default(), stake: Amount::ZERO, ..rich.clone() };
    let deposit = |world: &mut World, profile: &auto_agents::Profile| {
        let action = Action::Register(Box::new(profile.clone()));
        let order = world.order(&agent, action, 1);
        world.run::<Agents>(order);
        auto_agents::view::record(world.domain.state(), &agent.id).expect("sound").expect("there").deposit
    };
    let (more, less) = (deposit(&mut world, &rich), deposit(&mut world, &poor));
    assert!(more > less && less > Amount::ai3(1));

    // Bytes that would be a record with too many skills are no call: they are refused before anything is kept.
    let seq = auto_agents::view::next_order(world.domain.state(), &agent.id).expect("sound");
    let order = Order { id: agent.id, seq, valid_until: u64::MAX, action: Action::Register(Box::new(rich)) };
    let Call::Order(carry) = world.order_of(&agent, order, 1) else { panic!("orders") };
    let mut bytes = carry.order.encode();
    let skills = bytes.windows(4).position(|four| four == 2u32.to_le_bytes()).expect("two skills");
    bytes[skills] = 17;
    let payload = [vec![1], bytes].concat();
    let call = Encoded { module: ModuleId(4), payload: Blob::new(payload).expect("short") };
    let tx = world.domain.sign_calls("alice", vec![call]);
    assert_eq!(world.domain.run(&tx).refusal(&tx), Some("AID-0001"));
}

#[test]
fn threat_64_only_so_many_acts_wait_for_their_outcome() {
    let mut world = World::with(1);
    let (_, office, agent) = world.office();
    let grant = world.grant(&office, &agent, None);
    let act = |world: &mut World| {
        let call = world.call(&agent, &[&grant], None);
        world.act_of(&agent, call)
    };
    let calls: Vec<_> = (0..12).map(|_| act(&mut world)).collect();
    assert!(world.try_run::<Agents>(calls).is_ok());
    let one_more = act(&mut world);
    assert_eq!(world.refused::<Agents>(one_more), "AGT-0025");
    // Those that are overdue make room, two with each act.
    world.wait_until(world.number() + 20);
    let next = act(&mut world);
    world.run::<Agents>(next);
    let log = world.log(&agent);
    assert_eq!((log.acts, log.missed, log.waiting()), (13, 2, 11));
}

#[test]
fn threat_64_a_signer_without_money_registers_nothing() {
    let mut world = World::new();
    let (_, office, agent) = world.office();
    let greedy = auto_agents::Profile { stake: Amount::ai3(5_000), ..profile(&office, 100) };
    let order = world.order(&agent, Action::Register(Box::new(greedy)), 1);
    let tx = world.domain.sign::<Agents>("bob", [order]);
    assert_eq!(world.domain.run(&tx).code(&tx), Some("BNK-0002"));
}
