//! Nodes of the newest states of one line of states.

use auto_core::Hash;
use auto_state::{Commit, NodeSource, StateError};
use std::collections::{BTreeMap, VecDeque};

/// Nodes in memory, each counted by the trees that brought it, and forgotten with the last that keeps it.
#[derive(Debug, Clone)]
pub struct CountedNodes {
    nodes: BTreeMap<Hash, (u32, Vec<u8>)>,
    stale: VecDeque<Vec<Hash>>,
    states: usize,
}

impl CountedNodes {
    /// No nodes yet; those of the newest `states` states will be kept.
    #[must_use]
    pub const fn new(states: usize) -> Self {
        Self { nodes: BTreeMap::new(), stale: VecDeque::new(), states }
    }

    /// Goes on to the next state.
    pub fn apply(&mut self, commit: Commit) {
        for (hash, bytes) in commit.fresh {
            let entry = self.nodes.entry(hash).or_insert((0, bytes));
            entry.0 = entry.0.saturating_add(1);
        }
        self.stale.push_back(commit.stale);
        while self.stale.len() > self.states {
            self.stale.pop_front().unwrap_or_default().iter().for_each(|hash| self.release(hash));
        }
    }

    fn release(&mut self, hash: &Hash) {
        let Some((count, _)) = self.nodes.get_mut(hash) else { return };
        *count = count.saturating_sub(1);
        if *count == 0 {
            self.nodes.remove(hash);
        }
    }
}

impl NodeSource for CountedNodes {
    fn node(&self, hash: &Hash) -> Result<Option<Vec<u8>>, StateError> {
        Ok(self.nodes.get(hash).map(|(_, bytes)| bytes.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auto_state::{Changes, EMPTY_ROOT, Snapshot};

    #[test]
    fn the_newest_states_stay_readable_and_older_nodes_go() {
        let (mut nodes, mut roots) = (CountedNodes::new(3), vec![EMPTY_ROOT]);
        for step in 0u8..40 {
            // The same values come back again and again, so that nodes of old states are made anew.
            let changes: Changes =
                (0..8).map(|key| (vec![key], Some(vec![(step / (key + 1)) % 3]))).collect();
            let root = *roots.last().expect("one at least");
            let commit = Snapshot::new(&nodes, root).commit(&changes).expect("kept");
            roots.push(commit.root);
            nodes.apply(commit);
            for root in roots.iter().rev().take(3).filter(|root| **root != EMPTY_ROOT) {
                assert!(
                    (0..8).all(|key| Snapshot::new(&nodes, *root).get(&[key]).is_ok_and(|v| v.is_some()))
                );
            }
        }
        assert!(nodes.nodes.len() <= 4 * 15, "{} nodes for four states of eight keys", nodes.nodes.len());
    }
}
