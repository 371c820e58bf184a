//! The director: carries out the plan, and tells when the network has come to rest.

use super::{Happening, Simulation};
use crate::node::SimNode;
use crate::{Failure, Rng, WorldKind, plot_sector};
use auto_consensus::ChainState;
use auto_core::{Hash, HistorySize};
use auto_farmer::PlotReason;

/// Milliseconds after which the main part ends whatever was built.
const MAIN_MS: u64 = 900_000;
/// Milliseconds in which an undisturbed network must come to rest.
const REST_MS: u64 = 400_000;
/// Milliseconds that an undisturbed network is left alone at least.
const CALM_MS: u64 = 15_000;

/// Where the plan stands.
#[derive(Debug)]
pub(super) struct Director {
    pub(super) rng: Rng,
    /// Divisions that have begun.
    begun: usize,
    /// When the present division began, and the highest block that all nodes had then.
    divided: Option<(u64, u64)>,
    /// Whether the last division left the sides with different blocks.
    apart: bool,
    /// Nodes that are about to be refused a write.
    refusals: std::collections::BTreeMap<usize, u64>,
    /// Nodes that will come back.
    away: std::collections::BTreeSet<usize>,
    /// Since when the network is left alone.
    calm: Option<u64>,
    /// Whether the network has come to rest.
    pub(super) at_rest: bool,
}

impl Director {
    pub(super) const fn new(rng: Rng) -> Self {
        Self {
            rng,
            begun: 0,
            divided: None,
            apart: false,
            refusals: std::collections::BTreeMap::new(),
            away: std::collections::BTreeSet::new(),
            calm: None,
            at_rest: false,
        }
    }

    /// Whether a node may fail now because its disk refuses a write.
    pub(super) fn expects_refusal(&self, node: usize) -> bool {
        self.refusals.contains_key(&node)
    }
}

impl Simulation {
    /// Once a virtual second.
    pub(super) fn direct(&mut self) -> Result<(), Failure> {
        self.after(1000, Happening::Direct);
        self.join()?;
        if self.director.calm.is_some() {
            return self.await_rest();
        }
        self.divide_or_heal();
        if self.director.rng.between(0, 99) < self.plan.transfers {
            let up: Vec<usize> = (0..self.nodes.len()).filter(|node| self.nodes[*node].is_up()).collect();
            if let Some(node) = up.get(self.director.rng.index(up.len())).copied() {
                self.pay(node)?;
            }
        }
        let over = self.now >= MAIN_MS;
        let divisions_over =
            self.director.divided.is_none() && self.director.begun == self.plan.divisions.len();
        if over || (divisions_over && self.highest() >= self.plan.height) {
            self.calm_down();
        }
        Ok(())
    }

    pub(super) fn highest(&self) -> u64 {
        self.nodes.iter().map(SimNode::height).max().unwrap_or(0)
    }

    /// Starts the nodes whose time has come.
    fn join(&mut self) -> Result<(), Failure> {
        let highest = self.highest();
        for node in 0..self.nodes.len() {
            let waiting = &self.nodes[node];
            let due = waiting.part.joins_at <= highest || self.director.calm.is_some();
            if !waiting.started && due {
                if waiting.part.joins_at > 0 {
                    self.tally.joined = self.tally.joined.saturating_add(1);
                }
                self.start(node)?;
            }
        }
        Ok(())
    }

    /// A node opens what it has stored and meets the others.
    pub(super) fn start(&mut self, node: usize) -> Result<(), Failure> {
        let now = self.now;
        let Some(target) = self.nodes.get_mut(node).filter(|target| !target.is_up()) else { return Ok(()) };
        let effects = target.start(self.world, now)?;
        let life = target.life;
        self.director.away.remove(&node);
        self.carry_out(node, effects)?;
        self.after(1000, Happening::Timer { node, life });
        for other in 0..self.nodes.len() {
            let delay = self.network.delay();
            self.after(delay, Happening::Connect { one: node, other });
        }
        Ok(())
    }

    pub(super) fn death(&mut self, outage: usize) -> Result<(), Failure> {
        let Some(outage) = self.plan.outages.get(outage).copied() else { return Ok(()) };
        let Some(target) = self.nodes.get(outage.node) else { return Ok(()) };
        if self.director.calm.is_some() || !target.is_up() {
            return Ok(());
        }
        if outage.in_write {
            target.disk.leave_room(self.director.rng.between(0, 1));
            self.director.refusals.insert(outage.node, outage.lasts);
            return Ok(());
        }
        self.tally.restarts = self.tally.restarts.saturating_add(1);
        self.die(outage.node, outage.lasts);
        Ok(())
    }

    /// A node was refused a write and is gone.
    pub(super) fn torn(&mut self, node: usize) -> Result<(), Failure> {
        let lasts = self.director.refusals.remove(&node).unwrap_or(0);
        self.tally.torn_writes = self.tally.torn_writes.saturating_add(1);
        self.die(node, lasts);
        Ok(())
    }

    fn die(&mut self, node: usize, lasts: u64) {
        if let Some(target) = self.nodes.get_mut(node) {
            target.die();
        }
        for other in 0..self.nodes.len() {
            if self.network.disconnect(node, other) {
                self.notice(other, node);
            }
        }
        self.director.away.insert(node);
        self.after(lasts, Happening::Return { node });
    }

    fn divide_or_heal(&mut self) {
        let highest = self.highest();
        if let Some((since, base)) = self.director.divided {
            let Some(division) =
                self.director.begun.checked_sub(1).and_then(|last| self.plan.divisions.get(last))
            else {
                return;
            };
            let grown = highest.saturating_sub(base) >= division.blocks;
            if grown || self.now.saturating_sub(since) >= division.at_most {
                self.heal();
            }
            return;
        }
        let next = self.plan.divisions.get(self.director.begun).filter(|next| next.from_height <= highest);
        let Some(next) = next.cloned() else { return };
        self.director.begun = self.director.begun.saturating_add(1);
        self.director.divided = Some((self.now, self.common_height()));
        self.network.divide(Some(next.sides));
        if next.noticed {
            for one in 0..self.nodes.len() {
                for other in one.saturating_add(1)..self.nodes.len() {
                    if self.network.are_divided(one, other) && self.network.disconnect(one, other) {
                        self.notice(one, other);
                        self.notice(other, one);
                    }
                }
            }
        }
    }

    fn heal(&mut self) {
        self.director.divided = None;
        let heads: Vec<(usize, Hash)> =
            (0..).zip(&self.nodes).filter_map(|(node, at)| Some((node, at.head?))).collect();
        let apart = heads.iter().any(|(one, head)| {
            heads.iter().any(|(other, theirs)| {
                self.network.are_divided(*one, *other) && self.forked(*one, head, *other, theirs)
            })
        });
        self.director.apart |= apart;
        self.network.divide(None);
        self.connect_all();
    }

    /// The highest block that all running nodes have on their best chains.
    fn common_height(&self) -> u64 {
        let up: Vec<&SimNode> = self.nodes.iter().filter(|node| node.is_up()).collect();
        let lowest = up.iter().map(|node| node.height()).min().unwrap_or(0);
        let block = |node: &SimNode, height: u64| node.canonical(height).ok().flatten();
        let same =
            |height: &u64| up.windows(2).all(|pair| block(pair[0], *height) == block(pair[1], *height));
        (0..=lowest).rev().find(same).unwrap_or(0)
    }

    /// Whether each of two nodes has a block that the other one has not.
    fn forked(&self, one: usize, head: &Hash, other: usize, theirs: &Hash) -> bool {
        let lacks = |node: usize, hash: &Hash| {
            self.nodes.get(node).is_some_and(|node| matches!(node.header(hash), Ok(None)))
        };
        lacks(one, theirs) && lacks(other, head)
    }

    fn connect_all(&mut self) {
        for one in 0..self.nodes.len() {
            for other in one.saturating_add(1)..self.nodes.len() {
                let delay = self.network.delay();
                self.after(delay, Happening::Connect { one, other });
            }
        }
    }

    /// From here on nothing disturbs the network.
    fn calm_down(&mut self) {
        self.director.calm = Some(self.now);
        self.director.refusals.clear();
        for node in &self.nodes {
            node.disk.make_room();
        }
        if self.director.divided.is_some() {
            self.heal();
        }
        self.network.lose_nothing();
        self.connect_all();
    }

    fn await_rest(&mut self) -> Result<(), Failure> {
        let passed = self.now.saturating_sub(self.director.calm.unwrap_or(self.now));
        if passed.is_multiple_of(5000) {
            for node in 0..self.nodes.len() {
                let effects = self.users.repeat(&mut self.nodes[node])?;
                self.carry_out(node, effects)?;
            }
        }
        let settled = self.nodes.iter().all(SimNode::is_up) && self.director.away.is_empty();
        let head = |node: &SimNode| node.state().map(ChainState::hash);
        let mut firsts = std::collections::BTreeMap::new();
        let same = (0..).zip(&self.nodes).all(|(index, node)| {
            *firsts.entry(self.checks.side(index)).or_insert_with(|| head(node)) == head(node)
        });
        let pools = |node: &SimNode| node.machine.as_ref().is_some_and(|machine| machine.pool().is_empty());
        let drained = self.nodes.iter().all(pools);
        let quiet = passed >= CALM_MS && settled && same && drained;
        if quiet && self.open_on_domains()?.is_none() {
            self.director.at_rest = true;
            return Ok(());
        }
        if passed < REST_MS {
            return Ok(());
        }
        let left = self.open_on_domains()?;
        let heads: Vec<_> = self.nodes.iter().map(|node| (node.height(), node.weight)).collect();
        let waiting: Vec<_> =
            self.nodes.iter().map(|node| node.machine.as_ref().map(|machine| machine.pool().len())).collect();
        Err(Failure(format!(
            "the network does not come to rest: heads {heads:?}, pools {waiting:?}, {left:?}"
        )))
    }

    /// Tells a farm how long the history is, and plots what has expired.
    pub(super) fn replot(&mut self, node: usize) -> Result<(), Failure> {
        let Some(target) = self.nodes.get(node) else { return Ok(()) };
        let (Some(farm), Some(state)) = (&target.farm, target.state()) else { return Ok(()) };
        let size: HistorySize = state.history_size();
        if self.world.kind() != WorldKind::Expiring || farm.history_size() == Some(size) {
            return Ok(());
        }
        let commitment = |index| target.segment(index).ok().flatten().map(|header| header.commitment);
        farm.update_history(size, &commitment);
        match farm.next_job() {
            None => Ok(()),
            Some((_, PlotReason::Damaged)) => Err(Failure(format!("the plot of node {node} is damaged"))),
            Some(_) => {
                self.tally.replotted = self.tally.replotted.saturating_add(1);
                plot_sector(farm, size, &*target.disk)
            }
        }
    }

    /// Counts what only the final chain shows.
    pub(super) fn count_final(&mut self) -> Result<(), Failure> {
        self.replay_domains()?;
        let Some(first) = self.nodes.first() else { return Ok(()) };
        let Some(state) = first.state() else { return Ok(()) };
        self.tally.height = state.number().0;
        let mut segments = 0;
        while first.segment(auto_core::SegmentIndex(segments))?.is_some() {
            segments = segments.saturating_add(1);
        }
        self.tally.segments = segments.saturating_sub(1);
        self.tally.divisions_healed = u64::from(self.director.apart);
        let users = self.world.users().iter().map(|pair| pair.public_key().address());
        let header =
            first.header(&state.hash())?.ok_or_else(|| Failure("the head has no header".to_owned()))?;
        let snapshot = auto_state::Snapshot::new(auto_store::StateNodes(&*first.disk), header.state_root);
        for address in users {
            let account = auto_ledger::account(&snapshot, &address);
            let account = account.map_err(|error| Failure::of("reading an account", &error))?;
            self.tally.transactions = self.tally.transactions.saturating_add(account.nonce.0);
        }
        Ok(())
    }
}
