//! Proofs that relayers make.

use super::{ConsensusChain, CountedNodes};
use crate::Failure;
use auto_core::{Blob, BlockNumber, ChannelId, DomainId, Hash, ModuleId};
use auto_module::messages::{
    BankTill, CONFIRMED, Confirmed, Message, MessageProof, NOTICE_BYTES_MAX, OUTBOX, Post, Relay, outbox_key,
};
use auto_state::mmr::{MmrLeaf, MmrProof, MmrSource};
use auto_state::{NodeSource, Overlay, Snapshot, StateProof};

impl MmrSource for ConsensusChain {
    fn leaf(&self, index: u64) -> Option<Hash> {
        self.node(0, index)
    }

    fn node(&self, height: u32, index: u64) -> Option<Hash> {
        let level = self.mountains.get(usize::try_from(height).ok()?)?;
        level.get(usize::try_from(index).ok()?).copied()
    }
}

impl ConsensusChain {
    /// The newest block that the mountain range in the header of height `anchor` holds, and the proof of it.
    fn proven(&self, anchor: BlockNumber) -> Result<(MmrLeaf, MmrProof), Failure> {
        let at = BlockNumber(anchor.0.saturating_sub(1));
        let leaf = self.leaf_of(at).copied();
        let proof = MmrProof::new(self, anchor.0, at.0);
        leaf.zip(proof).ok_or_else(|| Failure(format!("block {at} has no proof by that of {anchor}")))
    }

    fn prove(&self, leaf: &MmrLeaf, key: &[u8]) -> Result<StateProof, Failure> {
        let state = Snapshot::new(&self.nodes, leaf.state_root);
        state.prove(key).map_err(|error| Failure::of("a proof of the consensus state", &error))
    }

    /// Puts a notice for a module into the outbox of this chain, which the next block's state holds.
    pub(crate) fn send_notice(
        &mut self,
        (domain, channel): (DomainId, ChannelId),
        module: ModuleId,
        bytes: Blob<NOTICE_BYTES_MAX>,
    ) -> Result<Message, Failure> {
        let params = self.rules().params.clone();
        let mut state = Overlay::new(self.state());
        // A notice moves no money, so any till will do.
        let mut till = BankTill { params: &params };
        let mut post = Post::new(DomainId::CONSENSUS, &params, &mut till);
        let nonce = post
            .notify(&mut state, (domain, channel), module, bytes)
            .map_err(|error| Failure::of("a notice", &error))?;
        let message =
            OUTBOX.get(&state, &(domain, channel, nonce)).map_err(|error| Failure::of("a notice", &error))?;
        let changes = state.into_changes();
        self.write(&changes)?;
        message.ok_or_else(|| Failure("a notice is not in the outbox".to_owned()))
    }

    /// The state that a relay by the header of height `anchor` is proven in: that of the block before.
    ///
    /// # Errors
    /// When there is no such block.
    pub fn state_before(&self, anchor: BlockNumber) -> Result<Snapshot<&CountedNodes>, Failure> {
        let (leaf, _) = self.proven(anchor)?;
        Ok(Snapshot::new(&self.nodes, leaf.state_root))
    }

    /// The block of a domain that was confirmed before the header of height `anchor`.
    ///
    /// # Errors
    /// When the state is damaged or forgotten.
    pub fn confirmed(&self, domain: DomainId, anchor: BlockNumber) -> Result<Option<Confirmed>, Failure> {
        let confirmed = CONFIRMED.get(&self.state_before(anchor)?, &domain);
        confirmed.map_err(|error| Failure::of("a confirmed block", &error))
    }

    /// A message of the consensus chain with its proof, by the header of height `anchor`.
    ///
    /// # Errors
    /// When the state is damaged or forgotten.
    pub fn relay_from_here(&self, message: Message, anchor: BlockNumber) -> Result<Relay, Failure> {
        let (leaf, mmr) = self.proven(anchor)?;
        let key = outbox_key(message.dst, message.channel, message.nonce);
        let proof = MessageProof::Consensus { anchor, leaf, mmr, message: self.prove(&leaf, &key)? };
        Ok(Relay { message, proof })
    }

    /// A message of a domain with its proof, by the header of height `anchor` and by the domain's block that
    /// [`ConsensusChain::confirmed`] gives, out of the domain's nodes.
    ///
    /// # Errors
    /// When a state is damaged or forgotten, or nothing of the domain is confirmed.
    pub fn relay_from_domain(
        &self,
        message: Message,
        anchor: BlockNumber,
        nodes: &impl NodeSource,
    ) -> Result<Relay, Failure> {
        let (leaf, mmr) = self.proven(anchor)?;
        let none = || Failure(format!("nothing of domain {} is confirmed", message.src));
        let there = self.confirmed(message.src, anchor)?.ok_or_else(none)?.state_root;
        let key = outbox_key(message.dst, message.channel, message.nonce);
        let entry = Snapshot::new(nodes, there).prove(&key);
        let entry = entry.map_err(|error| Failure::of("a proof of a domain's state", &error))?;
        let receipt = self.prove(&leaf, &CONFIRMED.key(&message.src))?;
        let proof = MessageProof::Domain { anchor, leaf, mmr, receipt, message: entry };
        Ok(Relay { message, proof })
    }
}
