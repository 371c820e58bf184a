//! An operator of domains as a follower of the node.

use super::{FollowedBlock, FollowedHead, Follower, FollowerEffect};
use crate::{BlockId, NodeError, NodeEvent};
use auto_core::{DomainId, ErrorCode, Hash, PotOutput, SignedTransaction, Slot};
use auto_operator::{ConsensusBlock, ConsensusHead, DomainsHandle, Effect, Notice, Operator, OperatorError};

/// An operator of domains, or a watcher of them, as a follower of the node.
#[derive(Debug)]
pub struct OperatorFollower(Operator);

impl OperatorFollower {
    /// The follower that runs an operator over the node's own store.
    #[must_use]
    pub const fn new(operator: Operator) -> Self {
        Self(operator)
    }

    /// What others read of the operator.
    #[must_use]
    pub fn handle(&self) -> DomainsHandle {
        self.0.handle()
    }
}

/// The failure of an operator as one of the node.
pub(crate) fn failed(error: OperatorError) -> NodeError {
    match error {
        OperatorError::Store(error) => NodeError::Store(error),
        other => {
            NodeError::Follower { code: other.code(), message: other.to_string(), fatal: other.is_fatal() }
        }
    }
}

fn effects(effects: Vec<Effect>) -> Vec<FollowerEffect> {
    let one = |effect| match effect {
        Effect::Submit(submission) => Some(FollowerEffect::Submit(submission)),
        Effect::SubmitTransaction(transaction) => Some(FollowerEffect::SubmitTransaction(transaction)),
        Effect::Notify(notice) => told(notice).map(FollowerEffect::Notify),
    };
    effects.into_iter().filter_map(one).collect()
}

fn told(notice: Notice) -> Option<NodeEvent> {
    let (domain, name, detail) = match notice {
        Notice::BadReceipt { domain, number, receipt, proven } => {
            let proven = if proven { "; a proof is on its way" } else { "" };
            (domain, "bad-receipt", format!("receipt {receipt} of block {number} is wrong{proven}"))
        }
        Notice::Diverged { domain, number } => {
            (domain, "diverged", format!("the confirmed receipt of block {number} is not the own one"))
        }
        Notice::Dropped { domain, hash, code, reason } => {
            (domain, "dropped", format!("transaction {hash}: {code}: {reason}"))
        }
        Notice::Offered { operator, domain, slot, submission, extrinsics } => {
            let detail =
                format!("operator {operator}, slot {slot}: {submission} with {extrinsics} extrinsics");
            (domain, "offered", detail)
        }
        _ => return None,
    };
    Some(NodeEvent::Domain { domain, name: name.to_owned(), detail })
}

impl Follower for OperatorFollower {
    fn wants(&self, domain: DomainId) -> bool {
        self.0.wants(domain)
    }

    fn last(&self) -> Option<BlockId> {
        self.0.last().map(|(number, hash)| BlockId { number, hash })
    }

    fn imported(&mut self, block: &FollowedBlock<'_>) -> Result<Vec<FollowerEffect>, NodeError> {
        let told = ConsensusBlock {
            number: block.id.number,
            hash: block.id.hash,
            parent: block.context.parent,
            mmr_root: block.header.mmr_root,
            state_root: block.header.state_root,
            submissions: block.submissions,
            transactions: block.transactions,
            state: block.state,
        };
        self.0.imported(&told).map(effects).map_err(failed)
    }

    fn slot(
        &mut self,
        slot: Slot,
        output: &PotOutput,
        head: &FollowedHead<'_>,
    ) -> Result<Vec<FollowerEffect>, NodeError> {
        let head = ConsensusHead {
            number: head.id.number,
            hash: head.id.hash,
            future_slot: head.future_slot,
            state: head.state,
        };
        self.0.slot(slot, output, &head).map(effects).map_err(failed)
    }

    fn transaction(&mut self, transaction: &SignedTransaction) -> Result<Hash, NodeError> {
        self.0.transaction(transaction).map_err(failed)
    }

    fn refused(&mut self, transaction: &SignedTransaction) {
        self.0.refused(transaction);
    }

    fn domains(&self) -> Option<DomainsHandle> {
        Some(self.handle())
    }
}
