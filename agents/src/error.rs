//! Why a call is refused.

mod explain;

use auto_core::{Amount, ErrorCode};
use auto_module::StoredError;
use auto_module::bank::BankError;
use autoid_core::{AutoId, Failure, GrantId, Refusal};
pub use explain::ERRORS;

/// A failure of the module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AgentsError {
    /// What an agent says about itself is malformed.
    #[error("the record is malformed: {0}")]
    Profile(&'static str),
    /// A deposit, withdrawal or payment of nothing.
    #[error("the amount is zero")]
    ZeroAmount,
    /// There is no such identity.
    #[error("there is no identity {0}")]
    NoIdentity(AutoId),
    /// An identity of this kind is no agent.
    #[error("an identity of kind {0} has no record as an agent")]
    NotAnAgent(&'static str),
    /// The owner does not answer for the agent.
    #[error("{0} is neither the agent nor above it in the tree of identities")]
    NotTheOwner(AutoId),
    /// There is no such record.
    #[error("{0} is not registered as an agent")]
    NotRegistered(AutoId),
    /// The last live block lies in the past or too far ahead.
    #[error("the last live block {wanted} is not between {least} and {most}")]
    LiveUntil {
        /// What is asked for.
        wanted: u64,
        /// The least that is possible.
        least: u64,
        /// The most that is possible.
        most: u64,
    },
    /// An order is not the next one.
    #[error("order {actual} of the identity, the next one is {expected}")]
    OrderSequence {
        /// Its number.
        actual: u64,
        /// The number of the next order.
        expected: u64,
    },
    /// An order came too late.
    #[error("the order was valid until block {valid_until}, this is block {number}")]
    OrderExpired {
        /// The last block in which it could take effect.
        valid_until: u64,
        /// This block.
        number: u64,
    },
    /// The vault of another identity.
    #[error("the vault of {0} is not open to this identity")]
    NotTheVault(AutoId),
    /// A grant is not stored on chain.
    #[error("grant {0} is not registered")]
    NoGrant(GrantId),
    /// The verifier refuses the call.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The call was used before.
    #[error("this call was used before")]
    CallUsed,
    /// The intent is not the one that the call names.
    #[error("the intent is not the one that the call names")]
    IntentMismatch,
    /// The terms are not those that the call is bound to.
    #[error("the terms are not those that the call is bound to")]
    TermsMismatch,
    /// The call spends nothing.
    #[error("the call spends nothing, so there is nothing to reserve")]
    NothingToReserve,
    /// The asset does not live on this chain.
    #[error("this chain pays in its own money only")]
    ForeignAsset,
    /// A grant has no meter for the asset.
    #[error("a grant of the chain has no budget for this")]
    NoMeter,
    /// A meter is used up.
    #[error("grant {grant} has {left} left of its budget, {wanted} wanted")]
    MeterExhausted {
        /// The grant.
        grant: GrantId,
        /// What is wanted.
        wanted: Amount,
        /// What is left.
        left: Amount,
    },
    /// A meter is used up for now.
    #[error("grant {grant} has {left} left for this window of {blocks} blocks, {wanted} wanted")]
    WindowExhausted {
        /// The grant.
        grant: GrantId,
        /// What is wanted.
        wanted: Amount,
        /// What is left.
        left: Amount,
        /// Length of a window.
        blocks: u64,
    },
    /// A grant has no calls left.
    #[error("grant {grant} allows {limit} calls, all used")]
    CallsExhausted {
        /// The grant.
        grant: GrantId,
        /// How many it allows.
        limit: u64,
    },
    /// A carved meter has no reserve yet.
    #[error("the reserve of grant {0} was not taken from the budget above it")]
    NotFunded(GrantId),
    /// A carved meter has its reserve.
    #[error("grant {0} has its reserve already")]
    AlreadyFunded(GrantId),
    /// A meter shares the budget above it.
    #[error("grant {0} shares the budget above it and has no reserve of its own")]
    NotCarved(GrantId),
    /// The grant may still be used.
    #[error("grant {0} is neither revoked nor expired")]
    StillInForce(GrantId),
    /// Too many acts wait for their outcome.
    #[error("{limit} acts wait for their outcome")]
    TooManyPending {
        /// How many may.
        limit: u64,
    },
    /// No such act waits for its outcome.
    #[error("act {0} does not wait for an outcome")]
    NotPending(u64),
    /// The outcome names another call.
    #[error("act {0} was another call")]
    WrongAct(u64),
    /// The outcome came too late.
    #[error("the outcome was due in block {due}, this is block {number}")]
    OutcomeOverdue {
        /// The last block in which it was due.
        due: u64,
        /// This block.
        number: u64,
    },
    /// The counterparty signed something else.
    #[error("the counterparty confirms another outcome")]
    ConfirmsAnother,
    /// An agent confirms itself.
    #[error("an agent cannot confirm its own outcome")]
    ConfirmsItself,
    /// There is no such escrow.
    #[error("there is no such escrow, or it ended")]
    NoEscrow,
    /// Less than an account may hold.
    #[error("{reserved} to be reserved, at least {least} is possible")]
    ReserveTooSmall {
        /// What is to be reserved.
        reserved: Amount,
        /// The existential deposit.
        least: Amount,
    },
    /// A grant under which it was begun was revoked or ran out.
    #[error("the grants under which this was begun hold no longer")]
    NoLongerHolds,
    /// Several keys control the identity together.
    #[error("several keys control {0} together, so one of them does not spend alone")]
    NotAlone(AutoId),
    /// The deadline lies in the past or too far ahead.
    #[error("the deadline {wanted} is not between {least} and {most}")]
    Deadline {
        /// What is asked for.
        wanted: u64,
        /// The least that is possible.
        least: u64,
        /// The most that is possible.
        most: u64,
    },
    /// The deadline has passed.
    #[error("the escrow could be settled until block {deadline}, this is block {number}")]
    DeadlinePassed {
        /// The deadline.
        deadline: u64,
        /// This block.
        number: u64,
    },
    /// The deadline has not passed.
    #[error("the escrow can be settled until block {0}")]
    DeadlineAhead(u64),
    /// More than was reserved.
    #[error("{wanted} wanted, {reserved} reserved")]
    OverReserved {
        /// What is wanted.
        wanted: Amount,
        /// What is reserved.
        reserved: Amount,
    },
    /// Somebody else is to be paid.
    #[error("only the payee settles an escrow")]
    NotThePayee,
    /// The agent may still act, so its record is its own.
    #[error("{0} can still act and retires its record itself")]
    StillAlive(AutoId),
    /// Genesis makes no working module.
    #[error("the genesis of agents is invalid: {0}")]
    GenesisInvalid(&'static str),
    /// A number left its range.
    #[error("an amount or number overflows")]
    Overflow,
    /// Money did not move.
    #[error(transparent)]
    Bank(BankError),
    /// The state cannot be used.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl From<Failure<StoredError>> for AgentsError {
    fn from(failure: Failure<StoredError>) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Refused(refusal),
            Failure::View(error) => Self::Stored(error),
        }
    }
}

impl From<BankError> for AgentsError {
    fn from(error: BankError) -> Self {
        match error {
            BankError::Stored(error) => Self::Stored(error),
            other => Self::Bank(other),
        }
    }
}

impl ErrorCode for AgentsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Profile(_) => "AGT-0001",
            Self::ZeroAmount => "AGT-0002",
            Self::NoIdentity(_) => "AGT-0003",
            Self::NotAnAgent(_) => "AGT-0004",
            Self::NotTheOwner(_) => "AGT-0005",
            Self::NotRegistered(_) => "AGT-0006",
            Self::LiveUntil { .. } => "AGT-0007",
            Self::OrderSequence { .. } => "AGT-0008",
            Self::OrderExpired { .. } => "AGT-0009",
            Self::NotTheVault(_) => "AGT-0010",
            Self::NoGrant(_) => "AGT-0011",
            Self::CallUsed => "AGT-0012",
            Self::IntentMismatch => "AGT-0013",
            Self::TermsMismatch => "AGT-0014",
            Self::NothingToReserve => "AGT-0015",
            Self::ForeignAsset => "AGT-0016",
            Self::NoMeter => "AGT-0017",
            Self::MeterExhausted { .. } => "AGT-0018",
            Self::WindowExhausted { .. } => "AGT-0019",
            Self::CallsExhausted { .. } => "AGT-0020",
            Self::NotFunded(_) => "AGT-0021",
            Self::AlreadyFunded(_) => "AGT-0022",
            Self::NotCarved(_) => "AGT-0023",
            Self::StillInForce(_) => "AGT-0024",
            Self::TooManyPending { .. } => "AGT-0025",
            Self::NotPending(_) => "AGT-0026",
            Self::WrongAct(_) => "AGT-0027",
            Self::OutcomeOverdue { .. } => "AGT-0028",
            Self::ConfirmsAnother => "AGT-0029",
            Self::ConfirmsItself => "AGT-0030",
            Self::NoEscrow => "AGT-0031",
            Self::Deadline { .. } => "AGT-0032",
            Self::DeadlinePassed { .. } => "AGT-0033",
            Self::DeadlineAhead(_) => "AGT-0034",
            Self::OverReserved { .. } => "AGT-0035",
            Self::NotThePayee => "AGT-0036",
            Self::StillAlive(_) => "AGT-0037",
            Self::GenesisInvalid(_) => "AGT-0038",
            Self::Overflow => "AGT-0039",
            Self::ReserveTooSmall { .. } => "AGT-0040",
            Self::NoLongerHolds => "AGT-0041",
            Self::NotAlone(_) => "AGT-0042",
            Self::Refused(refusal) => refusal.code(),
            Self::Bank(error) => error.code(),
            Self::Stored(error) => error.code(),
        }
    }
}
