//! Why something asked of the registry is refused.

use auto_core::{BlockNumber, DomainId, ErrorCode, ErrorEntry, RuntimeId};
use auto_ledger::LedgerError;
use auto_module::messages::MessageError;
use auto_module::{DomainError, StoredError};
use auto_state::StateError;

/// Why something asked of runtimes, domains or genesis is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// A name is empty, or not of visible ASCII characters.
    #[error("a name has 1 to 32 visible ASCII characters")]
    BadName,
    /// The name is taken.
    #[error("the name belongs to runtime {0}")]
    NameTaken(RuntimeId),
    /// This build knows no such runtime.
    #[error("this node knows no runtime of these modules at version {0}")]
    UnknownCode(u32),
    /// The runtime does not exist.
    #[error("runtime {0} is unknown")]
    UnknownRuntime(RuntimeId),
    /// The domain does not exist.
    #[error("domain {0} is unknown")]
    UnknownDomain(DomainId),
    /// The caller is not the owner.
    #[error("owned by another account, or by nobody")]
    NotOwner,
    /// The name is not the runtime's.
    #[error("runtime {0} has another name")]
    WrongName(RuntimeId),
    /// The version is not larger.
    #[error("version {stated} is not larger than {current}")]
    VersionNotLarger {
        /// What was stated.
        stated: u32,
        /// What runs.
        current: u32,
    },
    /// Another upgrade waits.
    #[error("an upgrade of runtime {runtime} waits for block {at}")]
    UpgradePending {
        /// The runtime.
        runtime: RuntimeId,
        /// When it comes.
        at: BlockNumber,
    },
    /// The block is past.
    #[error("block {at} is not after this block {number}")]
    NotLater {
        /// What was stated.
        at: BlockNumber,
        /// This block.
        number: BlockNumber,
    },
    /// Too many upgrades wait for one block.
    #[error("too many upgrades wait for block {0}")]
    TooManyUpgrades(BlockNumber),
    /// A rule of a domain makes no sense.
    #[error("configuration of the domain is invalid: {field} must be {rule}")]
    BadConfig {
        /// The field.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// There are as many domains as there may be.
    #[error("there are as many domains as there may be")]
    TooManyDomains,
    /// The modules of a domain are not those of its runtime.
    #[error("modules of the domain are not those of runtime {0}")]
    OtherModules(RuntimeId),
    /// The modules refuse what the domain is to start from.
    #[error("the domain cannot start: {0}")]
    BadGenesis(Box<DomainError>),
    /// An operator of genesis is refused.
    #[error("an operator of genesis is refused: {0}")]
    BadOperator(Box<crate::StakingError>),
    /// The domain is frozen already.
    #[error("domain {0} is frozen")]
    Frozen(DomainId),
    /// The domain is not frozen.
    #[error("domain {0} is not frozen")]
    NotFrozen(DomainId),
    /// The domain was frozen a short while ago.
    #[error("domain {domain} was frozen lately and can be frozen again from block {from} on")]
    FrozenLately {
        /// The domain.
        domain: DomainId,
        /// The first block in which it can be frozen.
        from: BlockNumber,
    },
    /// A number left its range.
    #[error("an amount or number overflows")]
    Overflow,
    /// Channels that are open from the start are refused.
    #[error(transparent)]
    Message(MessageError),
    /// An account cannot pay, or would fall below the existential deposit.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The state cannot be read.
    #[error(transparent)]
    Stored(#[from] StoredError),
}

impl From<LedgerError> for RegistryError {
    fn from(error: LedgerError) -> Self {
        match crate::StakingError::from(error) {
            crate::StakingError::Ledger(error) => Self::Ledger(error),
            crate::StakingError::Stored(error) => Self::Stored(error),
            _ => Self::Overflow,
        }
    }
}

impl From<MessageError> for RegistryError {
    fn from(error: MessageError) -> Self {
        match error {
            MessageError::Stored(error) => Self::Stored(error),
            error => Self::Message(error),
        }
    }
}

impl From<StateError> for RegistryError {
    fn from(error: StateError) -> Self {
        Self::Stored(StoredError::State(error))
    }
}

impl From<crate::StakingError> for RegistryError {
    fn from(error: crate::StakingError) -> Self {
        match error {
            crate::StakingError::Stored(error) => Self::Stored(error),
            error => Self::BadOperator(Box::new(error)),
        }
    }
}

impl ErrorCode for RegistryError {
    fn code(&self) -> &'static str {
        match self {
            Self::BadName => "REG-0001",
            Self::NameTaken(_) => "REG-0002",
            Self::UnknownCode(_) => "REG-0003",
            Self::UnknownRuntime(_) => "REG-0004",
            Self::UnknownDomain(_) => "REG-0005",
            Self::NotOwner => "REG-0006",
            Self::WrongName(_) => "REG-0007",
            Self::VersionNotLarger { .. } => "REG-0008",
            Self::UpgradePending { .. } => "REG-0009",
            Self::NotLater { .. } => "REG-0010",
            Self::TooManyUpgrades(_) => "REG-0011",
            Self::BadConfig { .. } => "REG-0012",
            Self::TooManyDomains => "REG-0013",
            Self::OtherModules(_) => "REG-0014",
            Self::BadGenesis(_) => "REG-0015",
            Self::Overflow => "REG-0016",
            Self::Frozen(_) => "REG-0017",
            Self::NotFrozen(_) => "REG-0018",
            Self::FrozenLately { .. } => "REG-0019",
            Self::BadOperator(error) => error.code(),
            Self::Message(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::Stored(error) => error.code(),
        }
    }
}

const fn entry(code: &'static str, what: &'static str, why: &'static str, hint: &'static str) -> ErrorEntry {
    ErrorEntry { code, what, why, hint }
}

/// Every code of the registry.
pub const ERRORS: &[ErrorEntry] = &[
    entry(
        "REG-0001",
        "The name is invalid.",
        "A name has 1 to 32 visible ASCII characters, without spaces.",
        "Choose another name.",
    ),
    entry(
        "REG-0002",
        "The name is taken.",
        "Every runtime has a name of its own.",
        "Choose another name, or use the runtime that has it.",
    ),
    entry(
        "REG-0003",
        "The node does not know this runtime.",
        "Runtimes are native code: the modules in this order at this version are not part of this build.",
        "Check modules and version, or update the node.",
    ),
    entry("REG-0004", "The runtime does not exist.", "No runtime has this number.", "List the runtimes."),
    entry("REG-0005", "The domain does not exist.", "No domain has this number.", "List the domains."),
    entry(
        "REG-0006",
        "The caller is not the owner.",
        "Only the owner may change a runtime or a domain; runtimes of genesis have none.",
        "Sign with the owner's account.",
    ),
    entry(
        "REG-0007",
        "The runtime has another name.",
        "An upgrade repeats the name so that no other runtime is meant.",
        "State the runtime's own name.",
    ),
    entry(
        "REG-0008",
        "The version is not larger.",
        "An upgrade goes to a larger version than the one that runs.",
        "State a larger version.",
    ),
    entry(
        "REG-0009",
        "An upgrade waits already.",
        "A runtime has one upgrade at a time.",
        "Wait for the named block.",
    ),
    entry(
        "REG-0010",
        "The block is not a later one.",
        "An upgrade is scheduled for a block after the one that holds the call.",
        "State a later block.",
    ),
    entry(
        "REG-0011",
        "Too many upgrades wait for that block.",
        "A block carries out a bounded number of upgrades.",
        "State another block.",
    ),
    entry(
        "REG-0012",
        "The configuration of the domain is invalid.",
        "The named field breaks the named rule.",
        "Correct the field.",
    ),
    entry(
        "REG-0013",
        "There are too many domains.",
        "The chain has as many domains as it may.",
        "Use a domain that exists.",
    ),
    entry(
        "REG-0014",
        "The modules are not those of the runtime.",
        "A domain configures every module of its runtime, in the runtime's order.",
        "List the modules of the runtime and configure each.",
    ),
    entry(
        "REG-0015",
        "The domain cannot start.",
        "A module refuses its configuration, or a balance is below the existential deposit.",
        "Read the message of the module and correct its configuration.",
    ),
    entry("REG-0016", "A number overflows.", "An amount or number leaves its range.", "Use smaller amounts."),
    entry(
        "REG-0017",
        "The domain is frozen already.",
        "A freeze cannot be prolonged; it ends by itself after a challenge period of consensus blocks.",
        "Wait for its end, or lift it.",
    ),
    entry(
        "REG-0018",
        "The domain is not frozen.",
        "Its freeze ended by itself or was lifted, or never began.",
        "Nothing is to be done: the domain takes bundles.",
    ),
    entry(
        "REG-0019",
        "The domain was frozen a short while ago.",
        "Between two freezes a domain runs for a challenge period, so that nobody's money can be held for good.",
        "Wait for the named block.",
    ),
];
