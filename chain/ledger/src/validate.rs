//! Whether the pool may keep a transaction.

use crate::{CheckedTransaction, Event, LedgerError, Outcome, byte_fees, execute::execute};
use auto_core::{Amount, BlockNumber, ProtocolParams};
use auto_state::{Overlay, StateRead};

/// What a transaction would do in the next block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validity {
    /// What its signer would pay beside the calls.
    pub fee: Amount,
    /// What its calls would do.
    pub events: Vec<Event>,
}

/// Runs a transaction as the first of block `number`, over the state of that block's parent, at the
/// parent's `next` price, and keeps nothing.
///
/// A block may hold a transaction whose call fails, since its signer pays; the pool refuses it all the
/// same, with the reason, so that nobody pays for nothing.
///
/// # Errors
/// Why a block could not hold the transaction ([`LedgerError::FutureNonce`] when it only has to wait), why
/// its call would fail, or that the state cannot be read.
pub fn validate(
    params: &ProtocolParams,
    state: &dyn StateRead,
    transaction: &CheckedTransaction,
    number: BlockNumber,
) -> Result<Validity, LedgerError> {
    let price = byte_fees(state)?.next;
    let result = execute(params, &mut Overlay::new(state), number, transaction, price)?;
    match result.outcome {
        Outcome::Applied => Ok(Validity { fee: result.fee, events: result.events }),
        Outcome::Failed { error, .. } => Err(error),
    }
}
