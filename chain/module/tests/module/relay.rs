//! What relayers do: find messages, prove them, bring them to where they belong.

use crate::world::{HUB, ONE, TWO, World};
use auto_core::{BlockNumber, DomainId, Hash};
use auto_module::Extrinsic;
use auto_module::messages::{CHANNELS, CONFIRMED, Message, MessageProof, OUTBOX, Relay, outbox_key};
use auto_state::mmr::{MmrLeaf, MmrProof, MmrSource};

struct Leaves<'a>(&'a [MmrLeaf]);

impl MmrSource for Leaves<'_> {
    fn leaf(&self, index: u64) -> Option<Hash> {
        self.0.get(usize::try_from(index).ok()?).map(MmrLeaf::hash)
    }
}

impl World {
    pub(crate) fn outbox(&self, chain: DomainId) -> Vec<Message> {
        let contents = if chain == HUB { &self.hub } else { &self.domains[&chain].contents };
        OUTBOX.entries(contents).expect("sound").into_iter().map(|(_, message)| message).collect()
    }

    /// Proves that `message` is under `key` of its source, with the newest anchor at which it can be.
    pub(crate) fn prove(&self, message: &Message, key: &[u8]) -> Option<Relay> {
        // Domains saw the root of the height before; a leaf is older than its anchor.
        let anchor = self.height.checked_sub(1)?;
        let at = usize::try_from(anchor.checked_sub(1)?).ok()?;
        let (leaf, state) = (*self.leaves.get(at)?, self.hub_blocks.get(at)?);
        let mmr = MmrProof::new(&Leaves(&self.leaves), anchor, leaf.number.0)?;
        let anchor = BlockNumber(anchor);
        let proof = if message.src == HUB {
            MessageProof::Consensus { anchor, leaf, mmr, message: state.prove(key) }
        } else {
            let confirmed = CONFIRMED.get(&state.contents, &message.src).ok()??;
            let chain = &self.domains[&message.src];
            let block = chain.blocks.get(usize::try_from(confirmed.number.0).ok()?)?;
            let receipt = state.prove(&CONFIRMED.key(&message.src));
            MessageProof::Domain { anchor, leaf, mmr, receipt, message: block.prove(key) }
        };
        Some(Relay { message: message.clone(), proof })
    }

    pub(crate) fn relay_of(&self, message: &Message) -> Option<Relay> {
        self.prove(message, &outbox_key(message.dst, message.channel, message.nonce))
    }

    pub(crate) fn queue_relay(&mut self, relay: Relay) {
        let dst = relay.message.dst;
        if dst == HUB {
            self.hub_queue.push(relay);
        } else {
            self.domain(dst).queue.push(Extrinsic::Message(Box::new(relay)));
        }
    }

    /// Queues every message of every outbox that its destination has not received and that can be proven.
    pub(crate) fn relay_all(&mut self) -> usize {
        let all: Vec<Message> = [HUB, ONE, TWO].into_iter().flat_map(|chain| self.outbox(chain)).collect();
        let mut queued = 0;
        for message in all {
            let there = if message.dst == HUB { &self.hub } else { &self.domains[&message.dst].contents };
            let side = CHANNELS.get(there, &(message.src, message.channel)).expect("sound");
            if side.is_some_and(|side| message.nonce < side.next_inbox) {
                continue;
            }
            queued += 1;
            if let Some(relay) = self.relay_of(&message) {
                self.queue_relay(relay);
            }
        }
        queued
    }

    /// Steps and relays until nothing is under way.
    pub(crate) fn settle(&mut self) {
        let settled = (0..40).any(|_| {
            self.step();
            self.relay_all() == 0
        });
        assert!(settled, "messages never settle");
        self.step();
    }
}
