//! What the director does about domains.

use super::Simulation;
use crate::Failure;
use crate::checks::domains::open;
use crate::replay::Replay;

impl Simulation {
    /// Somebody sends money by way of a node.
    pub(super) fn pay(&mut self, node: usize) -> Result<(), Failure> {
        let domains = self.world.domains();
        let between_chains = self.highest() < self.plan.between_chains;
        let target = &mut self.nodes[node];
        let effects = if !domains.is_empty() && self.director.rng.chance(60) {
            self.users.pay_on_domain(self.world, target, between_chains)
        } else {
            self.users.transfer(self.world, target, if between_chains { &domains } else { &[] })?
        };
        self.carry_out(node, effects)
    }

    /// What is left to be done on domains.
    pub(super) fn open_on_domains(&self) -> Result<Option<String>, Failure> {
        let Some(first) = self.nodes.first().filter(|_| !self.world.domains().is_empty()) else {
            return Ok(None);
        };
        for node in &self.nodes {
            if let Some(waiting) = self.users.waiting(node)? {
                return Ok(Some(waiting));
            }
        }
        open(self.world, first)
    }

    /// Judges everybody by the chain as it is when it is replayed from genesis.
    pub(super) fn replay_domains(&mut self) -> Result<(), Failure> {
        let Some(first) = self.nodes.first().filter(|_| !self.world.domains().is_empty()) else {
            return Ok(());
        };
        let replay = Replay::of(self.world, first, self.plan.honest())?;
        replay.judge()?;
        for (index, node) in (0..).zip(&self.nodes) {
            replay.compare(index, node)?;
        }
        replay.count(&self.plan.lies(), &mut self.tally);
        Ok(())
    }
}
