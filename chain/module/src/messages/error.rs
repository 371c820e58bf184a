//! Why messages are refused.

use super::TillError;
use crate::{Failure, StoredError};
use auto_core::{Amount, BlockNumber, ChannelId, DomainId, ErrorCode, ErrorEntry, ModuleId, Nonce};
use auto_state::StateError;

/// A failure of messages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageError {
    /// The message is for another chain.
    #[error("message is for chain {0}")]
    WrongDestination(DomainId),
    /// The message comes from the chain that it is for.
    #[error("message comes from this very chain")]
    FromHere,
    /// The proof is of the wrong kind for its source, or names numbers that do not belong together.
    #[error("proof of the message is malformed: {0}")]
    ProofMalformed(&'static str),
    /// The anchor of the proof is not known here: too new or too old.
    #[error("consensus block {0} is not known here: too new, or too old")]
    AnchorUnknown(BlockNumber),
    /// The leaf is not in the range of the anchor.
    #[error("consensus block of the proof is not part of this chain")]
    ForeignLeaf,
    /// A state proof does not hold.
    #[error("state proof does not hold: {0}")]
    ProofInvalid(StateError),
    /// The domain has no confirmed block there.
    #[error("domain {0} has no confirmed block there")]
    Unconfirmed(DomainId),
    /// The outbox does not hold the message.
    #[error("message was not sent")]
    NotSent,
    /// The chain is not one that this chain deals with.
    #[error("chain {0} is not allowed")]
    NotAllowed(DomainId),
    /// There is no such channel.
    #[error("channel {channel} with chain {peer} is unknown")]
    UnknownChannel {
        /// The other chain.
        peer: DomainId,
        /// The channel.
        channel: ChannelId,
    },
    /// The channel is not open.
    #[error("channel {channel} with chain {peer} is not open")]
    NotOpen {
        /// The other chain.
        peer: DomainId,
        /// The channel.
        channel: ChannelId,
    },
    /// An opening that is not the first message of a channel which its sender may number so.
    #[error("message opens a channel that it cannot open")]
    BadOpening,
    /// The message was received before.
    #[error("message {nonce} was received before, the channel is at {expected}")]
    StaleNonce {
        /// The message's nonce.
        nonce: Nonce,
        /// The channel's nonce.
        expected: Nonce,
    },
    /// Messages before this one are missing.
    #[error("message {nonce} is ahead, the channel is at {expected}")]
    FutureNonce {
        /// The message's nonce.
        nonce: Nonce,
        /// The channel's nonce.
        expected: Nonce,
    },
    /// Too many requests wait for their response.
    #[error("{0} requests of the channel wait for their response")]
    WindowFull(u64),
    /// A response answers nothing.
    #[error("response to message {0}, which was never sent or is answered")]
    Unasked(Nonce),
    /// Only the owner of a channel may close it.
    #[error("channel belongs to another account")]
    NotOwner,
    /// The amount would not let an account exist.
    #[error("transfer of {amount} is below the existential deposit of {deposit}")]
    TooLittle {
        /// The amount.
        amount: Amount,
        /// The least.
        deposit: Amount,
    },
    /// There is no module here that takes the notice.
    #[error("module {0} takes no messages here")]
    NoReceiver(ModuleId),
    /// A number left its range.
    #[error("a number overflows")]
    Overflow,
    /// Money could not be moved.
    #[error("{}", .0.message)]
    Till(Failure),
    /// The state cannot be used.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl From<TillError> for MessageError {
    fn from(error: TillError) -> Self {
        match error {
            TillError::Refused(failure) => Self::Till(failure),
            TillError::Stored(error) => Self::Stored(error),
        }
    }
}

impl ErrorCode for MessageError {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongDestination(_) => "MSG-0001",
            Self::FromHere => "MSG-0002",
            Self::ProofMalformed(_) => "MSG-0003",
            Self::AnchorUnknown(_) => "MSG-0004",
            Self::ForeignLeaf => "MSG-0005",
            Self::ProofInvalid(_) => "MSG-0006",
            Self::Unconfirmed(_) => "MSG-0007",
            Self::NotSent => "MSG-0008",
            Self::NotAllowed(_) => "MSG-0009",
            Self::UnknownChannel { .. } => "MSG-0010",
            Self::NotOpen { .. } => "MSG-0011",
            Self::BadOpening => "MSG-0012",
            Self::StaleNonce { .. } => "MSG-0013",
            Self::FutureNonce { .. } => "MSG-0014",
            Self::WindowFull(_) => "MSG-0015",
            Self::Unasked(_) => "MSG-0016",
            Self::NotOwner => "MSG-0017",
            Self::TooLittle { .. } => "MSG-0018",
            Self::NoReceiver(_) => "MSG-0019",
            Self::Overflow => "MSG-0020",
            Self::Till(failure) => failure.code,
            Self::Stored(error) => error.code(),
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of messages.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "MSG-0001",
        "The message is for another chain.",
        "A message names the one chain that it is for.",
        "Relay it to the chain that it names.",
    ),
    entry(
        "MSG-0002",
        "The message comes from the chain that it is for.",
        "A channel joins two different chains.",
        "Use a transaction instead.",
    ),
    entry(
        "MSG-0003",
        "The proof of the message is malformed.",
        "It is of another kind than its source needs, or its numbers do not belong together.",
        "Make the proof again with an SDK of the same version as the node.",
    ),
    entry(
        "MSG-0004",
        "The consensus block of the proof is not known there.",
        "A chain knows the newest blocks only; this one is too old, or has not reached it yet.",
        "Make the proof again from a recent block, or wait for the chain's next block.",
    ),
    entry(
        "MSG-0005",
        "The consensus block of the proof is not part of the chain.",
        "The proof was made on a branch that is abandoned.",
        "Make the proof again from the heaviest chain.",
    ),
    entry(
        "MSG-0006",
        "A state proof of the message does not hold.",
        "It was made for another block or key, or was changed.",
        "Make the proof again; if it persists, distrust the node that gave it.",
    ),
    entry(
        "MSG-0007",
        "The domain has no confirmed block there.",
        "What a domain sends counts elsewhere once its challenge period is over.",
        "Wait for the challenge period to pass.",
    ),
    entry(
        "MSG-0008",
        "The message was not sent.",
        "The outbox of its source does not hold it, or holds another under its number.",
        "Look the message up on its source chain.",
    ),
    entry(
        "MSG-0009",
        "The chain is not allowed.",
        "Two chains exchange messages only where each names the other.",
        "Use a domain that both name.",
    ),
    entry(
        "MSG-0010",
        "The channel is unknown.",
        "It was never opened between these two chains, or its opening has not arrived yet.",
        "Open a channel first, or wait for its opening to be relayed.",
    ),
    entry(
        "MSG-0011",
        "The channel is not open.",
        "It is closed, or the other chain has not answered its opening yet.",
        "Use another channel, or wait for the answer.",
    ),
    entry(
        "MSG-0012",
        "The message opens a channel that it cannot open.",
        "An opening is the first message of a channel, and of a number that its sender may give.",
        "The source chain runs faulty software; the message has no effect.",
    ),
    entry(
        "MSG-0013",
        "The message was received before.",
        "Somebody else relayed it first.",
        "Nothing to do.",
    ),
    entry(
        "MSG-0014",
        "The message is ahead of its channel.",
        "Messages with smaller numbers are not received yet.",
        "Relay those first.",
    ),
    entry(
        "MSG-0015",
        "Too many requests of the channel are unanswered.",
        "A channel has a bounded number of requests under way.",
        "Wait for responses to be relayed, or use another channel.",
    ),
    entry(
        "MSG-0016",
        "The response answers nothing.",
        "The request was never sent, or is answered already.",
        "The other chain runs faulty software; the response has no effect.",
    ),
    entry(
        "MSG-0017",
        "The channel belongs to another account.",
        "The account that opened a channel closes it.",
        "Sign with the account that opened it.",
    ),
    entry(
        "MSG-0018",
        "The transfer is too small.",
        "It would leave its receiver below the existential deposit.",
        "Send at least the existential deposit.",
    ),
    entry(
        "MSG-0019",
        "The module takes no messages there.",
        "The other chain does not have the module, or the module does not listen.",
        "Check which modules the other chain has.",
    ),
    entry("MSG-0020", "A number overflows.", "A nonce leaves its range.", "Use another channel."),
];
