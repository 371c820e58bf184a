//! The node as a state machine: events in, effects out, no clock, no threads, no sockets.
//!
//! The threads of a running node and the simulation drive this very machine. Everything that takes long
//! or touches the outside (computing a slot, auditing plots, sending) is an effect whose result comes
//! back as an event.

use crate::follower::Follower;
use crate::pool::Pool;
use crate::submissions::SubmissionPool;
use crate::{Chain, ImportError, Imported, Message, NodeError, NodeEvent, PeerId, Standing};
use auto_core::{
    Block, BlockNumber, Hash, HistorySize, KeyPair, List, PotOutput, PotProof, PublicKey, Slot, Solution,
    SolutionRange,
};
use auto_proof_of_time::{ChainLimits, NextInput, Outcome, PotChain};
use parity_scale_codec::Encode;
use std::collections::BTreeMap;
use std::sync::Arc;

mod author;
mod follow;
mod pool;
mod relay;
mod submissions;
mod sync;
#[cfg(test)]
mod tests;

/// Milliseconds since the machine started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Tick(pub u64);

/// What happens to a node.
#[derive(Debug)]
pub enum Event {
    /// A peer is there.
    Connected(PeerId),
    /// A peer is gone.
    Disconnected(PeerId),
    /// A peer sent bytes.
    Message(PeerId, Vec<u8>),
    /// The timekeeper computed a slot.
    TimeProved(PotProof),
    /// A farm found and proved a solution.
    Solved {
        /// The slot that was audited.
        slot: Slot,
        /// The solution.
        solution: Box<Solution>,
    },
    /// Time passed; at least once a second.
    Timer,
}

/// What a node wants done.
#[derive(Debug)]
pub enum Effect {
    /// Bytes to a peer.
    Send(PeerId, Vec<u8>),
    /// No more of this peer, and why.
    Disconnect(PeerId, String),
    /// Compute this slot; the last one asked for counts.
    ProveTime(NextInput),
    /// Audit every farm.
    Audit(Audit),
    /// Something that users may want to know.
    Notify(NodeEvent),
    /// A solution brought no block, and why.
    Missed(Slot, PublicKey, String),
    /// A block of one's own became part of the best chain.
    Won(Slot, PublicKey),
}

/// The challenge of one slot to all farms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audit {
    /// The slot.
    pub slot: Slot,
    /// Its challenge.
    pub challenge: Hash,
    /// The range that a solution has to meet.
    pub range: SolutionRange,
    /// Length of the archived history.
    pub history_size: HistorySize,
}

/// What a node takes part in.
#[derive(Default)]
pub struct Roles {
    /// Computes proof of time.
    pub timekeeper: bool,
    /// Farms with these keys.
    pub farmers: Vec<Arc<KeyPair>>,
    /// Follow the best chain: operators of domains.
    pub followers: Vec<Box<dyn Follower>>,
}

impl std::fmt::Debug for Roles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Roles")
            .field("timekeeper", &self.timekeeper)
            .field("farmers", &self.farmers)
            .field("followers", &self.followers.len())
            .finish()
    }
}

/// A node without its surroundings.
#[derive(Debug)]
pub struct NodeMachine {
    chain: Chain,
    pool: Pool,
    submissions: SubmissionPool,
    time: PotChain,
    roles: Roles,
    followers: follow::Followers,
    follower_trouble: Option<NodeEvent>,
    relay: relay::Relay,
    peers: BTreeMap<PeerId, sync::Peer>,
    candidates: BTreeMap<(Slot, [u8; 32]), author::Candidate>,
    now: Tick,
    head_at: Tick,
    reverted: u64,
    refused: u64,
    effects: Vec<Effect>,
}

impl NodeMachine {
    /// A machine over an open chain.
    #[must_use]
    pub fn new(mut chain: Chain, mut roles: Roles) -> Self {
        let head = chain.head();
        let time = PotChain::new(
            ChainLimits::default(),
            Arc::clone(chain.verified_time()),
            head.time(),
            head.change().copied(),
        );
        let followers = follow::Followers(std::mem::take(&mut roles.followers));
        chain.keep_for(followers.known());
        let mut relay = relay::Relay::default();
        relay.refill(Slot(0), u64::from(chain.params().block_bytes_max));
        let mut machine = Self {
            chain,
            pool: Pool::default(),
            submissions: SubmissionPool::default(),
            time,
            roles,
            followers,
            follower_trouble: None,
            relay,
            peers: BTreeMap::new(),
            candidates: BTreeMap::new(),
            now: Tick(0),
            head_at: Tick(0),
            reverted: 0,
            refused: 0,
            effects: Vec::new(),
        };
        machine.ask_timekeeper();
        machine.audit_again();
        machine
    }

    /// Takes in one event at time `now` and returns what is to be done.
    ///
    /// # Errors
    /// Only when the store fails: the machine must then be dropped and opened anew.
    pub fn step(&mut self, now: Tick, event: Event) -> Result<Vec<Effect>, NodeError> {
        self.now = self.now.max(now);
        match event {
            Event::Connected(peer) => self.connected(peer),
            Event::Disconnected(peer) => {
                self.peers.remove(&peer);
            }
            Event::Message(peer, bytes) => self.message(peer, &bytes)?,
            Event::TimeProved(proof) => {
                let outcome = self.time.on_own_proof(&proof);
                self.time_moved(outcome, &proof, None)?;
                self.ask_timekeeper();
            }
            Event::Solved { slot, solution } => self.solved(slot, *solution)?,
            Event::Timer => {
                self.hello_timer();
                self.sync_timer();
            }
        }
        // A follower that is behind catches up with every event.
        self.feed_followers()?;
        Ok(self.take_effects())
    }

    /// Effects that gathered outside of [`NodeMachine::step`].
    #[must_use]
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The chain.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The pool.
    #[must_use]
    pub const fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The submissions that wait.
    #[must_use]
    pub const fn submissions(&self) -> &SubmissionPool {
        &self.submissions
    }

    /// Last proven slot.
    #[must_use]
    pub fn slot(&self) -> Slot {
        self.time.tip().slot
    }

    /// The output of a slot on the best chain's time; `None` for slots that are not kept or not proven.
    #[must_use]
    pub fn output_at(&self, slot: Slot) -> Option<PotOutput> {
        self.time.output_at(slot)
    }

    /// Number of peers.
    #[must_use]
    pub fn peer_count(&self) -> usize {
        self.peers.len()
    }

    /// When the head was imported.
    #[must_use]
    pub const fn head_at(&self) -> Tick {
        self.head_at
    }

    /// Blocks reverted since the start.
    #[must_use]
    pub const fn reverted(&self) -> u64 {
        self.reverted
    }

    /// Blocks of one's own that this node's own verification refused since the start.
    #[must_use]
    pub const fn refused(&self) -> u64 {
        self.refused
    }

    /// Height and cumulative weight of the best block that a peer told of or sent.
    #[must_use]
    pub fn peer_head(&self, peer: PeerId) -> Option<(BlockNumber, u128)> {
        self.peers.get(&peer).and_then(sync::Peer::claim)
    }

    /// The height that a peer claims beyond one's own, while blocks are being fetched.
    #[must_use]
    pub fn sync_target(&self) -> Option<BlockNumber> {
        self.best_claim().filter(|number| *number > self.chain.head().number())
    }

    fn ask_timekeeper(&mut self) {
        if self.roles.timekeeper {
            self.effects.push(Effect::ProveTime(self.time.next()));
        }
    }

    fn broadcast(&mut self, message: &Message, except: Option<PeerId>) {
        let bytes = message.encode();
        let ready = self.peers.iter().filter(|(peer, state)| Some(**peer) != except && state.is_ready());
        let sends: Vec<Effect> = ready.map(|(peer, _)| Effect::Send(*peer, bytes.clone())).collect();
        self.effects.extend(sends);
    }

    /// New slots: tell the peers, audit, and author what was waiting for them.
    fn time_moved(
        &mut self,
        outcome: Outcome,
        proof: &PotProof,
        from: Option<PeerId>,
    ) -> Result<(), NodeError> {
        match outcome {
            Outcome::Extended { from: first, to } => {
                self.broadcast(&Message::Time(Box::new(*proof)), from);
                self.slots_proven(first, to)?;
                if from.is_some() {
                    self.ask_timekeeper();
                }
            }
            Outcome::AlreadyKnown | Outcome::Buffered | Outcome::Rejected(_) => {}
        }
        for source in self.time.take_exhausted() {
            self.drop_peer(PeerId(source), "too many wrong proofs of time");
        }
        Ok(())
    }

    /// Makes a block part of the chain and passes it on.
    fn import(&mut self, block: Block, from: Option<PeerId>) -> Result<Standing, ImportError> {
        let message = Message::Block(Box::new(block.clone()));
        let imported = self.chain.import(block)?;
        let standing = imported.standing.clone();
        if !matches!(standing, Standing::Known) {
            self.broadcast(&message, from);
        }
        self.imported(imported).map_err(ImportError::Fatal)?;
        Ok(standing)
    }

    /// Takes a block that a peer announced.
    fn announced(&mut self, peer: PeerId, block: Block) -> Result<(), NodeError> {
        let hash = block.header.hash();
        match self.import(block, Some(peer)) {
            Ok(_) => self.learn(peer, &hash)?,
            Err(ImportError::UnknownParent) => self.request_blocks(peer),
            Err(ImportError::Invalid(error)) => self.drop_peer(peer, &format!("invalid block: {error}")),
            Err(ImportError::Fatal(error)) => return Err(error),
        }
        Ok(())
    }

    fn imported(&mut self, imported: Imported) -> Result<(), NodeError> {
        if let Standing::Best { reverted, added } = &imported.standing {
            self.head_at = self.now;
            self.reverted = self.reverted.saturating_add(u64::try_from(reverted.len()).unwrap_or(u64::MAX));
            for block in reverted {
                self.effects.push(Effect::Notify(NodeEvent::BlockReverted { block: *block }));
            }
            for block in added {
                self.effects.push(Effect::Notify(NodeEvent::BlockAdded { block: *block }));
            }
            self.refill_pool(&imported);
            self.refill_submissions(&imported)?;
            self.feed_followers()?;
            self.follow_head()?;
        }
        for index in &imported.segments {
            self.effects.push(Effect::Notify(NodeEvent::SegmentArchived { index: *index }));
        }
        if let Some(block) = imported.confirmed {
            self.effects.push(Effect::Notify(NodeEvent::Confirmed { block }));
        }
        Ok(())
    }

    /// Lets time follow the new head: its entropy may change which slots come next.
    fn follow_head(&mut self) -> Result<(), NodeError> {
        let head = self.chain.head();
        let update = self.time.reset_to(head.time(), head.change().copied());
        if let Some(from) = update.reverted_from {
            let slots = self.candidates.split_off(&(from, [0; 32]));
            for ((slot, key), _) in slots {
                let reason =
                    format!("lost fork: slot {slot} was reverted with the best block's chain of time");
                self.effects.push(Effect::Missed(slot, PublicKey(key), reason));
            }
        }
        self.ask_timekeeper();
        if let Some((from, to)) = update.extended {
            self.slots_proven(from, to)?;
        }
        Ok(())
    }

    fn message(&mut self, peer: PeerId, bytes: &[u8]) -> Result<(), NodeError> {
        let Some(state) = self.peers.get(&peer) else { return Ok(()) };
        let ready = state.is_ready();
        match Message::decode_bytes(bytes) {
            Err(error) => self.drop_peer(peer, &format!("malformed message: {error}")),
            Ok(Message::Hello(hello)) => self.hello(peer, &hello),
            // Its introduction got lost on the way; repeating one's own brings it forth, or ends this.
            Ok(_) if !ready => {}
            Ok(Message::Time(proof)) => {
                let outcome = self.time.on_proof(peer.0, &proof);
                self.time_moved(outcome, &proof, Some(peer))?;
            }
            Ok(Message::Block(block)) => self.announced(peer, *block)?,
            Ok(Message::Transaction(transaction)) => {
                // What a peer passes on may be stale here without anybody being at fault.
                let _ = self.accept(&transaction, Some(peer));
            }
            Ok(Message::Submission(submission)) => {
                let taken = self.accept_submission(&submission, Some(peer));
                taken.map(drop).or_else(|error| if error.is_fatal() { Err(error) } else { Ok(()) })?;
            }
            Ok(Message::GetBlocks(locator)) => {
                let blocks = self.chain.blocks_after(&locator)?;
                let blocks = List::new(blocks).unwrap_or_default();
                self.effects.push(Effect::Send(peer, Message::Blocks(blocks).encode()));
            }
            Ok(Message::Blocks(blocks)) => self.blocks(peer, blocks.into_inner())?,
        }
        Ok(())
    }
}
