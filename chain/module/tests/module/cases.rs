//! Adversarial cases 72, 73 and 74: messages that must be refused.

use crate::hub::{self, Books};
use crate::world::{HUB, ONE, TWO, World, address, genesis, merge, params};
use auto_core::{Amount, ChannelId, DomainId, ErrorCode, Hash, List, Nonce, Transfers};
use auto_module::messages::{
    self, CONFIRMED, Call, Delivery, Message, MessageError, MessageProof, Messages, Payload, Post, Relay,
    Till, Transfer, outbox_key,
};
use auto_module::{Domain, Extrinsic, Outcome, bank};
use auto_state::Overlay;
use parity_scale_codec::Encode;

/// A world in which domain 1 has sent 10 and 20 AI3 to domain 2, and both messages can be relayed.
fn sent() -> (World, ChannelId, Vec<Message>) {
    let mut world = World::new();
    let id = world.channel(ONE, TWO);
    for amount in [10, 20] {
        let call =
            Call::Transfer(Transfer { chain: TWO, channel: id, to: address(7), amount: Amount::ai3(amount) });
        world.submit::<Messages>(ONE, 2, &call);
    }
    world.step();
    world.step();
    world.step();
    let messages = world
        .outbox(ONE)
        .into_iter()
        .filter(|message| matches!(message.payload, Payload::Transfer { .. }))
        .collect();
    (world, id, messages)
}

fn relay(world: &mut World, relays: Vec<Relay>) -> Vec<Outcome> {
    for relay in relays {
        world.queue_relay(relay);
    }
    world.step();
    world.domains[&TWO].executed.iter().map(|executed| executed.outcome.clone()).collect()
}

/// Codes of the stateless check and of the check over the state.
fn refusal(world: &World, at: DomainId, relay: Relay) -> &'static str {
    let chain = &world.domains[&at];
    let checked = match world.check(at, Extrinsic::Message(Box::new(relay))) {
        Ok(checked) => checked,
        Err(error) => {
            assert_eq!(error.verdict(1), Some(auto_core::InvalidBundle::InvalidMessage(1)));
            return error.code();
        }
    };
    let inherent = world.inherent(at);
    let error = world.runtime.legal(&chain.env, &inherent, &checked, &chain.contents).expect_err("illegal");
    assert_eq!(error.verdict(1), Some(auto_core::InvalidBundle::InvalidMessage(1)));
    // Whoever applies it all the same changes nothing.
    let mut state = Overlay::new(&chain.contents);
    let executed = world.runtime.apply(&chain.env, &inherent, &checked, &mut state).expect("readable");
    assert_eq!(executed.outcome, Outcome::Skipped { code: error.code() });
    assert!(state.into_changes().is_empty());
    error.code()
}

#[test]
fn case_72_a_nonce_is_neither_reused_nor_skipped() {
    let (mut world, _, messages) = sent();
    let [first, second] = [0, 1].map(|at| world.relay_of(&messages[at]).expect("provable"));
    let outcomes = relay(&mut world, vec![second.clone(), first.clone(), first.clone(), second.clone()]);
    let wanted = [
        Outcome::Skipped { code: "MSG-0014" },
        Outcome::Applied,
        Outcome::Skipped { code: "MSG-0013" },
        Outcome::Applied,
    ];
    assert_eq!(outcomes, wanted);
    assert_eq!(world.balance(TWO, 7), Amount::ai3(30).base_units());
    // Later blocks skip them too, and operators do not take them.
    assert_eq!(relay(&mut world, vec![first.clone()]), [Outcome::Skipped { code: "MSG-0013" }]);
    assert_eq!(world.balance(TWO, 7), Amount::ai3(30).base_units());
    let chain = &world.domains[&TWO];
    let checked = world.check(TWO, Extrinsic::Message(Box::new(first))).expect("well formed");
    let ready = world.runtime.ready(&chain.env, &world.inherent(TWO), &checked, &chain.contents);
    assert_eq!(ready.map_err(|error| error.code()), Err("MSG-0013"));
}

#[test]
fn case_72_a_nonce_beyond_the_window_is_illegal() {
    let (world, _, messages) = sent();
    let mut relay = world.relay_of(&messages[0]).expect("provable");
    relay.message.nonce = Nonce(relay.message.nonce.0 + messages::WINDOW);
    assert_eq!(refusal(&world, TWO, relay), "MSG-0014");
}

#[test]
fn case_72_a_closed_channel_refuses_and_gives_back() {
    let (mut world, id, messages) = sent();
    let params = params();
    let chain = world.domain(TWO);
    let parent = chain.contents.clone();
    let mut state = Overlay::new(&parent);
    let mut till = messages::BankTill { params: &params };
    Post::new(TWO, &params, &mut till).close(&mut state, ONE, id).expect("open until now");
    merge(&mut chain.contents, state.into_changes());
    let relays = messages.iter().map(|message| world.relay_of(message).expect("provable")).collect();
    for outcome in relay(&mut world, relays) {
        assert!(matches!(outcome, Outcome::Failed { code: "MSG-0011", .. }), "{outcome:?}");
    }
    let transfers = bank::TRANSFERS.get(&world.domains[&TWO].contents).expect("sound").expect("a block");
    assert_eq!(&transfers.rejected[..], [(ONE, Amount::ai3(30))]);
    let before = world.balance(ONE, 2);
    world.settle();
    assert_eq!(world.balance(TWO, 7), 0);
    assert_eq!(world.balance(ONE, 2), before + Amount::ai3(30).base_units());
}

#[test]
fn case_72_a_chain_that_is_not_allowed_opens_nothing() {
    let mut world = World::new();
    // Domain 2 is made anew, and names the consensus chain only.
    let runtime = crate::world::runtime();
    let chain = world.domain(TWO);
    let rich: Vec<(u8, Amount)> = (1..=4).map(|byte| (byte, Amount::ai3(1000))).collect();
    chain.contents.clear();
    merge(&mut chain.contents, runtime.genesis(&chain.env, &genesis(&rich, &[])).expect("a domain"));
    world.submit::<Messages>(ONE, 1, &Call::Open(messages::Open { chain: TWO }));
    for _ in 0..3 {
        world.step();
    }
    let opening = world.outbox(ONE).pop().expect("sent");
    let relay = world.relay_of(&opening).expect("provable");
    assert_eq!(refusal(&world, TWO, relay), "MSG-0009");
    // Nor does it send anything there itself.
    world.submit::<Messages>(TWO, 1, &Call::Open(messages::Open { chain: ONE }));
    world.step();
    let outcome = world.domain(TWO).executed.pop().expect("ran").outcome;
    assert!(matches!(outcome, Outcome::Failed { code: "MSG-0009", .. }));
}

#[test]
fn case_72_a_message_for_another_chain_is_refused() {
    let (world, _, messages) = sent();
    let relay = world.relay_of(&messages[0]).expect("provable");
    assert_eq!(refusal(&world, ONE, relay.clone()), "MSG-0001");
    let change = |edit: &dyn Fn(&mut Message)| {
        let mut wrong = relay.clone();
        edit(&mut wrong.message);
        wrong
    };
    assert_eq!(refusal(&world, ONE, change(&|message| message.dst = ONE)), "MSG-0002");
    assert_eq!(refusal(&world, TWO, change(&|message| message.channel = ChannelId(4))), "MSG-0010");
    // An opening of a number that its sender may not give.
    let opening = change(&|message| {
        message.payload = Payload::Open;
        message.nonce = Nonce(0);
        message.channel = ChannelId(5);
    });
    assert_eq!(refusal(&world, TWO, opening), "MSG-0012");
}

#[test]
fn case_73_a_proof_from_an_unconfirmed_receipt_is_refused() {
    let mut world = World::new();
    let id = world.channel(ONE, TWO);
    world.confirming = false;
    let call = Call::Transfer(Transfer { chain: TWO, channel: id, to: address(7), amount: Amount::ai3(10) });
    world.submit::<Messages>(ONE, 2, &call);
    for _ in 0..3 {
        world.step();
    }
    let message = world.outbox(ONE).pop().expect("sent");
    // The confirmed block does not hold the message yet.
    let honest = world.relay_of(&message).expect("a proof of absence");
    assert_eq!(refusal(&world, TWO, honest.clone()), "MSG-0008");
    // The newest block does, but it is not the confirmed one.
    let key = outbox_key(TWO, id, message.nonce);
    let newest = world.domains[&ONE].blocks.last().expect("some").prove(&key);
    let mut forged = honest;
    if let MessageProof::Domain { message, .. } = &mut forged.proof {
        *message = newest;
    }
    assert_eq!(refusal(&world, TWO, forged), "MSG-0006");
}

#[test]
fn case_73_a_domain_without_a_confirmed_block_proves_nothing() {
    let (mut world, _, messages) = sent();
    let relay = world.relay_of(&messages[0]).expect("provable");
    world.confirming = false;
    world.hub.remove(&CONFIRMED.key(&ONE));
    world.step();
    world.step();
    let last = world.hub_blocks.len() - 2;
    let absent = world.hub_blocks[last].prove(&CONFIRMED.key(&ONE));
    let other = world.domains[&TWO].blocks.last().expect("some").contents.len();
    assert!(other > 0);
    // The anchor of the newest height, with a leaf that knows of no confirmed block.
    let empty = Message { src: TWO, dst: ONE, ..messages[0].clone() };
    let template = world.relay_of(&empty).expect("domain 2 is confirmed still");
    let MessageProof::Domain { anchor, leaf, mmr, .. } = template.proof else { panic!("of a domain") };
    let MessageProof::Domain { message, .. } = relay.proof else { panic!("of a domain") };
    let proof = MessageProof::Domain { anchor, leaf, mmr, receipt: absent, message };
    assert_eq!(refusal(&world, TWO, Relay { message: messages[0].clone(), proof }), "MSG-0007");
}

#[test]
fn case_73_an_expired_or_future_root_is_refused() {
    let (mut world, _, messages) = sent();
    let relay = world.relay_of(&messages[0]).expect("provable");
    let checked = world.check(TWO, Extrinsic::Message(Box::new(relay.clone()))).expect("well formed");
    let legal = |world: &World| {
        let chain = &world.domains[&TWO];
        let result = world.runtime.legal(&chain.env, &world.inherent(TWO), &checked, &chain.contents);
        result.map_err(|error| error.code())
    };
    for _ in 1..params().message_roots {
        assert_eq!(legal(&world), Ok(()));
        world.step();
    }
    assert_eq!(legal(&world), Ok(()));
    world.step();
    assert_eq!(legal(&world), Err("MSG-0004"));
    assert_eq!(refusal(&world, TWO, relay), "MSG-0004");
    // A proof of now is as good as ever.
    let fresh = world.relay_of(&messages[0]).expect("provable");
    assert_eq!(relay_one(&mut world, fresh), Outcome::Applied);
}

fn relay_one(world: &mut World, one: Relay) -> Outcome {
    relay(world, vec![one]).pop().expect("ran")
}

#[test]
fn case_73_a_foreign_leaf_or_range_is_refused() {
    let (world, _, messages) = sent();
    let relay = world.relay_of(&messages[0]).expect("provable");
    let change = |edit: &dyn Fn(&mut auto_core::BlockNumber, &mut auto_state::mmr::MmrLeaf, &mut u64)| {
        let mut wrong = relay.clone();
        if let MessageProof::Domain { anchor, leaf, mmr, .. } = &mut wrong.proof {
            edit(anchor, leaf, &mut mmr.leaves);
        }
        refusal(&world, TWO, wrong)
    };
    assert_eq!(change(&|_, leaf, _| leaf.state_root = Hash([1; 32])), "MSG-0005");
    assert_eq!(change(&|_, leaf, _| leaf.block_hash = Hash([1; 32])), "MSG-0005");
    assert_eq!(change(&|_, leaf, _| leaf.number.0 -= 1), "MSG-0005");
    assert_eq!(change(&|anchor, _, _| anchor.0 -= 1), "MSG-0003");
    assert_eq!(
        change(&|anchor, leaf, leaves| {
            anchor.0 -= 1;
            leaf.number.0 -= 1;
            *leaves -= 1;
        }),
        "MSG-0005"
    );
    assert_eq!(
        change(&|anchor, _, leaves| {
            anchor.0 += 100;
            *leaves += 100;
        }),
        "MSG-0004"
    );
    // A proof of the other kind.
    let mut wrong = relay.clone();
    if let MessageProof::Domain { anchor, leaf, mmr, message, .. } = relay.proof.clone() {
        wrong.proof = MessageProof::Consensus { anchor, leaf, mmr, message };
    }
    assert_eq!(refusal(&world, TWO, wrong), "MSG-0003");
}

#[test]
fn case_73_a_state_proof_of_another_key_or_message_is_refused() {
    let (world, id, messages) = sent();
    let other = world.prove(&messages[0], &outbox_key(TWO, id, messages[1].nonce)).expect("provable");
    assert_eq!(refusal(&world, TWO, other), "MSG-0006");
    let mut wrong = world.relay_of(&messages[0]).expect("provable");
    if let MessageProof::Domain { receipt, .. } = &mut wrong.proof {
        let at = world.hub_blocks.len() - 2;
        *receipt = world.hub_blocks[at].prove(&CONFIRMED.key(&TWO));
    }
    assert_eq!(refusal(&world, TWO, wrong), "MSG-0006");
    let mut richer = world.relay_of(&messages[0]).expect("provable");
    if let Payload::Transfer { amount, .. } = &mut richer.message.payload {
        *amount = Amount::ai3(11);
    }
    assert_eq!(refusal(&world, TWO, richer), "MSG-0008");
    let mut elsewhere = world.relay_of(&messages[0]).expect("provable");
    elsewhere.message.received = Nonce(7);
    assert_eq!(refusal(&world, TWO, elsewhere), "MSG-0008");
}

#[test]
fn case_73_no_changed_bit_of_a_relay_passes() {
    let (world, _, messages) = sent();
    let relay = world.relay_of(&messages[0]).expect("provable");
    let chain = &world.domains[&TWO];
    let inherent = world.inherent(TWO);
    let legal = |bytes: &[u8]| {
        let extrinsic = world.runtime.decode(bytes)?;
        let checked = world.check(TWO, extrinsic)?;
        world.runtime.legal(&chain.env, &inherent, &checked, &chain.contents)
    };
    let honest = Extrinsic::Message(Box::new(relay)).encode();
    assert_eq!(legal(&honest), Ok(()));
    for at in 0..honest.len() * 8 {
        let mut bytes = honest.clone();
        bytes[at / 8] ^= 1 << (at % 8);
        let error = legal(&bytes).expect_err("a changed bit");
        assert!(error.unreadable().is_none(), "bit {at}: {error}");
    }
    for cut in 0..honest.len() {
        assert!(legal(&honest[..cut]).is_err());
    }
}

/// Receives a message on the consensus chain as if it had been proven.
fn receive(world: &mut World, message: &Message) -> Result<Delivery, MessageError> {
    world.on_hub(|post, state| post.receive(state, message))
}

fn response(world: &World, peer: DomainId, id: ChannelId, to: Nonce, result: Result<(), u16>) -> Message {
    let nonce = messages::channel(&world.hub, peer, id).expect("exists").next_inbox;
    let payload = Payload::Response { to, result };
    Message { src: peer, dst: HUB, channel: id, nonce, received: Nonce(0), payload }
}

#[test]
fn case_74_a_response_to_a_message_never_sent_has_no_effect() {
    let mut world = World::new();
    let id = world.channel(HUB, ONE);
    let before = world.balance(HUB, 2);
    for to in [Nonce(99), Nonce(0)] {
        let bogus = response(&world, ONE, id, to, Err(2));
        let delivery = receive(&mut world, &bogus).expect("its turn");
        assert!(matches!(delivery, Delivery::Refused(failure) if failure.code == "MSG-0016"));
    }
    assert_eq!(world.balance(HUB, 2), before);
    assert_eq!(messages::channel(&world.hub, ONE, id).expect("exists").unanswered, 0);
}

#[test]
fn case_74_a_rejected_transfer_is_claimed_once() {
    let mut world = World::new();
    let id = world.channel(HUB, ONE);
    let before = world.balance(HUB, 2);
    let nonce = world
        .on_hub(|post, state| post.transfer(state, (ONE, id), &address(2), &address(7), Amount::ai3(5)))
        .expect("open");
    // Domain 1 refuses it, and its receipt says so.
    let rejected =
        Transfers { rejected: List::new(vec![(HUB, Amount::ai3(5))]).expect("one"), ..Transfers::default() };
    let none = auto_core::BlockFees::default();
    world.on_hub(|_, state| Ok(hub::confirm(state, ONE, &none, &rejected)?)).expect("it was under way");
    let first = response(&world, ONE, id, nonce, Err(2));
    assert_eq!(receive(&mut world, &first), Ok(Delivery::Done));
    assert_eq!(world.balance(HUB, 2), before);
    let again = response(&world, ONE, id, nonce, Err(2));
    assert!(matches!(receive(&mut world, &again), Ok(Delivery::Refused(_))));
    assert_eq!(world.balance(HUB, 2), before);
    // The same message again is not even its turn.
    let error = receive(&mut world, &first).expect_err("used");
    assert_eq!(error.code(), "MSG-0013");
}

#[test]
fn case_74_a_refusal_that_no_receipt_reports_gives_nothing_back() {
    let mut world = World::new();
    let id = world.channel(HUB, ONE);
    let nonce = world
        .on_hub(|post, state| post.transfer(state, (ONE, id), &address(2), &address(7), Amount::ai3(5)))
        .expect("open");
    let before = world.hub.clone();
    let early = response(&world, ONE, id, nonce, Err(2));
    assert_eq!(receive(&mut world, &early).map_err(|error| error.code()), Err("HUB-0007"));
    assert_eq!(world.hub, before);
}

#[test]
fn case_74_a_transfer_above_what_the_domain_holds_is_refused() {
    let mut world = World::new();
    let id = world.channel(HUB, ONE);
    let nonce = messages::channel(&world.hub, ONE, id).expect("exists").next_inbox;
    let payload = Payload::Transfer { from: address(1), to: address(7), amount: Amount::ai3(5000) };
    let forged = Message { src: ONE, dst: HUB, channel: id, nonce, received: Nonce(0), payload };
    let before = world.hub.clone();
    assert_eq!(receive(&mut world, &forged).map_err(|error| error.code()), Err("HUB-0007"));
    assert_eq!(world.hub, before);
    // A receipt that says the money left is refused, since the domain does not hold it.
    let outgoing = Transfers {
        outgoing: List::new(vec![(HUB, Amount::ai3(5000))]).expect("one"),
        ..Transfers::default()
    };
    let none = auto_core::BlockFees::default();
    let result = world.on_hub(|_, state| Ok(hub::confirm(state, ONE, &none, &outgoing)?));
    assert!(result.is_err());
    let mut state = Overlay::new(&world.hub);
    assert!(Books.receive(&mut state, ONE, &address(7), Amount::from_base_units(1)).is_err());
    assert!(state.into_changes().is_empty());
}
