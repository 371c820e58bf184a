//! Adversarial cases of messages, and of the money that moves with them: the consensus side.

mod there;

use crate::world::{D, Setup, World, address};
use auto_core::{Amount, BlockNumber, ChannelId, DomainId, Hash, List, Nonce, Submission, Transfers};
use auto_domains::{DomainsCall, DomainsEvent, transfers};
use auto_module::messages::{
    ChannelState, Event, Message, MessageProof, OUTBOX, Payload, Relay, channel, disallow,
};
pub(crate) use there::{CHANNEL, HERE, There};

fn relay(world: &mut World, relay: Relay) -> Result<Vec<DomainsEvent>, &'static str> {
    world.call(8, DomainsCall::RelayMessage(Box::new(relay)))
}

/// Relays a message of the domain from its confirmed state.
fn deliver(world: &mut World, there: &There, message: &Message) -> Result<Vec<DomainsEvent>, &'static str> {
    let proven = world.relay_from_domain(message.clone(), &there.nodes);
    relay(world, proven)
}

fn outbox(world: &World, nonce: u64) -> Message {
    OUTBOX.get(&world.contents, &(D, CHANNEL, Nonce(nonce))).expect("sound").expect("in the outbox")
}

fn send(world: &mut World, from: u8, to: u8, amount: Amount) -> Result<Vec<DomainsEvent>, &'static str> {
    let to = address(to);
    world.call(from, DomainsCall::TransferToDomain { domain: D, channel: CHANNEL, to, amount })
}

fn one(chain: DomainId, amount: Amount) -> List<(DomainId, Amount), 64> {
    List::new(vec![(chain, amount)]).expect("one")
}

fn opened() -> (World, There) {
    opened_in(World::new(Setup { operators: vec![(D, Amount::ai3(1000))], ..Setup::default() }))
}

/// A channel that account 3 opened and the domain answered.
pub(crate) fn opened_in(mut world: World) -> (World, There) {
    let mut there = There::new(&world);
    world.call(3, DomainsCall::OpenChannel { domain: D }).expect("opened");
    let response = there.receive(&world, &outbox(&world, 0));
    there.settle(&mut world);
    let events = deliver(&mut world, &there, &response).expect("proven");
    assert!(events.iter().any(
        |event| matches!(event, DomainsEvent::Message(event) if matches!(**event, Event::Opened { .. }))
    ));
    assert_eq!(channel(&world.contents, D, CHANNEL).expect("known").state, ChannelState::Open);
    (world, there)
}

fn in_transit(world: &World, from: DomainId, to: DomainId) -> Amount {
    transfers::in_transit(&world.contents, from, to).expect("sound")
}

fn rejected(world: &World, from: DomainId, to: DomainId) -> Amount {
    transfers::rejected(&world.contents, from, to).expect("sound")
}

fn tracked(world: &World) -> Amount {
    transfers::balance(&world.contents, D).expect("sound")
}

#[test]
fn money_goes_to_a_domain_and_back() {
    let (mut world, mut there) = opened();
    let before = tracked(&world);
    send(&mut world, 3, 5, Amount::ai3(10)).expect("sent");
    assert_eq!(in_transit(&world, HERE, D), Amount::ai3(10));
    let response = there.receive(&world, &outbox(&world, 1));
    let back = there.transfer(&world, 5, 6, Amount::ai3(7));
    there.settle(&mut world);
    assert_eq!(in_transit(&world, HERE, D), Amount::ZERO);
    assert_eq!(in_transit(&world, D, HERE), Amount::ai3(7));
    assert_eq!(tracked(&world).checked_sub(before), Some(Amount::ai3(3)));
    deliver(&mut world, &there, &response).expect("proven");
    let held = world.balance(&address(6));
    deliver(&mut world, &there, &back).expect("proven");
    assert_eq!(world.balance(&address(6)).checked_sub(held), Some(Amount::ai3(7)));
    assert_eq!(in_transit(&world, D, HERE), Amount::ZERO);
    // The answer to the domain is in the outbox.
    assert!(matches!(outbox(&world, 2).payload, Payload::Response { to: Nonce(2), result: Ok(()) }));
}

#[test]
fn case_72_a_nonce_counts_once_and_none_is_skipped() {
    let (mut world, mut there) = opened();
    let messages = [1, 2].map(|amount| there.transfer(&world, 5, 6, Amount::ai3(amount)));
    there.settle(&mut world);
    assert_eq!(deliver(&mut world, &there, &messages[1]).map(drop), Err("MSG-0014"));
    deliver(&mut world, &there, &messages[0]).expect("the next");
    assert_eq!(deliver(&mut world, &there, &messages[0]).map(drop), Err("MSG-0013"));
    deliver(&mut world, &there, &messages[1]).expect("the next");
    assert_eq!(in_transit(&world, D, HERE), Amount::ZERO);
}

#[test]
fn case_72_a_closed_channel_refuses_and_answers() {
    let (mut world, mut there) = opened();
    let close = DomainsCall::CloseChannel { domain: D, channel: CHANNEL };
    assert_eq!(world.call(4, close.clone()).map(drop), Err("MSG-0017"));
    let deposit = world.rules.params.channel_deposit;
    let before = world.balance(&address(3));
    world.call(3, close.clone()).expect("its owner");
    assert!(
        world.balance(&address(3))
            > before.checked_add(deposit).and_then(|sum| sum.checked_sub(Amount::ai3(1))).expect("small")
    );
    assert_eq!(world.call(3, close).map(drop), Err("MSG-0011"));
    assert_eq!(send(&mut world, 3, 5, Amount::ai3(1)).map(drop), Err("MSG-0011"));
    // The domain does not know yet: what it sent comes back to it.
    let late = there.transfer(&world, 5, 6, Amount::ai3(7));
    there.settle(&mut world);
    let held = world.balance(&address(6));
    deliver(&mut world, &there, &late).expect("taken, and refused");
    assert_eq!(world.balance(&address(6)), held);
    assert_eq!((in_transit(&world, D, HERE), rejected(&world, D, HERE)), (Amount::ZERO, Amount::ai3(7)));
    let answer = outbox(&world, 2);
    assert!(matches!(answer.payload, Payload::Response { to: Nonce(1), result: Err(_) }), "{answer:?}");
    // The domain gives it back to its sender.
    let closing = outbox(&world, 1);
    there.receive(&world, &closing);
    there.act(&world, |post, state| post.receive(state, &answer));
    assert_eq!(there.moved().reclaimed.to_vec(), [(HERE, Amount::ai3(7))]);
    there.settle(&mut world);
    assert_eq!(rejected(&world, D, HERE), Amount::ZERO);
}

#[test]
fn case_72_other_destinations_and_unknown_chains_are_refused() {
    let (mut world, mut there) = opened();
    let message = there.transfer(&world, 5, 6, Amount::ai3(1));
    let stray = there.forge(ChannelId(4), 0, Payload::Close);
    there.settle(&mut world);
    let mut elsewhere = world.relay_from_domain(message.clone(), &there.nodes);
    elsewhere.message.dst = DomainId(2);
    assert_eq!(relay(&mut world, elsewhere).map(drop), Err("MSG-0001"));
    let mut from_here = world.relay_from_domain(message, &there.nodes);
    from_here.message.src = HERE;
    assert_eq!(relay(&mut world, from_here).map(drop), Err("MSG-0002"));
    assert_eq!(deliver(&mut world, &there, &stray).map(drop), Err("MSG-0010"));
    let unknown = DomainsCall::OpenChannel { domain: DomainId(9) };
    assert_eq!(world.call(3, unknown).map(drop), Err("BUN-0004"));
}

#[test]
fn case_73_nothing_counts_before_it_is_confirmed() {
    let mut world = World::new(Setup { operators: vec![(D, Amount::ai3(1000))], ..Setup::default() });
    let mut there = There::new(&world);
    world.call(3, DomainsCall::OpenChannel { domain: D }).expect("opened");
    let response = there.receive(&world, &outbox(&world, 0));
    let moved = there.moved();
    there.state_as(&mut world, moved);
    world.empty_blocks(2);
    // Of the domain only its genesis is confirmed, and that state does not hold the message.
    let proof = world.relay_from_root(response.clone(), &there.nodes, there.root);
    assert_eq!(relay(&mut world, proof).map(drop), Err("MSG-0006"));
    there.settle(&mut world);
    deliver(&mut world, &there, &response).expect("confirmed by now");
    // Stated, not confirmed: the state that proves it is not the confirmed one.
    let early = there.transfer(&world, 5, 6, Amount::ai3(1));
    let moved = there.moved();
    there.state_as(&mut world, moved);
    world.empty_blocks(2);
    let proof = world.relay_from_root(early, &there.nodes, there.root);
    assert_eq!(relay(&mut world, proof).map(drop), Err("MSG-0006"));
}

#[test]
fn case_73_expired_foreign_and_misplaced_proofs_are_refused() {
    let (mut world, mut there) = opened();
    let messages = [1, 2].map(|amount| there.transfer(&world, 5, 6, Amount::ai3(amount)));
    there.settle(&mut world);
    let good = world.relay_from_domain(messages[0].clone(), &there.nodes);
    let other = world.relay_from_domain(messages[1].clone(), &there.nodes);
    let with = |change: &dyn Fn(&mut MessageProof)| {
        let mut relay = good.clone();
        change(&mut relay.proof);
        relay
    };
    let foreign = with(&|proof| {
        if let MessageProof::Domain { leaf, .. } = proof {
            leaf.state_root = Hash([1; 32]);
        }
    });
    assert_eq!(relay(&mut world, foreign).map(drop), Err("MSG-0005"));
    let MessageProof::Domain { message: other_message, .. } = other.proof.clone() else {
        unreachable!("of a domain")
    };
    let misplaced = with(&|proof| {
        if let MessageProof::Domain { message, .. } = proof {
            *message = other_message.clone();
        }
    });
    assert_eq!(relay(&mut world, misplaced).map(drop), Err("MSG-0006"));
    let unrelated = world.state_proof(BlockNumber(world.number.0 - 1), b"domains/held");
    let other_key = with(&|proof| {
        if let MessageProof::Domain { receipt, .. } = proof {
            *receipt = unrelated.clone();
        }
    });
    assert_eq!(relay(&mut world, other_key).map(drop), Err("MSG-0006"));
    let roots = world.rules.params.message_roots;
    let kept = world.relay_from_domain(messages[0].clone(), &there.nodes);
    world.empty_blocks(roots);
    assert_eq!(relay(&mut world, kept).map(drop), Err("MSG-0004"));
    deliver(&mut world, &there, &messages[0]).expect("a fresh proof of the same message");
}

#[test]
fn case_74_a_response_to_nothing_has_no_effect() {
    let (mut world, mut there) = opened();
    let nothing = there.forge(CHANNEL, 1, Payload::Response { to: Nonce(99), result: Err(1) });
    there.settle(&mut world);
    let supply = (world.balance(&address(3)), in_transit(&world, HERE, D), rejected(&world, HERE, D));
    let events = deliver(&mut world, &there, &nothing).expect("taken");
    assert!(events.iter().any(|event| matches!(event, DomainsEvent::Message(event) if matches!(**event, Event::Unasked { nonce: Nonce(99), .. }))));
    assert_eq!(supply, (world.balance(&address(3)), in_transit(&world, HERE, D), rejected(&world, HERE, D)));
}

#[test]
fn case_74_a_rejected_transfer_is_claimed_back_once() {
    let (mut world, mut there) = opened();
    let before = world.balance(&address(3));
    send(&mut world, 3, 5, Amount::ai3(10)).expect("sent");
    let paid = world.balance(&address(3));
    assert!(paid < before.checked_sub(Amount::ai3(10)).expect("more"));
    there.act(&world, |_, state| {
        disallow(state, HERE);
        Ok(())
    });
    let refusal = there.receive(&world, &outbox(&world, 1));
    assert!(matches!(refusal.payload, Payload::Response { to: Nonce(1), result: Err(_) }));
    assert_eq!(there.moved().rejected.to_vec(), [(HERE, Amount::ai3(10))]);
    let again = there.forge(CHANNEL, 2, Payload::Response { to: Nonce(1), result: Err(1) });
    there.settle(&mut world);
    assert_eq!((in_transit(&world, HERE, D), rejected(&world, HERE, D)), (Amount::ZERO, Amount::ai3(10)));
    deliver(&mut world, &there, &refusal).expect("proven");
    assert_eq!(world.balance(&address(3)), paid.checked_add(Amount::ai3(10)).expect("small"));
    assert_eq!(rejected(&world, HERE, D), Amount::ZERO);
    deliver(&mut world, &there, &again).expect("taken, without effect");
    assert_eq!(world.balance(&address(3)), paid.checked_add(Amount::ai3(10)).expect("small"));
}

/// The code of why a receipt with these transfers is refused.
fn refused(world: &mut World, transfers: Transfers) -> &'static str {
    let mut receipt = world.claim(D);
    receipt.transfers = transfers;
    let bundle = world.bundle_with(world.right(0), receipt, &[]);
    world.refusal(&[Submission::Bundle(Box::new(bundle))])
}

#[test]
fn case_74_a_receipt_moves_no_more_than_there_is() {
    let (mut world, mut there) = opened();
    send(&mut world, 3, 5, Amount::ai3(10)).expect("sent");
    if world.record(D).head == world.record(D).head_receipt {
        world.submit_receipt(0, world.head_receipt(D));
    }
    let none = Transfers::default();
    let unit = Amount::from_base_units(1);
    let all = tracked(&world);
    let more = |amount: Amount| amount.checked_add(unit).expect("small");
    let cases = [
        Transfers { outgoing: one(HERE, more(all)), ..none.clone() },
        Transfers { incoming: one(HERE, more(Amount::ai3(10))), ..none.clone() },
        Transfers { rejected: one(HERE, more(Amount::ai3(10))), ..none.clone() },
        Transfers {
            incoming: one(HERE, Amount::ai3(6)),
            rejected: one(HERE, Amount::ai3(5)),
            ..none.clone()
        },
        Transfers { incoming: one(DomainId(2), unit), ..none.clone() },
        Transfers { reclaimed: one(HERE, unit), ..none.clone() },
    ];
    for transfers in cases {
        assert_eq!(refused(&mut world, transfers.clone()), "RCP-0014", "{transfers:?}");
    }
    // What an earlier receipt claims is gone for the next, long before it is confirmed.
    there.state_as(&mut world, Transfers { incoming: one(HERE, Amount::ai3(6)), ..none.clone() });
    assert_eq!(in_transit(&world, HERE, D), Amount::ai3(10));
    assert_eq!(
        refused(&mut world, Transfers { incoming: one(HERE, Amount::ai3(5)), ..none.clone() }),
        "RCP-0014"
    );
    let spent = all.checked_add(Amount::ai3(6)).expect("small");
    there.state_as(&mut world, Transfers { outgoing: one(HERE, spent), ..none.clone() });
    assert_eq!(refused(&mut world, Transfers { outgoing: one(HERE, unit), ..none.clone() }), "RCP-0014");
    there.settle(&mut world);
    assert_eq!(tracked(&world), Amount::ZERO);
    assert_eq!((in_transit(&world, HERE, D), in_transit(&world, D, HERE)), (Amount::ai3(4), spent));
    assert_eq!(refused(&mut world, Transfers { outgoing: one(HERE, unit), ..none }), "RCP-0014");
}

#[test]
fn case_74_a_message_of_more_than_the_domain_stated_is_refused() {
    let (mut world, mut there) = opened();
    let message = there.transfer(&world, 5, 6, Amount::ai3(7));
    // The receipt hides most of what was sent.
    there.state_as(&mut world, Transfers { outgoing: one(HERE, Amount::ai3(3)), ..Transfers::default() });
    there.settle(&mut world);
    assert_eq!(in_transit(&world, D, HERE), Amount::ai3(3));
    let held = world.balance(&address(6));
    assert_eq!(deliver(&mut world, &there, &message).map(drop), Err("DOM-0004"));
    assert_eq!(world.balance(&address(6)), held);
    assert_eq!(in_transit(&world, D, HERE), Amount::ai3(3));
}
