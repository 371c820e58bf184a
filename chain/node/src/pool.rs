//! Transactions that wait for a block, in order of arrival.
//!
//! A signer's transactions enter in order of nonce without a gap, so arrival order is an order in which
//! they can be included. The fee is fixed by the protocol, so no order earns an author more.
//!
//! What contends for something (`Extension::contends_for`), such as a fraud proof, goes before everything else.
//! Of several that contend for the same only the first to arrive is offered for a block: it makes the others
//! void, and they leave the pool when the block comes. Should it not, they are next.

use auto_core::{Address, Amount, BlockNumber, Hash, Nonce};
use auto_ledger::{CheckedCall, CheckedTransaction, LedgerCall};
use std::collections::{BTreeMap, BTreeSet};

/// Limits of the pool.
#[derive(Debug, Clone, Copy)]
pub struct PoolLimits {
    /// Transactions in all.
    pub transactions: usize,
    /// Encoded bytes in all.
    pub bytes: u64,
    /// Transactions of one signer.
    pub per_signer: usize,
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self { transactions: 8192, bytes: 64 << 20, per_signer: 1024 }
    }
}

/// The transactions that wait.
#[derive(Debug, Default)]
pub struct Pool {
    limits: PoolLimits,
    next: u64,
    bytes: u64,
    queue: BTreeMap<u64, CheckedTransaction>,
    by_hash: BTreeMap<Hash, u64>,
    by_signer: BTreeMap<Address, BTreeMap<Nonce, u64>>,
    /// What those contend for that contend for something.
    contending: BTreeMap<u64, Hash>,
}

/// Why the pool has no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// For anybody.
    Pool,
    /// For this signer.
    Signer,
}

impl Pool {
    /// Number of transactions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// The transaction of this hash, if it waits.
    #[must_use]
    pub fn get(&self, hash: &Hash) -> Option<&CheckedTransaction> {
        self.by_hash.get(hash).and_then(|at| self.queue.get(at))
    }

    /// The most that a signer's waiting transactions may take from its balance.
    #[must_use]
    pub fn committed(&self, signer: &Address) -> Amount {
        let waiting = self.by_signer.get(signer).into_iter().flat_map(BTreeMap::values);
        let costs = waiting.filter_map(|at| self.queue.get(at)).map(cost);
        costs.fold(Amount::ZERO, |sum, cost| {
            sum.checked_add(cost).unwrap_or(Amount::from_base_units(u128::MAX))
        })
    }

    /// The nonce that a signer's next transaction must have, given the account's own.
    #[must_use]
    pub fn next_nonce(&self, signer: &Address, account: Nonce) -> Nonce {
        let last = self.by_signer.get(signer).and_then(|nonces| nonces.keys().next_back());
        last.and_then(|nonce| nonce.checked_add(1)).map_or(account, |next| next.max(account))
    }

    /// Whether there is room for one more of `size` bytes from `signer`.
    pub(crate) fn room(&self, signer: &Address, size: u64) -> Result<(), Full> {
        let own = self.by_signer.get(signer).map_or(0, BTreeMap::len);
        if own >= self.limits.per_signer {
            return Err(Full::Signer);
        }
        let bytes = self.bytes.saturating_add(size);
        if self.queue.len() >= self.limits.transactions || bytes > self.limits.bytes {
            return Err(Full::Pool);
        }
        Ok(())
    }

    /// Appends a transaction whose nonce is [`Pool::next_nonce`], and what it contends for.
    pub(crate) fn push(&mut self, transaction: CheckedTransaction, contends_for: Option<Hash>) {
        self.contending.extend(contends_for.map(|subject| (self.next, subject)));
        let signed = &transaction.signed().transaction;
        self.by_hash.insert(transaction.hash(), self.next);
        self.by_signer.entry(signed.signer.address()).or_default().insert(signed.nonce, self.next);
        self.bytes = self.bytes.saturating_add(transaction.bytes());
        self.queue.insert(self.next, transaction);
        self.next = self.next.saturating_add(1);
    }

    /// Takes every transaction out, in order, so that the caller can offer them again.
    pub(crate) fn drain(&mut self) -> Vec<CheckedTransaction> {
        let queue = std::mem::take(&mut self.queue);
        self.by_hash.clear();
        self.by_signer.clear();
        self.contending.clear();
        self.bytes = 0;
        queue.into_values().collect()
    }

    /// Everything that waits, in the order in which it is offered: first what contends for something, behind
    /// what its signer sent before.
    fn by_urgency(&self) -> impl Iterator<Item = (&u64, &CheckedTransaction)> {
        let mut urgent: BTreeMap<Address, u64> = BTreeMap::new();
        for at in self.contending.keys() {
            if let Some(waiting) = self.queue.get(at) {
                urgent.insert(waiting.signed().transaction.signer.address(), *at);
            }
        }
        let (first, rest): (Vec<_>, Vec<_>) = self.queue.iter().partition(|(at, waiting)| {
            let last = urgent.get(&waiting.signed().transaction.signer.address());
            last.is_some_and(|last| *at <= last)
        });
        first.into_iter().chain(rest)
    }

    /// Transactions in order that may stand in block `number`, up to `bytes` in all.
    #[must_use]
    pub fn candidates(&self, number: BlockNumber, bytes: u64) -> Vec<CheckedTransaction> {
        let mut left = bytes;
        let mut chosen = Vec::new();
        // A signer whose transaction does not fit waits as a whole: the later ones need its nonce.
        let mut held_back = BTreeSet::new();
        let mut contended: BTreeSet<&Hash> = BTreeSet::new();
        for (at, waiting) in self.by_urgency() {
            let transaction = &waiting.signed().transaction;
            let signer = transaction.signer.address();
            if held_back.contains(&signer) {
                continue;
            }
            let subject = self.contending.get(at);
            let is_void = subject.is_some_and(|subject| contended.contains(subject));
            if transaction.expiry < number || waiting.bytes() > left || is_void {
                held_back.insert(signer);
                continue;
            }
            contended.extend(subject);
            left = left.saturating_sub(waiting.bytes());
            chosen.push(waiting.clone());
        }
        chosen
    }
}

/// The most that a transaction may take from its signer.
fn cost(transaction: &CheckedTransaction) -> Amount {
    let calls = transaction.calls().iter().filter_map(CheckedCall::ledger);
    let transfers = calls.filter_map(|call| match call {
        LedgerCall::Transfer { amount, .. } => Some(*amount),
        _ => None,
    });
    transfers.fold(transaction.signed().transaction.fee_limit, |sum, amount| {
        sum.checked_add(amount).unwrap_or(Amount::from_base_units(u128::MAX))
    })
}

#[cfg(test)]
mod tests;
