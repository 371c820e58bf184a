//! Following consensus blocks: deriving what they make of the domains.

use super::{Operator, first, founded};
use crate::records::{Bodies, Ending, Known, Made, Place, Ran, Tip, Writer};
use crate::scene::{environment, known_runtime, records};
use crate::{ConsensusBlock, OperatorError};
use auto_core::{
    BlockNumber, BundleVerdict, Call, DomainId, GenesisDomain, Hash, List, OpaqueExtrinsic, Submission,
    decode_strict,
};
use auto_domains::derive::{BlockRules, Derived, execute};
use auto_domains::genesis::{DomainGenesis, domain_genesis};
use auto_domains::state::{BLOCK, DOMAIN, DOMAIN_COUNT};
use auto_domains::{DomainsCall, MODULE};
use auto_module::{ModuleEvent, Outcome};
use auto_state::Commit;
use auto_state::mmr::MmrLeaf;

/// What one consensus block made of one domain.
struct Step {
    tip: Tip,
    made: Option<(Made, Commit)>,
}

impl Operator {
    /// Makes a consensus block the newest one; derives it unless it is known.
    pub(super) fn follow(&mut self, block: &ConsensusBlock<'_>) -> Result<(), OperatorError> {
        if block.number <= self.last.finalized {
            // Only where the chain is told of again from below; nothing depends on it any more.
            self.last.number = block.number;
            self.last.hash = block.hash;
            return Ok(());
        }
        let parent = self.parent_of(block)?;
        let mut mmr = parent.mmr.clone();
        let leaf = MmrLeaf {
            number: block.parent.number,
            block_hash: block.parent.hash,
            state_root: block.parent.state_root,
        };
        let contradiction = |what| OperatorError::Contradiction { number: block.number, what };
        let nodes = mmr.append(&leaf).ok_or(contradiction("height of the parent"))?;
        if mmr.root() != block.mmr_root {
            return Err(contradiction("mountain range"));
        }
        let mut writer = Writer::default();
        let mut stage = self.nodes().stage();
        if let Some(known) = self.records().known(block.number, &block.hash)? {
            // It was left for a branch on which its extrinsics may have run elsewhere.
            for tip in known.tips.iter().filter(|tip| tip.made_in == block.hash) {
                if let Some(made) = self.records().made(tip.domain, &block.hash)? {
                    self.place(&parent, tip, &made.ran, &mut writer)?;
                }
            }
        } else {
            let mut known =
                Known { parent: block.parent.hash, state_root: block.state_root, mmr, tips: Vec::new() };
            let steps =
                parent.tips.iter().map(|tip| self.derive(block, tip)).chain(self.founded(block, &parent)?);
            for step in steps {
                let Step { tip, made } = step?;
                known.tips.push(tip);
                let Some((made, commit)) = made else { continue };
                stage.stage_commit(&commit);
                writer.made(tip.domain, &block.hash, &made);
                self.place(&parent, &tip, &made.ran, &mut writer)?;
            }
            writer.known(block.number, &block.hash, &known);
        }
        let mut last = self.last.clone();
        (last.number, last.hash) = (block.number, block.hash);
        writer.nodes(&nodes);
        writer.last(&last);
        stage.finish(&mut writer.0)?;
        let abandoned = self.abandoned(block)?;
        self.store.write(writer.0)?;
        self.last = last;
        self.readmit(block, abandoned)
    }

    /// Notes where the extrinsics of a block ran. Where two operators offered one, the first block tells what
    /// became of it, and it is skipped in the second.
    fn place(
        &self,
        parent: &Known,
        tip: &Tip,
        ran: &[Ran],
        writer: &mut Writer,
    ) -> Result<(), OperatorError> {
        let below = parent.tip(tip.domain);
        for (position, ran) in (0u32..).zip(ran) {
            let is_skipped = matches!(ran.ending, Ending::Skipped { .. });
            if is_skipped && below.map_or(Ok(false), |below| self.shared.has_run(below, &ran.hash))? {
                continue;
            }
            let place = Place { made_in: tip.made_in, number: tip.number, position };
            writer.place(tip.domain, &ran.hash, &place);
        }
        Ok(())
    }

    fn parent_of(&self, block: &ConsensusBlock<'_>) -> Result<Known, OperatorError> {
        let (number, hash) = (block.parent.number, block.parent.hash);
        let unknown = OperatorError::UnknownParent { number: block.number, parent: hash };
        self.records().known(number, &hash)?.ok_or(unknown)
    }

    /// The next block of a domain, if the consensus block made one.
    fn derive(&self, block: &ConsensusBlock<'_>, parent: &Tip) -> Result<Step, OperatorError> {
        let domain = parent.domain;
        let contradiction = |what| OperatorError::Contradiction { number: block.number, what };
        let (record, runtime) = records(block.state, domain)?;
        let unchanged = Tip { confirmed: record.confirmed, ..*parent };
        if record.head == parent.number {
            return Ok(Step { tip: unchanged, made: None });
        }
        if Some(record.head) != parent.number.checked_add(1) {
            return Err(contradiction("height of a domain"));
        }
        let derived_from = BLOCK.get(block.state, &(domain, record.head))?;
        let mut derived_from = derived_from.ok_or(contradiction("block of a domain"))?;
        // The state learns the hash only with the next block.
        derived_from.inherent.consensus_hash = block.hash;
        let version = derived_from.inherent.runtime_version;
        let code = known_runtime(&*self.config.runtimes, domain, &runtime, version)?;
        let environment = environment(&self.config.rules, domain);
        let rules = BlockRules { domain: &*code, environment: &environment, block: &derived_from };
        let bodies: Bodies = bundles_of(block.submissions, domain);
        let slices: Vec<&[OpaqueExtrinsic]> = bodies.iter().map(|body| &body[..]).collect();
        let derived = execute(&rules, &slices, &parent.parent(), self.nodes())?;
        let invalid =
            derived.receipt.bundles.iter().any(|one| matches!(one.verdict, BundleVerdict::Invalid(_)));
        let worked = invalid || !derived.ordered.is_empty();
        let tip = Tip {
            number: record.head,
            receipt: derived.receipt.hash(),
            block: derived.receipt.block_hash,
            state_root: derived.receipt.final_state_root,
            made_in: block.hash,
            worked: if worked { record.head } else { parent.worked },
            ..unchanged
        };
        Ok(Step { tip, made: Some(record_of(derived, bodies, parent.made_in)) })
    }

    /// Domains that the consensus block created, where it is known what they start from.
    fn founded(
        &self,
        block: &ConsensusBlock<'_>,
        parent: &Known,
    ) -> Result<Vec<Result<Step, OperatorError>>, OperatorError> {
        let last = DOMAIN_COUNT.get(block.state)?.unwrap_or_default();
        let first_new = parent.tips.iter().map(|tip| tip.domain.0.saturating_add(1)).max().unwrap_or(1);
        let mut steps = Vec::new();
        for domain in (first_new..=last.0).map(DomainId).filter(|domain| self.wants(*domain)) {
            let created =
                DOMAIN.get(block.state, &domain)?.is_some_and(|record| record.created == block.number);
            if let Some(start) = if created { self.start_of(block, domain)? } else { None } {
                let tip = founded(domain, &start, block.hash);
                let commit = start.commit.clone();
                steps.push(Ok(Step { tip, made: Some((first(start), commit)) }));
            }
        }
        Ok(steps)
    }

    /// What a domain starts from, out of the transaction that created it: the one that gives its receipt.
    fn start_of(
        &self,
        block: &ConsensusBlock<'_>,
        domain: DomainId,
    ) -> Result<Option<DomainGenesis>, OperatorError> {
        let (record, runtime) = records(block.state, domain)?;
        let code = known_runtime(&*self.config.runtimes, domain, &runtime, runtime.version)?;
        for signed in block.transactions {
            let owner = signed.transaction.signer.address();
            for call in signed.transaction.calls.iter().filter(|call| call.module == MODULE) {
                let Ok(DomainsCall::InstantiateDomain { config, modules, accounts, .. }) =
                    decode_strict(&call.payload, Call::PAYLOAD_MAX)
                else {
                    continue;
                };
                let Ok(accounts) = List::new(accounts.into_inner()) else { continue };
                let genesis =
                    GenesisDomain { owner, config, runtime: runtime.name.clone(), modules, accounts };
                let params = &self.config.rules.params;
                let Ok(start) = domain_genesis(params, domain, &*code, &genesis, block.number) else {
                    continue;
                };
                if start.receipt_hash == record.head_receipt_hash {
                    return Ok(Some(start));
                }
            }
        }
        Ok(None)
    }

    /// Extrinsics of the blocks that are reverted by this one.
    fn abandoned(
        &self,
        block: &ConsensusBlock<'_>,
    ) -> Result<Vec<(DomainId, OpaqueExtrinsic)>, OperatorError> {
        let mut extrinsics = Vec::new();
        let (mut number, mut hash) = (self.last.number, self.last.hash);
        while number >= block.number && number.0 > 0 && hash != block.hash {
            let Some(known) = self.records().known(number, &hash)? else { break };
            for tip in known.tips.iter().filter(|tip| tip.made_in == hash) {
                let made = self.records().made(tip.domain, &hash)?;
                let ran = made.map(|made| made.ran).unwrap_or_default();
                extrinsics.extend(ran.into_iter().map(|ran| (tip.domain, ran.bytes)));
            }
            (number, hash) = (BlockNumber(number.0.saturating_sub(1)), known.parent);
        }
        Ok(extrinsics)
    }
}

fn bundles_of(submissions: &[Submission], domain: DomainId) -> Bodies {
    let bundles = submissions.iter().filter_map(|submission| match submission {
        Submission::Bundle(bundle) if bundle.header.election.domain == domain => Some(bundle),
        _ => None,
    });
    bundles.map(|bundle| bundle.extrinsics.clone()).collect()
}

fn events_of(events: Vec<ModuleEvent>) -> Vec<(auto_core::ModuleId, Vec<u8>)> {
    events.into_iter().map(|event| (event.module, event.payload)).collect()
}

fn ending_of(outcome: Outcome) -> Ending {
    match outcome {
        Outcome::Applied => Ending::Applied,
        Outcome::Failed { call, code, message } => Ending::Failed { call, code: code.to_owned(), message },
        Outcome::Skipped { code } => Ending::Skipped { code: code.to_owned() },
    }
}

fn record_of(derived: Derived, bodies: Bodies, parent_in: Hash) -> (Made, Commit) {
    let ran = derived.ordered.into_iter().zip(derived.executed).map(|((hash, bytes), executed)| Ran {
        hash,
        bytes,
        ending: ending_of(executed.outcome),
        fee: executed.fee,
        events: events_of(executed.events),
    });
    let made = Made {
        receipt: derived.receipt,
        parent_in,
        bodies,
        ran: ran.collect(),
        finalized: events_of(derived.finalized),
        fresh: derived.commit.fresh.iter().map(|(hash, _)| *hash).collect(),
        stale: derived.commit.stale.clone(),
    };
    (made, derived.commit)
}
