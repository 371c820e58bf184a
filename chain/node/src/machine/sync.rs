//! Meeting peers and fetching the blocks that they have and we lack.

use super::{Effect, NodeMachine, Tick};
use crate::peer::Hello;
use crate::{ImportError, Message, NodeError, PeerId};
use auto_core::{Block, BlockNumber, List};
use parity_scale_codec::Encode;

/// Milliseconds after which an unanswered request is made again.
const REQUEST_TIMEOUT: u64 = 10_000;

/// What is known of a peer.
#[derive(Debug, Default)]
pub(super) struct Peer {
    /// Best block that it told of; none before it introduced itself.
    claim: Option<(BlockNumber, u128)>,
    /// Since when blocks are asked of it.
    requested: Option<Tick>,
}

impl Peer {
    pub(super) const fn is_ready(&self) -> bool {
        self.claim.is_some()
    }
}

impl NodeMachine {
    pub(super) fn connected(&mut self, peer: PeerId) {
        self.peers.insert(peer, Peer::default());
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
        if let Some(state) = self.peers.get_mut(&peer) {
            state.claim = Some((hello.number, hello.weight));
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

    pub(super) fn request_blocks(&mut self, peer: PeerId) {
        let now = self.now;
        let Some(state) = self.peers.get_mut(&peer) else { return };
        if state.requested.is_some() {
            return;
        }
        state.requested = Some(now);
        let locator = List::new(self.chain.locator()).unwrap_or_default();
        self.effects.push(Effect::Send(peer, Message::GetBlocks(locator).encode()));
    }

    /// Imports an answer; asks for more while it brings anything new.
    pub(super) fn blocks(&mut self, peer: PeerId, blocks: Vec<Block>) -> Result<(), NodeError> {
        let Some(state) = self.peers.get_mut(&peer) else { return Ok(()) };
        if state.requested.take().is_none() {
            self.drop_peer(peer, "sent blocks that nobody asked for");
            return Ok(());
        }
        let mut grown = false;
        for block in blocks {
            match self.chain.import(block) {
                Ok(imported) => {
                    grown |= !matches!(imported.standing, crate::Standing::Known);
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
        if grown {
            self.request_blocks(peer);
        }
        Ok(())
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
