//! Channels, transfers and notices as they should go.

use crate::hub;
use crate::notes::{ANSWER, Call as NoteCall, NOTES, Notes};
use crate::world::{HUB, ONE, TWO, World, address, params};
use auto_core::{Amount, ChannelId, DomainId, ErrorCode, Nonce};
use auto_module::messages::{
    self, CHANNELS, Call, ChannelState, Close, Messages, OUTBOX, ROOTS, Transfer, WINDOW, deposits_account,
};
use auto_module::{Outcome, bank};

fn side(world: &World, chain: DomainId, peer: DomainId, id: ChannelId) -> messages::Channel {
    let contents = if chain == HUB { &world.hub } else { &world.domains[&chain].contents };
    messages::channel(contents, peer, id).expect("exists")
}

fn send(world: &mut World, from: DomainId, to: DomainId, channel: ChannelId, amount: Amount) {
    let call = Call::Transfer(Transfer { chain: to, channel, to: address(7), amount });
    world.submit::<Messages>(from, 2, &call);
}

#[test]
fn channels_open_in_every_direction_with_numbers_that_never_meet() {
    let mut world = World::new();
    for (from, to, wanted) in
        [(HUB, ONE, 0), (ONE, HUB, 1), (ONE, TWO, 0), (TWO, ONE, 1), (ONE, TWO, 2), (TWO, HUB, 1)]
    {
        let id = world.channel(from, to);
        assert_eq!(id, ChannelId(wanted), "{from} to {to}");
        for (chain, peer) in [(from, to), (to, from)] {
            assert_eq!(side(&world, chain, peer, id).state, ChannelState::Open);
        }
        assert_eq!(side(&world, from, to, id).owner, Some(address(1)));
        assert_eq!(side(&world, to, from, id).owner, None);
        assert_eq!(messages::channel_opener(from, to, id), from);
    }
    let held = params().channel_deposit.checked_mul(3).expect("fits");
    let account = bank::account(&world.domains[&ONE].contents, &deposits_account()).expect("sound");
    assert_eq!(account.balance, held);
}

#[test]
fn money_arrives_and_every_book_agrees() {
    let mut world = World::new();
    let before = hub::total(&world.hub);
    let (first, second) = (world.channel(ONE, TWO), world.channel(HUB, TWO));
    send(&mut world, ONE, TWO, first, Amount::ai3(40));
    world
        .on_hub(|post, state| post.transfer(state, (TWO, second), &address(2), &address(7), Amount::ai3(2)))
        .expect("open");
    world.settle();
    assert_eq!(world.balance(TWO, 7), Amount::ai3(42).base_units());
    world.step();
    let burned: u128 = before - hub::total(&world.hub);
    assert!(burned > 0 && burned < Amount::ai3(1).base_units());
    for (domain, balance) in hub::BALANCES.entries(&world.hub).expect("sound") {
        assert_eq!(bank::issuance(&world.domains[&domain].contents), Ok(balance));
    }
    for (_, amount) in hub::IN_TRANSIT.entries(&world.hub).expect("sound") {
        assert_eq!(amount, Amount::ZERO);
    }
    // Requests are answered and gone; only responses that nobody has confirmed yet are left.
    assert!(world.outbox(ONE).iter().all(|message| !message.payload.is_request()));
    assert_eq!(side(&world, ONE, TWO, first).unanswered, 0);
}

#[test]
fn responses_go_when_the_other_side_has_them() {
    let mut world = World::new();
    let id = world.channel(ONE, TWO);
    for _ in 0..5 {
        send(&mut world, ONE, TWO, id, Amount::ai3(1));
        world.settle();
        let left = OUTBOX.entries(&world.domains[&TWO].contents).expect("sound");
        assert_eq!(left.len(), 1, "the newest response only");
    }
}

#[test]
fn a_closed_channel_gives_back_what_was_under_way() {
    let mut world = World::new();
    let id = world.channel(ONE, TWO);
    let deposit = params().channel_deposit.base_units();
    let owner = world.balance(ONE, 1);
    // Both sides act before they know of each other.
    let back = Call::Transfer(Transfer { chain: ONE, channel: id, to: address(7), amount: Amount::ai3(9) });
    world.submit::<Messages>(TWO, 3, &back);
    let sender = world.balance(TWO, 3);
    world.submit::<Messages>(ONE, 1, &Call::Close(Close { chain: TWO, channel: id }));
    world.step();
    assert!(world.balance(ONE, 1) > owner + deposit - Amount::ai3(1).base_units());
    world.settle();
    assert_eq!(world.balance(ONE, 7), 0);
    let fee = sender - world.balance(TWO, 3);
    assert!(fee > 0 && fee < Amount::ai3(1).base_units(), "all but the fee came back");
    for (chain, peer) in [(ONE, TWO), (TWO, ONE)] {
        assert_eq!(side(&world, chain, peer, id).state, ChannelState::Closed);
        assert_eq!(side(&world, chain, peer, id).unanswered, 0);
    }
    let account = bank::account(&world.domains[&ONE].contents, &deposits_account()).expect("sound");
    assert_eq!(account.balance, Amount::ZERO);
}

#[test]
fn only_the_owner_closes_a_channel_and_only_once() {
    let mut world = World::new();
    let id = world.channel(ONE, TWO);
    let close = Call::Close(Close { chain: TWO, channel: id });
    for (domain, by, wanted) in [(ONE, 2, Some("MSG-0017")), (ONE, 1, None), (ONE, 1, Some("MSG-0011"))] {
        world.submit::<Messages>(domain, by, &close);
        world.step();
        let outcome = world.domain(domain).executed.pop().expect("ran").outcome;
        match wanted {
            None => assert_eq!(outcome, Outcome::Applied),
            Some(wanted) => {
                assert!(matches!(outcome, Outcome::Failed { code, .. } if code == wanted), "{outcome:?}");
            }
        }
    }
}

#[test]
fn dust_on_the_account_of_deposits_locks_nothing() {
    let mut world = World::new();
    let id = world.channel(ONE, TWO);
    let dust =
        bank::Call::Transfer(bank::Transfer { to: deposits_account(), amount: Amount::from_base_units(1) });
    world.submit::<bank::Bank>(ONE, 2, &dust);
    world.submit::<Messages>(ONE, 1, &Call::Close(Close { chain: TWO, channel: id }));
    world.step();
    for executed in &world.domains[&ONE].executed {
        assert_eq!(executed.outcome, Outcome::Applied);
    }
}

#[test]
fn notices_reach_the_module_and_the_answer_comes_back() {
    let mut world = World::new();
    let id = world.channel(ONE, TWO);
    for (note, wanted) in [(&b"hello"[..], Ok(())), (b"fail", Err(42))] {
        let call = NoteCall::Send { chain: TWO, channel: id, note: note.to_vec() };
        world.submit::<Notes>(ONE, 1, &call);
        world.settle();
        assert_eq!(NOTES.get(&world.domains[&TWO].contents, &1), Ok(Some(b"hello".to_vec())));
        assert_eq!(ANSWER.get(&world.domains[&ONE].contents), Ok(Some(wanted)));
    }
    // The consensus chain has no modules.
    let id = world.channel(ONE, HUB);
    world.submit::<Notes>(ONE, 1, &NoteCall::Send { chain: HUB, channel: id, note: b"hello".to_vec() });
    world.settle();
    assert_eq!(ANSWER.get(&world.domains[&ONE].contents), Ok(Some(Err(19))));
}

#[test]
fn a_direction_has_a_bounded_number_of_requests_under_way() {
    let mut world = World::new();
    let id = world.channel(HUB, ONE);
    let transfer = |world: &mut World| {
        world.on_hub(|post, state| {
            post.transfer(state, (ONE, id), &address(2), &address(7), Amount::from_base_units(1 << 44))
        })
    };
    for count in 0..WINDOW {
        assert_eq!(transfer(&mut world), Ok(Nonce(1 + count)));
    }
    assert_eq!(transfer(&mut world).map_err(|error| error.code()), Err("MSG-0015"));
    // A full window can still be closed.
    world.on_hub(|post, state| post.close(state, ONE, id)).expect("its chain may");
    assert_eq!(side(&world, HUB, ONE, id).unanswered, WINDOW + 1);
}

#[test]
fn transfers_below_the_existential_deposit_do_not_start() {
    let mut world = World::new();
    let id = world.channel(HUB, ONE);
    let little = params().existential_deposit.checked_sub(Amount::from_base_units(1)).expect("not zero");
    let result =
        world.on_hub(|post, state| post.transfer(state, (ONE, id), &address(2), &address(7), little));
    assert_eq!(result.map_err(|error| error.code()), Err("MSG-0018"));
}

#[test]
fn a_chain_that_is_no_longer_allowed_is_refused_and_told() {
    let mut world = World::new();
    let id = world.channel(ONE, HUB);
    world.allow_on_hub(ONE, false);
    let sender = world.balance(ONE, 2);
    send(&mut world, ONE, HUB, id, Amount::ai3(5));
    world.settle();
    assert_eq!(world.balance(HUB, 7), 0);
    assert!(sender - world.balance(ONE, 2) < Amount::ai3(1).base_units(), "all but the fee came back");
    let result = world.on_hub(|post, state| post.open(state, ONE, None));
    assert_eq!(result.map_err(|error| error.code()), Err("MSG-0009"));
}

#[test]
fn known_roots_are_the_newest_ones() {
    let mut world = World::new();
    let window = usize::try_from(params().message_roots).expect("small");
    for steps in 1..3 * window {
        world.step();
        for contents in [&world.hub, &world.domains[&ONE].contents] {
            let roots = ROOTS.entries(contents).expect("sound");
            assert_eq!(roots.len(), steps.min(window));
            let mut heights: Vec<u64> = roots.iter().map(|(height, _)| height.0).collect();
            heights.sort_unstable();
            assert_eq!(heights.last(), Some(&(world.height - 1)));
            assert_eq!(heights[0], world.height - u64::try_from(heights.len()).expect("few"));
        }
    }
}

#[test]
fn established_channels_need_no_handshake() {
    let mut world = World::new();
    world.on_hub(|post, state| messages::establish(post, state, ONE)).expect("allowed");
    let again = world.on_hub(|post, state| messages::establish(post, state, ONE));
    assert_eq!(again.map_err(|error| error.code()), Err("MSG-0012"));
    let chain = world.domain(ONE);
    let params = params();
    let mut till = messages::BankTill { params: &params };
    let post = messages::Post::new(ONE, &params, &mut till);
    let parent = chain.contents.clone();
    let mut state = auto_state::Overlay::new(&parent);
    let id = messages::establish(&post, &mut state, HUB).expect("allowed");
    crate::world::merge(&mut chain.contents, state.into_changes());
    world.step();
    send(&mut world, ONE, HUB, id, Amount::ai3(3));
    world
        .on_hub(|post, state| post.transfer(state, (ONE, id), &address(2), &address(7), Amount::ai3(4)))
        .expect("open");
    world.settle();
    assert_eq!(world.balance(HUB, 7), Amount::ai3(3).base_units());
    assert_eq!(world.balance(ONE, 7), Amount::ai3(4).base_units());
    assert!(CHANNELS.get(&world.hub, &(ONE, id)).expect("sound").is_some());
}
