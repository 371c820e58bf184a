//! What runs on the consensus chain beside accounts and objects.

use crate::{BlockContext, LedgerError, MODULE};
use auto_core::{
    Address, Amount, ErrorCode, Genesis, Hash, ModuleId, ProtocolParams, Submission, Transaction,
};
use auto_state::{StateError, StateRead, StateWrite};
use std::sync::Arc;

/// What executing a chain depends on beside its state.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The parameters.
    pub params: ProtocolParams,
    /// Hash of the genesis block; part of everything that is signed.
    pub genesis: Hash,
    /// What runs beside accounts and objects.
    pub extension: Arc<dyn Extension>,
}

impl Rules {
    /// The rules of a chain that runs `extension` beside accounts and objects.
    #[must_use]
    pub fn new(params: ProtocolParams, genesis: Hash, extension: Arc<dyn Extension>) -> Self {
        Self { params, genesis, extension }
    }

    /// The rules of a chain with accounts and objects only.
    #[must_use]
    pub fn plain(params: ProtocolParams, genesis: Hash) -> Self {
        Self::new(params, genesis, Arc::new(NoExtension))
    }

    /// Whether the chain has accounts and objects only.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.extension.module() == MODULE
    }
}

/// Why an extension refuses something, or cannot tell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExtensionError {
    code: &'static str,
    message: String,
    fatal: bool,
}

impl ExtensionError {
    /// A refusal that every node agrees on.
    #[must_use]
    pub fn refused(error: &impl ErrorCode) -> Self {
        Self { code: error.code(), message: error.to_string(), fatal: false }
    }

    /// The node's own trouble, such as a damaged disk: nothing was decided.
    #[must_use]
    pub fn fatal(error: &impl ErrorCode) -> Self {
        Self { fatal: true, ..Self::refused(error) }
    }

    /// Whether it is the node's own trouble, so that nothing was decided.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        self.fatal
    }
}

impl ErrorCode for ExtensionError {
    fn code(&self) -> &'static str {
        self.code
    }
}

impl From<StateError> for ExtensionError {
    fn from(error: StateError) -> Self {
        Self::fatal(&error)
    }
}

impl From<LedgerError> for ExtensionError {
    fn from(error: LedgerError) -> Self {
        Self { fatal: error.is_fatal(), ..Self::refused(&error) }
    }
}

/// What runs on the consensus chain beside accounts and objects: its own calls, what operators submit, and
/// something at both ends of a block.
///
/// A block runs [`Extension::begin_block`], its submissions in order, its transactions in order, the payout
/// of matured earnings, and [`Extension::end_block`]. In all of them the price of a byte in this block is
/// `byte_fees(state)?.next`. Money is moved with [`crate::debit`], [`crate::credit`] and [`crate::burn`];
/// what an extension takes from accounts and neither burns nor gives back it has to report in
/// [`Extension::held`]. Keys under `ledger/` belong to the ledger.
///
/// What a hook wrote is dropped when it returns an error. Every hook is pure: the same arguments and the
/// same state give the same result on every machine. Events are in the extension's own encoding, of at most
/// [`crate::EVENT_BYTES_MAX`] bytes each.
pub trait Extension: Send + Sync + std::fmt::Debug {
    /// Writes what a chain starts from, over the accounts of genesis.
    ///
    /// Balances that genesis lists outside of its accounts come into being with [`crate::issue`].
    ///
    /// # Errors
    /// When genesis makes no chain.
    fn genesis(&self, genesis: &Genesis, state: &mut dyn StateWrite) -> Result<(), ExtensionError>;

    /// The module that calls name to reach the extension; not [`MODULE`].
    fn module(&self) -> ModuleId;

    /// Checks a call without the state: sizes first, cryptography last. The transaction's signature holds.
    ///
    /// # Errors
    /// The first rule that is broken.
    fn check_call(
        &self,
        rules: &Rules,
        transaction: &Transaction,
        payload: &[u8],
    ) -> Result<(), ExtensionError>;

    /// What a call contends for, where the first of several such calls makes the others void and none should
    /// wait, as with reports of one fraud. Pools let them go first, one of a kind in a block.
    fn contends_for(&self, _payload: &[u8]) -> Option<Hash> {
        None
    }

    /// Checks a submission without the state: sizes and roots.
    ///
    /// # Errors
    /// The first rule that is broken.
    fn check_submission(&self, rules: &Rules, submission: &Submission) -> Result<(), ExtensionError>;

    /// Begins a block; gives events.
    ///
    /// # Errors
    /// When the block cannot be executed.
    fn begin_block(
        &self,
        rules: &Rules,
        cx: &BlockContext,
        state: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError>;

    /// Takes a submission; gives the fee, which leaves the extension and is earned by the block's author,
    /// and events.
    ///
    /// # Errors
    /// When a block must not hold the submission.
    fn apply_submission(
        &self,
        rules: &Rules,
        cx: &BlockContext,
        submission: &Submission,
        state: &mut dyn StateWrite,
    ) -> Result<(Amount, Vec<Vec<u8>>), ExtensionError>;

    /// Runs a checked call of the transaction with hash `transaction`; gives events.
    ///
    /// # Errors
    /// Why no call of the transaction takes effect.
    fn apply_call(
        &self,
        rules: &Rules,
        cx: &BlockContext,
        signer: &Address,
        transaction: &Hash,
        payload: &[u8],
        state: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError>;

    /// Ends a block; gives events.
    ///
    /// # Errors
    /// When the block cannot be executed.
    fn end_block(
        &self,
        rules: &Rules,
        cx: &BlockContext,
        state: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError>;

    /// The part of the issuance that the extension holds.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn held(&self, state: &dyn StateRead) -> Result<Amount, ExtensionError>;
}

/// A chain with accounts and objects only: it refuses every submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NoExtension;

impl Extension for NoExtension {
    fn genesis(&self, _: &Genesis, _: &mut dyn StateWrite) -> Result<(), ExtensionError> {
        Ok(())
    }

    // The ledger takes all calls of its own module, so none is left.
    fn module(&self) -> ModuleId {
        MODULE
    }

    fn check_call(&self, _: &Rules, _: &Transaction, _: &[u8]) -> Result<(), ExtensionError> {
        Err(LedgerError::UnknownModule(MODULE).into())
    }

    fn check_submission(&self, _: &Rules, _: &Submission) -> Result<(), ExtensionError> {
        Err(LedgerError::NoSubmissions.into())
    }

    fn begin_block(
        &self,
        _: &Rules,
        _: &BlockContext,
        _: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError> {
        Ok(Vec::new())
    }

    fn apply_submission(
        &self,
        _: &Rules,
        _: &BlockContext,
        _: &Submission,
        _: &mut dyn StateWrite,
    ) -> Result<(Amount, Vec<Vec<u8>>), ExtensionError> {
        Err(LedgerError::NoSubmissions.into())
    }

    fn apply_call(
        &self,
        _: &Rules,
        _: &BlockContext,
        _: &Address,
        _: &Hash,
        _: &[u8],
        _: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError> {
        Err(LedgerError::UnknownModule(MODULE).into())
    }

    fn end_block(
        &self,
        _: &Rules,
        _: &BlockContext,
        _: &mut dyn StateWrite,
    ) -> Result<Vec<Vec<u8>>, ExtensionError> {
        Ok(Vec::new())
    }

    fn held(&self, _: &dyn StateRead) -> Result<Amount, ExtensionError> {
        Ok(Amount::ZERO)
    }
}
