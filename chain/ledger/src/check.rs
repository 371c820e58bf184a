//! What can be said about a transaction without the state.

use crate::call::BODY_OVERHEAD;
use crate::{LedgerCall, LedgerError, MODULE};
use auto_core::{Call, DomainId, Hash, ProtocolParams, SignedTransaction, decode_strict, hash_parts, tag};
use parity_scale_codec::Encode;
use rayon::prelude::*;

/// A transaction that passed [`check`]: the only kind that is executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedTransaction {
    signed: SignedTransaction,
    hash: Hash,
    bytes: u64,
    calls: Vec<LedgerCall>,
}

impl CheckedTransaction {
    /// The transaction.
    #[must_use]
    pub const fn signed(&self) -> &SignedTransaction {
        &self.signed
    }

    /// Its hash.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// Its encoded length in bytes.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Its calls, decoded.
    #[must_use]
    pub fn calls(&self) -> &[LedgerCall] {
        &self.calls
    }

    /// The transaction, given back.
    #[must_use]
    pub fn into_signed(self) -> SignedTransaction {
        self.signed
    }
}

/// Checks a transaction without the state: size, domain, calls, then the signature, then evidence.
///
/// # Errors
/// The first rule that is broken.
pub fn check(
    params: &ProtocolParams,
    genesis: &Hash,
    signed: &SignedTransaction,
) -> Result<CheckedTransaction, LedgerError> {
    let transaction = &signed.transaction;
    let actual = u64::try_from(signed.encoded_size()).unwrap_or(u64::MAX);
    let limit =
        u64::from(params.block_bytes_max).saturating_sub(u64::try_from(BODY_OVERHEAD).unwrap_or(u64::MAX));
    if actual > limit {
        return Err(LedgerError::Oversized { actual, limit });
    }
    if transaction.domain != DomainId::CONSENSUS {
        return Err(LedgerError::WrongDomain(transaction.domain));
    }
    if transaction.calls.is_empty() {
        return Err(LedgerError::NoCalls);
    }
    let calls = transaction.calls.iter().enumerate();
    let calls = calls.map(|(at, call)| decode_call(at, call)).collect::<Result<Vec<_>, _>>()?;
    signed.verify(genesis).map_err(|_| LedgerError::BadSignature)?;
    for call in &calls {
        if let LedgerCall::ReportEquivocation(evidence) = call {
            evidence.verify(genesis)?;
        }
    }
    let hash = hash_parts(tag::TRANSACTION, &[&signed.encode()]);
    Ok(CheckedTransaction { signed: signed.clone(), hash, bytes: actual, calls })
}

fn decode_call(at: usize, call: &Call) -> Result<LedgerCall, LedgerError> {
    if call.module != MODULE {
        return Err(LedgerError::UnknownModule(call.module));
    }
    let decoded = decode_strict(&call.payload, Call::PAYLOAD_MAX)
        .map_err(|error| LedgerError::MalformedCall { call: at, error })?;
    match &decoded {
        LedgerCall::Transfer { amount, .. } if amount.is_zero() => Err(LedgerError::ZeroAmount),
        LedgerCall::Store { data } if data.is_empty() => Err(LedgerError::EmptyObject),
        _ => Ok(decoded),
    }
}

/// Checks all transactions of a block, on all cores, in the order given.
///
/// # Errors
/// [`LedgerError::InvalidTransaction`] with the first one that breaks a rule.
pub fn check_block(
    params: &ProtocolParams,
    genesis: &Hash,
    transactions: &[SignedTransaction],
) -> Result<Vec<CheckedTransaction>, LedgerError> {
    let results: Vec<_> =
        transactions.par_iter().map(|transaction| check(params, genesis, transaction)).collect();
    let indexed = results.into_iter().enumerate();
    indexed
        .map(|(index, result)| {
            result.map_err(|reason| LedgerError::InvalidTransaction { index, reason: Box::new(reason) })
        })
        .collect()
}
