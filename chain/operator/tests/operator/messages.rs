//! Messages between chains.

use crate::world::{D, E, Net, NodeSetup, Setup, address, call_of};
use auto_core::{Amount, ChannelId, DomainId};
use auto_domains::DomainsCall;
use auto_module::messages::{CHANNELS, Call, ChannelState, Messages, Transfer};

const FIRST: ChannelId = ChannelId(0);

fn two_domains() -> Net {
    let mut setup = Setup::honest(2);
    setup.domains = 2;
    setup.operators = vec![D, E];
    setup.nodes = vec![NodeSetup { roles: vec![(0, None), (1, None)], account: Some(20), relay: true }];
    Net::new(setup)
}

fn transfer(chain: DomainId, channel: ChannelId, to: u8, amount: Amount) -> auto_core::Call {
    call_of::<Messages>(&Call::Transfer(Transfer { chain, channel, to: address(to), amount }))
}

fn more(amount: Amount, by: u32) -> Amount {
    amount.checked_add(Amount::ai3(by)).expect("little")
}

#[test]
fn money_goes_to_a_domain_and_back() {
    let mut net = two_domains();
    let before = net.there(0, D, 41);
    let to = address(41);
    net.call(30, DomainsCall::TransferToDomain { domain: D, channel: FIRST, to, amount: Amount::ai3(5) });
    net.until(20, "it arrived", |net| net.there(0, D, 41) == more(before, 5));
    let before = net.balance(42);
    net.send(D, 41, 0, transfer(DomainId::CONSENSUS, FIRST, 42, Amount::ai3(3)));
    net.until(60, "it came back", |net| net.balance(42) == more(before, 3));
    net.until(60, "both sides know", |net| {
        let state = net.handle(0).state(D).expect("served");
        let there = CHANNELS.get(&state, &(DomainId::CONSENSUS, FIRST)).expect("sound").expect("a channel");
        let here = CHANNELS.get(net.contents(), &(D, FIRST)).expect("sound").expect("a channel");
        there.unanswered == 0 && here.unanswered == 0
    });
}

#[test]
fn money_goes_from_domain_to_domain() {
    let mut net = two_domains();
    let before = net.there(0, E, 43);
    net.send(D, 30, 0, transfer(E, FIRST, 43, Amount::ai3(2)));
    net.until(60, "it arrived", |net| net.there(0, E, 43) == more(before, 2));
    net.until(60, "the sender knows", |net| {
        let state = net.handle(0).state(D).expect("served");
        CHANNELS.get(&state, &(E, FIRST)).expect("sound").expect("a channel").unanswered == 0
    });
}

#[test]
fn a_refused_transfer_is_given_back() {
    let mut net = two_domains();
    net.call(31, DomainsCall::OpenChannel { domain: D });
    let second = ChannelId(2);
    let side = |net: &Net| CHANNELS.get(net.contents(), &(D, second)).expect("sound").map(|side| side.state);
    net.until(80, "the channel is open", |net| side(net) == Some(ChannelState::Open));
    let before = net.there(0, D, 32);
    let elsewhere = net.balance(44);
    net.send(D, 32, 0, transfer(DomainId::CONSENSUS, second, 44, Amount::ai3(9)));
    net.until(20, "it left", |net| net.there(0, D, 32) < before.saturating_sub(Amount::ai3(9)));
    net.call(31, DomainsCall::CloseChannel { domain: D, channel: second });
    net.until(120, "it came back", |net| net.there(0, D, 32) > before.saturating_sub(Amount::ai3(1)));
    assert_eq!(net.balance(44), elsewhere);
}
