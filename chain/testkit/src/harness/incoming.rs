//! What other chains send to the domain.

use super::{DomainHarness, Tx};
use auto_core::{Blob, ChannelId};
use auto_module::{Extrinsic, INHERENT, Module};

impl DomainHarness {
    /// A notice to module `M` that the consensus chain holds in its outbox, ready to be relayed in the next
    /// block; the channel is the one that [`auto_module::messages::MessagesGenesis`] establishes. The domain
    /// makes a block meanwhile, by which it knows the root that the proof leads to.
    ///
    /// The consensus chain has no module that sends notices, so this one is put there behind its back.
    ///
    /// # Panics
    /// When the notice is too long, or there is no channel to the consensus chain.
    pub fn notice<M: Module>(&mut self, bytes: &[u8]) -> Tx {
        let bytes = Blob::new(bytes.to_vec()).expect("holds because a test's notices are short");
        let place = (self.domain, ChannelId(0));
        let message = self.chain.send_notice(place, M::ID, bytes).expect("holds because the channel is open");
        self.chain.idle(1).expect("holds because empty blocks are valid");
        self.advance(1);
        let inherent = INHERENT.get(&self.contents).expect("holds because only the runtime writes it");
        let anchor = inherent.expect("holds because there was a block").consensus_number;
        let relay = self.chain.relay_from_here(message, anchor);
        Tx::of(&Extrinsic::Message(Box::new(relay.expect("holds because the state is among the newest"))))
    }
}
