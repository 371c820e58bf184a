//! What can be said about a transaction without the state.

use crate::call::BODY_OVERHEAD;
use crate::{LedgerCall, LedgerError, MODULE, Rules};
use auto_core::{
    Blob, Call, DomainId, Hash, ProtocolParams, SignedTransaction, Submission, decode_strict, hash_parts, tag,
};
use parity_scale_codec::Encode;
use rayon::prelude::*;

/// A call that is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckedCall {
    /// A call of the ledger.
    Ledger(LedgerCall),
    /// A call of the extension, in its own encoding.
    Extension(Blob<{ Call::PAYLOAD_MAX }>),
}

impl CheckedCall {
    /// The call, when it is one of the ledger.
    #[must_use]
    pub const fn ledger(&self) -> Option<&LedgerCall> {
        match self {
            Self::Ledger(call) => Some(call),
            Self::Extension(_) => None,
        }
    }
}

/// A submission that passed [`check_submission`]: the only kind that is executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedSubmission {
    submission: Submission,
    hash: Hash,
    bytes: u64,
}

impl CheckedSubmission {
    /// The submission.
    #[must_use]
    pub const fn submission(&self) -> &Submission {
        &self.submission
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

    /// The submission, given back.
    #[must_use]
    pub fn into_submission(self) -> Submission {
        self.submission
    }
}

/// A transaction that passed [`check`]: the only kind that is executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedTransaction {
    signed: SignedTransaction,
    hash: Hash,
    bytes: u64,
    calls: Vec<CheckedCall>,
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
    pub fn calls(&self) -> &[CheckedCall] {
        &self.calls
    }

    /// The transaction, given back.
    #[must_use]
    pub fn into_signed(self) -> SignedTransaction {
        self.signed
    }
}

/// Refuses what no block has room for; gives its encoded bytes.
fn fits(params: &ProtocolParams, encoded_size: usize) -> Result<u64, LedgerError> {
    let actual = u64::try_from(encoded_size).unwrap_or(u64::MAX);
    let overhead = u64::try_from(BODY_OVERHEAD).unwrap_or(u64::MAX);
    let limit = u64::from(params.block_bytes_max).saturating_sub(overhead);
    if actual > limit { Err(LedgerError::Oversized { actual, limit }) } else { Ok(actual) }
}

/// Checks a transaction without the state: size, domain, the ledger's calls, then the signature, then
/// evidence and the calls of the extension.
///
/// # Errors
/// The first rule that is broken.
pub fn check(rules: &Rules, signed: &SignedTransaction) -> Result<CheckedTransaction, LedgerError> {
    let transaction = &signed.transaction;
    let bytes = fits(&rules.params, signed.encoded_size())?;
    if transaction.domain != DomainId::CONSENSUS {
        return Err(LedgerError::WrongDomain(transaction.domain));
    }
    if transaction.calls.is_empty() {
        return Err(LedgerError::NoCalls);
    }
    let calls = transaction.calls.iter().enumerate();
    let calls = calls.map(|(at, call)| decode_call(rules, at, call)).collect::<Result<Vec<_>, _>>()?;
    signed.verify(&rules.genesis).map_err(|_| LedgerError::BadSignature)?;
    for call in &calls {
        match call {
            CheckedCall::Ledger(LedgerCall::ReportEquivocation(evidence)) => {
                evidence.verify(&rules.genesis).map_err(LedgerError::EvidenceInvalid)?;
            }
            CheckedCall::Ledger(_) => {}
            CheckedCall::Extension(payload) => {
                rules.extension.check_call(rules, transaction, payload).map_err(LedgerError::Extension)?;
            }
        }
    }
    let hash = hash_parts(tag::TRANSACTION, &[&signed.encode()]);
    Ok(CheckedTransaction { signed: signed.clone(), hash, bytes, calls })
}

/// Checks a submission without the state: size, then what the extension demands.
///
/// # Errors
/// The first rule that is broken.
pub fn check_submission(rules: &Rules, submission: &Submission) -> Result<CheckedSubmission, LedgerError> {
    let bytes = fits(&rules.params, submission.encoded_size())?;
    rules.extension.check_submission(rules, submission).map_err(LedgerError::Extension)?;
    Ok(CheckedSubmission { submission: submission.clone(), hash: submission.hash(), bytes })
}

fn decode_call(rules: &Rules, at: usize, call: &Call) -> Result<CheckedCall, LedgerError> {
    if call.module != MODULE {
        return if call.module == rules.extension.module() {
            Ok(CheckedCall::Extension(call.payload.clone()))
        } else {
            Err(LedgerError::UnknownModule(call.module))
        };
    }
    let decoded = decode_strict(&call.payload, Call::PAYLOAD_MAX)
        .map_err(|error| LedgerError::MalformedCall { call: at, error })?;
    match &decoded {
        LedgerCall::Transfer { amount, .. } if amount.is_zero() => Err(LedgerError::ZeroAmount),
        LedgerCall::Store { data } if data.is_empty() => Err(LedgerError::EmptyObject),
        _ => Ok(CheckedCall::Ledger(decoded)),
    }
}

/// Checks all transactions of a block, on all cores, in the order given.
///
/// # Errors
/// [`LedgerError::InvalidTransaction`] with the first one that breaks a rule.
pub fn check_block(
    rules: &Rules,
    transactions: &[SignedTransaction],
) -> Result<Vec<CheckedTransaction>, LedgerError> {
    let results: Vec<_> = transactions.par_iter().map(|transaction| check(rules, transaction)).collect();
    let indexed = results.into_iter().enumerate();
    indexed
        .map(|(index, result)| {
            result.map_err(|reason| LedgerError::InvalidTransaction { index, reason: Box::new(reason) })
        })
        .collect()
}

/// Checks all submissions of a block, on all cores, in the order given.
///
/// # Errors
/// [`LedgerError::InvalidSubmission`] with the first one that breaks a rule.
pub fn check_submissions(
    rules: &Rules,
    submissions: &[Submission],
) -> Result<Vec<CheckedSubmission>, LedgerError> {
    let results: Vec<_> =
        submissions.par_iter().map(|submission| check_submission(rules, submission)).collect();
    let indexed = results.into_iter().enumerate();
    indexed
        .map(|(index, result)| {
            result.map_err(|reason| LedgerError::InvalidSubmission { index, reason: Box::new(reason) })
        })
        .collect()
}
