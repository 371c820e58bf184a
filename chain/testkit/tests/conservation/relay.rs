//! What relayers bring.

use super::act::channels;
use super::setup::STATES;
use super::world::World;
use auto_core::{Blob, BlockNumber, DomainId, Nonce};
use auto_domains::DomainsCall;
use auto_module::messages::{CHANNELS, Message, OUTBOX, Relay};
use auto_module::{Contents, Extrinsic, INHERENT};
use auto_state::StateRead;
use parity_scale_codec::Encode;

/// The next message of a channel to a chain that has received all before `next`.
fn message(
    outbox: &impl StateRead,
    dst: DomainId,
    channel: auto_core::ChannelId,
    next: Nonce,
) -> Option<Message> {
    OUTBOX.get(outbox, &(dst, channel, next)).expect("sound")
}

/// The nonce that a chain receives next from another over a channel.
fn next_inbox(contents: &Contents, src: DomainId, channel: auto_core::ChannelId) -> Nonce {
    let side = CHANNELS.get(contents, &(src, channel)).expect("sound");
    side.map_or(Nonce(0), |side| side.next_inbox)
}

impl World {
    /// Brings the next message of some channel to a domain.
    pub(crate) fn relay_to_a_domain(&mut self) {
        let dst = self.some_domain();
        let src = self.some_domain();
        let src = if src == dst || self.rng.chance(40) { DomainId::CONSENSUS } else { src };
        if self.is_cut(dst) || self.is_cut(src) {
            return self.tally.count("attempts while cut off");
        }
        let Some(relay) = self.relay_between(src, dst) else { return self.tally.count("nothing to relay") };
        let key = (src, relay.message.channel);
        let side = self.side_mut(dst);
        *side.ahead.entry(key).or_insert(0) += 1;
        let bytes = Extrinsic::Message(Box::new(relay)).encode();
        side.relays.push(Blob::new(bytes).expect("short"));
    }

    fn is_cut(&self, chain: DomainId) -> bool {
        chain != DomainId::CONSENSUS && self.side(chain).cut_until > self.number()
    }

    fn relay_between(&mut self, src: DomainId, dst: DomainId) -> Option<Relay> {
        let side = self.side(dst);
        // The newest root that the domain knows.
        let anchor = INHERENT.get(&side.contents).expect("sound")?.consensus_number;
        let kept = u64::try_from(STATES).expect("small") - 2;
        if anchor.0 == 0 || anchor.0 + kept < self.number() {
            return None;
        }
        let sent = if src == DomainId::CONSENSUS { self.chain.state() } else { &self.side(src).contents };
        let mut list = channels(sent, dst);
        let first = self.rng.index(list.len());
        list.rotate_left(first);
        let side = self.side(dst);
        for (channel, _) in list {
            let ahead = side.ahead.get(&(src, channel)).copied().unwrap_or(0);
            let next = Nonce(next_inbox(&side.contents, src, channel).0 + ahead);
            if src == DomainId::CONSENSUS {
                let state = self.chain.state_before(anchor).expect("kept");
                if let Some(message) = message(&state, dst, channel, next) {
                    return Some(self.chain.relay_from_here(message, anchor).expect("kept"));
                }
            } else if let Some(relay) = self.relay_of(src, dst, channel, next, anchor) {
                return Some(relay);
            }
        }
        None
    }

    /// A message of a domain that is confirmed by the header of height `anchor`.
    fn relay_of(
        &self,
        src: DomainId,
        dst: DomainId,
        channel: auto_core::ChannelId,
        next: Nonce,
        anchor: BlockNumber,
    ) -> Option<Relay> {
        let from = self.side(src);
        let confirmed = self.chain.confirmed(src, anchor).expect("kept")?;
        let message = message(&from.state_at(confirmed.state_root), dst, channel, next)?;
        Some(self.chain.relay_from_domain(message, anchor, &from.nodes).expect("kept"))
    }

    /// Brings the next message of some channel to the consensus chain.
    pub(crate) fn relay_to_the_chain(&mut self) {
        let (src, from) = (self.some_domain(), self.anyone());
        if self.is_cut(src) {
            return self.tally.count("attempts while cut off");
        }
        // The header of the block that the relay goes into, or of the one before.
        let anchor = BlockNumber(self.number() + self.rng.between(0, 1));
        if anchor.0 == 0 {
            return;
        }
        let dst = DomainId::CONSENSUS;
        let mut list = channels(&self.side(src).contents, dst);
        let first = self.rng.index(list.len());
        list.rotate_left(first);
        for (channel, _) in list {
            let ahead = self.ahead.get(&(src, channel)).copied().unwrap_or(0);
            let next = Nonce(next_inbox(self.chain.state(), src, channel).0 + ahead);
            if let Some(relay) = self.relay_of(src, dst, channel, next, anchor) {
                *self.ahead.entry((src, channel)).or_insert(0) += 1;
                return self.send(from, DomainsCall::RelayMessage(Box::new(relay)).into_call());
            }
        }
        self.tally.count("nothing to relay");
    }
}
