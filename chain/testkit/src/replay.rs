//! The chain and its domains once more from genesis, by nobody's word but that of the blocks.
//!
//! A node of its own takes the blocks of the final chain and executes every one; beside it every block of
//! every domain is derived from what its consensus block holds, without an operator. What comes of it is the
//! truth that a simulation is judged by.

use crate::checks::domains::{nobody_honest_is_slashed, operator};
use crate::consensus::apply;
use crate::genesis::BankAndMessages;
use crate::node::SimNode;
use crate::{Failure, Tally, World};
use auto_core::{
    Amount, Block, BlockNumber, BundleVerdict, DomainId, ExecutionReceipt, Hash, OpaqueExtrinsic, OperatorId,
    Submission,
};
use auto_domains::derive::{BlockRules, ParentTip, execute};
use auto_domains::genesis::domain_genesis;
use auto_domains::state::{BALANCE, BLOCK, DOMAIN, OperatorStatus};
use auto_module::bank::ISSUANCE;
use auto_module::messages::CONFIRMED;
use auto_module::{Contents, Domain, Environment, Invariant, Outcome, Runtime, StoredError};
use auto_node::{Chain, Retention};
use auto_operator::Lie;
use auto_state::{MemoryNodes, Snapshot, StateRead};
use auto_store::{Column, StateNodes, Store};
use parity_scale_codec::Decode;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

fn unread(error: StoredError) -> Failure {
    Failure::of("replaying", &error)
}

/// A block of a domain as it really is.
struct Right {
    receipt: ExecutionReceipt,
    hash: Hash,
    issuance: Amount,
    /// Authors of its invalid bundles.
    faulty: Vec<OperatorId>,
}

/// One domain, derived anew.
struct Side {
    id: DomainId,
    runtime: Runtime,
    environment: Environment,
    nodes: MemoryNodes,
    contents: Contents,
    /// By height.
    blocks: Vec<Right>,
    confirmed: BlockNumber,
    /// Transactions that took effect.
    applied: u64,
}

/// What the final chain is, and who lied on it.
pub(crate) struct Replay<'a> {
    world: &'a World,
    honest: Vec<u64>,
    chain: Chain,
    sides: Vec<Side>,
    /// Those that vouched for a wrong receipt, or whose invalid bundle is confirmed.
    guilty: BTreeSet<OperatorId>,
    /// Wrong receipts that stood on the chain.
    wrong: BTreeSet<Hash>,
}

impl Side {
    fn new(world: &World, id: DomainId) -> Result<Self, Failure> {
        let runtime = BankAndMessages::at(1);
        let at = usize::try_from(id.0).unwrap_or(0).saturating_sub(1);
        let config = world.genesis().domains.get(at);
        let config = config.ok_or_else(|| Failure(format!("no domain {id} at genesis")))?;
        let start = domain_genesis(world.params(), id, &runtime, config, BlockNumber(0));
        let start = start.map_err(|error| Failure::of("the genesis of a domain", &error))?;
        let environment =
            Environment { params: world.params().clone(), genesis: world.genesis_hash(), domain: id };
        let (mut nodes, mut contents) = (MemoryNodes::new(), Contents::new());
        nodes.extend(start.commit.fresh);
        apply(&mut contents, &start.changes);
        let issuance = ISSUANCE.get(&contents).map_err(unread)?.unwrap_or_default();
        let first = Right { receipt: start.receipt, hash: start.receipt_hash, issuance, faulty: Vec::new() };
        let (blocks, confirmed) = (vec![first], BlockNumber(0));
        Ok(Self { id, runtime, environment, nodes, contents, blocks, confirmed, applied: 0 })
    }

    fn at(&self, number: BlockNumber) -> Result<&Right, Failure> {
        let at = usize::try_from(number.0).unwrap_or(usize::MAX);
        self.blocks.get(at).ok_or_else(|| Failure(format!("domain {} has no block {number}", self.id)))
    }

    /// Derives what a consensus block made of the domain.
    fn derive(&mut self, state: &impl StateRead, block: &Block) -> Result<(), Failure> {
        let record = DOMAIN.get(state, &self.id).map_err(unread)?;
        let head = record.map_or(BlockNumber(0), |record| record.head);
        let known = u64::try_from(self.blocks.len()).unwrap_or(u64::MAX);
        if head.0 < known {
            return Ok(());
        }
        let made = BLOCK.get(state, &(self.id, head)).map_err(unread)?.filter(|_| head.0 == known);
        let mut made = made.ok_or_else(|| Failure(format!("domain {}: block {head} is missing", self.id)))?;
        made.inherent.consensus_hash = block.header.hash();
        let bodies: Vec<&[OpaqueExtrinsic]> =
            block.body.submissions.iter().filter_map(|one| self.body(one)).collect();
        let rules = BlockRules { domain: &self.runtime, environment: &self.environment, block: &made };
        let parent = ParentTip::of(&self.at(BlockNumber(known.saturating_sub(1)))?.receipt);
        let derived = execute(&rules, &bodies, &parent, &self.nodes);
        let derived = derived.map_err(|error| Failure::of("deriving", &error))?;
        let mut after = self.contents.clone();
        derived.steps.iter().for_each(|changes| apply(&mut after, changes));
        for Invariant { name, check } in self.runtime.invariants() {
            let broken = |what| Failure(format!("domain {}, block {head}: {name}: {what}", self.id));
            check(&self.contents, &after).map_err(broken)?;
        }
        self.contents = after;
        self.nodes.extend(derived.commit.fresh);
        let applied = derived.executed.iter().filter(|one| matches!(one.outcome, Outcome::Applied)).count();
        self.applied = self.applied.saturating_add(u64::try_from(applied).unwrap_or(u64::MAX));
        let verdicts = derived.receipt.bundles.iter().map(|bundle| bundle.verdict);
        let faulty = made.inbox.iter().zip(verdicts);
        let faulty = faulty.filter(|(_, verdict)| matches!(verdict, BundleVerdict::Invalid(_)));
        let faulty = faulty.map(|(entry, _)| entry.operator).collect();
        let issuance = ISSUANCE.get(&self.contents).map_err(unread)?.unwrap_or_default();
        self.blocks.push(Right { hash: derived.receipt.hash(), receipt: derived.receipt, issuance, faulty });
        Ok(())
    }

    fn body<'a>(&self, submission: &'a Submission) -> Option<&'a [OpaqueExtrinsic]> {
        match submission {
            Submission::Bundle(bundle) if bundle.header.election.domain == self.id => {
                Some(&bundle.extrinsics)
            }
            _ => None,
        }
    }

    /// What the chain calls confirmed is what this block really is, and the money it has.
    fn check_confirmed(
        &mut self,
        state: &impl StateRead,
        guilty: &mut BTreeSet<OperatorId>,
    ) -> Result<(), Failure> {
        let confirmed = CONFIRMED.get(state, &self.id).map_err(unread)?;
        let Some(confirmed) = confirmed else { return Ok(()) };
        let right = self.at(confirmed.number)?;
        if (confirmed.receipt, confirmed.state_root) != (right.hash, right.receipt.final_state_root) {
            let (id, number) = (self.id, confirmed.number);
            return Err(Failure(format!("domain {id}: a wrong receipt of block {number} is confirmed")));
        }
        let tracked = BALANCE.get(state, &self.id).map_err(unread)?.unwrap_or_default();
        if tracked != right.issuance {
            let (id, number, there) = (self.id, confirmed.number, right.issuance);
            return Err(Failure(format!(
                "domain {id} has {there} at block {number}, by the chain {tracked}"
            )));
        }
        for number in self.confirmed.0.saturating_add(1)..=confirmed.number.0 {
            guilty.extend(self.at(BlockNumber(number))?.faulty.iter().copied());
        }
        self.confirmed = confirmed.number;
        Ok(())
    }
}

impl<'a> Replay<'a> {
    /// Replays the best chain of a node; `honest` are the numbers of the operators that never lied.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub(crate) fn of(world: &'a World, node: &SimNode, honest: Vec<u64>) -> Result<Self, Failure> {
        let store: Arc<dyn Store> = world.store()?;
        let chain =
            Chain::open(store, world.genesis(), Arc::clone(world.extension()), Retention { states: None });
        let chain = chain.map_err(|error| Failure::of("opening", &error))?;
        let sides = world.domains().into_iter().map(|id| Side::new(world, id)).collect::<Result<_, _>>()?;
        let mut replay =
            Self { world, honest, chain, sides, guilty: BTreeSet::new(), wrong: BTreeSet::new() };
        while let Some(source) = node.chain() {
            let next = source.blocks_after(&[replay.chain.head().hash()]);
            let next = next.map_err(|error| Failure::of("reading blocks", &error))?;
            if next.is_empty() {
                break;
            }
            for block in next {
                replay.take(&block)?;
            }
        }
        Ok(replay)
    }

    fn take(&mut self, block: &Block) -> Result<(), Failure> {
        let imported = self.chain.import(block.clone());
        imported
            .map_err(|error| Failure(format!("block {} of the final chain: {error}", block.header.number)))?;
        let store = Arc::clone(self.chain.store());
        let state = Snapshot::new(StateNodes(&*store), block.header.state_root);
        for submission in block.body.submissions.iter() {
            let (receipt, operator) = (submission.receipt(), submission.election().operator);
            let side = self.sides.iter().find(|side| side.id == receipt.domain);
            let Some(side) = side else { continue };
            let hash = receipt.hash();
            if side.at(receipt.number)?.hash != hash {
                self.guilty.insert(operator);
                self.wrong.insert(hash);
            }
        }
        for side in &mut self.sides {
            side.derive(&state, block)?;
            side.check_confirmed(&state, &mut self.guilty)?;
        }
        nobody_honest_is_slashed(&state, &self.honest)
    }

    /// Those that lied on this chain have lost their stakes, and nobody else.
    ///
    /// # Errors
    /// The first operator that was not treated as it deserves.
    pub(crate) fn judge(&self) -> Result<(), Failure> {
        if let Some(number) = self.honest.iter().find(|number| self.guilty.contains(&OperatorId(**number))) {
            return Err(Failure(format!("operator {number} is honest, and stated what is wrong")));
        }
        let state = self.head_state()?;
        for number in 0..u64::try_from(self.world.genesis().operators.len()).unwrap_or(u64::MAX) {
            let record = operator(&state, number)?;
            let slashed = record.status == OperatorStatus::Slashed;
            if slashed != self.guilty.contains(&OperatorId(number)) {
                let lied = if slashed { "did nothing wrong" } else { "lied" };
                return Err(Failure(format!("operator {number} {lied}, and has status {:?}", record.status)));
            }
            if slashed && !(record.stake.is_zero() && record.storage_fund.is_zero()) {
                return Err(Failure(format!(
                    "operator {number} was slashed, and {:?} is left",
                    record.stake
                )));
            }
        }
        Ok(())
    }

    /// The machine of a node knows the same.
    ///
    /// # Errors
    /// The first difference.
    pub(crate) fn compare(&self, index: usize, node: &SimNode) -> Result<(), Failure> {
        let Some(domains) = &node.domains else { return Ok(()) };
        for side in &self.sides {
            let status = domains.domain(side.id);
            let status = status.ok_or_else(|| Failure(format!("node {index} lost domain {}", side.id)))?;
            let right = side.at(status.number)?;
            let newest = usize::try_from(status.number.0).ok() == side.blocks.len().checked_sub(1);
            if !newest || status.receipt != right.hash || status.confirmed != side.confirmed {
                return Err(Failure(format!("node {index} has another domain {}: {status:?}", side.id)));
            }
            if !status.wrong.is_empty() {
                return Err(Failure(format!("wrong receipts are open: {status:?}")));
            }
        }
        Ok(())
    }

    fn head_state(&self) -> Result<Snapshot<StateNodes<'_>>, Failure> {
        let head = self.chain.head().hash();
        let row = self.chain.store().get(Column::Blocks, head.as_ref());
        let row = row.map_err(|error| Failure::of("reading the head", &error))?.unwrap_or_default();
        let header = auto_core::Header::decode(&mut row.as_slice());
        let header = header.map_err(|error| Failure(format!("the head has no header: {error}")))?;
        Ok(Snapshot::new(StateNodes(&**self.chain.store()), header.state_root))
    }

    /// Counts what happened on the domains.
    pub(crate) fn count(&self, lies: &BTreeMap<u64, Lie>, tally: &mut Tally) {
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        tally.wrong_receipts = count(self.wrong.len());
        tally.slashed = count(self.guilty.len());
        tally.lies = self.guilty.iter().filter_map(|operator| lies.get(&operator.0).copied()).collect();
        for side in &self.sides {
            tally.domain_blocks = tally.domain_blocks.saturating_add(count(side.blocks.len()));
            tally.confirmed = tally.confirmed.saturating_add(side.confirmed.0);
            tally.applied = tally.applied.saturating_add(side.applied);
            let stops = side.blocks.windows(2).map(|pair| {
                let [one, next] = [&pair[0], &pair[1]].map(|right| right.receipt.consensus_number.0);
                next.saturating_sub(one)
            });
            tally.stops.insert(side.id, stops.max().unwrap_or(0));
        }
    }
}
