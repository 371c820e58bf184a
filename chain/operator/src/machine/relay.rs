//! Relaying messages between the chains that are followed here.
//!
//! A message is delivered once its destination knows a root of the mountain range under which it can be
//! proven. For a domain that is the root of its newest block, so a domain for which a message waits needs
//! another block; see [`Operator::slot`].

use super::Operator;
use crate::account::Goal;
use crate::records::{Known, Tip};
use crate::{ConsensusBlock, OperatorError};
use auto_core::{Address, BlockNumber, ChannelId, DomainId, Hash, Nonce, decode_strict};
use auto_domains::DomainsCall;
use auto_module::messages::{
    CHANNELS, CONFIRMED, Channel, Confirmed, Message, MessageProof, OUTBOX, Relay, outbox_key,
};
use auto_module::{Extrinsic, INHERENT};
use auto_state::mmr::{MmrLeaf, MmrProof};
use auto_state::{Snapshot, StateError, StateProof, StateRead};
use auto_store::StateNodes;

/// Identity of a message that is to be relayed.
pub(super) type Wanted = Hash;

/// Messages of one channel that are under way to one chain.
const UNDERWAY_MAX: u64 = 16;
/// Blocks within which the first try of several relayers of one message is spread.
const SPREAD: u8 = 3;

/// A consensus block before the anchor, and its proof.
struct Anchor {
    number: BlockNumber,
    leaf: MmrLeaf,
    mmr: MmrProof,
}

/// One direction of a channel that has messages to deliver.
struct Lane {
    src: DomainId,
    dst: DomainId,
    channel: ChannelId,
    from: Nonce,
    to: Nonce,
}

/// What a missing node means: the state is gone, so nothing can be proven under it.
fn unless_gone<T>(result: Result<T, StateError>) -> Result<Option<T>, OperatorError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(StateError::Missing(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The channels of a chain with a peer, those that either opened.
fn channels(state: &dyn StateRead, peer: DomainId) -> Result<Vec<(ChannelId, Channel)>, OperatorError> {
    let mut found = Vec::new();
    for parity in 0..2 {
        for id in (parity..).step_by(2).map(ChannelId) {
            match CHANNELS.get(state, &(peer, id))? {
                Some(side) => found.push((id, side)),
                None => break,
            }
        }
    }
    Ok(found)
}

/// The lanes from one chain to another in which something is to be delivered.
fn lanes(
    (src, there): (DomainId, &dyn StateRead),
    (dst, here): (DomainId, &dyn StateRead),
) -> Result<Vec<Lane>, OperatorError> {
    let mut lanes = Vec::new();
    for (channel, side) in channels(there, dst)? {
        let from = CHANNELS.get(here, &(src, channel))?.map_or(Nonce(0), |side| side.next_inbox);
        let to = side.next_outbox.min(Nonce(from.0.saturating_add(UNDERWAY_MAX)));
        if from < to {
            lanes.push(Lane { src, dst, channel, from, to });
        }
    }
    Ok(lanes)
}

impl Operator {
    /// Brings messages that can be proven to where they go, each once while it is on its way.
    pub(super) fn relay_messages(&mut self, block: &ConsensusBlock<'_>) -> Result<(), OperatorError> {
        self.waiting.clear();
        if !self.config.relay {
            return Ok(());
        }
        let known = self.known()?;
        let mut waiting = Vec::new();
        for dst in &known.tips {
            if self.relay_to_domain(block, &known, dst)? {
                waiting.push(dst.domain);
            }
        }
        self.waiting = waiting;
        self.relay_to_consensus(block, &known)
    }

    /// Fills a domain's pool; says whether a message waits for the domain's next block.
    fn relay_to_domain(
        &self,
        block: &ConsensusBlock<'_>,
        known: &Known,
        dst: &Tip,
    ) -> Result<bool, OperatorError> {
        let here = self.state_of(dst);
        let mut open = lanes((DomainId::CONSENSUS, block.state), (dst.domain, &here))?;
        for src in known.tips.iter().filter(|src| src.domain != dst.domain) {
            open.extend(lanes((src.domain, &self.state_of(src)), (dst.domain, &here))?);
        }
        if open.is_empty() {
            return Ok(false);
        }
        let anchor = match INHERENT.get(&here)? {
            Some(inherent) => self.anchor(inherent.consensus_number)?,
            None => None,
        };
        let mut waits = false;
        for lane in &open {
            for nonce in (lane.from.0..lane.to.0).map(Nonce) {
                if self.pool_has(lane, nonce) {
                    continue;
                }
                let relay = match &anchor {
                    Some(anchor) => self.proven(anchor, lane, nonce)?,
                    None => None,
                };
                let Some(relay) = relay else {
                    waits |= self.is_provable_next(block, lane, nonce)?;
                    break;
                };
                match self.admit(block.state, dst, Extrinsic::Message(Box::new(relay))) {
                    Err(error) if error.is_fatal() => return Err(error),
                    Err(_) => break,
                    Ok(_) => {}
                }
            }
        }
        Ok(waits)
    }

    fn pool_has(&self, lane: &Lane, nonce: Nonce) -> bool {
        let payload = auto_module::messages::Payload::Open;
        let Lane { src, dst, channel, .. } = *lane;
        // Only source, channel and nonce count.
        let probe = Message { src, dst, channel, nonce, received: Nonce(0), payload };
        self.pool_holds(dst, &probe)
    }

    /// Whether a block of the destination after this consensus block would know a root that proves it.
    fn is_provable_next(
        &self,
        block: &ConsensusBlock<'_>,
        lane: &Lane,
        nonce: Nonce,
    ) -> Result<bool, OperatorError> {
        let key = (lane.dst, lane.channel, nonce);
        if lane.src == DomainId::CONSENSUS {
            return Ok(OUTBOX.get(block.state, &key)?.is_some());
        }
        let Some(confirmed) = CONFIRMED.get(block.state, &lane.src)? else { return Ok(false) };
        let state = Snapshot::new(self.nodes(), confirmed.state_root);
        let entry = unless_gone(state.get(&outbox_key(lane.dst, lane.channel, nonce)))?;
        Ok(entry.flatten().is_some())
    }

    fn relay_to_consensus(&mut self, block: &ConsensusBlock<'_>, known: &Known) -> Result<(), OperatorError> {
        let Some(address) = self.account.as_ref().map(crate::account::Account::address) else {
            return Ok(());
        };
        let mut found: Vec<Relay> = Vec::new();
        let anchor = self.anchor(block.number)?;
        for src in &known.tips {
            let there = self.state_of(src);
            for lane in lanes((src.domain, &there), (DomainId::CONSENSUS, block.state))? {
                for nonce in (lane.from.0..lane.to.0).map(Nonce) {
                    let relay =
                        anchor.as_ref().map(|anchor| self.proven(anchor, &lane, nonce)).transpose()?;
                    let Some(relay) = relay.flatten() else { break };
                    found.push(relay);
                }
            }
        }
        let wanted: Vec<Hash> = found.iter().map(|relay| relay.message.hash()).collect();
        self.seen.retain(|hash, _| wanted.contains(hash));
        let Some(account) = &mut self.account else { return Ok(()) };
        let still = |goal: &Goal| match goal {
            Goal::Relay(hash) => wanted.contains(hash),
            Goal::Fraud(_) => true,
        };
        account.settle(block.state, block.number, still)?;
        for (hash, relay) in wanted.iter().zip(found) {
            let seen = *self.seen.entry(*hash).or_insert(block.number);
            let goal = Goal::Relay(*hash);
            if account.is_pending(&goal) {
                continue;
            }
            // Several relayers pay for one delivery, unless they give way to one another.
            if seen.0.saturating_add(u64::from(turn(&address, hash))) > block.number.0 {
                continue;
            }
            let call = DomainsCall::RelayMessage(Box::new(relay));
            account.sign(&self.config.rules, block.state, block.number, goal, call)?;
        }
        Ok(())
    }

    /// The block before a height of the branch that is followed, with its proof under the root that the header
    /// of that height names; `None` when it is not known any more.
    fn anchor(&self, number: BlockNumber) -> Result<Option<Anchor>, OperatorError> {
        // Of the first block nothing but its domains is known.
        let Some(before) = number.checked_sub(1).filter(|before| before.0 > 0) else { return Ok(None) };
        if before < self.last.finalized || number > self.last.number {
            return Ok(None);
        }
        let block_hash = self.ancestor(before)?;
        let Some(known) = self.records().known(before, &block_hash)? else { return Ok(None) };
        let leaf = MmrLeaf { number: before, block_hash, state_root: known.state_root };
        let mmr = MmrProof::new(&self.records(), number.0, before.0);
        Ok(mmr.map(|mmr| Anchor { number, leaf, mmr }))
    }

    /// A message with its proof, if the anchor's leaf proves it.
    fn proven(&self, anchor: &Anchor, lane: &Lane, nonce: Nonce) -> Result<Option<Relay>, OperatorError> {
        let leaf = Snapshot::new(self.nodes(), anchor.leaf.state_root);
        let key = outbox_key(lane.dst, lane.channel, nonce);
        let (number, mmr) = (anchor.number, anchor.mmr.clone());
        if lane.src == DomainId::CONSENSUS {
            let Some((message, proof)) = entry::<Message>(&leaf, &key)? else { return Ok(None) };
            let proof = MessageProof::Consensus { anchor: number, leaf: anchor.leaf, mmr, message: proof };
            return Ok(Some(Relay { message, proof }));
        }
        let confirmed = entry::<Confirmed>(&leaf, &CONFIRMED.key(&lane.src))?;
        let Some((confirmed, receipt)) = confirmed else { return Ok(None) };
        let there = Snapshot::new(self.nodes(), confirmed.state_root);
        let Some((message, sent)) = entry::<Message>(&there, &key)? else { return Ok(None) };
        let proof = MessageProof::Domain { anchor: number, leaf: anchor.leaf, mmr, receipt, message: sent };
        Ok(Some(Relay { message, proof }))
    }
}

/// The value of a key with its proof; `None` when there is none, or the state is gone.
fn entry<T: parity_scale_codec::Decode>(
    state: &Snapshot<StateNodes<'_>>,
    key: &[u8],
) -> Result<Option<(T, StateProof)>, OperatorError> {
    let Some(proof) = unless_gone(state.prove(key))? else { return Ok(None) };
    let Some(value) = proof.verify(&state.root(), key)? else { return Ok(None) };
    let damaged = |error| OperatorError::Damaged { what: "message", error };
    let value = decode_strict(&value, value.len()).map_err(damaged)?;
    Ok(Some((value, proof)))
}

/// How many blocks a relayer lets others go first.
fn turn(address: &Address, message: &Hash) -> u8 {
    let [first, ..] = auto_core::hash(&[address.0, message.0].concat()).0;
    first % SPREAD
}
