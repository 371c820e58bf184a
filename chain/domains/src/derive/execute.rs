//! Running a block and stating what came of it.

use super::{BlockRules, DeriveError, Step, StepEffect, order, step, verdict};
use auto_core::{
    BlockFees, BundleVerdict, DomainHeader, ExecutionReceipt, Hash, InboxedBundle, List, OpaqueExtrinsic,
    Transfers, extrinsic_hash, merkle_root,
};
use auto_module::{CheckedExtrinsic, Executed, ModuleEvent, bank};
use auto_state::{Changes, Commit, NodeSource, Staged};
use std::collections::BTreeMap;

/// What a domain block follows on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParentTip {
    /// Hash of the parent block's receipt.
    pub receipt_hash: Hash,
    /// Hash of the parent block.
    pub block_hash: Hash,
    /// Root of the state after it.
    pub state_root: Hash,
}

impl ParentTip {
    /// The tip that a receipt leaves.
    #[must_use]
    pub fn of(receipt: &ExecutionReceipt) -> Self {
        Self {
            receipt_hash: receipt.hash(),
            block_hash: receipt.block_hash,
            state_root: receipt.final_state_root,
        }
    }
}

/// A domain block, derived.
#[derive(Debug, Clone)]
pub struct Derived {
    /// What to state of it.
    pub receipt: ExecutionReceipt,
    /// What was found of each bundle, in the order of the inbox: the entries of valid ones.
    pub entries: Vec<order::BundleEntries>,
    /// The extrinsics in the order in which they ran, with their hashes; the inherent is not among them.
    pub ordered: Vec<(Hash, OpaqueExtrinsic)>,
    /// How each of them ended.
    pub executed: Vec<Executed>,
    /// What happened at the end of the block.
    pub finalized: Vec<ModuleEvent>,
    /// What each step changed: initialization, each extrinsic, finalization. Folded up to a step over the
    /// parent's state they give the state after it, so any step can be run again for a witness.
    pub steps: Vec<Changes>,
    /// What the block as a whole does to the tree of the state.
    pub commit: Commit,
}

/// Derives the block that `rules` describe from its `bundles`, in the order of the inbox.
///
/// # Errors
/// When the state cannot be read, `bundles` are not those of the inbox, or the block is too large to be
/// stated.
pub fn execute<S: NodeSource + Sync>(
    rules: &BlockRules<'_>,
    bundles: &[&[OpaqueExtrinsic]],
    parent: &ParentTip,
    source: S,
) -> Result<Derived, DeriveError> {
    check_bundles(rules, bundles)?;
    let state = Staged::new(source, parent.state_root);
    let judged = verdict::bundles(rules, bundles, &state)?;
    let mut run = Run { rules, state, trace: Vec::new(), steps: Vec::new() };

    let entries: Vec<_> = judged.iter().map(|bundle| bundle.entries.clone()).collect();
    let order = order(&rules.block.seed, entries.iter().flat_map(|list| list.iter().copied()).collect());
    let mut by_hash: BTreeMap<Hash, (&CheckedExtrinsic, &OpaqueExtrinsic)> = BTreeMap::new();
    for (bundle, bytes) in judged.iter().zip(bundles) {
        for (entry, pair) in bundle.entries.iter().zip(bundle.extrinsics.iter().zip(bytes.iter())) {
            by_hash.insert(entry.hash, pair);
        }
    }

    run.step(Step::Initialize)?;
    let (mut ordered, mut executed) = (Vec::with_capacity(order.len()), Vec::with_capacity(order.len()));
    for entry in &order {
        let Some((extrinsic, bytes)) = by_hash.get(&entry.hash) else { continue };
        if let StepEffect::Applied(result) = run.step(Step::Apply(extrinsic))? {
            executed.push(*result);
        }
        ordered.push((entry.hash, (*bytes).clone()));
    }
    let finalized = match run.step(Step::Finalize)? {
        StepEffect::Finalized(events) => events,
        StepEffect::Initialized | StepEffect::Applied(_) => Vec::new(),
    };

    let verdicts: Vec<BundleVerdict> = judged.iter().map(|bundle| bundle.verdict).collect();
    let receipt = run.receipt(parent, &verdicts, &ordered)?;
    let Run { state, steps, .. } = run;
    let commit = state.finish()?;
    Ok(Derived { receipt, entries, ordered, executed, finalized, steps, commit })
}

/// The hashes that the extrinsics root of a block is over: the inherent's, then those of the extrinsics.
#[must_use]
pub fn extrinsic_leaves(rules: &BlockRules<'_>, extrinsics: impl Iterator<Item = Hash>) -> Vec<Hash> {
    std::iter::once(rules.block.inherent.hash()).chain(extrinsics).collect()
}

fn check_bundles(rules: &BlockRules<'_>, bundles: &[&[OpaqueExtrinsic]]) -> Result<(), DeriveError> {
    let inbox = &rules.block.inbox;
    if bundles.len() != inbox.len() {
        return Err(DeriveError::BundleCount { expected: inbox.len(), actual: bundles.len() });
    }
    for (at, (entry, extrinsics)) in inbox.iter().zip(bundles).enumerate() {
        let hashes: Vec<Hash> = extrinsics.iter().map(|bytes| extrinsic_hash(bytes)).collect();
        if merkle_root(&hashes) != entry.extrinsics_root {
            return Err(DeriveError::ForeignBundle(at));
        }
    }
    Ok(())
}

/// A block while it runs.
struct Run<'a, S> {
    rules: &'a BlockRules<'a>,
    state: Staged<S>,
    trace: Vec<Hash>,
    steps: Vec<Changes>,
}

impl<S: NodeSource> Run<'_, S> {
    fn step(&mut self, next: Step<'_>) -> Result<StepEffect, DeriveError> {
        let (changes, effect) = step(self.rules, next, &self.state)?;
        self.trace.push(self.state.apply(&changes)?);
        self.steps.push(changes);
        Ok(effect)
    }

    fn receipt(
        &self,
        parent: &ParentTip,
        verdicts: &[BundleVerdict],
        ordered: &[(Hash, OpaqueExtrinsic)],
    ) -> Result<ExecutionReceipt, DeriveError> {
        let (domain, inherent) = (self.rules.environment.domain, &self.rules.block.inherent);
        let hashes = extrinsic_leaves(self.rules, ordered.iter().map(|(hash, _)| *hash));
        let extrinsics_root = merkle_root(&hashes);
        let final_state_root = self.state.root();
        let bundles = self.rules.block.inbox.iter().zip(verdicts);
        let bundles = bundles.map(|(entry, verdict)| InboxedBundle {
            verdict: *verdict,
            extrinsics_root: entry.extrinsics_root,
        });
        let header = DomainHeader {
            domain,
            number: inherent.number,
            parent_hash: parent.block_hash,
            extrinsics_root,
            state_root: final_state_root,
        };
        Ok(ExecutionReceipt {
            domain,
            number: inherent.number,
            block_hash: header.hash(),
            extrinsics_root,
            parent_receipt: parent.receipt_hash,
            consensus_number: inherent.consensus_number,
            consensus_hash: inherent.consensus_hash,
            bundles: List::new(bundles.collect()).map_err(|_| DeriveError::TooLarge)?,
            final_state_root,
            trace_root: merkle_root(&self.trace),
            trace: List::new(self.trace.clone()).map_err(|_| DeriveError::TooLarge)?,
            fees: bank::FEES.get(&self.state)?.unwrap_or_else(BlockFees::default),
            transfers: bank::TRANSFERS.get(&self.state)?.unwrap_or_else(Transfers::default),
        })
    }
}
