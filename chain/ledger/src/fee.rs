//! What a transaction costs, and the price of a byte.

use crate::{Account, CheckedTransaction, LedgerError};
use auto_core::{
    Amount, BlockNumber, HistorySize, PIECE_BYTES, ProtocolParams, SolutionRange, range_to_pieces,
};
use parity_scale_codec::{Decode, Encode};

/// What a byte costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode, serde::Serialize)]
pub struct ByteFees {
    /// In the block that this state is the result of.
    pub current: Amount,
    /// In the block after it: what the pool asks for.
    pub next: Amount,
}

/// The price of a byte (chain.md 1.6).
///
/// `supply / (pledged / replication - history)` in whole base units, rounded down; the whole supply when
/// the history takes all the space that the network pledges for it; never over `byte_fee_max`. Pledged is
/// the space at which `range` gives the parameters' slot probability, history the bytes of all pieces.
#[must_use]
pub fn byte_fee(
    params: &ProtocolParams,
    supply: Amount,
    range: SolutionRange,
    history: HistorySize,
) -> Amount {
    // Both products are below 2^64 * 2^18.
    let piece = u128::try_from(PIECE_BYTES).unwrap_or(u128::MAX);
    let pledged = u128::from(range_to_pieces(params, range)).saturating_mul(piece);
    let room = pledged / u128::from(params.replication_factor.max(1));
    let pieces = u128::from(history.segments()).saturating_mul(u128::from(params.pieces_per_segment()));
    let free = room.saturating_sub(pieces.saturating_mul(piece));
    supply.checked_div(free).unwrap_or(supply).min(params.byte_fee_max)
}

/// The fee of a transaction of `bytes` encoded bytes with `calls` calls; `None` when it overflows.
#[must_use]
pub fn fee(params: &ProtocolParams, bytes: u64, calls: usize, byte_fee: Amount) -> Option<Amount> {
    let further = u128::try_from(calls).ok()?.saturating_sub(1);
    let calls = params.call_fee.checked_mul(further)?;
    params.transaction_fee.checked_add(calls)?.checked_add(byte_fee.checked_mul(u128::from(bytes))?)
}

/// The fee of a transaction that `account` may have included at `number`.
pub(crate) fn charge(
    params: &ProtocolParams,
    account: &Account,
    checked: &CheckedTransaction,
    number: BlockNumber,
    byte_fee: Amount,
) -> Result<Amount, LedgerError> {
    let transaction = &checked.signed().transaction;
    if number > transaction.expiry {
        return Err(LedgerError::Expired { expiry: transaction.expiry, number });
    }
    let (nonce, expected) = (transaction.nonce, account.nonce);
    if nonce < expected {
        return Err(LedgerError::StaleNonce { nonce, expected });
    }
    if nonce > expected {
        return Err(LedgerError::FutureNonce { nonce, expected });
    }
    let fee = fee(params, checked.bytes(), transaction.calls.len(), byte_fee).ok_or(LedgerError::Overflow)?;
    let limit = transaction.fee_limit;
    if fee > limit {
        return Err(LedgerError::FeeLimitTooLow { needed: fee, limit });
    }
    let available = account.balance;
    let Some(left) = available.checked_sub(fee) else {
        return Err(LedgerError::InsufficientBalance { needed: fee, available });
    };
    if left < params.existential_deposit {
        return Err(LedgerError::BelowExistentialDeposit { left, deposit: params.existential_deposit });
    }
    Ok(fee)
}
