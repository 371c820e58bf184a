//! Why a domain refuses an extrinsic, a genesis or a block.

use crate::bank::{self, BankError};
use crate::messages::{self, MessageError};
use crate::{Failure, StoredError, Weight};
use auto_core::{CodecError, DomainId, ErrorCode, ErrorEntry, InvalidBundle, ModuleId};
use auto_state::StateError;

/// A failure of a domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DomainError {
    /// The bytes are no extrinsic.
    #[error("bytes are no extrinsic: {0}")]
    Undecodable(CodecError),
    /// The extrinsic is longer than one may be.
    #[error("extrinsic of {actual} bytes is over the limit of {limit}")]
    Oversized {
        /// Encoded bytes.
        actual: usize,
        /// The limit.
        limit: usize,
    },
    /// The extrinsic is one that only a block itself begins with.
    #[error("only a block itself begins with an inherent")]
    Inherent,
    /// The transaction is for another chain.
    #[error("transaction is for domain {0}")]
    WrongDomain(DomainId),
    /// The transaction asks for nothing.
    #[error("transaction has no calls")]
    NoCalls,
    /// A call names a module that the domain does not have.
    #[error("module {0} is unknown on this domain")]
    UnknownModule(ModuleId),
    /// A call does not decode.
    #[error("call {call} is malformed: {error}")]
    MalformedCall {
        /// Position of the call.
        call: usize,
        /// What is wrong with it.
        error: CodecError,
    },
    /// A module refuses a call.
    #[error("call {call}: {}", .failure.message)]
    Call {
        /// Position of the call.
        call: usize,
        /// Why.
        failure: Failure,
    },
    /// The calls together weigh more than an extrinsic may.
    #[error("transaction of weight {weight} is over the limit of {limit}", weight = weight.0, limit = Weight::EXTRINSIC_MAX.0)]
    TooHeavy {
        /// Its weight.
        weight: Weight,
    },
    /// The signature does not hold.
    #[error(
        "signature does not hold: another key, changed content, or signed for a chain with another genesis"
    )]
    BadSignature,
    /// The domain takes no messages.
    #[error("domain has no module for messages")]
    NoMessages,
    /// Genesis makes no domain.
    #[error("genesis of the domain is invalid: {0}")]
    GenesisInvalid(&'static str),
    /// A module refuses its genesis.
    #[error("genesis of module `{name}`: {}", .failure.message)]
    Genesis {
        /// The module.
        name: &'static str,
        /// Why.
        failure: Failure,
    },
    /// The modules make no runtime.
    #[error("modules make no runtime: {0}")]
    RuntimeInvalid(&'static str),
    /// The block runs under another version.
    #[error("block runs under version {wanted}, this runtime is version {version}")]
    WrongVersion {
        /// The block's version.
        wanted: u32,
        /// The runtime's version.
        version: u32,
    },
    /// The fee or the signer's account.
    #[error(transparent)]
    Bank(BankError),
    /// The message.
    #[error(transparent)]
    Message(MessageError),
    /// The state cannot be used.
    #[error(transparent)]
    Stored(StoredError),
}

impl DomainError {
    /// Trouble with the state, as opposed to with the extrinsic: no verdict can be based on it.
    #[must_use]
    pub const fn unreadable(&self) -> Option<&StoredError> {
        match self {
            Self::Stored(error)
            | Self::Bank(BankError::Stored(error))
            | Self::Message(MessageError::Stored(error)) => Some(error),
            _ => None,
        }
    }

    /// What a receipt says of a bundle whose extrinsic `index` is refused for this; `None` when the failure is
    /// not the extrinsic's.
    #[must_use]
    pub const fn verdict(&self, index: u32) -> Option<InvalidBundle> {
        if self.unreadable().is_some() {
            return None;
        }
        match self {
            Self::Undecodable(_) => Some(InvalidBundle::UndecodableTx(index)),
            Self::Inherent => Some(InvalidBundle::InherentExtrinsic(index)),
            Self::Message(_) | Self::NoMessages => Some(InvalidBundle::InvalidMessage(index)),
            Self::GenesisInvalid(_)
            | Self::Genesis { .. }
            | Self::RuntimeInvalid(_)
            | Self::WrongVersion { .. } => None,
            _ => Some(InvalidBundle::IllegalTx(index)),
        }
    }
}

impl From<StoredError> for DomainError {
    fn from(error: StoredError) -> Self {
        Self::Stored(error)
    }
}

impl From<StateError> for DomainError {
    fn from(error: StateError) -> Self {
        Self::Stored(error.into())
    }
}

impl From<BankError> for DomainError {
    fn from(error: BankError) -> Self {
        match error {
            BankError::Stored(error) => Self::Stored(error),
            other => Self::Bank(other),
        }
    }
}

impl From<MessageError> for DomainError {
    fn from(error: MessageError) -> Self {
        match error {
            MessageError::Stored(error) => Self::Stored(error),
            other => Self::Message(other),
        }
    }
}

impl ErrorCode for DomainError {
    /// The code of the innermost failure.
    fn code(&self) -> &'static str {
        match self {
            Self::Undecodable(_) => "MOD-0002",
            Self::Oversized { .. } => "MOD-0003",
            Self::Inherent => "MOD-0004",
            Self::WrongDomain(_) => "MOD-0005",
            Self::NoCalls => "MOD-0006",
            Self::UnknownModule(_) => "MOD-0007",
            Self::MalformedCall { .. } => "MOD-0008",
            Self::BadSignature => "MOD-0009",
            Self::NoMessages => "MOD-0010",
            Self::GenesisInvalid(_) => "MOD-0011",
            Self::RuntimeInvalid(_) => "MOD-0012",
            Self::WrongVersion { .. } => "MOD-0013",
            Self::TooHeavy { .. } => "MOD-0015",
            Self::Call { failure, .. } | Self::Genesis { failure, .. } => failure.code,
            Self::Bank(error) => error.code(),
            Self::Message(error) => error.code(),
            Self::Stored(error) => error.code(),
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

const OWN: &[ErrorEntry] = &[
    entry(
        "MOD-0001",
        "A value in the state is damaged.",
        "A stored value does not decode.",
        "Check the disk, then remove the node's data folder and synchronize again.",
    ),
    entry(
        "MOD-0002",
        "The bytes are no extrinsic.",
        "They do not follow the format, or bytes are left over.",
        "Use an SDK of the same version as the node.",
    ),
    entry(
        "MOD-0003",
        "The extrinsic is too long.",
        "A domain takes extrinsics of bounded length.",
        "Split the work over several transactions; put large data on the consensus chain.",
    ),
    entry(
        "MOD-0004",
        "The extrinsic is an inherent.",
        "Only a block itself begins with one.",
        "Submit transactions and messages only.",
    ),
    entry(
        "MOD-0005",
        "The transaction is for another domain.",
        "A transaction names the one domain that it is for.",
        "Submit it to an operator of that domain.",
    ),
    entry(
        "MOD-0006",
        "The transaction has no calls.",
        "Every transaction asks for at least one thing.",
        "Add a call.",
    ),
    entry(
        "MOD-0007",
        "The module is unknown.",
        "The domain does not have the module that the call names.",
        "Check the module and the domain of the call.",
    ),
    entry(
        "MOD-0008",
        "A call is malformed.",
        "Its bytes do not follow the module's format, or bytes are left over.",
        "Use an SDK of the same version as the node.",
    ),
    entry(
        "MOD-0009",
        "The signature does not hold.",
        "It was made by another key, over other content, or for a chain with another genesis.",
        "Check which network the signer is set to, then sign again.",
    ),
    entry(
        "MOD-0010",
        "The domain takes no messages.",
        "Its runtime has no module for messages.",
        "Use a domain that has one.",
    ),
    entry(
        "MOD-0011",
        "The genesis of the domain is invalid.",
        "Its modules are not those of the runtime, in order.",
        "Correct the genesis file.",
    ),
    entry(
        "MOD-0012",
        "The modules make no runtime.",
        "One is listed twice, or the bank is not the first.",
        "Correct the list of modules.",
    ),
    entry(
        "MOD-0013",
        "The block runs under another version of the runtime.",
        "The domain was upgraded.",
        "Update the node to a version that knows the runtime.",
    ),
    entry(
        "MOD-0014",
        "The configuration of a module is malformed.",
        "Its bytes do not follow the module's format.",
        "Correct the genesis file.",
    ),
    entry(
        "MOD-0015",
        "The transaction is too heavy.",
        "Its calls together may take longer than the judgement of a fraud proof may.",
        "Split the calls over several transactions.",
    ),
];

const COUNT: usize = OWN.len() + bank::ERRORS.len() + messages::ERRORS.len();

const ALL: [ErrorEntry; COUNT] = {
    let mut all = [OWN[0]; COUNT];
    let lists = [OWN, bank::ERRORS, messages::ERRORS];
    let (mut list, mut at) = (0, 0);
    while list < lists.len() {
        let mut entry = 0;
        while entry < lists[list].len() {
            all[at] = lists[list][entry];
            entry += 1;
            at += 1;
        }
        list += 1;
    }
    all
};

/// Every code of this crate: `MOD`, `BNK` and `MSG`.
pub const ERRORS: &[ErrorEntry] = &ALL;
