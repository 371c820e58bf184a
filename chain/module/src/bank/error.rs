//! Why the bank refuses.

use crate::StoredError;
use auto_core::{Amount, BlockNumber, DomainId, ErrorCode, ErrorEntry, Nonce};

/// A failure of the bank.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BankError {
    /// A transfer of nothing.
    #[error("transfer of nothing")]
    ZeroAmount,
    /// The account does not hold what is needed.
    #[error("balance too low: {needed} needed, {available} available")]
    InsufficientBalance {
        /// What is needed.
        needed: Amount,
        /// What the account holds.
        available: Amount,
    },
    /// An account would hold less than the existential deposit.
    #[error("an account would be left with {left}, below the existential deposit of {deposit}")]
    BelowExistentialDeposit {
        /// What it would hold.
        left: Amount,
        /// What it must hold.
        deposit: Amount,
    },
    /// The nonce was used before.
    #[error("nonce {nonce} is used, the account is at {expected}")]
    StaleNonce {
        /// The transaction's nonce.
        nonce: Nonce,
        /// The account's nonce.
        expected: Nonce,
    },
    /// Transactions before this one are missing.
    #[error("nonce {nonce} is ahead, the account is at {expected}")]
    FutureNonce {
        /// The transaction's nonce.
        nonce: Nonce,
        /// The account's nonce.
        expected: Nonce,
    },
    /// The transaction is too late.
    #[error("transaction expired at block {expiry}, this is block {number}")]
    Expired {
        /// The last consensus block that could include it.
        expiry: BlockNumber,
        /// The consensus block it is asked for.
        number: BlockNumber,
    },
    /// The signer pays less than the fee.
    #[error("fee is {needed}, over the transaction's limit of {limit}")]
    FeeLimitTooLow {
        /// The fee.
        needed: Amount,
        /// What the signer allows.
        limit: Amount,
    },
    /// The block already exchanges money with as many chains as a receipt can list.
    #[error("this block already exchanges money with as many chains as it can; chain {0} has to wait")]
    TooManyChains(DomainId),
    /// Genesis makes no bank.
    #[error("genesis balances are invalid: {0}")]
    GenesisInvalid(&'static str),
    /// A number left its range.
    #[error("an amount or number overflows")]
    Overflow,
    /// The state cannot be used.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl ErrorCode for BankError {
    fn code(&self) -> &'static str {
        match self {
            Self::ZeroAmount => "BNK-0001",
            Self::InsufficientBalance { .. } => "BNK-0002",
            Self::BelowExistentialDeposit { .. } => "BNK-0003",
            Self::StaleNonce { .. } => "BNK-0004",
            Self::FutureNonce { .. } => "BNK-0005",
            Self::Expired { .. } => "BNK-0006",
            Self::FeeLimitTooLow { .. } => "BNK-0007",
            Self::TooManyChains(_) => "BNK-0008",
            Self::GenesisInvalid(_) => "BNK-0009",
            Self::Overflow => "BNK-0010",
            Self::Stored(error) => error.code(),
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of the bank.
pub const ERRORS: &[ErrorEntry] = &[
    entry("BNK-0001", "The amount is zero.", "A transfer moves at least one base unit.", "Give an amount."),
    entry(
        "BNK-0002",
        "The balance on the domain is too low.",
        "The account holds less there than fee or transfer take; a balance on another chain does not count.",
        "Send money to the account on this domain first.",
    ),
    entry(
        "BNK-0003",
        "An account would fall below the existential deposit.",
        "Every account keeps a minimum, so that the state stays small.",
        "Move less, or move enough for the receiver to exist.",
    ),
    entry(
        "BNK-0004",
        "The nonce was used before.",
        "Another transaction of the account took it, perhaps this very one.",
        "Look the transaction up by its hash; otherwise sign again with the current nonce.",
    ),
    entry(
        "BNK-0005",
        "The nonce is ahead of the account.",
        "Transactions with smaller nonces are not included yet.",
        "Submit those first, or sign again with the current nonce.",
    ),
    entry(
        "BNK-0006",
        "The transaction has expired.",
        "The last consensus block that could include it has passed.",
        "Sign again with a later expiry.",
    ),
    entry(
        "BNK-0007",
        "The fee limit is too low.",
        "The price of a byte moves with the free space of the network.",
        "Sign again with a limit of at least the fee that the message names.",
    ),
    entry(
        "BNK-0008",
        "The block exchanges money with too many chains.",
        "A receipt lists a bounded number of chains.",
        "Send again in a later block.",
    ),
    entry(
        "BNK-0009",
        "The genesis balances are invalid.",
        "They overflow, repeat an account, or are below the existential deposit.",
        "Correct the genesis file.",
    ),
    entry("BNK-0010", "A number overflows.", "An amount or nonce leaves its range.", "Use smaller amounts."),
];
