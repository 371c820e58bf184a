//! Why something asked of the domains is refused.

use crate::bundle::ERRORS as BUNDLE_ERRORS;
use crate::fraud::ERRORS as FRAUD_ERRORS;
use crate::receipt::ERRORS as RECEIPT_ERRORS;
use crate::registry::ERRORS as REGISTRY_ERRORS;
use crate::staking::ERRORS as STAKING_ERRORS;
use crate::{BundleError, FraudError, ReceiptError, RegistryError, StakingError};
use auto_core::{CodecError, ErrorCode, ErrorEntry};
use auto_ledger::{ExtensionError, LedgerError};
use auto_module::{StoredError, messages::MessageError};

/// A failure of the domains on the consensus chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DomainsError {
    /// A call does not decode.
    #[error("call is malformed: {0}")]
    MalformedCall(CodecError),
    /// A call moves nothing.
    #[error("amount is zero")]
    ZeroAmount,
    /// A number left its range.
    #[error("an amount or number overflows")]
    Overflow,
    /// Money would be given out that is not there.
    #[error("the amount is more than {0}")]
    NotCovered(&'static str),
    /// Less is held for the domains than what they have to give.
    #[error("state of the domains is damaged: {0} do not cover what they owe")]
    Unbalanced(&'static str),
    /// Runtimes, domains, genesis.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// Operators and nominators.
    #[error(transparent)]
    Staking(#[from] StakingError),
    /// Bundles and the election.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Receipts.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// Fraud proofs.
    #[error(transparent)]
    Fraud(#[from] FraudError),
    /// Messages between chains.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// Accounts.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The state cannot be read.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl DomainsError {
    /// Whether it is the node's own trouble, so that nothing was decided.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::MalformedCall(_) | Self::ZeroAmount | Self::Overflow | Self::NotCovered(_) => false,
            Self::Registry(error) => matches!(error, RegistryError::Stored(_)),
            Self::Staking(error) => matches!(error, StakingError::Stored(_)),
            Self::Bundle(error) => matches!(error, BundleError::Stored(_)),
            Self::Receipt(error) => matches!(error, ReceiptError::Stored(_) | ReceiptError::Missing(_)),
            Self::Fraud(error) => error.is_fatal(),
            Self::Message(error) => matches!(error, MessageError::Stored(_)),
            Self::Ledger(error) => error.is_fatal(),
            Self::Unbalanced(_) | Self::Stored(_) => true,
        }
    }
}

impl ErrorCode for DomainsError {
    /// The code of the innermost failure.
    fn code(&self) -> &'static str {
        match self {
            Self::MalformedCall(_) => "DOM-0001",
            Self::ZeroAmount => "DOM-0002",
            Self::Overflow => "DOM-0003",
            Self::NotCovered(_) => "DOM-0004",
            Self::Unbalanced(_) => "DOM-0005",
            Self::Registry(error) => error.code(),
            Self::Staking(error) => error.code(),
            Self::Bundle(error) => error.code(),
            Self::Receipt(error) => error.code(),
            Self::Fraud(error) => error.code(),
            Self::Message(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::Stored(error) => error.code(),
        }
    }
}

impl From<DomainsError> for ExtensionError {
    fn from(error: DomainsError) -> Self {
        if error.is_fatal() { Self::fatal(&error) } else { Self::refused(&error) }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

const OWN_ERRORS: &[ErrorEntry] = &[
    entry(
        "DOM-0001",
        "The call is malformed.",
        "Its bytes do not follow the format of the domains' calls, or bytes are left over.",
        "Use an SDK of the same version as the node.",
    ),
    entry("DOM-0002", "The amount is zero.", "A transfer moves at least one base unit.", "Give an amount."),
    entry("DOM-0003", "A number overflows.", "An amount or number leaves its range.", "Use smaller amounts."),
    entry(
        "DOM-0004",
        "The amount is more than is there.",
        "A domain gives out no more than it has, and takes back no more than was refused.",
        "The other chain runs faulty software; the message has no effect.",
    ),
    entry(
        "DOM-0005",
        "The state of the domains is damaged.",
        "What is held for them does not cover what they owe.",
        "Check the disk, then remove the node's data folder and synchronize again.",
    ),
];

const TABLES: [&[ErrorEntry]; 6] =
    [OWN_ERRORS, REGISTRY_ERRORS, STAKING_ERRORS, BUNDLE_ERRORS, RECEIPT_ERRORS, FRAUD_ERRORS];

const fn count() -> usize {
    let (mut table, mut sum) = (0, 0);
    while table < TABLES.len() {
        sum += TABLES[table].len();
        table += 1;
    }
    sum
}

const fn joined() -> [ErrorEntry; count()] {
    let mut joined = [entry("", "", "", ""); count()];
    let (mut table, mut at) = (0, 0);
    while table < TABLES.len() {
        let mut row = 0;
        while row < TABLES[table].len() {
            joined[at] = TABLES[table][row];
            at += 1;
            row += 1;
        }
        table += 1;
    }
    joined
}

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &joined();
