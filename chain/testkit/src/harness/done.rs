//! A block that was run, and how to read it.

use auto_core::{Amount, Hash, ModuleId, OpaqueExtrinsic, decode_strict, extrinsic_hash};
use auto_domains::derive::Derived;
use auto_module::{Executed, Module, ModuleEvent, Outcome};

/// A transaction as bundles carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tx {
    bytes: OpaqueExtrinsic,
    hash: Hash,
}

impl Tx {
    /// Bytes of any kind.
    #[must_use]
    pub fn raw(bytes: OpaqueExtrinsic) -> Self {
        let hash = extrinsic_hash(&bytes);
        Self { bytes, hash }
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &OpaqueExtrinsic {
        &self.bytes
    }

    /// Its hash.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }
}

/// What became of a block.
#[derive(Debug, Clone)]
pub struct Done {
    pub(super) derived: Derived,
    /// Transactions that no honest operator offers, with the code of the reason.
    pub(super) refused: Vec<(Hash, &'static str)>,
    pub(super) lies: usize,
    pub(super) at_the_door: usize,
    pub(super) longest_proof: usize,
}

impl Done {
    /// The derivation: receipt, order, steps.
    #[must_use]
    pub const fn derived(&self) -> &Derived {
        &self.derived
    }

    /// What a transaction did; `None` when no operator offered it.
    #[must_use]
    pub fn executed(&self, tx: &Tx) -> Option<&Executed> {
        self.derived.executed.iter().find(|executed| executed.hash == tx.hash())
    }

    /// How a transaction ended; `None` when no operator offered it.
    #[must_use]
    pub fn outcome(&self, tx: &Tx) -> Option<&Outcome> {
        self.executed(tx).map(|executed| &executed.outcome)
    }

    /// Whether a transaction took effect.
    #[must_use]
    pub fn applied(&self, tx: &Tx) -> bool {
        self.outcome(tx) == Some(&Outcome::Applied)
    }

    /// Whether every transaction took effect.
    #[must_use]
    pub fn all_applied(&self) -> bool {
        self.refused.is_empty() && self.derived.executed.iter().all(|done| done.outcome == Outcome::Applied)
    }

    /// The code of why a transaction failed or was skipped in the block; `None` when it took effect, or no
    /// operator offered it.
    #[must_use]
    pub fn code(&self, tx: &Tx) -> Option<&'static str> {
        match self.outcome(tx)? {
            Outcome::Applied => None,
            Outcome::Failed { code, .. } | Outcome::Skipped { code } => Some(code),
        }
    }

    /// The code of why no operator offers a transaction.
    #[must_use]
    pub fn refusal(&self, tx: &Tx) -> Option<&'static str> {
        self.refused.iter().find(|(hash, _)| *hash == tx.hash()).map(|(_, code)| *code)
    }

    /// What the signer paid; nothing when it was not offered or skipped.
    #[must_use]
    pub fn fee(&self, tx: &Tx) -> Amount {
        self.executed(tx).map_or(Amount::ZERO, |executed| executed.fee)
    }

    /// What happened in module `M` through a transaction.
    ///
    /// # Panics
    /// When the module emits what it cannot decode.
    #[must_use]
    pub fn events_of<M: Module>(&self, tx: &Tx) -> Vec<M::Event> {
        self.executed(tx).map_or_else(Vec::new, |executed| decoded::<M>(&executed.events))
    }

    /// What happened in module `M` at the end of the block.
    ///
    /// # Panics
    /// When the module emits what it cannot decode.
    #[must_use]
    pub fn ended_with<M: Module>(&self) -> Vec<M::Event> {
        decoded::<M>(&self.derived.finalized)
    }

    /// Modules whose end of the block failed, so that what they wrote there was dropped.
    #[must_use]
    pub fn failed_at_the_end(&self) -> Vec<ModuleId> {
        use auto_module::RuntimeEvent;
        let own = self.derived.finalized.iter().filter(|event| event.module == RuntimeEvent::MODULE);
        own.filter_map(|event| decode_strict(&event.payload, event.payload.len()).ok())
            .map(|RuntimeEvent::EndBlockFailed { module, .. }| module)
            .collect()
    }

    /// Lies about the block that were told and proven wrong.
    #[must_use]
    pub const fn lies_proven(&self) -> usize {
        self.lies
    }

    /// Those of them that the consensus chain does not even take, since they move more money than there is.
    #[must_use]
    pub const fn refused_at_the_door(&self) -> usize {
        self.at_the_door
    }

    /// Bytes of the longest proof.
    #[must_use]
    pub const fn longest_proof(&self) -> usize {
        self.longest_proof
    }
}

fn decoded<M: Module>(events: &[ModuleEvent]) -> Vec<M::Event> {
    let own = events.iter().filter(|event| event.module == M::ID);
    own.map(|event| {
        decode_strict(&event.payload, event.payload.len())
            .expect("holds unless encoding and decoding of the module's events differ")
    })
    .collect()
}
