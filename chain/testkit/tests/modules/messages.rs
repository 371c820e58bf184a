//! Messages, as sentences: what leaves the domain.

use auto_core::{Amount, ChannelId, DomainId, List, Nonce};
use auto_module::bank::Bank;
use auto_module::messages::{self, Event, Messages, MessagesGenesis, OUTBOX, Payload};
use auto_module::module;
use auto_testkit::{DomainHarness, Tx, address};

const CHANNEL: ChannelId = ChannelId(0);

/// A domain with a channel to the consensus chain.
fn joined() -> DomainHarness {
    let established = List::new(vec![DomainId::CONSENSUS]).expect("one");
    let builder = DomainHarness::builder(vec![module::<Bank>(), module::<Messages>()]);
    let builder = builder.account("alice", Amount::ai3(100));
    builder.genesis::<Messages>(&MessagesGenesis { established, ..MessagesGenesis::default() }).start()
}

fn leave(domain: &DomainHarness, from: &str, channel: ChannelId, ai3: u32) -> Tx {
    let (chain, to, amount) = (DomainId::CONSENSUS, address("bob"), Amount::ai3(ai3));
    domain
        .sign::<Messages>(from, [messages::Call::Transfer(messages::Transfer { chain, channel, to, amount })])
}

#[test]
fn money_that_leaves_is_in_the_outbox_and_in_the_receipt() {
    let mut domain = joined();
    let trip = leave(&domain, "alice", CHANNEL, 7);
    let done = domain.run(&trip);
    assert!(done.applied(&trip));
    let sent = OUTBOX.get(domain.state(), &(DomainId::CONSENSUS, CHANNEL, Nonce(0))).expect("sound");
    let sent = sent.expect("in the outbox");
    assert!(matches!(sent.payload, Payload::Transfer { amount, .. } if amount == Amount::ai3(7)));
    assert_eq!(done.events_of::<Messages>(&trip), [Event::Sent(Box::new(sent))]);
    assert_eq!(domain.receipt().transfers.outgoing.to_vec(), [(DomainId::CONSENSUS, Amount::ai3(7))]);
    // Hiding it is one of the lies that were proven; the chain takes every one of them.
    assert_eq!((done.lies_proven(), done.refused_at_the_door()), (14, 0));
}

#[test]
fn a_channel_that_does_not_exist_takes_no_money() {
    let mut domain = joined();
    let lost = leave(&domain, "alice", ChannelId(4), 7);
    let done = domain.run(&lost);
    assert_eq!(done.code(&lost), Some("MSG-0010"));
    assert_eq!(domain.balance("alice"), Amount::ai3(100).saturating_sub(done.fee(&lost)));
}

#[test]
fn a_channel_can_be_opened_and_closed_by_its_owner() {
    let mut domain = joined();
    let open = messages::Call::Open(messages::Open { chain: DomainId::CONSENSUS });
    let opening = domain.sign::<Messages>("alice", [open]);
    assert!(!domain.run(&opening).applied(&opening), "the deposit is more than alice has");
    let rich = DomainHarness::builder(vec![module::<Bank>(), module::<Messages>()]);
    let mut domain = rich.account("alice", Amount::ai3(500)).start();
    let open = messages::Call::Open(messages::Open { chain: DomainId::CONSENSUS });
    let opening = domain.sign::<Messages>("alice", [open]);
    assert!(domain.run(&opening).applied(&opening));
    let close = messages::Close { chain: DomainId::CONSENSUS, channel: ChannelId(1) };
    let closing = domain.sign::<Messages>("alice", [messages::Call::Close(close)]);
    assert!(domain.run(&closing).applied(&closing));
}
