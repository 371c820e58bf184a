//! How much that is wrong each source has sent.

use super::ChainLimits;
use auto_core::Slot;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy)]
struct Record {
    strikes: u32,
    last: Slot,
}

/// The sources that sent something wrong lately.
#[derive(Debug, Default)]
pub(super) struct Sources {
    records: BTreeMap<u64, Record>,
    exhausted: Vec<u64>,
}

impl Sources {
    /// Whether a source is not listened to at present; forgives it when its time has come.
    pub(super) fn is_exhausted(&mut self, source: u64, now: Slot, limits: &ChainLimits) -> bool {
        let Some(record) = self.records.get(&source) else { return false };
        if now.0.saturating_sub(record.last.0) >= limits.forgiven_after {
            self.records.remove(&source);
            return false;
        }
        record.strikes >= limits.strikes
    }

    /// Notes something wrong; the longest quiet source makes room.
    pub(super) fn strike(&mut self, source: u64, now: Slot, limits: &ChainLimits) {
        if !self.records.contains_key(&source) && self.records.len() >= limits.sources.max(1) {
            let quiet = self.records.iter().min_by_key(|(_, record)| record.last).map(|(source, _)| *source);
            quiet.and_then(|source| self.records.remove(&source));
        }
        let record = self.records.entry(source).or_insert(Record { strikes: 0, last: now });
        record.strikes = record.strikes.saturating_add(1);
        record.last = now;
        if record.strikes == limits.strikes && self.exhausted.len() < limits.sources.max(1) {
            self.exhausted.push(source);
        }
    }

    pub(super) fn take_exhausted(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.exhausted)
    }
}
