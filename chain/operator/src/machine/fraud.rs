//! Comparing receipts with the own ones, and proving wrong ones wrong.

use super::Operator;
use crate::account::Goal;
use crate::records::Tip;
use crate::{ConsensusBlock, Effect, Notice, OperatorError};
use auto_core::{BlockNumber, DomainId, Hash, OpaqueExtrinsic, Submission};
use auto_domains::derive::execute;
use auto_domains::fraud::{Evidence, FraudContext, FraudProof, prove};
use auto_domains::state::DOMAIN;
use auto_domains::{DomainsCall, receipt};
use auto_state::StateRead;
use std::collections::BTreeSet;

impl Operator {
    /// Whether all operators of this process are honest.
    fn is_honest(&self) -> bool {
        self.config.roles.iter().all(|role| role.lie.is_none())
    }

    /// Compares the receipts that a consensus block brought; after a start all that are open, and after a change
    /// of branch those that were found to differ before.
    pub(super) fn compare(
        &mut self,
        block: &ConsensusBlock<'_>,
        effects: &mut Vec<Effect>,
    ) -> Result<(), OperatorError> {
        let (compared, straight) = (self.compared, self.previous == block.parent.hash);
        (self.compared, self.previous) = (true, block.hash);
        let known = self.known()?;
        for tip in &known.tips {
            let domain = tip.domain;
            let Some(record) = DOMAIN.get(block.state, &domain)? else { continue };
            let open = BlockNumber(record.confirmed.0.saturating_add(1));
            let last = record.head_receipt;
            // One that was confirmed cannot be proven wrong any more.
            let late: Vec<BlockNumber> = self.bad_of(domain).take_while(|number| *number < open).collect();
            for number in late {
                self.bad.remove(&(domain, number));
                effects.push(Effect::Notify(Notice::Diverged { domain, number }));
            }
            let mut numbers: BTreeSet<BlockNumber> = if compared {
                let brought = block.submissions.iter().map(Submission::receipt);
                brought.filter(|receipt| receipt.domain == domain).map(|receipt| receipt.number).collect()
            } else {
                (open.0..=last.0).map(BlockNumber).collect()
            };
            // What is known to be bad may be gone, and another may be there instead.
            numbers.extend(self.bad_of(domain));
            if !straight {
                numbers.extend(self.suspects_of(domain));
            }
            for number in numbers {
                let other = if number < open || number > last {
                    None
                } else {
                    self.other_receipt(block.state, tip, number)?
                };
                match other {
                    Some(stated) => {
                        self.bad.insert((domain, number), stated);
                        self.suspects.insert((domain, number, stated));
                    }
                    None => {
                        self.bad.remove(&(domain, number));
                    }
                }
            }
            let depth = self.config.rules.params.confirmation_depth;
            let old = record.confirmed.0.saturating_sub(depth);
            self.suspects.retain(|(of, number, _)| *of != domain || number.0 >= old);
        }
        Ok(())
    }

    fn suspects_of(&self, domain: DomainId) -> Vec<BlockNumber> {
        let all = self.suspects.iter().filter(|(of, ..)| *of == domain);
        all.map(|(_, number, _)| *number).collect()
    }

    fn bad_of(&self, domain: DomainId) -> impl Iterator<Item = BlockNumber> {
        let all = (domain, BlockNumber(0))..=(domain, BlockNumber(u64::MAX));
        self.bad.range(all).map(|((_, number), _)| *number)
    }

    /// Proves the lowest wrong receipt of each domain, once; those above fall with it.
    pub(super) fn prove_frauds(
        &mut self,
        block: &ConsensusBlock<'_>,
        effects: &mut Vec<Effect>,
    ) -> Result<(), OperatorError> {
        let known = self.known()?;
        let mut lowest: Vec<(Tip, BlockNumber, Hash)> = Vec::new();
        for tip in &known.tips {
            let all = (tip.domain, BlockNumber(0))..=(tip.domain, BlockNumber(u64::MAX));
            if let Some(((_, number), hash)) = self.bad.range(all).next() {
                lowest.push((*tip, *number, *hash));
            }
        }
        self.told.retain(|hash, _| self.bad.values().any(|bad| bad == hash));
        let honest = self.is_honest();
        if let Some(account) = &mut self.account {
            let wanted = |goal: &Goal| match goal {
                Goal::Fraud(hash) => lowest.iter().any(|(.., bad)| bad == hash),
                Goal::Relay(_) => true,
            };
            account.settle(block.state, block.number, wanted)?;
        }
        for (tip, number, hash) in lowest {
            let goal = Goal::Fraud(hash);
            let free = self.account.as_ref().is_some_and(|account| !account.is_pending(&goal));
            let mut proven = false;
            let proof = if honest && free { self.proof_of(block.state, &tip, number, hash)? } else { None };
            if let Some((proof, account)) = proof.zip(self.account.as_mut()) {
                let call = DomainsCall::SubmitFraudProof(Box::new(proof));
                let rules = &self.config.rules;
                proven = account.sign(rules, block.state, block.number, goal, call)?;
            }
            if self.told.insert(hash, number).is_none() {
                let notice = Notice::BadReceipt { domain: tip.domain, number, receipt: hash, proven };
                effects.push(Effect::Notify(notice));
            }
        }
        Ok(())
    }

    /// A proof that a receipt of the line is wrong, out of deriving its block once more.
    ///
    /// # Errors
    /// When a state or record is gone, or the receipt differs in what the chain should have refused.
    fn proof_of(
        &self,
        state: &dyn StateRead,
        tip: &Tip,
        number: BlockNumber,
        hash: Hash,
    ) -> Result<Option<FraudProof>, OperatorError> {
        if receipt::record(state, hash)?.is_none() {
            return Ok(None);
        }
        let rules = &self.config.rules;
        let context = FraudContext::open(rules, &*self.config.runtimes, state, tip.domain, &hash)?;
        let claim = context.claim();
        let Some(own) = self.own(state, tip, number)? else { return Ok(None) };
        let bodies: Vec<&[OpaqueExtrinsic]> = own.bodies.iter().map(|body| &body[..]).collect();
        let derived = execute(&claim.rules, &bodies, claim.parent, self.nodes())?;
        let evidence = Evidence { bundles: &bodies, derived: &derived, source: self.nodes() };
        Ok(prove(&claim, &evidence)?)
    }
}
