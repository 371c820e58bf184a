//! Proofs that relayers of the world make.

use super::World;
use auto_core::{BlockNumber, Hash};
use auto_module::messages::{CONFIRMED, Message, MessageProof, Relay, outbox_key};
use auto_state::mmr::{MmrLeaf, MmrProof, MmrSource};
use auto_state::{MemoryNodes, Snapshot, StateProof};

struct Leaves<'a>(&'a [MmrLeaf]);

impl MmrSource for Leaves<'_> {
    fn leaf(&self, index: u64) -> Option<Hash> {
        self.0.get(usize::try_from(index).ok()?).map(MmrLeaf::hash)
    }
}

impl World {
    /// The leaf of a block, and its proof under the root that the header of height `anchor` names.
    pub(crate) fn leaf(&self, at: BlockNumber, anchor: BlockNumber) -> (MmrLeaf, MmrProof) {
        let proof = MmrProof::new(&Leaves(&self.leaves), anchor.0, at.0).expect("a leaf before the anchor");
        (self.leaves[usize::try_from(at.0).expect("small")], proof)
    }

    /// Proves the value of a key of the consensus state after block `at`.
    pub(crate) fn state_proof(&self, at: BlockNumber, key: &[u8]) -> StateProof {
        let root = self.leaves[usize::try_from(at.0).expect("small")].state_root;
        Snapshot::new(&self.nodes, root).prove(key).expect("known")
    }

    /// A message of the consensus chain with its proof: in the state after block `at`, by the root that the
    /// newest block's header names.
    pub(crate) fn relay_from_consensus(&self, message: Message, at: BlockNumber) -> Relay {
        let anchor = self.number;
        let (leaf, mmr) = self.leaf(at, anchor);
        let key = outbox_key(message.dst, message.channel, message.nonce);
        let proof = MessageProof::Consensus { anchor, leaf, mmr, message: self.state_proof(at, &key) };
        Relay { message, proof }
    }

    /// A message of a domain with its proof: in the state of the domain's block that is confirmed in the
    /// state before the newest block, by the root that the newest block's header names.
    pub(crate) fn relay_from_domain(&self, message: Message, nodes: &MemoryNodes) -> Relay {
        let at = BlockNumber(self.number.0 - 1);
        let root = self.leaves[usize::try_from(at.0).expect("small")].state_root;
        let confirmed = CONFIRMED.get(&Snapshot::new(&self.nodes, root), &message.src).expect("sound");
        let there = confirmed.expect("a confirmed block").state_root;
        self.relay_from_root(message, nodes, there)
    }

    /// The same, with the message proven in another state of the domain.
    pub(crate) fn relay_from_root(&self, message: Message, nodes: &MemoryNodes, root: Hash) -> Relay {
        let (at, anchor) = (BlockNumber(self.number.0 - 1), self.number);
        let key = outbox_key(message.dst, message.channel, message.nonce);
        let there = Snapshot::new(nodes, root).prove(&key).expect("known");
        let (leaf, mmr) = self.leaf(at, anchor);
        let receipt = self.state_proof(at, &CONFIRMED.key(&message.src));
        Relay { message, proof: MessageProof::Domain { anchor, leaf, mmr, receipt, message: there } }
    }
}
