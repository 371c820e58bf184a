//! Why a transaction, a call or a block is refused.

use crate::ExtensionError;
use auto_core::{
    Amount, BlockNumber, CodecError, DomainId, EquivocationError, ErrorCode, ErrorEntry, ModuleId, Nonce,
};
use auto_state::StateError;

/// A failure of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The transaction or submission is longer than a block.
    #[error("transaction or submission of {actual} bytes is over the limit of {limit}")]
    Oversized {
        /// Encoded bytes.
        actual: u64,
        /// What fits a block.
        limit: u64,
    },
    /// The transaction is for another domain.
    #[error("transaction is for domain {0}, not for the consensus chain")]
    WrongDomain(DomainId),
    /// The transaction asks for nothing.
    #[error("transaction has no calls")]
    NoCalls,
    /// A call names a module that the consensus chain does not have.
    #[error("module {0} is unknown on the consensus chain")]
    UnknownModule(ModuleId),
    /// A call does not decode.
    #[error("call {call} is malformed: {error}")]
    MalformedCall {
        /// Position of the call.
        call: usize,
        /// What is wrong with it.
        error: CodecError,
    },
    /// A transfer of nothing.
    #[error("transfer of nothing")]
    ZeroAmount,
    /// An object of no bytes.
    #[error("object is empty")]
    EmptyObject,
    /// The signature does not hold.
    #[error(
        "signature does not hold: another key, changed content, or signed for a chain with another genesis"
    )]
    BadSignature,
    /// Evidence of equivocation does not hold.
    #[error("evidence of equivocation is invalid: {0}")]
    EvidenceInvalid(EquivocationError),
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
        /// The last block that could include it.
        expiry: BlockNumber,
        /// The block it is asked for.
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
    /// The farmer is already known to have equivocated.
    #[error("the farmer is already known to have equivocated")]
    AlreadyReported,
    /// The transactions do not fit a block together.
    #[error("body of {actual} bytes is over the limit of {limit}")]
    BodyTooLong {
        /// Encoded bytes of the body.
        actual: u64,
        /// Most bytes of a body.
        limit: u64,
    },
    /// A block holds a transaction that it must not hold.
    #[error("transaction {index} of the block is invalid: {reason}")]
    InvalidTransaction {
        /// Position in the block.
        index: usize,
        /// Why it is invalid.
        reason: Box<LedgerError>,
    },
    /// A block holds a submission that it must not hold.
    #[error("submission {index} of the block is invalid: {reason}")]
    InvalidSubmission {
        /// Position in the block.
        index: usize,
        /// Why it is invalid.
        reason: Box<LedgerError>,
    },
    /// The chain runs no domains.
    #[error("the chain runs no domains and takes no submissions")]
    NoSubmissions,
    /// A submission was offered behind a transaction.
    #[error("submissions of a block come before its transactions")]
    SubmissionTooLate,
    /// An event of the extension is too long to be recorded.
    #[error("event of {actual} bytes is over the limit of {}", crate::EVENT_BYTES_MAX)]
    EventTooLong {
        /// Bytes of the event.
        actual: usize,
    },
    /// The extension refuses something, or cannot tell.
    #[error(transparent)]
    Extension(ExtensionError),
    /// Genesis makes no chain.
    #[error("genesis is invalid: {0}")]
    GenesisInvalid(&'static str),
    /// A number left its range.
    #[error("an amount or number overflows")]
    Overflow,
    /// A value in the state does not decode.
    #[error("state of the ledger is damaged: {0}")]
    StateDamaged(CodecError),
    /// The state cannot be read.
    #[error(transparent)]
    State(#[from] StateError),
}

impl LedgerError {
    /// Whether it is the node's own trouble, such as a damaged disk, so that nothing was decided: no
    /// outcome that other nodes would agree on.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::State(_) | Self::StateDamaged(_) => true,
            Self::Extension(error) => error.is_fatal(),
            Self::InvalidTransaction { reason, .. } | Self::InvalidSubmission { reason, .. } => {
                reason.is_fatal()
            }
            _ => false,
        }
    }
}

impl ErrorCode for LedgerError {
    /// The code of the innermost failure.
    fn code(&self) -> &'static str {
        match self {
            Self::Oversized { .. } => "LED-0001",
            Self::WrongDomain(_) => "LED-0002",
            Self::NoCalls => "LED-0003",
            Self::UnknownModule(_) => "LED-0004",
            Self::MalformedCall { .. } => "LED-0005",
            Self::ZeroAmount => "LED-0006",
            Self::EmptyObject => "LED-0007",
            Self::BadSignature => "LED-0008",
            Self::EvidenceInvalid(_) => "LED-0009",
            Self::StaleNonce { .. } => "LED-0010",
            Self::FutureNonce { .. } => "LED-0011",
            Self::Expired { .. } => "LED-0012",
            Self::FeeLimitTooLow { .. } => "LED-0013",
            Self::InsufficientBalance { .. } => "LED-0014",
            Self::BelowExistentialDeposit { .. } => "LED-0015",
            Self::AlreadyReported => "LED-0016",
            Self::BodyTooLong { .. } => "LED-0017",
            Self::InvalidTransaction { reason, .. } | Self::InvalidSubmission { reason, .. } => reason.code(),
            Self::Extension(error) => error.code(),
            Self::NoSubmissions => "LED-0021",
            Self::SubmissionTooLate => "LED-0022",
            Self::EventTooLong { .. } => "LED-0023",
            Self::GenesisInvalid(_) => "LED-0018",
            Self::Overflow => "LED-0019",
            Self::StateDamaged(_) => "LED-0020",
            Self::State(error) => error.code(),
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of this crate.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "LED-0001",
        "The transaction is too long.",
        "It, or the submission, takes more bytes than a block has.",
        "Split the data over several objects.",
    ),
    entry(
        "LED-0002",
        "The transaction is for another domain.",
        "The consensus chain runs domain 0 only.",
        "Submit it to an operator of its domain.",
    ),
    entry(
        "LED-0003",
        "The transaction has no calls.",
        "Every transaction asks for at least one thing.",
        "Add a call.",
    ),
    entry(
        "LED-0004",
        "The module is unknown.",
        "The consensus chain has module 0, and module 1 where it runs domains.",
        "Check the module and the domain of the call.",
    ),
    entry(
        "LED-0005",
        "A call is malformed.",
        "Its bytes do not follow the module's format, or bytes are left over.",
        "Use an SDK of the same version as the node.",
    ),
    entry("LED-0006", "The amount is zero.", "A transfer moves at least one base unit.", "Give an amount."),
    entry("LED-0007", "The object is empty.", "An object has at least one byte.", "Check the file."),
    entry(
        "LED-0008",
        "The signature does not hold.",
        "It was made by another key, over other content, or for a chain with another genesis.",
        "Check which network the signer is set to, then sign again.",
    ),
    entry(
        "LED-0009",
        "The evidence is invalid.",
        "It takes two different headers that one key sealed with one solution in one slot.",
        "Check the two headers; equal claims in one chain are no equivocation.",
    ),
    entry(
        "LED-0010",
        "The nonce was used before.",
        "Another transaction of the account took it, perhaps this very one.",
        "Look the transaction up by its hash; otherwise sign again with the current nonce.",
    ),
    entry(
        "LED-0011",
        "The nonce is ahead of the account.",
        "Transactions with smaller nonces are not included yet.",
        "Submit those first, or sign again with the current nonce.",
    ),
    entry(
        "LED-0012",
        "The transaction has expired.",
        "Its last block has passed.",
        "Sign again with a later expiry.",
    ),
    entry(
        "LED-0013",
        "The fee limit is too low.",
        "The price of a byte moves with the free space of the network.",
        "Sign again with a limit of at least the fee that the message names.",
    ),
    entry(
        "LED-0014",
        "The balance is too low.",
        "The account holds less than fee or transfer take.",
        "Send money to the account first.",
    ),
    entry(
        "LED-0015",
        "An account would fall below the existential deposit.",
        "Every account keeps a minimum, so that the state stays small.",
        "Move less, or move enough for the receiver to exist.",
    ),
    entry(
        "LED-0016",
        "The equivocation is known.",
        "The farmer's key was reported before.",
        "Nothing to do.",
    ),
    entry(
        "LED-0017",
        "The block's body is too long.",
        "Its transactions take more bytes than the parameters allow.",
        "The block's author runs faulty software; the block is refused.",
    ),
    entry(
        "LED-0018",
        "The genesis is invalid.",
        "Its balances overflow, repeat an account, or are below the existential deposit.",
        "Correct the genesis file.",
    ),
    entry(
        "LED-0019",
        "A number overflows.",
        "An amount, fee or nonce leaves its range.",
        "Use smaller amounts.",
    ),
    entry(
        "LED-0020",
        "The state of the ledger is damaged.",
        "A stored value does not decode.",
        "Check the disk, then remove the node's data folder and synchronize again.",
    ),
    entry(
        "LED-0021",
        "The chain takes no submissions.",
        "It runs no domains.",
        "Check which network the operator is set to.",
    ),
    entry(
        "LED-0022",
        "A submission comes too late.",
        "The submissions of a block are executed before its transactions.",
        "The block's author runs faulty software; offer submissions first.",
    ),
    entry(
        "LED-0023",
        "An event is too long.",
        "What an extension reports about one step is bounded.",
        "Ask for less in one call.",
    ),
];
