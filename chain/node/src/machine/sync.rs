//! Meeting peers and fetching the blocks that they have and we lack.

use super::{Effect, NodeMachine, Tick};
use crate::peer::{Hello, LOCATOR_MAX};
use crate::{ImportError, Message, NodeError, PeerId};
use auto_core::{Block, BlockNumber, Hash, List};
use parity_scale_codec::Encode;

/// Milliseconds after which an unanswered request is made again.
const REQUEST_TIMEOUT: u64 = 10_000;
/// Milliseconds between two introductions of oneself to one peer.
const HELLO_PAUSE: u64 = 5_000;
/// Introductions to one peer over one connection.
const HELLOS_MAX: u32 = 12;

/// What is known of a peer.
#[derive(Debug, Default)]
pub(super) struct Peer {
    /// Best block that it told of; none before it introduced itself.
    claim: Option<(BlockNumber, u128)>,
    /// Since when blocks are asked of it.
    requested: Option<Tick>,
    /// Weight up to which its answers have led since they were first asked for.
    reached: u128,
    /// How often it was told who this node is, and when last.
    hellos: u32,
    told_at: Tick,
}

impl Peer {
    pub(super) const fn is_ready(&self) -> bool {
        self.claim.is_some()
    }

    /// Best block that it told of or sent: height and weight.
    pub(super) const fn claim(&self) -> Option<(BlockNumber, u128)> {
        self.claim
    }

    /// Whether it is time to tell it again who this node is.
    const fn hello_due(&self, now: Tick) -> bool {
        now.0.saturating_sub(self.told_at.0) >= HELLO_PAUSE
    }
}

impl NodeMachine {
    pub(super) fn connected(&mut self, peer: PeerId) {
        self.peers.insert(peer, Peer::default());
        self.introduce(peer);
    }

    fn introduce(&mut self, peer: PeerId) {
        let now = self.now;
        let Some(state) = self.peers.get_mut(&peer) else { return };
        state.hellos = state.hellos.saturating_add(1);
        state.told_at = now;
        let head = self.chain.head();
        let hello = Hello {
            genesis: self.chain.genesis_hash(),
            params: self.chain.params().clone(),
            head: head.hash(),
            number: head.number(),
            weight: head.weight(),
        };
        self.effects.push(Effect::Send(peer, Message::Hello(Box::new(hello)).encode()));
    }

    pub(super) fn hello(&mut self, peer: PeerId, hello: &Hello) {
        if let Some(field) = self.chain.params().first_difference(&hello.params) {
            return self.drop_peer(peer, &format!("its parameter `{field}` differs from ours"));
        }
        if hello.genesis != self.chain.genesis_hash() {
            return self.drop_peer(peer, &format!("its genesis {} differs from ours", hello.genesis));
        }
        let now = self.now;
        let Some(state) = self.peers.get_mut(&peer) else { return };
        let repeated = state.claim.replace((hello.number, hello.weight)).is_some();
        // Whoever repeats itself has not heard this node; the bounds end any ping-pong.
        if repeated && state.hellos < HELLOS_MAX && state.hello_due(now) {
            self.introduce(peer);
        }
        if hello.weight > self.chain.head().weight() {
            self.request_blocks(peer);
        }
    }

    pub(super) fn drop_peer(&mut self, peer: PeerId, reason: &str) {
        if self.peers.remove(&peer).is_some() {
            self.effects.push(Effect::Disconnect(peer, reason.to_owned()));
        }
    }

    pub(super) fn best_claim(&self) -> Option<BlockNumber> {
        self.peers.values().filter_map(|peer| peer.claim).map(|(number, _)| number).max()
    }

    /// Takes note that a peer has a block, which this node has too.
    pub(super) fn learn(&mut self, peer: PeerId, block: &Hash) -> Result<(), NodeError> {
        let Some(place) = self.chain.place(block)? else { return Ok(()) };
        if let Some(claim) = self.peers.get_mut(&peer).and_then(|state| state.claim.as_mut())
            && place.1 > claim.1
        {
            *claim = place;
        }
        Ok(())
    }

    pub(super) fn request_blocks(&mut self, peer: PeerId) {
        self.request_after(peer, None);
    }

    /// Asks for blocks after those of the best chain, or after the last one that the peer sent.
    fn request_after(&mut self, peer: PeerId, last: Option<(Hash, u128)>) {
        let now = self.now;
        let Some(state) = self.peers.get_mut(&peer) else { return };
        if state.requested.is_some() {
            return;
        }
        state.requested = Some(now);
        state.reached = last.map_or(0, |(_, weight)| weight);
        let mut locator: Vec<Hash> = last.into_iter().map(|(hash, _)| hash).collect();
        locator.extend(self.chain.locator());
        if locator.len() > LOCATOR_MAX {
            // The genesis hash at the end is what two chains surely share.
            locator.swap_remove(LOCATOR_MAX.saturating_sub(1));
        }
        let locator = List::new(locator).unwrap_or_default();
        self.effects.push(Effect::Send(peer, Message::GetBlocks(locator).encode()));
    }

    /// Imports an answer; asks for more while answers lead further.
    pub(super) fn blocks(&mut self, peer: PeerId, blocks: Vec<Block>) -> Result<(), NodeError> {
        let Some(state) = self.peers.get_mut(&peer) else { return Ok(()) };
        if state.requested.take().is_none() {
            self.drop_peer(peer, "sent blocks that nobody asked for");
            return Ok(());
        }
        let reached = state.reached;
        let mut last = None;
        for block in blocks {
            let hash = block.header.hash();
            match self.chain.import(block) {
                Ok(imported) => {
                    last = Some(hash);
                    self.imported(imported)?;
                }
                Err(ImportError::Fatal(error)) => return Err(error),
                Err(ImportError::UnknownParent) => {
                    self.drop_peer(peer, "sent blocks that do not follow one another");
                    return Ok(());
                }
                Err(ImportError::Invalid(error)) => {
                    self.drop_peer(peer, &format!("invalid block: {error}"));
                    return Ok(());
                }
            }
        }
        let Some(last) = last else { return Ok(()) };
        self.learn(peer, &last)?;
        // On a branch that is not the best here, only the peer's own last block leads on; weight that
        // grows from answer to answer keeps a peer from being asked for ever.
        if let Some((_, weight)) = self.chain.place(&last)?.filter(|(_, weight)| *weight > reached) {
            self.request_after(peer, Some((last, weight)));
        }
        Ok(())
    }

    /// Introduces itself again to peers that are silent since they connected, and leaves those that stay so.
    pub(super) fn hello_timer(&mut self) {
        let now = self.now;
        let silent = self.peers.iter().filter(|(_, state)| !state.is_ready() && state.hello_due(now));
        let silent: Vec<_> = silent.map(|(peer, state)| (*peer, state.hellos)).collect();
        for (peer, hellos) in silent {
            if hellos < HELLOS_MAX {
                self.introduce(peer);
            } else {
                self.drop_peer(peer, "never introduced itself");
            }
        }
    }

    /// Asks again where an answer is overdue, and the heaviest peer while it is ahead.
    pub(super) fn sync_timer(&mut self) {
        let now = self.now;
        let overdue = |since: Tick| now.0.saturating_sub(since.0) >= REQUEST_TIMEOUT;
        for state in self.peers.values_mut() {
            if state.requested.is_some_and(overdue) {
                state.requested = None;
            }
        }
        let own = self.chain.head().weight();
        let ahead =
            self.peers.iter().filter_map(|(peer, state)| state.claim.map(|(_, weight)| (weight, *peer)));
        if let Some((_, peer)) = ahead.filter(|(weight, _)| *weight > own).max() {
            self.request_blocks(peer);
        }
    }
}
