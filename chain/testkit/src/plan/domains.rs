//! Networks whose domains have mostly dishonest operators.

use super::{Part, Plan};
use crate::world::domains::{DOMAINS, OPERATORS};
use crate::{Rng, WorldKind};
use auto_operator::Lie;
use std::collections::BTreeMap;

/// Milliseconds that the honest ones are away at most.
const HONEST_AWAY: u64 = 10_000;

impl Plan {
    /// The plan of a seed with one honest operator for each domain, which holds a seventh of the stake; all
    /// others lie, each in its own way. One node is all the honest ones.
    #[must_use]
    pub fn of_liars(seed: u64) -> Self {
        let mut plan = Self::of(seed, 1000);
        let mut rng = Rng::new(seed ^ 0x11a5);
        plan.world = WorldKind::Domains;
        plan.transfers = rng.between(20, 40);
        (plan.between_chains, plan.height) = (6, rng.between(14, 18));
        plan.divisions.truncate(1);
        // A node that has its own farm, so that what it has to say gets into a block though messages are lost.
        let farming = (0..plan.parts.len()).filter(|node| plan.parts[*node].farmer.is_some());
        let early: Vec<usize> = farming.filter(|node| plan.parts[*node].joins_at == 0).collect();
        let honest = early.get(rng.index(early.len())).copied().unwrap_or(0);
        // Nobody else would challenge a wrong receipt in time.
        for outage in plan.outages.iter_mut().filter(|outage| outage.node == honest) {
            outage.lasts = outage.lasts.min(HONEST_AWAY);
        }
        for number in 0..OPERATORS.saturating_mul(u64::from(DOMAINS)) {
            if number.is_multiple_of(OPERATORS) {
                plan.parts[honest].operators.push((number, None));
                continue;
            }
            let lie = Lie::ALL[rng.index(Lie::ALL.len())];
            let others: Vec<usize> = (0..plan.parts.len()).filter(|node| *node != honest).collect();
            plan.parts[others[rng.index(others.len())]].operators.push((number, Some(lie)));
        }
        plan
    }

    /// Numbers of the operators that never lie.
    pub(crate) fn honest(&self) -> Vec<u64> {
        let all = self.parts.iter().flat_map(|Part { operators, .. }| operators);
        all.filter(|(_, lie)| lie.is_none()).map(|(number, _)| *number).collect()
    }

    /// The lies, by the numbers of those who tell them.
    pub(crate) fn lies(&self) -> BTreeMap<u64, Lie> {
        let all = self.parts.iter().flat_map(|Part { operators, .. }| operators);
        all.filter_map(|(number, lie)| Some((*number, (*lie)?))).collect()
    }
}
