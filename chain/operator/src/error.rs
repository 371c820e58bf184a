//! What can go wrong with an operator.

use auto_core::{BlockNumber, CodecError, DomainId, ErrorCode, ErrorEntry, Hash, Nonce};
use auto_domains::derive::DeriveError;
use auto_domains::{BundleError, DomainsError, FraudError, ReceiptError, RegistryError};
use auto_ledger::LedgerError;
use auto_module::messages::MessageError;
use auto_module::{DomainError, StoredError};
use auto_state::StateError;
use auto_store::StoreError;

/// A failure of an operator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OperatorError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state of a chain cannot be read.
    #[error(transparent)]
    State(#[from] StateError),
    /// A value of a state does not decode.
    #[error(transparent)]
    Stored(#[from] StoredError),
    /// A block of a domain cannot be derived.
    #[error(transparent)]
    Derive(#[from] DeriveError),
    /// The state of the domains on the consensus chain.
    #[error(transparent)]
    Domains(#[from] DomainsError),
    /// A fraud proof cannot be made.
    #[error(transparent)]
    Fraud(#[from] FraudError),
    /// The ledger's part of the consensus state.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// An extrinsic is refused by its domain.
    #[error(transparent)]
    Refused(#[from] DomainError),
    /// An own record does not decode.
    #[error("record `{what}` of the operator is damaged: {error}")]
    Damaged {
        /// The kind of record.
        what: &'static str,
        /// What is wrong with it.
        error: CodecError,
    },
    /// An own record is gone.
    #[error("record `{what}` of the operator is missing: {key}")]
    Missing {
        /// The kind of record.
        what: &'static str,
        /// Its key.
        key: String,
    },
    /// The block does not follow on one that is known.
    #[error("consensus block {number} follows on {parent}, which the operator does not know")]
    UnknownParent {
        /// Height of the block.
        number: BlockNumber,
        /// Its parent.
        parent: Hash,
    },
    /// The block contradicts the ones before.
    #[error("consensus block {number} does not fit the blocks before it: {what}")]
    Contradiction {
        /// Height of the block.
        number: BlockNumber,
        /// What does not fit.
        what: &'static str,
    },
    /// The domain is not served.
    #[error("domain {0} is not served here")]
    NotServed(DomainId),
    /// This build does not know the runtime of a domain.
    #[error("this build does not know version {version} of the runtime of domain {domain}")]
    UnknownRuntime {
        /// The domain.
        domain: DomainId,
        /// The version.
        version: u32,
    },
    /// The extrinsic is in the pool.
    #[error("extrinsic {0} is in the pool already")]
    AlreadyInPool(Hash),
    /// Another extrinsic of the sender has the nonce.
    #[error("another transaction of the signer with nonce {0} is in the pool")]
    NonceTaken(Nonce),
    /// The pool has no room.
    #[error("the pool of domain {0} is full")]
    PoolFull(DomainId),
    /// The sender has too many extrinsics in the pool.
    #[error("the signer has {0} transactions in the pool, which is the most")]
    SenderFull(usize),
    /// No bundle of the domain has room for the extrinsic.
    #[error("the transaction is too long or too heavy for a bundle of domain {0}")]
    TooLarge(DomainId),
    /// There is no block yet to judge transactions by.
    #[error("no block of the consensus chain was followed yet")]
    NotFollowing,
}

impl OperatorError {
    /// Whether it is the node's own trouble, so that it cannot go on.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::Store(_)
            | Self::State(_)
            | Self::Stored(_)
            | Self::Damaged { .. }
            | Self::Missing { .. } => true,
            Self::Derive(error) => matches!(error, DeriveError::State(_) | DeriveError::Stored(_)),
            Self::Domains(error) => error.is_fatal(),
            Self::Fraud(error) => error.is_fatal(),
            Self::Ledger(error) => error.is_fatal(),
            Self::Refused(error) => error.unreadable().is_some(),
            _ => false,
        }
    }

    pub(crate) fn missing(what: &'static str, key: &impl ToString) -> Self {
        Self::Missing { what, key: key.to_string() }
    }
}

macro_rules! through_domains {
    ($($error:ty),*) => {
        $(impl From<$error> for OperatorError {
            fn from(error: $error) -> Self {
                Self::Domains(error.into())
            }
        })*
    };
}

through_domains!(BundleError, ReceiptError, RegistryError, MessageError);

impl ErrorCode for OperatorError {
    fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::State(error) => error.code(),
            Self::Stored(error) => error.code(),
            Self::Derive(error) => error.code(),
            Self::Domains(error) => error.code(),
            Self::Fraud(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::Refused(error) => error.code(),
            Self::Damaged { .. } => "OPR-0001",
            Self::Missing { .. } => "OPR-0002",
            Self::UnknownParent { .. } => "OPR-0003",
            Self::Contradiction { .. } => "OPR-0004",
            Self::NotServed(_) => "OPR-0005",
            Self::UnknownRuntime { .. } => "OPR-0006",
            Self::AlreadyInPool(_) => "OPR-0007",
            Self::NonceTaken(_) => "OPR-0008",
            Self::PoolFull(_) => "OPR-0009",
            Self::SenderFull(_) => "OPR-0010",
            Self::TooLarge(_) => "OPR-0011",
            Self::NotFollowing => "OPR-0012",
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "OPR-0001",
        "A record of the operator is damaged.",
        "Its bytes do not decode: a failing disk, or something else wrote into the folder.",
        "Check the disk, then remove the node's data folder and synchronize again.",
    ),
    entry(
        "OPR-0002",
        "A record of the operator is missing.",
        "The folder was changed, or the node wrote blocks that the operator was not told of.",
        "Remove the node's data folder and synchronize again.",
    ),
    entry(
        "OPR-0003",
        "A consensus block follows on one that the operator does not know.",
        "The operator has to follow the chain from its first block, without gaps.",
        "Start the node with the operator role on an empty folder, so that it follows from the start.",
    ),
    entry(
        "OPR-0004",
        "A consensus block contradicts those before it.",
        "The block or the operator's records are not of this chain.",
        "Remove the node's data folder and synchronize again; report it if it happens again.",
    ),
    entry(
        "OPR-0005",
        "The domain is not served here.",
        "The node was not asked to follow the domain, or does not know what it started from.",
        "Send the transaction to a node that serves the domain.",
    ),
    entry(
        "OPR-0006",
        "This build does not know the runtime of the domain.",
        "The domain was upgraded to a version that came after this build.",
        "Install the newer program.",
    ),
    entry(
        "OPR-0007",
        "The transaction is in the pool already.",
        "It was sent before and waits for a bundle.",
        "Wait for it; there is no need to send it again.",
    ),
    entry(
        "OPR-0008",
        "Another transaction of the signer has this nonce.",
        "Both were signed before either was executed.",
        "Use the next nonce, or wait until the other one is executed or expires.",
    ),
    entry(
        "OPR-0009",
        "The pool is full.",
        "More transactions arrive than bundles take.",
        "Try again later, or at another node.",
    ),
    entry(
        "OPR-0010",
        "The signer has too many transactions in the pool.",
        "One account may have only so many waiting.",
        "Wait until some are executed.",
    ),
    entry(
        "OPR-0011",
        "The transaction does not fit into any bundle.",
        "It is longer or heavier than the domain allows for one bundle.",
        "Split it into several transactions.",
    ),
    entry(
        "OPR-0012",
        "No block was followed yet.",
        "The node has just started, and transactions are judged by the newest block.",
        "Try again in some seconds.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_own_code_is_listed_once() {
        let own = [
            OperatorError::Damaged { what: "x", error: CodecError::Trailing(1) },
            OperatorError::missing("x", &1),
            OperatorError::UnknownParent { number: BlockNumber(1), parent: Hash::ZERO },
            OperatorError::Contradiction { number: BlockNumber(1), what: "x" },
            OperatorError::NotServed(DomainId(1)),
            OperatorError::UnknownRuntime { domain: DomainId(1), version: 1 },
            OperatorError::AlreadyInPool(Hash::ZERO),
            OperatorError::NonceTaken(Nonce(0)),
            OperatorError::PoolFull(DomainId(1)),
            OperatorError::SenderFull(1),
            OperatorError::TooLarge(DomainId(1)),
            OperatorError::NotFollowing,
        ];
        let codes: Vec<&str> = own.iter().map(ErrorCode::code).collect();
        let listed: Vec<&str> = ERRORS.iter().map(|entry| entry.code).collect();
        assert_eq!(codes, listed);
    }
}
