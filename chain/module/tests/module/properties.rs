//! Money is neither made nor lost, whatever is sent, relayed, refused or closed; junk is refused quietly.

use crate::hub;
use crate::notes::{Call as NoteCall, Notes};
use crate::world::{HUB, ONE, TWO, World, address, environment, pair, runtime};
use auto_core::{Amount, ChannelId, DomainId, Nonce};
use auto_module::bank::{self, Bank};
use auto_module::messages::{CHANNELS, Call, ChannelState, Close, Messages, Transfer};
use auto_module::{Domain, Extrinsic, Module};
use auto_state::Overlay;
use parity_scale_codec::Encode;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Act {
    Pay { domain: bool, from: u8, to: u8, amount: u128 },
    Send { from: u8, to: u8, by: u8, amount: u128 },
    Note { domain: bool, by: u8, fail: bool },
    Close { domain: bool, by: u8 },
    HubClose(bool),
    Forbid(bool),
    Allow(bool),
    Relay,
    RelayBackwardsAndTwice,
    Step,
}

fn act() -> impl Strategy<Value = Act> {
    // Mostly sensible amounts, at times far too much or too little.
    let amount = || {
        prop_oneof![6 => 1u128..200, 1 => Just(0u128), 1 => 900u128..2000]
            .prop_map(|tenths| tenths * 100_000_000_000_000_000)
    };
    prop_oneof![
        3 => (any::<bool>(), 1u8..5, 1u8..9, amount()).prop_map(|(domain, from, to, amount)| Act::Pay { domain, from, to, amount }),
        6 => (0u8..3, 0u8..3, 1u8..5, amount()).prop_map(|(from, to, by, amount)| Act::Send { from, to, by, amount }),
        1 => (any::<bool>(), 1u8..5, any::<bool>()).prop_map(|(domain, by, fail)| Act::Note { domain, by, fail }),
        1 => (any::<bool>(), 1u8..3).prop_map(|(domain, by)| Act::Close { domain, by }),
        1 => any::<bool>().prop_map(Act::HubClose),
        1 => any::<bool>().prop_map(Act::Forbid),
        1 => any::<bool>().prop_map(Act::Allow),
        3 => Just(Act::Relay),
        1 => Just(Act::RelayBackwardsAndTwice),
        4 => Just(Act::Step),
    ]
}

const CHAINS: [DomainId; 3] = [HUB, ONE, TWO];

fn domain(one: bool) -> DomainId {
    if one { ONE } else { TWO }
}

/// The newest channel between two chains.
fn newest(world: &World, chain: DomainId, peer: DomainId) -> Option<ChannelId> {
    let contents = if chain == HUB { &world.hub } else { &world.domains[&chain].contents };
    let channels = CHANNELS.entries(contents).expect("sound").into_iter();
    channels.filter(|((other, _), _)| *other == peer).map(|((_, id), _)| id).max()
}

fn run(world: &mut World, act: &Act) {
    match *act {
        Act::Pay { domain: at, from, to, amount } => {
            let amount = Amount::from_base_units(amount.max(1));
            let call = bank::Call::Transfer(bank::Transfer { to: address(to), amount });
            world.submit::<Bank>(domain(at), from, &call);
        }
        Act::Send { from, to, by, amount } => {
            let (from, to) = (CHAINS[usize::from(from)], CHAINS[usize::from(to)]);
            let Some(channel) = newest(world, from, to) else { return };
            let amount = Amount::from_base_units(amount);
            if from == HUB {
                // Fails where it should; then nothing is written.
                let _ = world.on_hub(|post, state| {
                    post.transfer(state, (to, channel), &address(by), &address(8), amount)
                });
            } else if amount >= environment(ONE).params.existential_deposit {
                let transfer = Transfer { chain: to, channel, to: address(8), amount };
                world.submit::<Messages>(from, by, &Call::Transfer(transfer));
            }
        }
        Act::Note { domain: at, by, fail } => {
            let (from, to) = (domain(at), domain(!at));
            let Some(channel) = newest(world, from, to) else { return };
            let note = if fail { b"fail".to_vec() } else { b"note".to_vec() };
            world.submit::<Notes>(from, by, &NoteCall::Send { chain: to, channel, note });
        }
        Act::Close { domain: at, by } => {
            let (from, to) = (domain(at), domain(!at));
            let Some(channel) = newest(world, from, to) else { return };
            world.submit::<Messages>(from, by, &Call::Close(Close { chain: to, channel }));
        }
        Act::HubClose(at) => {
            let Some(channel) = newest(world, HUB, domain(at)) else { return };
            let _ = world.on_hub(|post, state| post.close(state, domain(at), channel));
        }
        Act::Forbid(at) => {
            world.allow_on_hub(domain(at), false);
        }
        Act::Allow(at) => {
            world.allow_on_hub(domain(at), true);
        }
        Act::Relay => drop(world.relay_all()),
        Act::RelayBackwardsAndTwice => {
            world.relay_all();
            let backwards = |queue: &[Extrinsic]| queue.iter().rev().cloned().collect::<Vec<_>>();
            for one in [ONE, TWO] {
                let queue = &mut world.domain(one).queue;
                let (messages, mut rest): (Vec<_>, Vec<_>) =
                    queue.drain(..).partition(|extrinsic| matches!(extrinsic, Extrinsic::Message(_)));
                rest.extend(backwards(&messages));
                rest.extend(messages);
                *queue = rest;
            }
            let twice: Vec<_> = world.hub_queue.iter().rev().cloned().collect();
            world.hub_queue.extend(twice);
        }
        Act::Step => world.step(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn money_is_conserved(acts in proptest::collection::vec(act(), 10..60)) {
        let mut world = World::new();
        world.channel(ONE, TWO);
        world.channel(HUB, ONE);
        world.channel(TWO, HUB);
        world.step();
        for act in &acts {
            run(&mut world, act);
        }
        world.settle();
        // Everything that was under way has arrived or is back.
        for map in [&hub::IN_TRANSIT, &hub::REJECTED] {
            for (chains, amount) in map.entries(&world.hub).expect("sound") {
                prop_assert_eq!(amount, Amount::ZERO, "{:?}", chains);
            }
        }
        let mut everything = 0;
        for (domain, balance) in hub::BALANCES.entries(&world.hub).expect("sound") {
            prop_assert_eq!(bank::issuance(&world.domains[&domain].contents), Ok(balance));
            everything += balance.base_units();
        }
        for (_, balance) in hub::ACCOUNTS.entries(&world.hub).expect("sound") {
            everything += balance.base_units();
        }
        prop_assert_eq!(everything, hub::total(&world.hub));
        // What is gone are the fees, which the world burns.
        let start = Amount::ai3(3 * 4000).base_units();
        prop_assert!(everything <= start && start - everything < Amount::ai3(1).base_units());
        for chain in [ONE, TWO] {
            for ((_, _), side) in CHANNELS.entries(&world.domains[&chain].contents).expect("sound") {
                prop_assert_eq!(side.unanswered, 0);
                prop_assert!(side.state != ChannelState::Opening);
            }
        }
    }
}

fn transfer(from: u8, nonce: u64, to: u8, amount: u128) -> Extrinsic {
    let call =
        bank::Call::Transfer(bank::Transfer { to: address(to), amount: Amount::from_base_units(amount) });
    let world_genesis = environment(ONE).genesis;
    let transaction = auto_core::Transaction {
        domain: ONE,
        signer: pair(from).public_key(),
        nonce: Nonce(nonce),
        expiry: auto_core::BlockNumber(u64::MAX),
        fee_limit: Amount::ai3(1),
        calls: auto_core::List::new(vec![Bank::encode_call(&call).expect("short")]).expect("one"),
    };
    Extrinsic::Signed(Box::new(transaction.sign(&pair(from), &world_genesis)))
}

proptest! {
    #[test]
    fn junk_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(extrinsic) = runtime().decode(&bytes) {
            prop_assert_eq!(extrinsic.encode(), bytes);
        }
    }

    #[test]
    fn a_changed_byte_is_refused_or_another_extrinsic(at in 0usize..400, bit in 0u8..8) {
        let honest = transfer(1, 0, 2, 1 << 60).encode();
        let mut bytes = honest.clone();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        if let Ok(extrinsic) = runtime().decode(&bytes) {
            prop_assert_eq!(extrinsic.encode(), bytes);
            prop_assert!(runtime().check(&environment(ONE), extrinsic).is_err());
        }
    }

    #[test]
    fn the_order_of_independent_senders_does_not_matter(
        amounts in proptest::collection::vec(1u128 << 50..1 << 65, 4),
        swap in 0usize..3,
    ) {
        let world = World::new();
        let chain = &world.domains[&ONE];
        let inherent = world.inherent(ONE);
        let run = |order: &[usize]| {
            let mut state = Overlay::new(&chain.contents);
            world.runtime.initialize(&chain.env, &inherent, &mut state).expect("readable");
            for at in order {
                let sender = u8::try_from(*at).expect("small") + 1;
                let extrinsic = transfer(sender, 0, sender + 10, amounts[*at]);
                let checked = world.runtime.check(&chain.env, extrinsic).expect("well formed");
                world.runtime.apply(&chain.env, &inherent, &checked, &mut state).expect("readable");
            }
            world.runtime.finalize(&chain.env, &inherent, &mut state).expect("readable");
            state.into_changes()
        };
        let mut order = [0, 1, 2, 3];
        let straight = run(&order);
        order.swap(swap, swap + 1);
        prop_assert_eq!(run(&order), straight);
    }
}
