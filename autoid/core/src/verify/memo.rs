use alloc::collections::BTreeSet;

use crate::GrantId;
use crate::keys::PublicKey;

/// That a key signed a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignatureFact {
    /// The grant.
    pub grant: GrantId,
    /// The key.
    pub key: PublicKey,
}

/// Remembers signatures that were verified.
pub trait Memo {
    /// Whether the signature was verified before.
    fn knows(&self, fact: &SignatureFact) -> bool;

    /// Remembers a signature that was verified.
    fn learn(&mut self, fact: SignatureFact);
}

/// Remembers nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMemo;

impl Memo for NoMemo {
    fn knows(&self, _: &SignatureFact) -> bool {
        false
    }

    fn learn(&mut self, _: SignatureFact) {}
}

/// Remembers up to a number of signatures, and then starts anew.
#[derive(Debug, Clone)]
pub struct Remembered {
    facts: BTreeSet<SignatureFact>,
    limit: usize,
}

impl Remembered {
    /// An empty memory for `limit` signatures.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { facts: BTreeSet::new(), limit }
    }
}

impl Memo for Remembered {
    fn knows(&self, fact: &SignatureFact) -> bool {
        self.facts.contains(fact)
    }

    fn learn(&mut self, fact: SignatureFact) {
        if self.facts.len() >= self.limit {
            self.facts.clear();
        }
        self.facts.insert(fact);
    }
}
