//! Extrinsics that wait for a bundle.

use super::Operator;
use crate::records::Tip;
use crate::scene::Scene;
use crate::{ConsensusBlock, Effect, Notice, OperatorError};
use auto_core::{
    DomainId, EXTRINSIC_BYTES_MAX, ErrorCode, Hash, OpaqueExtrinsic, SignedTransaction, extrinsic_hash,
};
use auto_module::{DomainError, Extrinsic};
use auto_state::{Snapshot, StateRead};
use parity_scale_codec::Encode;

impl Operator {
    /// Takes a transaction of a domain into the pool, and gives the hash by which it is known there.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn transaction(&mut self, transaction: &SignedTransaction) -> Result<Hash, OperatorError> {
        let domain = transaction.transaction.domain;
        let known = self.known()?;
        let tip = *known.tip(domain).ok_or(OperatorError::NotServed(domain))?;
        let state = Snapshot::new(self.nodes(), known.state_root);
        self.admit(&state, &tip, Extrinsic::Signed(Box::new(transaction.clone())))
    }

    /// Takes an extrinsic into the pool of its domain: what is cheap first, the signature late, the state last.
    pub(super) fn admit(
        &self,
        state: &dyn StateRead,
        tip: &Tip,
        extrinsic: Extrinsic,
    ) -> Result<Hash, OperatorError> {
        let domain = tip.domain;
        let encoded = extrinsic.encode();
        let hash = extrinsic_hash(&encoded);
        let actual = encoded.len();
        let oversized = |_| DomainError::Oversized { actual, limit: EXTRINSIC_BYTES_MAX };
        let bytes = OpaqueExtrinsic::new(encoded).map_err(oversized)?;
        let entry = auto_domains::derive::DigestEntry::of(&extrinsic, &bytes).ok_or(DomainError::Inherent)?;
        {
            let mut pools = self.shared.pools.write();
            pools.entry(domain).or_default().room(domain, (&hash, &entry.sender, entry.nonce), actual)?;
        }
        let scene = self.scene(state, self.last.number, tip)?;
        let too_large = OperatorError::TooLarge(domain);
        if u64::try_from(actual).unwrap_or(u64::MAX) > u64::from(scene.record.config.bundle_bytes_max) {
            return Err(too_large);
        }
        let checked = scene.runtime.check(&scene.environment, extrinsic)?;
        if checked.weight().0 > scene.record.config.bundle_weight_max {
            return Err(too_large);
        }
        let below = self.state_of(tip);
        scene.runtime.ready(&scene.environment, &scene.block.inherent, &checked, &below)?;
        Ok(self.shared.pools.write().entry(domain).or_default().insert(checked, bytes))
    }

    /// Takes extrinsics of blocks that were reverted back into the pools.
    pub(super) fn readmit(
        &self,
        block: &ConsensusBlock<'_>,
        abandoned: Vec<(DomainId, OpaqueExtrinsic)>,
    ) -> Result<(), OperatorError> {
        if abandoned.is_empty() {
            return Ok(());
        }
        let known = self.known()?;
        for (domain, bytes) in abandoned {
            let Some(tip) = known.tip(domain) else { continue };
            let (_, runtime) = crate::scene::records(block.state, domain)?;
            let code =
                crate::scene::known_runtime(&*self.config.runtimes, domain, &runtime, runtime.version)?;
            let Ok(extrinsic) = code.decode(&bytes) else { continue };
            let (signed, hash) = (matches!(extrinsic, Extrinsic::Signed(_)), extrinsic_hash(&bytes));
            match self.admit(block.state, tip, extrinsic) {
                Err(error) if error.is_fatal() => return Err(error),
                // It ran on this branch as well, or has no place on it.
                Err(error) if signed && !self.shared.has_run(tip, &hash)? => {
                    self.shared.dropped.write().push(hash, error.code().to_owned(), error.to_string());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Drops from the pools what ran or can no longer run.
    pub(super) fn refresh_pools(
        &self,
        block: &ConsensusBlock<'_>,
        effects: &mut Vec<Effect>,
    ) -> Result<(), OperatorError> {
        let known = self.known()?;
        for tip in &known.tips {
            let mut pools = self.shared.pools.write();
            let Some(pool) = pools.get_mut(&tip.domain).filter(|pool| pool.len() > 0) else { continue };
            let scene = self.scene(block.state, block.number, tip)?;
            let below = self.state_of(tip);
            let mut gone = Vec::new();
            for entry in pool.iter() {
                let inherent = &scene.block.inherent;
                let ready = scene.runtime.ready(&scene.environment, inherent, &entry.extrinsic, &below);
                match ready {
                    Ok(()) => {}
                    Err(error) if error.unreadable().is_some() => return Err(error.into()),
                    Err(error) => gone.push((entry.extrinsic.hash(), error)),
                }
            }
            for (hash, error) in gone {
                let signed = pool
                    .remove(&hash)
                    .is_some_and(|entry| matches!(entry.extrinsic.extrinsic(), Extrinsic::Signed(_)));
                let ran = self.shared.has_run(tip, &hash)?;
                if signed && !ran {
                    let (code, reason) = (error.code().to_owned(), error.to_string());
                    self.shared.dropped.write().push(hash, code.clone(), reason.clone());
                    effects.push(Effect::Notify(Notice::Dropped { domain: tip.domain, hash, code, reason }));
                }
            }
            // What ran without effect may be offered again at once.
            if tip.made_in == block.hash {
                let made = self.records().must_have(tip.domain, &block.hash)?;
                made.ran.iter().for_each(|ran| pool.set_offered(&ran.hash, None));
            }
        }
        Ok(())
    }

    /// Whether a domain's pool has the message of a sender and nonce.
    pub(super) fn pool_holds(&self, domain: DomainId, message: &auto_module::messages::Message) -> bool {
        let pools = self.shared.pools.read();
        pools.get(&domain).is_some_and(|pool| pool.holds(&message.sender(), message.nonce))
    }
}

/// Whether a scene's runtimes would both take an extrinsic into a bundle; see [`Scene::new`].
pub(super) fn is_safe(
    scene: &Scene,
    vrf: &auto_core::VrfSignature,
    bytes: &[u8],
    below: &impl StateRead,
) -> Result<Option<auto_module::CheckedExtrinsic>, OperatorError> {
    let judge = |rules: &auto_domains::derive::BlockRules<'_>| {
        auto_domains::derive::verdict::extrinsic(rules, vrf, 0, bytes, below)
    };
    let Ok(checked) = judge(&scene.rules())? else { return Ok(None) };
    if let Some(rules) = scene.upgraded_rules() {
        match judge(&rules)? {
            Ok(later) if later.weight() == checked.weight() => {}
            _ => return Ok(None),
        }
    }
    Ok(Some(checked))
}
