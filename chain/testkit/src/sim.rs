//! The simulation: what happens next, and what follows from it.

use crate::checks::{Checks, count_reorgs};
use crate::network::{Fate, Network};
use crate::node::SimNode;
use crate::users::Users;
use crate::{Failure, Plan, Rng, Tally, World};
use auto_core::{Hash, PotProof, Slot};
use auto_farmer::Candidate;
use auto_node::{Audit, Effect, Event, NodeEvent, PeerId};
use auto_proof_of_time::NextInput;
use std::collections::BTreeMap;

mod director;
mod domains;

/// Something that happens at a time.
#[derive(Debug)]
enum Happening {
    /// A message arrives.
    Arrival { from: usize, to: usize, link: u64, bytes: Vec<u8> },
    /// A node notices that a peer is gone.
    Gone { node: usize, life: u64, peer: usize },
    /// Two nodes try to connect.
    Connect { one: usize, other: usize },
    /// A slot has been computed.
    Computed { node: usize, life: u64, input: NextInput },
    /// A farmer is done with proving.
    Solved { node: usize, life: u64, slot: Slot, candidate: Box<Candidate> },
    /// A second has passed for a node.
    Timer { node: usize, life: u64 },
    /// A second has passed for the director.
    Direct,
    /// A node dies.
    Death { outage: usize },
    /// A node comes back.
    Return { node: usize },
}

/// How a simulation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What happened.
    pub tally: Tally,
    /// The head of each node: the same one, unless the plan keeps sides apart for ever.
    pub heads: Vec<Hash>,
    /// Milliseconds of virtual time that it took.
    pub milliseconds: u64,
}

/// A network of nodes on a virtual clock.
pub struct Simulation {
    world: &'static World,
    plan: Plan,
    now: u64,
    sequence: u64,
    queue: BTreeMap<(u64, u64), Happening>,
    nodes: Vec<SimNode>,
    network: Network,
    users: Users,
    checks: Checks,
    tally: Tally,
    farming: Rng,
    director: director::Director,
}

impl std::fmt::Debug for Simulation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulation").field("plan", &self.plan).field("now", &self.now).finish_non_exhaustive()
    }
}

impl Simulation {
    /// Prepares what `plan` says.
    ///
    /// # Errors
    /// When the world could not be made.
    pub fn new(plan: Plan) -> Result<Self, Failure> {
        let world = World::of(plan.world)?;
        let mut rng = Rng::new(plan.seed ^ 0x5eed);
        let nodes =
            plan.parts.iter().map(|part| SimNode::new(world, part.clone())).collect::<Result<Vec<_>, _>>()?;
        let mut simulation = Self {
            world,
            now: 0,
            sequence: 0,
            queue: BTreeMap::new(),
            nodes,
            network: Network::new(plan.latency, plan.loss, rng.fork()),
            users: Users::new(rng.fork()),
            checks: Checks::new(world, &plan),
            tally: Tally::default(),
            farming: rng.fork(),
            director: director::Director::new(rng.fork()),
            plan,
        };
        simulation.at(0, Happening::Direct);
        for (index, outage) in simulation.plan.outages.clone().into_iter().enumerate() {
            simulation.at(outage.at, Happening::Death { outage: index });
        }
        Ok(simulation)
    }

    /// Runs the plan of a seed.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn run_seed(seed: u64) -> Result<Outcome, Failure> {
        Self::new(Plan::of(seed, 1000))?.run()
    }

    /// Runs a seed with mostly dishonest operators.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn run_liars(seed: u64) -> Result<Outcome, Failure> {
        Self::new(Plan::of_liars(seed))?.run()
    }

    /// Runs to the end.
    ///
    /// # Errors
    /// The first thing that does not hold, with the time.
    pub fn run(mut self) -> Result<Outcome, Failure> {
        match self.run_until_rest() {
            Ok(()) => {
                let heads = self.nodes.iter().map(|node| node.head.unwrap_or(Hash::ZERO)).collect();
                Ok(Outcome { tally: self.tally, heads, milliseconds: self.now })
            }
            Err(Failure(what)) => Err(Failure(format!("at {} ms: {what}", self.now))),
        }
    }

    fn run_until_rest(&mut self) -> Result<(), Failure> {
        while let Some(((time, _), happening)) = self.queue.pop_first() {
            self.now = time;
            self.happen(happening)?;
            if self.director.at_rest {
                self.checks.at_rest(&self.nodes)?;
                return self.count_final();
            }
        }
        Err(Failure("nothing happens any more".to_owned()))
    }

    fn at(&mut self, time: u64, happening: Happening) {
        self.queue.insert((time, self.sequence), happening);
        self.sequence = self.sequence.saturating_add(1);
    }

    fn after(&mut self, delay: u64, happening: Happening) {
        self.at(self.now.saturating_add(delay), happening);
    }

    fn lives(&self, node: usize, life: u64) -> bool {
        self.nodes.get(node).is_some_and(|node| node.life == life && node.is_up())
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Failure> {
        match happening {
            Happening::Arrival { from, to, link, bytes } => {
                if !self.network.is_current(from, to, link) {
                    return Ok(());
                }
                self.step(to, Event::Message(peer(from), bytes))
            }
            Happening::Gone { node, life, peer: gone } if self.lives(node, life) => {
                self.step(node, Event::Disconnected(peer(gone)))
            }
            Happening::Connect { one, other } => self.connect(one, other),
            Happening::Computed { node, life, input } if self.lives(node, life) => self.computed(node, input),
            Happening::Solved { node, life, slot, candidate } if self.lives(node, life) => {
                self.solved(node, slot, &candidate)
            }
            Happening::Timer { node, life } if self.lives(node, life) => {
                self.after(1000, Happening::Timer { node, life });
                self.step(node, Event::Timer)
            }
            Happening::Direct => self.direct(),
            Happening::Death { outage } => self.death(outage),
            Happening::Return { node } => self.start(node),
            Happening::Gone { .. }
            | Happening::Computed { .. }
            | Happening::Solved { .. }
            | Happening::Timer { .. } => Ok(()),
        }
    }

    /// One step of a node, with all that follows.
    fn step(&mut self, node: usize, event: Event) -> Result<(), Failure> {
        let now = self.now;
        let Some(target) = self.nodes.get_mut(node) else { return Ok(()) };
        match target.step(now, event) {
            Ok(effects) => self.carry_out(node, effects),
            Err(error) => match self.director.expects_refusal(node) {
                true => self.torn(node),
                false => Err(Failure::of(&format!("node {node}"), &error)),
            },
        }
    }

    fn carry_out(&mut self, node: usize, effects: Vec<Effect>) -> Result<(), Failure> {
        let named = |Failure(what)| Failure(format!("node {node}: {what}"));
        if let Some(target) = self.nodes.get_mut(node) {
            count_reorgs(self.world, target, &effects, &mut self.tally).map_err(named)?;
            self.checks.after_step(node, target).map_err(named)?;
        }
        for effect in effects {
            match effect {
                Effect::Send(to, bytes) => self.send(node, index(to), bytes),
                Effect::Disconnect(to, reason) => self.dropped(node, index(to), &reason)?,
                Effect::ProveTime(input) => self.compute(node, input),
                Effect::Audit(audit) => self.audit(node, audit)?,
                Effect::Won(..) => self.tally.won = self.tally.won.saturating_add(1),
                Effect::Missed(_, _, reason) => self.missed(&reason),
                Effect::Notify(NodeEvent::Confirmed { .. } | NodeEvent::BlockAdded { .. }) => {
                    self.replot(node)?
                }
                Effect::Notify(NodeEvent::OwnBlockRefused { reason, .. }) => {
                    return Err(Failure(format!("node {node}: {reason}")));
                }
                Effect::Notify(_) => {}
            }
        }
        Ok(())
    }

    fn send(&mut self, from: usize, to: usize, bytes: Vec<u8>) {
        match self.network.send(from, to, self.now) {
            Fate::Arrives { at, link } => self.at(at, Happening::Arrival { from, to, link, bytes }),
            Fate::Lost => self.tally.lost = self.tally.lost.saturating_add(1),
            Fate::Unsent => {}
        }
    }

    /// A node ended a connection: the other side notices, and one of them tries again.
    fn dropped(&mut self, node: usize, other: usize, reason: &str) -> Result<(), Failure> {
        // What a node that fell behind builds may be too old for the others; anything else is a lie.
        let honest = ["below the confirmed block", "blocks ago", "introduced itself", "nobody asked for"];
        if !honest.iter().any(|known| reason.contains(known)) {
            return Err(Failure(format!("node {node} dropped the honest node {other}: {reason}")));
        }
        self.tally.dropped = self.tally.dropped.saturating_add(1);
        if self.network.disconnect(node, other) {
            self.notice(other, node);
            let delay = self.network.delay().saturating_add(2000);
            self.after(delay, Happening::Connect { one: node, other });
        }
        Ok(())
    }

    fn notice(&mut self, node: usize, gone: usize) {
        let delay = self.network.delay();
        if let Some(life) = self.nodes.get(node).map(|node| node.life) {
            self.after(delay, Happening::Gone { node, life, peer: gone });
        }
    }

    fn connect(&mut self, one: usize, other: usize) -> Result<(), Failure> {
        let both_up = [one, other].iter().all(|node| self.nodes.get(*node).is_some_and(SimNode::is_up));
        if both_up && one != other && self.network.connect(one, other) {
            self.step(one, Event::Connected(peer(other)))?;
            self.step(other, Event::Connected(peer(one)))?;
        }
        Ok(())
    }

    fn compute(&mut self, node: usize, input: NextInput) {
        let Some(target) = self.nodes.get_mut(node) else { return };
        let Some(slot_ms) = target.part.slot_ms.filter(|_| target.computing != Some(input)) else { return };
        target.computing = Some(input);
        let life = target.life;
        self.after(slot_ms, Happening::Computed { node, life, input });
    }

    fn computed(&mut self, node: usize, input: NextInput) -> Result<(), Failure> {
        let Some(target) = self.nodes.get_mut(node) else { return Ok(()) };
        if target.computing != Some(input) {
            return Ok(());
        }
        target.computing = None;
        let NextInput { slot, seed, iterations } = input;
        let checkpoints = auto_proof_of_time::prove(seed, iterations);
        let checkpoints = checkpoints.map_err(|error| Failure::of("proving time", &error))?;
        self.step(node, Event::TimeProved(PotProof { slot, seed, iterations, checkpoints }))
    }

    fn audit(&mut self, node: usize, audit: Audit) -> Result<(), Failure> {
        let Some(target) = self.nodes.get(node) else { return Ok(()) };
        let (Some(farm), life) = (&target.farm, target.life) else { return Ok(()) };
        let report = farm.audit(&audit.challenge, audit.range);
        if let Some((sector, error)) = report.failures.first() {
            return Err(Failure::of(&format!("auditing sector {sector}"), error));
        }
        let Some(candidate) = report.candidates.into_iter().next() else { return Ok(()) };
        let slot_ms = self.world.params().slot_duration_ms;
        let deadline = slot_ms.saturating_mul(self.world.params().authoring_delay);
        let delay = if self.farming.chance(5) {
            deadline.saturating_mul(2)
        } else {
            self.farming.between(slot_ms / 10, deadline)
        };
        self.after(delay, Happening::Solved { node, life, slot: audit.slot, candidate: Box::new(candidate) });
        Ok(())
    }

    fn solved(&mut self, node: usize, slot: Slot, candidate: &Candidate) -> Result<(), Failure> {
        let Some(target) = self.nodes.get(node) else { return Ok(()) };
        let (Some(number), Some(farm)) = (target.part.farmer, &target.farm) else { return Ok(()) };
        // The best block claims this slot or a later one, so the solution could only be refused.
        if target.state().is_none_or(|state| state.slot() >= slot) {
            return Ok(());
        }
        // A sector that was plotted anew since the audit has no proof of what it held.
        let Some(solution) = self.world.prove(number, farm, candidate) else { return Ok(()) };
        self.step(node, Event::Solved { slot, solution: Box::new(solution) })
    }

    fn missed(&mut self, reason: &str) {
        if reason.contains("was reverted with") {
            self.tally.time_taken_back = self.tally.time_taken_back.saturating_add(1);
        }
    }
}

fn peer(node: usize) -> PeerId {
    PeerId(u64::try_from(node).unwrap_or(u64::MAX))
}

fn index(peer: PeerId) -> usize {
    usize::try_from(peer.0).unwrap_or(usize::MAX)
}
