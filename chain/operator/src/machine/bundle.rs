//! Drawing in a slot, and what to offer when elected.

use super::Operator;
use super::transactions::is_safe;
use crate::lie::Authored;
use crate::records::{Known, Tip};
use crate::scene::Scene;
use crate::{ConsensusHead, Effect, Lie, Notice, OperatorError, Role};
use auto_core::{
    Address, BUNDLE_BYTES_MAX, BUNDLE_EXTRINSICS_MAX, BlockNumber, Bundle, BundleHeader, ExecutionReceipt,
    Hash, List, Nonce, OpaqueExtrinsic, OperatorId, OperatorKey, OperatorSignature, PotOutput,
    ProofOfElection, SealedReceipt, Slot, Submission, VrfSignature, extrinsic_hash, merkle_root, tag,
};
use auto_domains::election::is_elected;
use auto_domains::staking;
use auto_domains::state::{DOMAIN, EPOCH, OPERATOR_KEY, RECEIPT};
use auto_module::{Extrinsic, bank};
use auto_state::StateRead;
use std::collections::BTreeMap;

/// A submission of an own operator that may still be included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flight {
    operator: OperatorId,
    slot: Slot,
    /// The head that it was made on.
    head: (BlockNumber, Hash),
}

/// What a bundle holds.
#[derive(Default)]
struct Load {
    extrinsics: Vec<OpaqueExtrinsic>,
    weight: u64,
}

impl Operator {
    /// A slot after the head's future slot is proven: every own operator draws, and offers what it has when it
    /// is elected. A slot may come again with another output, when the best chain changed.
    ///
    /// # Errors
    /// When the state cannot be read, or a domain's runtime is unknown.
    pub fn slot(
        &mut self,
        slot: Slot,
        output: &PotOutput,
        head: &ConsensusHead<'_>,
    ) -> Result<Vec<Effect>, OperatorError> {
        if self.last() != Some((head.number, head.hash)) || slot <= head.future_slot {
            return Ok(Vec::new());
        }
        let oldest = head.number.0.saturating_sub(self.config.rules.params.bundle_longevity);
        self.flights.retain(|flight| flight.head.0.0 >= oldest);
        let (known, mut effects) = (self.known()?, Vec::new());
        let roles = std::mem::take(&mut self.config.roles);
        let mut result = Ok(());
        for role in &roles {
            result = self.draw(role, slot, output, head, &known).map(|done| effects.extend(done));
            if result.is_err() {
                break;
            }
        }
        self.config.roles = roles;
        // What others of the process offered goes out; the one that failed is asked again in the next slot.
        if effects.is_empty() { result.map(|()| effects) } else { Ok(effects) }
    }

    fn draw(
        &mut self,
        role: &Role,
        slot: Slot,
        output: &PotOutput,
        head: &ConsensusHead<'_>,
        known: &Known,
    ) -> Result<Vec<Effect>, OperatorError> {
        let key: OperatorKey = role.pair.key();
        let Some(operator) = OPERATOR_KEY.get(head.state, &key)? else { return Ok(Vec::new()) };
        let Some(tip) = self.tip_of(operator, head.state, known)? else { return Ok(Vec::new()) };
        match staking::may_submit(head.state, tip.domain, operator) {
            Ok(record) if record.last_slot.is_none_or(|last| slot > last) => {}
            Err(auto_domains::BundleError::Stored(error)) => return Err(error.into()),
            // The reason is in the consensus state for everyone to see.
            _ => return Ok(Vec::new()),
        }
        if self.flights.iter().any(|flight| flight.operator == operator && flight.slot == slot) {
            return Ok(Vec::new());
        }
        let genesis = self.config.rules.genesis;
        let epoch = EPOCH.get(head.state, &tip.domain)?.unwrap_or_default();
        let stake = epoch.stake_of(operator).unwrap_or_default();
        let Some(record) = DOMAIN.get(head.state, &tip.domain)? else { return Ok(Vec::new()) };
        let drawn = role.pair.drawn(&genesis, tip.domain, slot, output);
        if record.frozen || !is_elected(&epoch, record.config.bundle_probability, stake, drawn) {
            return Ok(Vec::new());
        }
        let vrf = role.pair.draw(&genesis, tip.domain, slot, output);
        let right = ProofOfElection { domain: tip.domain, operator, slot, proof_of_time: *output, vrf };
        let scene = self.scene(head.state, head.number, &tip)?;
        let Some(submission) = self.offer(role, &right, head, &tip, &scene)? else { return Ok(Vec::new()) };
        self.flights.push(Flight { operator, slot, head: (head.number, head.hash) });
        let extrinsics = match &submission {
            Submission::Bundle(bundle) => bundle.extrinsics.len(),
            Submission::Receipt(_) => 0,
        };
        let notice =
            Notice::Offered { operator, domain: tip.domain, slot, submission: submission.hash(), extrinsics };
        Ok(vec![Effect::Submit(Box::new(submission)), Effect::Notify(notice)])
    }

    fn tip_of(
        &self,
        operator: OperatorId,
        state: &dyn StateRead,
        known: &Known,
    ) -> Result<Option<Tip>, OperatorError> {
        let record = auto_domains::state::OPERATOR.get(state, &operator)?;
        Ok(record.and_then(|record| known.tip(record.domain).copied()))
    }

    /// What an elected operator submits, if anything.
    fn offer(
        &mut self,
        role: &Role,
        right: &ProofOfElection,
        head: &ConsensusHead<'_>,
        tip: &Tip,
        scene: &Scene,
    ) -> Result<Option<Submission>, OperatorError> {
        let gap = scene.record.head.0.saturating_sub(scene.record.head_receipt.0);
        let here = (head.number, head.hash);
        let offered_here =
            self.flights.iter().any(|flight| flight.operator == right.operator && flight.head == here);
        if gap > 1 && offered_here {
            return Ok(None);
        }
        let Some(receipt) = self.receipt_for(role, head.state, tip, scene)? else { return Ok(None) };
        if gap > 1 {
            let signature = OperatorSignature([0; 64]);
            let mut sealed = SealedReceipt { election: *right, receipt, signature };
            sealed.signature = self.sign(role, sealed.hash());
            return Ok(Some(Submission::Receipt(Box::new(sealed))));
        }
        let authored = match role.lie {
            Some(lie) if !offered_here && !self.has_faulty(head.state, tip, scene)? => {
                lie.author(&self.config.rules, scene, right)
            }
            _ => None,
        };
        let (load, surplus) = match authored {
            Some(Authored { extrinsics, weight }) => (Load { extrinsics, weight }, true),
            None => (self.load(right, head, tip, scene)?, false),
        };
        let waits = tip.worked > scene.record.confirmed || self.waiting.contains(&tip.domain);
        let wanted = !load.extrinsics.is_empty() || surplus || (waits && !offered_here);
        if !wanted {
            return Ok(None);
        }
        let hashes: Vec<Hash> = load.extrinsics.iter().map(|bytes| extrinsic_hash(bytes)).collect();
        {
            let mut pools = self.shared.pools.write();
            let pool = pools.entry(tip.domain).or_default();
            hashes.iter().for_each(|hash| pool.set_offered(hash, Some(head.number)));
        }
        let Ok(extrinsics) = List::new(load.extrinsics) else { return Ok(None) };
        let extrinsics_root = merkle_root(&hashes);
        let header = BundleHeader { election: *right, receipt, weight: load.weight, extrinsics_root };
        let signature = self.sign(role, header.hash());
        Ok(Some(Submission::Bundle(Box::new(Bundle { header, signature, extrinsics }))))
    }

    fn sign(&self, role: &Role, hash: Hash) -> OperatorSignature {
        role.pair.sign(tag::BUNDLE_SIGNATURE, &self.config.rules.genesis, hash.as_ref())
    }

    /// The receipt to submit: the next one of the line, or its newest when there is no next one. An honest
    /// operator vouches for nothing but its own, so it has none while the line is wrong.
    fn receipt_for(
        &self,
        role: &Role,
        state: &dyn StateRead,
        tip: &Tip,
        scene: &Scene,
    ) -> Result<Option<ExecutionReceipt>, OperatorError> {
        let record = &scene.record;
        let next = BlockNumber(record.head_receipt.0.saturating_add(1));
        if let Some(lie) = role.lie {
            let newest = RECEIPT.get(state, &record.head_receipt_hash)?.map(|record| record.receipt);
            let Some(newest) = newest else { return Ok(None) };
            let own = if next <= record.head { self.own(state, tip, next)? } else { None };
            return Ok(Some(match own {
                Some(made) => lie.state(made.receipt, &newest),
                None => newest,
            }));
        }
        let wanted = if next <= record.head { next } else { record.head_receipt };
        let own = self.own(state, tip, wanted)?.map(|made| made.receipt);
        Ok(own.filter(|receipt| {
            let stands_on_own = if wanted == next { receipt.parent_receipt } else { receipt.hash() };
            stands_on_own == record.head_receipt_hash && self.line_is_own(tip.domain)
        }))
    }

    /// Whether a block without a receipt has an invalid bundle, for a lie to be about.
    fn has_faulty(&self, state: &dyn StateRead, tip: &Tip, scene: &Scene) -> Result<bool, OperatorError> {
        let from = scene.record.head_receipt.0.saturating_add(1);
        for number in (from..=scene.record.head.0).map(BlockNumber) {
            let made = self.own(state, tip, number)?;
            if made.is_some_and(|made| made.receipt.bundles.iter().any(|one| Lie::is_invalid(&one.verdict))) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Extrinsics for a bundle, in order of arrival: those within the range of the draw that every block which
    /// could hold the bundle will call valid.
    fn load(
        &self,
        right: &ProofOfElection,
        head: &ConsensusHead<'_>,
        tip: &Tip,
        scene: &Scene,
    ) -> Result<Load, OperatorError> {
        let params = &self.config.rules.params;
        let limit = scene.record.config.bundle_bytes_max.min(params.domain_block_bytes_max);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX).min(BUNDLE_BYTES_MAX);
        let (mut load, mut bytes) = (Load::default(), 0usize);
        let below = self.state_of(tip);
        let mut due: BTreeMap<Address, Nonce> = BTreeMap::new();
        let pools = self.shared.pools.read();
        let Some(pool) = pools.get(&tip.domain) else { return Ok(load) };
        for entry in pool.iter() {
            let extrinsic = &entry.extrinsic;
            let sender = extrinsic.sender();
            if matches!(extrinsic.extrinsic(), Extrinsic::Signed(_)) {
                let next = match due.get(&sender) {
                    Some(next) => *next,
                    None => bank::ACCOUNTS.get(&below, &sender)?.unwrap_or_default().nonce,
                };
                due.insert(sender, next);
                if extrinsic.nonce() != next {
                    continue;
                }
            }
            let underway =
                entry.offered.is_some_and(|at| at.0.saturating_add(params.bundle_longevity) >= head.number.0);
            let weight = load.weight.saturating_add(extrinsic.weight().0);
            let fits = bytes.saturating_add(entry.bytes.len()) <= limit
                && weight <= scene.record.config.bundle_weight_max
                && load.extrinsics.len() < BUNDLE_EXTRINSICS_MAX;
            if !underway {
                if !fits || !takes(scene, &right.vrf, &entry.bytes, &below)? {
                    continue;
                }
                bytes = bytes.saturating_add(entry.bytes.len());
                load.weight = weight;
                load.extrinsics.push(entry.bytes.clone());
            }
            due.insert(sender, Nonce(extrinsic.nonce().0.saturating_add(1)));
        }
        Ok(load)
    }
}

fn takes(
    scene: &Scene,
    vrf: &VrfSignature,
    bytes: &[u8],
    below: &impl StateRead,
) -> Result<bool, OperatorError> {
    Ok(is_safe(scene, vrf, bytes, below)?.is_some())
}
