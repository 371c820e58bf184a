//! The API over a running node.

use crate::{Backend, BackendError, EventStream, FailureKind, Lagged, StateReader};
use auto_core::{
    Address, Amount, BlockNumber, EXTRINSIC_BYTES_MAX, ErrorCode, Hash, Header, Nonce, ProtocolParams,
    SegmentIndex, SignedTransaction, decode_strict,
};
use auto_module::Outcome;
use auto_node::{
    AccountProof, AccountView, BlockEvents, BlockId, BlockView, ErrorKind, FarmView, NodeError, NodeHandle,
    NodeStatus, ObjectView, SegmentView, SubmissionView, TransactionView, Withheld,
};
use auto_operator::DomainsHandle;
use auto_state::Witness;
use futures_util::{StreamExt, stream};

impl From<NodeError> for BackendError {
    fn from(error: NodeError) -> Self {
        let kind = match error.kind() {
            ErrorKind::User => FailureKind::User,
            ErrorKind::Rejected => FailureKind::Rejected,
            ErrorKind::NotFound => FailureKind::NotFound,
            ErrorKind::Unavailable => FailureKind::Unavailable,
            ErrorKind::Internal => FailureKind::Internal,
        };
        Self { code: error.code(), kind, message: error.to_string() }
    }
}

/// A transaction of a domain that this node follows, with what it knows of the domains.
fn of_domain(node: &NodeHandle, encoded: &[u8]) -> Option<(DomainsHandle, SignedTransaction)> {
    let signed: SignedTransaction = decode_strict(encoded, EXTRINSIC_BYTES_MAX).ok()?;
    let domains = node.domains()?;
    domains.domain(signed.transaction.domain)?;
    Some((domains, signed))
}

impl Backend for NodeHandle {
    fn params(&self) -> &ProtocolParams {
        self.params()
    }

    fn genesis(&self) -> Hash {
        self.genesis()
    }

    fn status(&self) -> Result<NodeStatus, BackendError> {
        Ok(self.status()?)
    }

    fn block(&self, number: BlockNumber) -> Result<Option<BlockView>, BackendError> {
        Ok(self.block(number)?)
    }

    fn block_by_hash(&self, hash: &Hash) -> Result<Option<BlockView>, BackendError> {
        Ok(self.block_by_hash(hash)?)
    }

    fn header(&self, hash: &Hash) -> Result<Option<Header>, BackendError> {
        Ok(self.header(hash)?)
    }

    fn transaction(&self, hash: &Hash) -> Result<Option<TransactionView>, BackendError> {
        Ok(self.transaction(hash)?)
    }

    fn transactions_of(
        &self,
        address: &Address,
        before: Option<(BlockNumber, u32)>,
        limit: usize,
    ) -> Result<Vec<TransactionView>, BackendError> {
        Ok(self.transactions_of(address, before, limit)?)
    }

    fn account(&self, address: &Address, at: Option<BlockNumber>) -> Result<AccountView, BackendError> {
        Ok(self.account(address, at)?)
    }

    fn next_nonce(&self, address: &Address) -> Result<Nonce, BackendError> {
        Ok(self.next_nonce(address)?)
    }

    fn account_proof(
        &self,
        address: &Address,
        at: Option<BlockNumber>,
    ) -> Result<AccountProof, BackendError> {
        Ok(self.account_proof(address, at)?)
    }

    fn oldest_state(&self) -> Result<BlockNumber, BackendError> {
        Ok(self.oldest_state()?)
    }

    fn state(&self, at: Option<BlockNumber>, read: StateReader<'_>) -> Result<(), BackendError> {
        self.with_state(at, |block, state| {
            read(block, state);
            Ok(())
        })
    }

    fn state_witness(&self, keys: &[Vec<u8>], at: BlockNumber) -> Result<(Header, Witness), BackendError> {
        Ok(self.state_witness(keys, Some(at))?)
    }

    fn block_events(&self, hash: &Hash) -> Result<BlockEvents, BackendError> {
        Ok(self.block_events(hash)?)
    }

    fn submission(&self, hash: &Hash) -> Result<Option<(BlockId, u32, SubmissionView)>, BackendError> {
        Ok(self.submission(hash)?)
    }

    fn object_info(&self, hash: &Hash) -> Result<Option<ObjectView>, BackendError> {
        Ok(self.object_info(hash)?)
    }

    fn objects(&self, before: Option<Hash>, limit: usize) -> Result<Vec<ObjectView>, BackendError> {
        Ok(self.objects(before, limit)?)
    }

    fn object(&self, hash: &Hash, without: Withheld) -> Result<Option<Vec<u8>>, BackendError> {
        Ok(self.object(hash, without)?)
    }

    fn segments(&self, before: Option<SegmentIndex>, limit: usize) -> Result<Vec<SegmentView>, BackendError> {
        Ok(self.segments(before, limit)?)
    }

    fn farms(&self) -> Vec<FarmView> {
        self.farms()
    }

    fn submit(&self, encoded: &[u8]) -> Result<Hash, BackendError> {
        if let Some((domains, signed)) = of_domain(self, encoded) {
            // What would only cost its signer the fee is refused here. One whose turn has not come may wait.
            if let Outcome::Failed { code, message, .. } = domains.simulate(&signed)?.outcome {
                return Err(BackendError { code, kind: FailureKind::Rejected, message });
            }
        }
        Ok(self.submit(encoded)?)
    }

    fn simulate(&self, encoded: &[u8]) -> Result<Amount, BackendError> {
        let Some((domains, signed)) = of_domain(self, encoded) else { return Ok(self.simulate(encoded)?) };
        let done = domains.simulate(&signed)?;
        let refuse = |code, message| BackendError { code, kind: FailureKind::Rejected, message };
        match done.outcome {
            Outcome::Applied => Ok(done.fee),
            Outcome::Failed { code, message, .. } => Err(refuse(code, message)),
            Outcome::Skipped { code } => Err(refuse(code, "it would be passed over now".to_owned())),
        }
    }

    fn domains(&self) -> Option<DomainsHandle> {
        self.domains()
    }

    fn byte_fees(&self) -> Result<(Amount, Amount), BackendError> {
        Ok(self.byte_fees()?)
    }

    fn events(&self, after: Option<u64>) -> EventStream {
        stream::unfold(self.events(after), |mut events| async {
            let event = events.next().await?;
            Some((event.map_err(|lagged| Lagged { resume_at: lagged.resume_at }), events))
        })
        .boxed()
    }

    fn metrics(&self) -> Result<String, BackendError> {
        Ok(self.metrics()?)
    }
}
