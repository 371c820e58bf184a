//! Telling followers of blocks, slots and transactions of their domains.

use super::{Effect, NodeMachine};
use crate::follower::{FollowedBlock, FollowedHead, Follower, FollowerEffect};
use crate::{Message, NodeError, NodeEvent, PeerId};
use auto_core::{BlockNumber, DomainId, EXTRINSIC_BYTES_MAX, ErrorCode, Hash, SignedTransaction, Slot};
use auto_ledger::LedgerError;
use parity_scale_codec::Encode;

/// Blocks that one follower is told of at once: one that is far behind must not hold the node up.
const BLOCKS: usize = 32;
/// Slots that are told of at once, the last ones.
const SLOTS: u64 = 64;

/// The followers of a node.
#[derive(Default)]
pub(super) struct Followers(pub(super) Vec<Box<dyn Follower>>);

impl Followers {
    /// Heights of the last blocks that they know.
    pub(super) fn known(&self) -> impl Iterator<Item = BlockNumber> {
        self.0.iter().map(|follower| follower.last().map_or(BlockNumber(0), |last| last.number))
    }
}

impl std::fmt::Debug for Followers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Followers").field(&self.0.len()).finish()
    }
}

impl NodeMachine {
    /// Tells every follower of the blocks that it lacks, some at a time.
    pub(super) fn feed_followers(&mut self) -> Result<(), NodeError> {
        let mut followers = std::mem::take(&mut self.followers);
        let mut results = Vec::new();
        for follower in &mut followers.0 {
            results.push(self.feed(&mut **follower));
        }
        self.chain.keep_for(followers.known());
        self.followers = followers;
        for (at, (effects, error)) in results.into_iter().enumerate() {
            self.follower_effects(at, effects)?;
            self.follower_failed(error)?;
        }
        Ok(())
    }

    fn feed(&self, follower: &mut dyn Follower) -> (Vec<FollowerEffect>, Option<NodeError>) {
        let mut effects = Vec::new();
        let missing = match self.chain.missing(follower.last(), BLOCKS) {
            Ok(missing) => missing,
            Err(error) => return (effects, Some(error)),
        };
        for hash in missing {
            let told = self.chain.followed(&hash).and_then(|parts| {
                let state = self.chain.state_at(&parts.header);
                follower.imported(&FollowedBlock::new(&parts, &state))
            });
            match told {
                Ok(more) => effects.extend(more),
                Err(error) => return (effects, Some(error)),
            }
        }
        (effects, None)
    }

    /// Tells the followers that know the head of proven slots.
    pub(super) fn tell_slots(&mut self, from: Slot, to: Slot) -> Result<(), NodeError> {
        self.relay.refill(to, u64::from(self.chain.params().block_bytes_max));
        if self.followers.0.is_empty() {
            return Ok(());
        }
        self.feed_followers()?;
        let head = self.chain.head();
        let (number, hash, future_slot) = (head.number(), head.hash(), head.future_slot());
        let first = from.0.max(future_slot.0.saturating_add(1)).max(to.0.saturating_sub(SLOTS - 1));
        let id = crate::BlockId { number, hash };
        let mut followers = std::mem::take(&mut self.followers);
        let mut results = Vec::new();
        let told = self.chain.followed_header(&hash).map(|header| {
            let state = self.chain.state_at(&header);
            let confirmed = self.chain.confirmed();
            let head = FollowedHead { id, header: &header, future_slot, confirmed, state: &state };
            for slot in (first..=to.0).map(Slot) {
                let Some(output) = self.time.output_at(slot) else { continue };
                let ready = followers.0.iter_mut().enumerate();
                let ready = ready.filter(|(_, follower)| follower.last() == Some(id));
                results.extend(ready.map(|(at, follower)| (at, follower.slot(slot, &output, &head))));
            }
        });
        self.followers = followers;
        told?;
        for (at, result) in results {
            match result {
                Ok(effects) => self.follower_effects(at, effects)?,
                Err(error) => self.follower_failed(Some(error))?,
            }
        }
        Ok(())
    }

    /// Does what the follower of a position wants.
    fn follower_effects(&mut self, at: usize, effects: Vec<FollowerEffect>) -> Result<(), NodeError> {
        for effect in effects {
            let done = match effect {
                FollowerEffect::Submit(submission) => self.accept_submission(&submission, None),
                FollowerEffect::SubmitTransaction(transaction) => {
                    let done = self.accept(&transaction, None);
                    let refused = !matches!(done, Ok(_) | Err(NodeError::AlreadyInPool { .. }));
                    if let Some(follower) = self.followers.0.get_mut(at).filter(|_| refused) {
                        follower.refused(&transaction);
                    }
                    done
                }
                FollowerEffect::Notify(event) => {
                    self.effects.push(Effect::Notify(event));
                    continue;
                }
            };
            match done {
                // A follower that is told of a block again asks for the same again.
                Ok(_) | Err(NodeError::AlreadyInPool { .. }) => {}
                Err(error) => self.follower_failed(Some(error))?,
            }
        }
        Ok(())
    }

    /// Tells users of an error once, until another one comes.
    fn follower_failed(&mut self, error: Option<NodeError>) -> Result<(), NodeError> {
        let Some(error) = error else { return Ok(()) };
        if error.is_fatal() {
            return Err(error);
        }
        let event = NodeEvent::FollowerFailed { code: error.code().to_owned(), reason: error.to_string() };
        if self.follower_trouble.as_ref() != Some(&event) {
            self.effects.push(Effect::Notify(event.clone()));
            self.follower_trouble = Some(event);
        }
        Ok(())
    }

    /// Takes a transaction of a domain: to the followers that want it, and on to the peers.
    pub(super) fn accept_for_domain(
        &mut self,
        transaction: &SignedTransaction,
        from: Option<PeerId>,
    ) -> Result<Hash, NodeError> {
        let domain = transaction.transaction.domain;
        if self.chain.rules().is_plain() {
            return Err(NodeError::Ledger(LedgerError::WrongDomain(domain)));
        }
        let known = transaction.hash();
        if self.relay.knows(&known) {
            return Err(NodeError::AlreadyInPool { hash: known });
        }
        let size = transaction.encoded_size();
        if size > EXTRINSIC_BYTES_MAX {
            return Err(NodeError::BodyTooLarge { size, limit: EXTRINSIC_BYTES_MAX });
        }
        transaction.verify(&self.chain.genesis_hash()).map_err(|_| NodeError::DomainSignature)?;
        let hash = match self.offer(domain, transaction) {
            Some(answer) => answer?,
            // Nobody here can tell whether the signer pays, so what is passed on is bounded.
            None if self.relay.spend(u64::try_from(size).unwrap_or(u64::MAX)) => known,
            None => return Err(NodeError::RelayBusy),
        };
        self.relay.remember(known);
        self.broadcast(&Message::Transaction(Box::new(transaction.clone())), from);
        Ok(hash)
    }

    /// What the followers of a domain say; the first that takes it counts. `None` without any.
    fn offer(
        &mut self,
        domain: DomainId,
        transaction: &SignedTransaction,
    ) -> Option<Result<Hash, NodeError>> {
        let mut answer = None;
        for follower in self.followers.0.iter_mut().filter(|follower| follower.wants(domain)) {
            let own = follower.transaction(transaction);
            if !matches!(answer, Some(Ok(_))) {
                answer = Some(own);
            }
        }
        answer
    }
}
