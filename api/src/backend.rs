//! What the API needs of a node.

use auto_core::{Address, Amount, BlockNumber, ErrorCode, Hash, Header, Nonce, ProtocolParams, SegmentIndex};
use auto_domains::DomainsError;
use auto_node::{
    AccountProof, AccountView, BlockEvents, BlockId, BlockView, FarmView, NodeEvent, NodeStatus, ObjectView,
    SegmentView, SubmissionView, TransactionView, Withheld,
};
use auto_operator::{DomainsHandle, OperatorError};
use auto_state::{StateRead, Witness};
use futures_util::stream::BoxStream;

/// Whose fault a failure is, and so which status it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The request is malformed.
    User,
    /// The chain's rules refuse it.
    Rejected,
    /// There is no such thing.
    NotFound,
    /// It exists, but not here or not now.
    Unavailable,
    /// The node failed.
    Internal,
}

/// A failure of the node, as the API shows it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BackendError {
    /// Stable code.
    pub code: &'static str,
    /// Whose fault it is.
    pub kind: FailureKind,
    /// One sentence.
    pub message: String,
}

impl From<DomainsError> for BackendError {
    fn from(error: DomainsError) -> Self {
        let kind = if error.is_fatal() { FailureKind::Internal } else { FailureKind::Rejected };
        Self { code: error.code(), kind, message: error.to_string() }
    }
}

impl From<OperatorError> for BackendError {
    fn from(error: OperatorError) -> Self {
        let kind = match &error {
            OperatorError::NotServed(_) | OperatorError::NotFollowing | OperatorError::PoolFull(_) => {
                FailureKind::Unavailable
            }
            error if error.is_fatal() => FailureKind::Internal,
            _ => FailureKind::Rejected,
        };
        Self { code: error.code(), kind, message: error.to_string() }
    }
}

/// Looks at the state after a block.
pub type StateReader<'a> = &'a mut (dyn FnMut(BlockId, &dyn StateRead) + 'a);

/// The consumer of events fell behind the node's replay buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lagged {
    /// The oldest cursor that can still be resumed from.
    pub resume_at: u64,
}

/// Events with their cursors.
pub type EventStream = BoxStream<'static, Result<(u64, NodeEvent), Lagged>>;

/// A node as the API reads it: cheap store reads, except [`Backend::object`], which may block for long.
pub trait Backend: Send + Sync + 'static {
    /// The protocol parameters.
    fn params(&self) -> &ProtocolParams;
    /// Hash of the genesis block.
    fn genesis(&self) -> Hash;
    /// The node at a glance.
    ///
    /// # Errors
    /// When the store fails.
    fn status(&self) -> Result<NodeStatus, BackendError>;
    /// The block of the best chain at a height; none for an unknown height.
    ///
    /// # Errors
    /// When the store fails.
    fn block(&self, number: BlockNumber) -> Result<Option<BlockView>, BackendError>;
    /// Any known block, also off the best chain.
    ///
    /// # Errors
    /// When the store fails.
    fn block_by_hash(&self, hash: &Hash) -> Result<Option<BlockView>, BackendError>;
    /// The header of a known block.
    ///
    /// # Errors
    /// When the store fails.
    fn header(&self, hash: &Hash) -> Result<Option<Header>, BackendError>;
    /// A transaction of the pool or of the best chain.
    ///
    /// # Errors
    /// When the store fails.
    fn transaction(&self, hash: &Hash) -> Result<Option<TransactionView>, BackendError>;
    /// Transactions that touch an account, newest first, older than height and position `before`.
    ///
    /// # Errors
    /// When the store fails.
    fn transactions_of(
        &self,
        address: &Address,
        before: Option<(BlockNumber, u32)>,
        limit: usize,
    ) -> Result<Vec<TransactionView>, BackendError>;
    /// An account at a height, or at the head.
    ///
    /// # Errors
    /// When the state of that height is not kept, or the store fails.
    fn account(&self, address: &Address, at: Option<BlockNumber>) -> Result<AccountView, BackendError>;
    /// The nonce of an account's next transaction, behind those that wait in the pool.
    ///
    /// # Errors
    /// When the store fails.
    fn next_nonce(&self, address: &Address) -> Result<Nonce, BackendError>;
    /// An account with its proof against a header.
    ///
    /// # Errors
    /// When the state of that height is not kept, or the store fails.
    fn account_proof(&self, address: &Address, at: Option<BlockNumber>)
    -> Result<AccountProof, BackendError>;
    /// The oldest height whose state is kept.
    ///
    /// # Errors
    /// When the store fails.
    fn oldest_state(&self) -> Result<BlockNumber, BackendError>;
    /// Calls `read` once with the state at a height, or at the head.
    ///
    /// # Errors
    /// When the state of that height is not kept, or the store fails.
    fn state(&self, at: Option<BlockNumber>, read: StateReader<'_>) -> Result<(), BackendError>;
    /// What proves the values of keys of the state at a height, with the header whose state root it leads to.
    ///
    /// # Errors
    /// When the state of that height is not kept, or the store fails.
    fn state_witness(&self, keys: &[Vec<u8>], at: BlockNumber) -> Result<(Header, Witness), BackendError>;
    /// What the extension of the chain reported of a known block.
    ///
    /// # Errors
    /// When the store fails.
    fn block_events(&self, hash: &Hash) -> Result<BlockEvents, BackendError>;
    /// A submission of the best chain, with the block that holds it and its position there.
    ///
    /// # Errors
    /// When the store fails.
    fn submission(&self, hash: &Hash) -> Result<Option<(BlockId, u32, SubmissionView)>, BackendError>;
    /// Where an object is.
    ///
    /// # Errors
    /// When the store fails.
    fn object_info(&self, hash: &Hash) -> Result<Option<ObjectView>, BackendError>;
    /// Objects, newest first, older than `before`.
    ///
    /// # Errors
    /// When the store fails.
    fn objects(&self, before: Option<Hash>, limit: usize) -> Result<Vec<ObjectView>, BackendError>;
    /// The verified bytes of an object; blocks while pieces are gathered.
    ///
    /// # Errors
    /// When too few pieces are left, or the store fails.
    fn object(&self, hash: &Hash, without: Withheld) -> Result<Option<Vec<u8>>, BackendError>;
    /// Segments, newest first, older than `before`.
    ///
    /// # Errors
    /// When the store fails.
    fn segments(&self, before: Option<SegmentIndex>, limit: usize) -> Result<Vec<SegmentView>, BackendError>;
    /// The farms of this node.
    fn farms(&self) -> Vec<FarmView>;
    /// Checks an encoded transaction and takes it into the pool.
    ///
    /// # Errors
    /// The reason for which it is refused.
    fn submit(&self, encoded: &[u8]) -> Result<Hash, BackendError>;
    /// The fee the transaction would pay now.
    ///
    /// # Errors
    /// The reason for which it would be refused now, or would fail on its domain.
    fn simulate(&self, encoded: &[u8]) -> Result<Amount, BackendError>;
    /// Price of a byte in the head block and in the next one.
    ///
    /// # Errors
    /// When the store fails.
    fn byte_fees(&self) -> Result<(Amount, Amount), BackendError>;
    /// What is known of the domains, where this node follows them.
    fn domains(&self) -> Option<DomainsHandle> {
        None
    }
    /// Events after a cursor, or from now on.
    fn events(&self, after: Option<u64>) -> EventStream;
    /// Metrics as Prometheus text.
    ///
    /// # Errors
    /// When the store fails.
    fn metrics(&self) -> Result<String, BackendError>;
}

/// What `read` finds about the domains in the state at a height, or at the head.
pub(crate) fn domains<T>(
    node: &dyn Backend,
    at: Option<BlockNumber>,
    read: impl FnOnce(&dyn StateRead) -> Result<T, DomainsError>,
) -> Result<T, BackendError> {
    let (mut read, mut found) = (Some(read), None);
    node.state(at, &mut |_, state| found = read.take().map(|read| read(state)))?;
    let missing = || BackendError {
        code: "API-0502",
        kind: FailureKind::Internal,
        message: "the node read no state".to_owned(),
    };
    Ok(found.ok_or_else(missing)??)
}
