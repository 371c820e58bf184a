//! Running one block.

use super::trial::Trial;
use super::{DomainHarness, Done, HarnessError, Tx};
use crate::Failure;
use crate::consensus::{apply, weight};
use auto_core::{ErrorCode, Hash, OpaqueExtrinsic, ProofOfElection, Slot, Submission};
use auto_domains::derive::{BlockRules, Derived, ParentTip, execute};
use auto_domains::state::DomainBlock;
use auto_ledger::byte_fees;
use auto_module::{Inherent, Invariant};

/// Consensus blocks in which an operator is elected at least once, unless its key is most unlucky.
const PATIENCE: u64 = 200;

impl DomainHarness {
    /// Runs a block with several bundles, each of another operator.
    ///
    /// # Errors
    /// What is wrong with the block. The harness is then good for nothing else.
    pub fn try_bundles(&mut self, bundles: &[&[Tx]]) -> Result<Done, HarnessError> {
        self.signed.borrow_mut().clear();
        let (offered, refused) = self.offer(bundles)?;
        let bodies = Self::bodies(&offered.iter().map(Vec::as_slice).collect::<Vec<_>>());
        self.include(&bodies)?;

        let number = auto_core::BlockNumber(self.newest.number.0.saturating_add(1));
        let block = self.chain.derivation(self.domain, number)?;
        let block = block.ok_or_else(|| Failure(format!("the chain made no block {number}")))?;
        let slices: Vec<&[OpaqueExtrinsic]> = bodies.iter().map(Vec::as_slice).collect();
        let derived = self.derive(&block, &slices)?;
        let again = self.derive(&block, &slices)?;
        let same = (&derived.receipt, &derived.steps, &derived.executed, &derived.finalized)
            == (&again.receipt, &again.steps, &again.executed, &again.finalized);
        if !same {
            return Err(HarnessError::Fickle);
        }
        self.check_invariants(&derived)?;
        let mut done = Done { derived, refused, lies: 0, at_the_door: 0, longest_proof: 0 };
        Trial::open(self, &block, &slices)?.hold(&mut done)?;
        self.nodes.extend(done.derived.commit.fresh.iter().cloned());
        self.newest = done.derived.receipt.clone();
        Ok(done)
    }

    /// Runs a block with one bundle of these transactions.
    ///
    /// # Errors
    /// As [`DomainHarness::try_bundles`].
    pub fn try_block(&mut self, transactions: &[Tx]) -> Result<Done, HarnessError> {
        self.try_bundles(&[transactions])
    }

    /// What honest operators offer of these transactions: what passes the check and is legal over the state of
    /// the newest block; and the codes of the rest.
    #[allow(clippy::type_complexity, reason = "two lists that belong together")]
    fn offer(&self, bundles: &[&[Tx]]) -> Result<(Vec<Vec<Tx>>, Vec<(Hash, &'static str)>), HarnessError> {
        let cx = self.chain.context();
        let price =
            byte_fees(self.chain.state()).map_err(|error| Failure::of("the price of a byte", &error))?;
        let inherent = Inherent {
            number: auto_core::BlockNumber(self.newest.number.0.saturating_add(1)),
            consensus_number: cx.number,
            consensus_hash: Hash::ZERO,
            mmr_root: cx.mmr_root,
            slot: cx.slot,
            byte_fee: price.next,
            runtime_version: self.runtime.version(),
        };
        let (mut offered, mut refused) = (Vec::new(), Vec::new());
        for bundle in bundles {
            let mut kept = Vec::new();
            for tx in *bundle {
                let decoded = self.runtime.decode(tx.bytes());
                let checked = decoded.and_then(|decoded| self.runtime.check(&self.environment, decoded));
                let legal = checked.and_then(|checked| {
                    self.runtime.legal(&self.environment, &inherent, &checked, &self.contents)
                });
                match legal {
                    Ok(()) => kept.push(tx.clone()),
                    Err(error) => refused.push((tx.hash(), error.code())),
                }
            }
            offered.push(kept);
        }
        Ok((offered, refused))
    }

    /// Has a consensus block take the bundles, each with the newest receipt.
    fn include(&mut self, bodies: &[Vec<OpaqueExtrinsic>]) -> Result<(), HarnessError> {
        if bodies.len() > self.operators.len() {
            let text = format!("{} bundles of {} operators", bodies.len(), self.operators.len());
            return Err(Failure(text).into());
        }
        for _ in 0..PATIENCE {
            let rights: Vec<Option<ProofOfElection>> = self
                .operators
                .iter()
                .take(bodies.len())
                .map(|operator| self.chain.right(operator, Slot(0)))
                .collect();
            let Some(rights) = rights.into_iter().collect::<Option<Vec<_>>>() else {
                self.chain.idle(1)?;
                continue;
            };
            let offers = self.operators.iter().zip(rights).zip(bodies);
            let submissions: Vec<Submission> = offers
                .map(|((operator, right), body)| {
                    let weight = weight(&*self.runtime, &self.environment, body);
                    self.chain.bundle(operator, right, self.newest.clone(), weight, body)
                })
                .collect();
            let executed = self.chain.execute(&submissions, &[]);
            let executed = executed.map_err(|error| Failure::of("the bundles", &error))?;
            self.chain.append(&executed)?;
            return Ok(());
        }
        Err(Failure("an operator is never elected".to_owned()).into())
    }

    pub(super) fn rules<'a>(&'a self, block: &'a DomainBlock) -> BlockRules<'a> {
        BlockRules { domain: &*self.runtime, environment: &self.environment, block }
    }

    fn derive(&self, block: &DomainBlock, bodies: &[&[OpaqueExtrinsic]]) -> Result<Derived, HarnessError> {
        let derived = execute(&self.rules(block), bodies, &ParentTip::of(&self.newest), &self.nodes);
        Ok(derived.map_err(|error| Failure::of("deriving", &error))?)
    }

    /// Goes on to the state after the block, if every invariant holds there.
    fn check_invariants(&mut self, derived: &Derived) -> Result<(), HarnessError> {
        let mut after = self.contents.clone();
        derived.steps.iter().for_each(|changes| apply(&mut after, changes));
        for Invariant { name, check } in self.runtime.invariants() {
            check(&self.contents, &after).map_err(|what| HarnessError::InvariantBroken { name, what })?;
        }
        self.contents = after;
        Ok(())
    }
}
