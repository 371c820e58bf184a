//! Submissions of operators that wait for a block, by rising slot and then in order of arrival.
//!
//! A submission can be included for as long as its slot may be claimed, a few blocks at most, so the pool
//! stays small by itself; limits bound it all the same, in all and for each operator.

use auto_core::{DomainId, Hash, OperatorId, Slot};
use auto_ledger::CheckedSubmission;
use std::collections::BTreeMap;

/// Limits of the pool.
#[derive(Debug, Clone, Copy)]
pub struct SubmissionLimits {
    /// Submissions in all.
    pub submissions: usize,
    /// Encoded bytes in all.
    pub bytes: u64,
    /// Submissions of one operator of one domain.
    pub per_operator: usize,
}

impl Default for SubmissionLimits {
    fn default() -> Self {
        Self { submissions: 1024, bytes: 32 << 20, per_operator: 32 }
    }
}

/// The submissions that wait.
#[derive(Debug, Default)]
pub struct SubmissionPool {
    limits: SubmissionLimits,
    next: u64,
    bytes: u64,
    queue: BTreeMap<(Slot, u64), CheckedSubmission>,
    by_hash: BTreeMap<Hash, (Slot, u64)>,
    by_operator: BTreeMap<(DomainId, OperatorId), usize>,
}

/// Why the pool has no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// For anybody.
    Pool,
    /// For this operator.
    Operator(DomainId, OperatorId),
}

impl SubmissionPool {
    /// Number of submissions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// The submission of this hash, if it waits.
    #[must_use]
    pub fn get(&self, hash: &Hash) -> Option<&CheckedSubmission> {
        self.by_hash.get(hash).and_then(|at| self.queue.get(at))
    }

    /// Submissions in the order in which a block should try them.
    pub fn candidates(&self) -> impl Iterator<Item = &CheckedSubmission> {
        self.queue.values()
    }

    /// Why a submission of `size` bytes of this operator could not enter, if so.
    pub(crate) fn room(&self, domain: DomainId, operator: OperatorId, size: u64) -> Result<(), Full> {
        let own = self.by_operator.get(&(domain, operator)).copied().unwrap_or(0);
        if own >= self.limits.per_operator {
            return Err(Full::Operator(domain, operator));
        }
        let bytes = self.bytes.saturating_add(size);
        if self.queue.len() >= self.limits.submissions || bytes > self.limits.bytes {
            return Err(Full::Pool);
        }
        Ok(())
    }

    /// Appends a submission that is not there yet.
    pub(crate) fn push(&mut self, submission: CheckedSubmission) {
        let election = submission.submission().election();
        let at = (election.slot, self.next);
        let count = self.by_operator.entry((election.domain, election.operator)).or_default();
        *count = count.saturating_add(1);
        self.by_hash.insert(submission.hash(), at);
        self.bytes = self.bytes.saturating_add(submission.bytes());
        self.queue.insert(at, submission);
        self.next = self.next.saturating_add(1);
    }

    /// Takes a submission out.
    pub(crate) fn remove(&mut self, hash: &Hash) -> Option<CheckedSubmission> {
        let at = self.by_hash.remove(hash)?;
        let removed = self.queue.remove(&at)?;
        let election = removed.submission().election();
        let operator = (election.domain, election.operator);
        if let Some(count) = self.by_operator.get_mut(&operator) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.by_operator.remove(&operator);
            }
        }
        self.bytes = self.bytes.saturating_sub(removed.bytes());
        Some(removed)
    }

    /// Takes out every submission whose slot is not after `expired`; gives their hashes.
    pub(crate) fn expire(&mut self, expired: Slot) -> Vec<Hash> {
        let old = self.queue.iter().take_while(|((slot, _), _)| *slot <= expired);
        let old: Vec<Hash> = old.map(|(_, submission)| submission.hash()).collect();
        for hash in &old {
            self.remove(hash);
        }
        old
    }
}

#[cfg(test)]
mod tests;
