//! Why something asked of operators or nominators is refused.

use auto_core::{Amount, BlockNumber, DomainId, ErrorCode, ErrorEntry, OperatorId};
use auto_ledger::LedgerError;
use auto_module::StoredError;

/// Why something asked of operators or nominators is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StakingError {
    /// The domain does not exist.
    #[error("domain {0} is unknown")]
    UnknownDomain(DomainId),
    /// The operator does not exist.
    #[error("operator {0} is unknown")]
    UnknownOperator(OperatorId),
    /// The caller is not the operator's owner.
    #[error("operator {0} is owned by another account")]
    NotOwner(OperatorId),
    /// The domain does not take operators of this account.
    #[error("domain {0} does not take operators of this account")]
    NotAllowed(DomainId),
    /// The key is no usable key.
    #[error("the operator key is not a valid key")]
    BadKey,
    /// The key is another operator's, or was once.
    #[error("the operator key belongs to operator {0}")]
    KeyTaken(OperatorId),
    /// The key's holder did not agree.
    #[error("the key's signature over chain, domain and owner does not hold")]
    NoPossession,
    /// The stake is below the least.
    #[error("a stake of {stake} is below the least of {least}")]
    StakeTooLow {
        /// What would be staked.
        stake: Amount,
        /// The least.
        least: Amount,
    },
    /// The least nomination is below what the chain demands.
    #[error("a least nomination of {stated} is below {least}")]
    NominationMinTooLow {
        /// What was stated.
        stated: Amount,
        /// The least.
        least: Amount,
    },
    /// The tax is more than all.
    #[error("a tax of {0} percent is over 100")]
    TaxTooHigh(u8),
    /// The domain has as many operators as it may.
    #[error("domain {0} has no room for another operator")]
    TooManyOperators(DomainId),
    /// The operator takes no nominations.
    #[error("operator {0} takes no nominations: it rests, ended or is being slashed")]
    NotRegistered(OperatorId),
    /// The caller has nothing with the operator.
    #[error("the account has nothing with operator {0}")]
    NoNomination(OperatorId),
    /// Nothing can be withdrawn.
    #[error("no shares to withdraw: what was deposited in this epoch becomes shares when it ends")]
    NothingToWithdraw,
    /// More shares are asked for than there are.
    #[error("{asked} shares are asked for, {available} can be withdrawn")]
    TooManyShares {
        /// What was asked for.
        asked: u128,
        /// What there is.
        available: u128,
    },
    /// What would be left is below the least.
    #[error("{left} would be left, below the least of {least}")]
    LeavesTooLittle {
        /// What would be left.
        left: Amount,
        /// The least.
        least: Amount,
    },
    /// There are as many withdrawals as there may be.
    #[error("the account has {0} withdrawals with this operator, as many as it may")]
    TooManyWithdrawals(usize),
    /// The operator is being slashed.
    #[error("operator {0} is being slashed: nothing can be taken out")]
    SlashPending(OperatorId),
    /// The operator's stake was taken.
    #[error("operator {0} was slashed")]
    Slashed(OperatorId),
    /// The operator authored a bundle that a receipt marks invalid.
    #[error("operator {0} authored an invalid bundle: nothing can be taken out until that is decided")]
    InvalidAuthor(OperatorId),
    /// The operator ended.
    #[error("operator {0} ended: take out all with the call for ended operators")]
    Ended(OperatorId),
    /// There is nothing to unlock.
    #[error("no withdrawal to unlock")]
    NothingToUnlock,
    /// What left is still locked.
    #[error("locked until height {until} of the domain is confirmed; {confirmed} is")]
    Locked {
        /// The height that must be confirmed.
        until: BlockNumber,
        /// The height that is.
        confirmed: BlockNumber,
    },
    /// The operator did not end.
    #[error("operator {0} did not end")]
    NotEnded(OperatorId),
    /// The operator does not rest.
    #[error("operator {0} does not rest")]
    NotDeactivated(OperatorId),
    /// The operator has to rest longer.
    #[error("the operator rests until epoch {until}; this is epoch {epoch}")]
    StillResting {
        /// The epoch in which the rest may end.
        until: u64,
        /// The epoch.
        epoch: u64,
    },
    /// The storage fund does not cover the bytes.
    #[error("the storage fund holds {fund}; {fee} and one unit more are needed")]
    FundTooLow {
        /// What the fund holds.
        fund: Amount,
        /// What the bytes cost.
        fee: Amount,
    },
    /// Too many slashes wait.
    #[error("too many slashes wait to be carried out")]
    TooManySlashes,
    /// A number left its range.
    #[error("an amount or number overflows")]
    Overflow,
    /// An account cannot pay, or would fall below the existential deposit.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The state cannot be read.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl From<LedgerError> for StakingError {
    fn from(error: LedgerError) -> Self {
        match error {
            // The node's own trouble keeps one form, so that callers can tell it from a refusal.
            LedgerError::State(error) => Self::Stored(StoredError::State(error)),
            LedgerError::StateDamaged(error) => Self::Stored(StoredError::Damaged { key: "ledger", error }),
            error => Self::Ledger(error),
        }
    }
}

impl ErrorCode for StakingError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownDomain(_) => "STK-0001",
            Self::UnknownOperator(_) => "STK-0002",
            Self::NotOwner(_) => "STK-0003",
            Self::NotAllowed(_) => "STK-0004",
            Self::BadKey => "STK-0005",
            Self::KeyTaken(_) => "STK-0006",
            Self::NoPossession => "STK-0007",
            Self::StakeTooLow { .. } => "STK-0008",
            Self::NominationMinTooLow { .. } => "STK-0009",
            Self::TaxTooHigh(_) => "STK-0010",
            Self::TooManyOperators(_) => "STK-0011",
            Self::NotRegistered(_) => "STK-0012",
            Self::NoNomination(_) => "STK-0013",
            Self::NothingToWithdraw => "STK-0014",
            Self::TooManyShares { .. } => "STK-0015",
            Self::LeavesTooLittle { .. } => "STK-0016",
            Self::TooManyWithdrawals(_) => "STK-0017",
            Self::SlashPending(_) => "STK-0018",
            Self::Slashed(_) => "STK-0019",
            Self::InvalidAuthor(_) => "STK-0020",
            Self::Ended(_) => "STK-0021",
            Self::NothingToUnlock => "STK-0022",
            Self::Locked { .. } => "STK-0023",
            Self::NotEnded(_) => "STK-0024",
            Self::NotDeactivated(_) => "STK-0025",
            Self::StillResting { .. } => "STK-0026",
            Self::FundTooLow { .. } => "STK-0027",
            Self::TooManySlashes => "STK-0028",
            Self::Overflow => "STK-0029",
            Self::Ledger(error) => error.code(),
            Self::Stored(error) => error.code(),
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of operators and nominators.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "STK-0001",
        "The domain does not exist.",
        "No domain has this number.",
        "List the domains and use one of them.",
    ),
    entry(
        "STK-0002",
        "The operator does not exist.",
        "No operator has this number.",
        "List the operators of the domain.",
    ),
    entry(
        "STK-0003",
        "The operator is owned by another account.",
        "Only the account that registered an operator may change it.",
        "Sign with the owner's account.",
    ),
    entry(
        "STK-0004",
        "The domain does not take operators of this account.",
        "The domain's owner keeps a list of accounts, and this one is not on it.",
        "Ask the owner of the domain, or choose another domain.",
    ),
    entry(
        "STK-0005",
        "The operator key is not valid.",
        "The bytes are not a point of the curve, or the point that is nobody's key.",
        "Generate a new operator key.",
    ),
    entry(
        "STK-0006",
        "The operator key is taken.",
        "Another operator has this key or had it; keys never serve twice.",
        "Generate a new operator key.",
    ),
    entry(
        "STK-0007",
        "The key's holder did not agree to this registration.",
        "The signature must be the operator key's over this chain, this domain and the caller's address.",
        "Prove possession with the operator key for the account that registers.",
    ),
    entry(
        "STK-0008",
        "The stake is too low.",
        "It is below the least that the chain, or the operator, demands.",
        "Stake more; `auto operator status NUMBER` names the least.",
    ),
    entry(
        "STK-0009",
        "The least nomination is too low.",
        "The chain demands a larger one.",
        "State at least the chain's own least nomination.",
    ),
    entry("STK-0010", "The tax is too high.", "It is stated in percent.", "State at most 100."),
    entry(
        "STK-0011",
        "The domain has no room for another operator.",
        "It has as many as a domain may have.",
        "Wait until one ends, or choose another domain.",
    ),
    entry(
        "STK-0012",
        "The operator takes no nominations.",
        "It rests, ended, or is being slashed.",
        "Choose another operator.",
    ),
    entry(
        "STK-0013",
        "The account has nothing with this operator.",
        "It never nominated it, or took out everything.",
        "Check the operator's number and the account.",
    ),
    entry(
        "STK-0014",
        "There is nothing to withdraw.",
        "Deposits become shares when the epoch ends, and zero shares cannot be withdrawn.",
        "Wait for the end of the epoch.",
    ),
    entry(
        "STK-0015",
        "More shares are asked for than there are.",
        "Shares that are already leaving do not count.",
        "Ask for fewer, or for all.",
    ),
    entry(
        "STK-0016",
        "Too little would be left.",
        "An owner keeps the least stake of an operator, a nominator the operator's least nomination.",
        "Withdraw less; as a nominator withdraw all; as an owner deregister.",
    ),
    entry(
        "STK-0017",
        "There are too many withdrawals.",
        "One account may have a bounded number of withdrawals with one operator.",
        "Unlock those that are free, or wait until one is.",
    ),
    entry(
        "STK-0018",
        "The operator is being slashed.",
        "It vouched for a wrong receipt, and what is staked with it is being taken.",
        "Nothing can be taken out; withdrawals that were already free are paid back by themselves.",
    ),
    entry(
        "STK-0019",
        "The operator was slashed.",
        "It vouched for a wrong receipt or authored an invalid bundle; what was staked with it is gone.",
        "Choose another operator.",
    ),
    entry(
        "STK-0020",
        "The operator authored an invalid bundle.",
        "A receipt says so; the operator is slashed when the receipt is confirmed.",
        "Wait until the receipt is confirmed or proven wrong.",
    ),
    entry(
        "STK-0021",
        "The operator ended.",
        "What is left with it is taken out as a whole.",
        "Use the call that unlocks everything of a nominator.",
    ),
    entry(
        "STK-0022",
        "There is nothing to unlock.",
        "No withdrawal of this account has left the operator's pool.",
        "Withdraw first, then wait for the end of the epoch and of the challenge period.",
    ),
    entry(
        "STK-0023",
        "The withdrawal is still locked.",
        "The blocks that it vouched for can still be challenged.",
        "Wait until the named height of the domain is confirmed.",
    ),
    entry(
        "STK-0024",
        "The operator did not end.",
        "Only what is left with an ended operator is taken out as a whole.",
        "Withdraw, then unlock.",
    ),
    entry(
        "STK-0025",
        "The operator does not rest.",
        "Only a resting operator can be reactivated, and only a registered one deactivated.",
        "Look at the operator's status.",
    ),
    entry(
        "STK-0026",
        "The operator has to rest longer.",
        "A rest lasts a number of epochs.",
        "Wait for the named epoch of the domain.",
    ),
    entry(
        "STK-0027",
        "The storage fund is too low.",
        "It pays for the bytes of bundles and keeps at least one unit.",
        "Add stake to the operator: a share of it goes to the fund.",
    ),
    entry(
        "STK-0028",
        "Too many slashes wait.",
        "Slashes are carried out in bounded steps, and the list of those that wait is full.",
        "Submit the fraud proof again in a later block.",
    ),
    entry("STK-0029", "A number overflows.", "An amount or number leaves its range.", "Use smaller amounts."),
];
