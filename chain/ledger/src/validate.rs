//! Whether the pool may keep a transaction.

use crate::execute::{begin, execute};
use crate::{BlockContext, CheckedCall, CheckedTransaction, Event, LedgerError, Outcome, Rules, byte_fees};
use auto_core::Amount;
use auto_state::{Overlay, StateRead};

/// What a transaction would do in the next block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validity {
    /// What its signer would pay beside the calls.
    pub fee: Amount,
    /// What its calls would do.
    pub events: Vec<Event>,
}

/// Runs a transaction as the first of the block that `cx` foresees, over the state of that block's parent,
/// at the parent's `next` price, and keeps nothing.
///
/// What nobody knows before the block is authored (its farmer, slot, outputs and randomness) `cx` may state
/// as it likes. The extension begins the block first when the transaction has calls for it.
///
/// A block may hold a transaction whose call fails, since its signer pays; the pool refuses it all the
/// same, with the reason, so that nobody pays for nothing.
///
/// # Errors
/// Why a block could not hold the transaction ([`LedgerError::FutureNonce`] when it only has to wait), why
/// its call would fail, or that the state cannot be read.
pub fn validate(
    rules: &Rules,
    state: &dyn StateRead,
    transaction: &CheckedTransaction,
    cx: &BlockContext,
) -> Result<Validity, LedgerError> {
    let price = byte_fees(state)?.next;
    let mut overlay = Overlay::new(state);
    if transaction.calls().iter().any(|call| matches!(call, CheckedCall::Extension(_))) {
        begin(rules, cx, &mut overlay)?;
    }
    let result = execute(rules, cx, &mut overlay, transaction, price)?;
    match result.outcome {
        Outcome::Applied => Ok(Validity { fee: result.fee, events: result.events }),
        Outcome::Failed { error, .. } => Err(error),
    }
}
