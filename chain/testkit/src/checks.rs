//! What must hold at every moment, and when the network has come to rest.

pub(crate) mod domains;

use crate::node::SimNode;
use crate::{Failure, Plan, Tally, World};
use auto_consensus::is_era_end;
use auto_core::{Address, Amount, BlockNumber, Hash, SegmentIndex, Slot};
use auto_ledger::Extension;
use auto_node::{BlockId, Effect, NodeEvent};
use auto_state::Snapshot;
use auto_store::{Column, StateNodes};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the checks remember of the whole network.
#[derive(Debug)]
pub(crate) struct Checks {
    /// The block of each confirmed height, as the first node had it; by side, where sides stay apart.
    confirmed: BTreeMap<(bool, u64), Hash>,
    addresses: Vec<Address>,
    extension: Arc<dyn Extension>,
    /// The side of each node, if the sides never come together again.
    sides: Vec<bool>,
    /// Operators that never lie.
    honest: Vec<u64>,
}

impl Checks {
    pub(crate) fn new(world: &World, plan: &Plan) -> Self {
        let lasting = plan.divisions.last().filter(|_| plan.for_ever_apart);
        let sides = lasting.map(|division| division.sides.clone()).unwrap_or_default();
        let extension = Arc::clone(world.extension());
        Self {
            confirmed: BTreeMap::new(),
            addresses: world.addresses(),
            extension,
            sides,
            honest: plan.honest(),
        }
    }

    /// The side of a node; all are on one where sides come together again.
    pub(crate) fn side(&self, node: usize) -> bool {
        self.sides.get(node).copied().unwrap_or(false)
    }

    /// Looks at a node after a step.
    pub(crate) fn after_step(&mut self, index: usize, node: &mut SimNode) -> Result<(), Failure> {
        let Some(chain) = node.chain() else { return Ok(()) };
        let (head, weight, confirmed) = (chain.head().hash(), chain.head().weight(), chain.confirmed());
        if node.head == Some(head) && node.compared == confirmed.number.0 {
            return Ok(());
        }
        if confirmed.number.0 < node.compared {
            return Err(Failure(format!(
                "the confirmed block went from {} back to {}",
                node.compared, confirmed.number
            )));
        }
        if weight < node.weight {
            return Err(Failure(format!("the head went from weight {} back to {weight}", node.weight)));
        }
        let side = self.side(index);
        for number in node.compared..=confirmed.number.0 {
            let own = node.canonical(number)?;
            let own = own.ok_or_else(|| Failure(format!("confirmed height {number} has no block")))?;
            let first = *self.confirmed.entry((side, number)).or_insert(own);
            if first != own {
                return Err(Failure(format!(
                    "confirmed height {number} is {own} here and {first} elsewhere"
                )));
            }
        }
        if node.canonical(confirmed.number.0)? != Some(confirmed.hash) {
            return Err(Failure(format!("confirmed block {} is not on the best chain", confirmed.number)));
        }
        self.check_head(node, &head)?;
        (node.compared, node.head, node.weight) = (confirmed.number.0, Some(head), weight);
        Ok(())
    }

    /// The balances, what is held and what the extension holds are all the money there is, and nobody honest
    /// has lost any.
    fn check_head(&self, node: &SimNode, head: &Hash) -> Result<(), Failure> {
        let header = node.header(head)?.ok_or_else(|| Failure(format!("head {head} has no header")))?;
        let state = Snapshot::new(StateNodes(&*node.disk), header.state_root);
        domains::nobody_honest_is_slashed(&state, &self.honest)?;
        let broken = |error| Failure::of("reading the state", &error);
        let issuance = auto_ledger::issuance(&state).map_err(broken)?;
        let mut sum = issuance.held;
        for address in &self.addresses {
            let balance = auto_ledger::account(&state, address).map_err(broken)?.balance;
            sum = sum.checked_add(balance).unwrap_or(Amount::ZERO);
        }
        let held = self.extension.held(&state).map_err(|error| Failure::of("reading the state", &error))?;
        sum = sum.checked_add(held).unwrap_or(Amount::ZERO);
        if sum == issuance.total {
            return Ok(());
        }
        Err(Failure(format!(
            "block {}: balances and held are {sum}, issued are {}",
            header.number, issuance.total
        )))
    }

    /// All nodes of a side have the same chain, the same segments and the same records.
    pub(crate) fn at_rest(&self, nodes: &[SimNode]) -> Result<(), Failure> {
        for side in [false, true] {
            let nodes: Vec<_> = (0..).zip(nodes).filter(|(node, _)| self.side(*node) == side).collect();
            Self::same(&nodes)?;
        }
        Ok(())
    }

    fn same(nodes: &[(usize, &SimNode)]) -> Result<(), Failure> {
        let Some(((_, first), others)) = nodes.split_first() else { return Ok(()) };
        let head = first.head.unwrap_or(Hash::ZERO);
        for (number, node) in others {
            for height in 0..=first.height() {
                if node.canonical(height)? != first.canonical(height)? {
                    return Err(Failure(format!("height {height} differs on node {number}")));
                }
            }
            // The record holds the header, what children must agree with, the mountain range and outcomes.
            if node.row(Column::Blocks, head.as_ref())? != first.row(Column::Blocks, head.as_ref())? {
                return Err(Failure(format!("the record of head {head} differs on node {number}")));
            }
            let segments = first.state().map_or(1, |state| state.history_size().segments());
            for index in 0..segments {
                let (one, other) = (first.segment(SegmentIndex(index))?, node.segment(SegmentIndex(index))?);
                if one.is_none() || one != other {
                    return Err(Failure(format!("segment {index} differs on node {number}")));
                }
            }
        }
        Ok(())
    }
}

/// Counts the reorganisations among the effects of a step, and checks that none reached too deep.
pub(crate) fn count_reorgs(
    world: &World,
    node: &SimNode,
    effects: &[Effect],
    tally: &mut Tally,
) -> Result<(), Failure> {
    let mut reverted: Vec<BlockId> = Vec::new();
    for effect in effects {
        match effect {
            Effect::Notify(NodeEvent::BlockReverted { block }) => reverted.push(*block),
            Effect::Notify(NodeEvent::BlockAdded { .. }) if !reverted.is_empty() => {
                count_reorg(world, node, &std::mem::take(&mut reverted), tally)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn count_reorg(
    world: &World,
    node: &SimNode,
    reverted: &[BlockId],
    tally: &mut Tally,
) -> Result<(), Failure> {
    let params = world.params();
    let depth = u64::try_from(reverted.len()).unwrap_or(u64::MAX);
    if depth > params.confirmation_depth {
        return Err(Failure(format!("{depth} blocks were reverted")));
    }
    tally.reorgs = tally.reorgs.saturating_add(1);
    tally.deepest = tally.deepest.max(depth);
    if reverted.iter().any(|block| is_era_end(params, block.number)) {
        tally.reorgs_over_era = tally.reorgs_over_era.saturating_add(1);
    }
    let Some(old) = reverted.first() else { return Ok(()) };
    let authored = slot(node, old)?.map(|slot| slot.0.saturating_add(params.authoring_delay));
    for block in reverted.iter().filter(|block| schedules_entropy(world, block.number)) {
        let injected = slot(node, block)?.map(|slot| slot.0.saturating_add(params.entropy_delay));
        if injected.zip(authored).is_some_and(|(injected, authored)| injected <= authored) {
            tally.reorgs_over_entropy = tally.reorgs_over_entropy.saturating_add(1);
            break;
        }
    }
    Ok(())
}

fn schedules_entropy(world: &World, number: BlockNumber) -> bool {
    let params = world.params();
    let first = params.entropy_interval.saturating_mul(params.entropy_lookback.saturating_add(1));
    number.0 >= first && number.0.is_multiple_of(params.entropy_interval)
}

/// The slot of a block that may be forgotten already.
fn slot(node: &SimNode, block: &BlockId) -> Result<Option<Slot>, Failure> {
    Ok(node.header(&block.hash)?.and_then(|header| header.pre_digest().map(|claim| claim.slot)))
}
