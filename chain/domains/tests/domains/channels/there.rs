//! The other end of a channel.

use crate::world::{D, World, address};
use auto_core::{Amount, BlockNumber, ChannelId, DomainId, Hash, Nonce, Transfers};
use auto_domains::genesis::domain_genesis;
use auto_module::bank::TRANSFERS;
use auto_module::messages::{BankTill, Event, Message, MessageError, OUTBOX, Payload, Post};
use auto_state::{Changes, MemoryNodes, Overlay, Snapshot, StateWrite};
use parity_scale_codec::Encode;

pub(crate) const HERE: DomainId = DomainId::CONSENSUS;
pub(crate) const CHANNEL: ChannelId = ChannelId(0);

/// The other end of a channel: the state of a domain, changed by the message code alone.
pub(crate) struct There {
    pub(crate) nodes: MemoryNodes,
    pub(crate) root: Hash,
}

impl There {
    pub(crate) fn new(world: &World) -> Self {
        let genesis = world.setup.genesis();
        let code = World::runtime(1);
        let params = &world.rules.params;
        let start = domain_genesis(params, D, &*code, &genesis.domains[0], BlockNumber(0)).expect("a domain");
        Self { nodes: start.commit.fresh.into_iter().collect(), root: start.commit.root }
    }

    pub(crate) fn state(&self) -> Snapshot<&MemoryNodes> {
        Snapshot::new(&self.nodes, self.root)
    }

    fn write(&mut self, changes: &Changes) {
        let commit = self.state().commit(changes).expect("sound");
        self.nodes.extend(commit.fresh);
        self.root = commit.root;
    }

    /// Does something at the post office of the domain; gives the messages that it sent.
    pub(crate) fn act<T>(
        &mut self,
        world: &World,
        work: impl FnOnce(&mut Post<'_>, &mut dyn StateWrite) -> Result<T, MessageError>,
    ) -> Vec<Message> {
        self.try_act(world, work).expect("the domain does it")
    }

    /// The same; what fails changes nothing.
    pub(crate) fn try_act<T>(
        &mut self,
        world: &World,
        work: impl FnOnce(&mut Post<'_>, &mut dyn StateWrite) -> Result<T, MessageError>,
    ) -> Result<Vec<Message>, MessageError> {
        let mut till = BankTill { params: &world.rules.params };
        let mut post = Post::new(D, &world.rules.params, &mut till);
        let state = self.state();
        let mut overlay = Overlay::new(&state);
        work(&mut post, &mut overlay)?;
        let sent = post.events.into_iter().filter_map(|event| match event {
            Event::Sent(message) => Some(*message),
            _ => None,
        });
        let sent = sent.collect();
        let changes = overlay.into_changes();
        self.write(&changes);
        Ok(sent)
    }

    pub(crate) fn receive(&mut self, world: &World, message: &Message) -> Message {
        let sent = self.act(world, |post, state| post.receive(state, message));
        sent.into_iter().next().expect("a response")
    }

    /// Sends money to the consensus chain.
    pub(crate) fn transfer(&mut self, world: &World, from: u8, to: u8, amount: Amount) -> Message {
        let (from, to) = (address(from), address(to));
        let sent = self.act(world, |post, state| post.transfer(state, (HERE, CHANNEL), &from, &to, amount));
        sent.into_iter().next().expect("sent")
    }

    /// Puts a message into the outbox that the code would never send.
    pub(crate) fn forge(&mut self, channel: ChannelId, nonce: u64, payload: Payload) -> Message {
        let message =
            Message { src: D, dst: HERE, channel, nonce: Nonce(nonce), received: Nonce(0), payload };
        let changes = [(OUTBOX.key(&(HERE, channel, Nonce(nonce))), Some(message.encode()))];
        self.write(&changes.into());
        message
    }

    pub(crate) fn moved(&self) -> Transfers {
        TRANSFERS.get(&self.state()).expect("sound").unwrap_or_default()
    }

    /// Has operator 0 state the domain's state and transfers, and waits until that is confirmed.
    pub(crate) fn settle(&mut self, world: &mut World) {
        let moved = self.moved();
        self.state_as(world, moved);
        for _ in 0..=world.rules.params.challenge_period {
            self.state_as(world, Transfers::default());
        }
        world.empty_blocks(2);
    }

    /// Has operator 0 state the domain's state with these transfers.
    pub(crate) fn state_as(&mut self, world: &mut World, transfers: Transfers) {
        if world.record(D).head == world.record(D).head_receipt {
            world.submit_receipt(0, world.head_receipt(D));
        }
        let mut receipt = world.claim(D);
        World::retrace(&mut receipt, vec![Hash([7; 32]), self.root]);
        receipt.transfers = transfers;
        world.submit_receipt(0, receipt);
        self.begin();
    }

    /// Begins a block of the domain, which has moved nothing yet.
    pub(crate) fn begin(&mut self) {
        let none = Transfers::default().encode();
        self.write(&[(TRANSFERS.key(), Some(none))].into());
    }
}
