//! What the consensus chain knows of a receipt that is disputed.

use super::FraudError;
use crate::derive::{BlockRules, ParentTip};
use crate::state::{BLOCK, DOMAIN, DomainBlock, RECEIPT, RECEIPT_AT, RUNTIME, ReceiptRecord};
use auto_core::{BlockNumber, DomainId, ExecutionReceipt, Hash};
use auto_ledger::Rules;
use auto_module::{Domain, Environment, Runtimes};
use auto_state::StateRead;
use std::fmt;
use std::sync::Arc;

/// A disputed receipt beside what it is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The block.
    pub rules: BlockRules<'a>,
    /// What the block follows on.
    pub parent: &'a ParentTip,
    /// What was stated of it.
    pub receipt: &'a ExecutionReceipt,
}

/// A disputed receipt out of the state of the consensus chain.
pub struct FraudContext {
    /// The receipt and its submitters.
    pub record: ReceiptRecord,
    domain: Arc<dyn Domain>,
    environment: Environment,
    block: DomainBlock,
    parent: ParentTip,
}

impl fmt::Debug for FraudContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FraudContext").field("record", &self.record).finish_non_exhaustive()
    }
}

impl FraudContext {
    /// Looks up an unconfirmed receipt of `domain`.
    ///
    /// # Errors
    /// When it is unknown, of another domain, of genesis, confirmed, or was proven wrong already.
    pub fn open(
        rules: &Rules,
        runtimes: &dyn Runtimes,
        state: &dyn StateRead,
        domain: DomainId,
        hash: &Hash,
    ) -> Result<Self, FraudError> {
        let record = disputable(state, domain, hash)?;
        let number = record.receipt.number;
        let block = BLOCK.get(state, &(domain, number))?.ok_or(FraudError::UnknownBlock(number))?;
        let above = RECEIPT.get(state, &record.receipt.parent_receipt)?;
        let parent = ParentTip::of(&above.ok_or(FraudError::UnknownParent(number))?.receipt);
        let runtime = DOMAIN.get(state, &domain)?.ok_or(FraudError::UnknownDomain(domain))?.runtime;
        let runtime = RUNTIME.get(state, &runtime)?.ok_or(FraudError::UnknownRuntime(runtime))?;
        let version = block.inherent.runtime_version;
        let runs = runtimes.domain(&runtime.modules, version).ok_or(FraudError::MissingRuntime(version))?;
        let environment = Environment { params: rules.params.clone(), genesis: rules.genesis, domain };
        Ok(Self { record, domain: runs, environment, block, parent })
    }

    /// The dispute.
    #[must_use]
    pub fn claim(&self) -> Claim<'_> {
        Claim {
            rules: BlockRules { domain: &*self.domain, environment: &self.environment, block: &self.block },
            parent: &self.parent,
            receipt: &self.record.receipt,
        }
    }
}

/// The record of a receipt against which a proof may be brought.
fn disputable(state: &dyn StateRead, domain: DomainId, hash: &Hash) -> Result<ReceiptRecord, FraudError> {
    let known = DOMAIN.get(state, &domain)?.ok_or(FraudError::UnknownDomain(domain))?;
    let record = RECEIPT.get(state, hash)?.ok_or(FraudError::UnknownReceipt(*hash))?;
    let number = record.receipt.number;
    if record.receipt.domain != domain {
        return Err(FraudError::OtherDomain { receipt: record.receipt.domain, proof: domain });
    }
    if number == BlockNumber(0) {
        return Err(FraudError::Genesis);
    }
    if number <= known.confirmed {
        return Err(FraudError::Confirmed { number, confirmed: known.confirmed });
    }
    if number > known.head_receipt || RECEIPT_AT.get(state, &(domain, number))? != Some(*hash) {
        return Err(FraudError::AlreadyRemoved(*hash));
    }
    Ok(record)
}
